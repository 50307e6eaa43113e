#include "sort_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace corrente {

namespace {

constexpr int kDigitBits = 11, kDigits = 6;
constexpr uint64_t kDigitMask = (uint64_t{1} << kDigitBits) - 1;
constexpr uint64_t kSign = uint64_t{1} << 63;

// Whole numbers in the order of the doubles.
uint64_t key_of(double value) {
  const auto bits = std::bit_cast<uint64_t>(value);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}
double value_of(uint64_t key) { return std::bit_cast<double>((key & kSign) != 0 ? key & ~kSign : ~key); }

}  // namespace

void sort_values(std::span<double> values, std::vector<uint64_t>& scratch) {
  const size_t count = values.size();
  // The tables of counts are dearer than the sorting of few values.
  if (count < 1000) {
    std::sort(values.begin(), values.end(), [](double a, double b) { return key_of(a) < key_of(b); });
    return;
  }
  scratch.resize(2 * count);
  uint64_t* from = scratch.data();
  uint64_t* to = from + count;
  std::vector<std::array<size_t, kDigitMask + 1>> places(kDigits);
  for (size_t i = 0; i < count; ++i) {
    from[i] = key_of(values[i]);
    for (int digit = 0; digit < kDigits; ++digit) ++places[static_cast<size_t>(digit)][(from[i] >> (digit * kDigitBits)) & kDigitMask];
  }
  for (int digit = 0; digit < kDigits; ++digit) {
    auto& place = places[static_cast<size_t>(digit)];
    const int shift = digit * kDigitBits;
    // Where all have the same digit they stay as they are.
    if (place[(from[0] >> shift) & kDigitMask] == count) continue;
    size_t next = 0;
    for (size_t& one : place) next += std::exchange(one, next);
    for (size_t i = 0; i < count; ++i) to[place[(from[i] >> shift) & kDigitMask]++] = from[i];
    std::swap(from, to);
  }
  for (size_t i = 0; i < count; ++i) values[i] = value_of(from[i]);
}

}  // namespace corrente
