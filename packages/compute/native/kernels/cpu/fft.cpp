#include "fft.h"

#include <cmath>
#include <numbers>

namespace corrente {

namespace {

// Writes e^(-2πi numerator / denominator).
void put_root(int64_t numerator, int64_t denominator, double* out) {
  const long double angle = 2 * std::numbers::pi_v<long double> * static_cast<long double>(numerator % denominator) /
                            static_cast<long double>(denominator);
  out[0] = static_cast<double>(std::cos(angle));
  out[1] = static_cast<double>(-std::sin(angle));
}

// Outermost first: what is left over by radix 4 goes where the butterflies are the widest apart.
std::vector<int> radices(int64_t points) {
  std::vector<int> list;
  for (const int prime : {5, 3})
    for (; points % prime == 0; points /= prime) list.push_back(prime);
  if (__builtin_ctzll(static_cast<uint64_t>(points)) % 2 == 1) {
    list.push_back(2);
    points /= 2;
  }
  for (; points % 4 == 0; points /= 4) list.push_back(4);
  return list;
}

}  // namespace

Fft::Fft(int64_t points) : plan_{}, place_(static_cast<size_t>(points)), roots_(static_cast<size_t>(points / 2 + 1) * 2) {
  const std::vector<int> outermost_first = radices(points);
  plan_.points = points;
  plan_.stages = static_cast<int>(outermost_first.size());

  // Decimation in time: the outermost radix deals the inputs out like cards, and so on inwards.
  for (int64_t t = 0; t < points; ++t) {
    int64_t rest = t, place = 0, within = points;
    for (const int radix : outermost_first) {
      within /= radix;
      place += rest % radix * within;
      rest /= radix;
    }
    place_[static_cast<size_t>(t)] = static_cast<int32_t>(place);
  }
  plan_.place = place_.data();

  int64_t size = 1;
  for (int s = 0; s < plan_.stages; ++s) {
    const int radix = outermost_first[static_cast<size_t>(plan_.stages - 1 - s)];
    const int64_t inner = size;
    size *= radix;
    std::vector<double>& table = twiddles_.emplace_back(static_cast<size_t>(inner * (radix - 1) * 2));
    for (int64_t k = 0; k < inner; ++k)
      for (int j = 1; j < radix; ++j) put_root(j * k, size, &table[static_cast<size_t>((k * (radix - 1) + j - 1) * 2)]);
    plan_.stage[s] = {radix, size, table.data()};
  }

  for (int64_t k = 0; k <= points / 2; ++k) put_root(k, 2 * points, &roots_[static_cast<size_t>(2 * k)]);
  plan_.roots = roots_.data();
}

}  // namespace corrente
