// Sums over the rows that two series have in common.
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

// For each series at each time, in this order: its value, centred by the series' own mean, 0 where it is missing; 1, or
// 0 where it is missing; the square of the value. The series of a vector lie side by side.
constexpr int kParts = 3;

void pack_gaps(const double* const* series, const Standard* s, int64_t from, int64_t to, double* out) {
  for (int64_t t = from; t < to; t += F64::lanes) {
    const int64_t rows = to - t < F64::lanes ? to - t : F64::lanes;
    F64 x[F64::lanes];
    for (int i = 0; i < F64::lanes; ++i) {
      const F64 v = rows == F64::lanes ? F64::load(series[i] + t) : F64::load_first(series[i] + t, rows, kNaN);
      x[i] = v * F64::broadcast(s[i].scale) - F64::broadcast(s[i].mean) - F64::broadcast(s[i].shift);
    }
    transpose(x);
    for (int64_t i = 0; i < rows; ++i) {
      const Mask gap = is_nan(x[i]);
      const F64 value = select(gap, F64::zero(), x[i]);
      double* const at = out + (t - from + i) * kParts * F64::lanes;
      value.store(at);
      select(gap, F64::zero(), F64::broadcast(1)).store(at + F64::lanes);
      (value * value).store(at + 2 * F64::lanes);
    }
  }
}

// Six products at once, for a vector of series a and kGapSlice series of b, from `column` on. Good where the means over
// the common rows are near the series' own; the caller tells by the cancellation in n xx - x x, and else asks
// pair_moments. Which of two series is a and which is b does not change a bit, as in panel.h.
void add_moments(const double* a, const double* b, int column, int64_t rows, double* sums) {
  F64 total[kGapSlice][6];
#pragma GCC unroll 4
  for (int j = 0; j < kGapSlice; ++j)
#pragma GCC unroll 6
    for (int k = 0; k < 6; ++k) total[j][k] = F64::load(sums + (j * 6 + k) * F64::lanes);
  b += column;
  for (int64_t t = 0; t < rows; ++t) {
    const F64 x = F64::load(a), here = F64::load(a + F64::lanes), xx = F64::load(a + 2 * F64::lanes);
#pragma GCC unroll 4
    for (int j = 0; j < kGapSlice; ++j) {
      const F64 there = F64::broadcast(b[j + F64::lanes]), y = F64::broadcast(b[j]);
      total[j][0] = fma(here, there, total[j][0]);
      total[j][1] = fma(x, there, total[j][1]);
      total[j][2] = fma(here, y, total[j][2]);
      total[j][3] = fma(xx, there, total[j][3]);
      total[j][4] = fma(here, F64::broadcast(b[j + 2 * F64::lanes]), total[j][4]);
      total[j][5] = fma(x, y, total[j][5]);
    }
    a += kParts * F64::lanes;
    b += kParts * F64::lanes;
  }
#pragma GCC unroll 4
  for (int j = 0; j < kGapSlice; ++j)
#pragma GCC unroll 6
    for (int k = 0; k < 6; ++k) total[j][k].store(sums + (j * 6 + k) * F64::lanes);
}

// Both means over the common rows, corrected, and then the central moments: three passes over the two series.
PairMoments pair_moments(const double* px, const Standard& sx, const double* py, const Standard& sy, int64_t length) {
  constexpr double kInfinity = __builtin_inf();
  const F64 scale_x = F64::broadcast(sx.scale), scale_y = F64::broadcast(sy.scale);
  const auto for_pairs = [&](auto&& f) {
    int64_t t = 0;
    for (; t + F64::lanes <= length; t += F64::lanes) {
      const F64 x = F64::load(px + t), y = F64::load(py + t);
      f(either_nan(x, y), x * scale_x, y * scale_y);
    }
    if (t < length) {
      const F64 x = F64::load_first(px + t, length - t, kNaN), y = F64::load_first(py + t, length - t, kNaN);
      f(either_nan(x, y), x * scale_x, y * scale_y);
    }
  };

  int64_t missing = 0;
  F64 low_x = F64::broadcast(kInfinity), low_y = low_x, high_x = F64::broadcast(-kInfinity), high_y = high_x;
  F64 sum_x = F64::zero(), sum_y = F64::zero();
  for_pairs([&](Mask gap, F64 x, F64 y) {
    missing += count(gap);
    low_x = min(low_x, select(gap, low_x, x));
    low_y = min(low_y, select(gap, low_y, y));
    high_x = max(high_x, select(gap, high_x, x));
    high_y = max(high_y, select(gap, high_y, y));
    sum_x = sum_x + select(gap, F64::zero(), x);
    sum_y = sum_y + select(gap, F64::zero(), y);
  });
  const int64_t lanes = (length + F64::lanes - 1) / F64::lanes * F64::lanes;
  PairMoments m{lanes - missing, true, 0, 0, 0};
  if (m.n < 2) return m;
  const auto n = static_cast<double>(m.n);
  m.constant = least_lane(low_x) == -least_lane(F64::zero() - high_x) ||
               least_lane(low_y) == -least_lane(F64::zero() - high_y);
  if (m.constant) return m;

  const F64 mean_x = F64::broadcast(sum(sum_x) / n), mean_y = F64::broadcast(sum(sum_y) / n);
  F64 rest_x = F64::zero(), rest_y = F64::zero();
  for_pairs([&](Mask gap, F64 x, F64 y) {
    rest_x = rest_x + select(gap, F64::zero(), x - mean_x);
    rest_y = rest_y + select(gap, F64::zero(), y - mean_y);
  });
  const F64 shift_x = F64::broadcast(sum(rest_x) / n), shift_y = F64::broadcast(sum(rest_y) / n);

  F64 xx = F64::zero(), yy = F64::zero(), xy = F64::zero();
  for_pairs([&](Mask gap, F64 x, F64 y) {
    const F64 dx = select(gap, F64::zero(), x - mean_x - shift_x);
    const F64 dy = select(gap, F64::zero(), y - mean_y - shift_y);
    xx = fma(dx, dx, xx);
    yy = fma(dy, dy, yy);
    xy = fma(dx, dy, xy);
  });
  m.xx = sum(xx);
  m.yy = sum(yy);
  m.xy = sum(xy);
  return m;
}

}  // namespace

}  // namespace corrente::ISA
