// One pass each over a series: its extent, and its mean and norm.
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

Extent extent(const double* x, int64_t length) {
  constexpr double kInfinity = __builtin_inf();
  F64 least = F64::broadcast(kInfinity), most = F64::broadcast(-kInfinity);
  int64_t present = 0;
  for_vectors(x, length, [&](F64 v, int64_t) {
    // NaN as the first operand leaves the second as it is.
    least = min(v, least);
    most = max(v, most);
    present += F64::lanes - count(is_nan(v));
  });
  return {present, least_lane(least), -least_lane(F64::zero() - most)};
}

struct Sums {
  double first = 0, second = 0;
};

// Sums of what f gives for all vectors of a series, in blocks: the rounding error grows with the length of a block and
// the number of blocks, not with the length of the series. Two vectors in turn hide the latency of an addition.
template <class F>
Sums blocked_sums(const double* x, int64_t length, F&& f) {
  constexpr int64_t kBlock = 1024;
  Sums total;
  for (int64_t from = 0; from < length; from += kBlock) {
    const int64_t end = length - from < kBlock ? length : from + kBlock;
    F64 first[2] = {F64::zero(), F64::zero()}, second[2] = {F64::zero(), F64::zero()};
    int64_t t = from;
    for (; t + 2 * F64::lanes <= end; t += 2 * F64::lanes) {
      f(F64::load(x + t), first[0], second[0]);
      f(F64::load(x + t + F64::lanes), first[1], second[1]);
    }
    for_vectors(x + t, end - t, [&](F64 v, int64_t) { f(v, first[0], second[0]); });
    total.first += sum(first[0] + first[1]);
    total.second += sum(second[0] + second[1]);
  }
  return total;
}

// Two passes: what the second finds left of the mean corrects it and the squares, which matters where the values are
// large beside their spread.
void standardise(const double* x, int64_t length, int64_t present, Standard& s) {
  const F64 scale = F64::broadcast(s.scale);
  const auto n = static_cast<double>(present);
  s.mean = blocked_sums(x, length, [&](F64 v, F64& values, F64&) { values = values + zero_where_nan(v * scale); }).first / n;
  const F64 mean = F64::broadcast(s.mean);
  const Sums rest = blocked_sums(x, length, [&](F64 v, F64& values, F64& squares) {
    const F64 d = zero_where_nan(v * scale - mean);
    values = values + d;
    squares = fma(d, d, squares);
  });
  s.shift = rest.first / n;
  s.gain = 1 / __builtin_sqrt(rest.second - rest.first * s.shift);
}

}  // namespace

}  // namespace corrente::ISA
