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

// Sum of f(v) over all vectors of a series, in blocks: the rounding error grows with the length of a block and the
// number of blocks, not with the length of the series.
template <class F>
double blocked_sum(const double* x, int64_t length, F&& f) {
  constexpr int64_t kBlock = 1024;
  double total = 0;
  for (int64_t from = 0; from < length; from += kBlock) {
    const int64_t rows = length - from < kBlock ? length - from : kBlock;
    F64 even = F64::zero(), odd = F64::zero();
    for_vectors(x + from, rows, [&](F64 v, int64_t i) {
      if ((i / F64::lanes) % 2 == 0) {
        even = even + f(v);
      } else {
        odd = odd + f(v);
      }
    });
    total += sum(even + odd);
  }
  return total;
}

// Two passes: the mean of what is left after the first mean was taken off corrects it, which matters where the values
// are large beside their spread.
void standardise(const double* x, int64_t length, int64_t present, Standard& s) {
  const F64 scale = F64::broadcast(s.scale);
  const auto n = static_cast<double>(present);
  s.mean = blocked_sum(x, length, [&](F64 v) { return zero_where_nan(v * scale); }) / n;
  const F64 mean = F64::broadcast(s.mean);
  s.shift = blocked_sum(x, length, [&](F64 v) { return zero_where_nan(v * scale - mean); }) / n;
  const F64 shift = F64::broadcast(s.shift);
  const double squares = blocked_sum(x, length, [&](F64 v) {
    const F64 d = zero_where_nan(v * scale - mean - shift);
    return d * d;
  });
  s.gain = 1 / __builtin_sqrt(squares);
}

}  // namespace

}  // namespace corrente::ISA
