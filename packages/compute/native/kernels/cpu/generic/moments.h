// Sums over the rows that two series have in common.
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

// One pass, over values centred by their series' own means. Good where those are near the means over the common rows;
// the caller tells by the cancellation in n xx - x x, and else asks pair_moments.
void add_moments(const double* px, const Standard& sx, const double* py, const Standard& sy, int64_t rows,
                 Moments& m) {
  const F64 scale_x = F64::broadcast(sx.scale), mean_x = F64::broadcast(sx.mean);
  const F64 scale_y = F64::broadcast(sy.scale), mean_y = F64::broadcast(sy.mean);
  F64 x = F64::zero(), y = F64::zero(), xx = F64::zero(), yy = F64::zero(), xy = F64::zero();
  int64_t missing = 0;
  const auto add = [&](F64 vx, F64 vy) {
    const Mask gap = either_nan(vx, vy);
    const F64 dx = select(gap, F64::zero(), vx * scale_x - mean_x);
    const F64 dy = select(gap, F64::zero(), vy * scale_y - mean_y);
    missing += count(gap);
    x = x + dx;
    y = y + dy;
    xx = fma(dx, dx, xx);
    yy = fma(dy, dy, yy);
    xy = fma(dx, dy, xy);
  };
  int64_t t = 0;
  for (; t + F64::lanes <= rows; t += F64::lanes) add(F64::load(px + t), F64::load(py + t));
  int64_t lanes = t;
  if (t < rows) {
    add(F64::load_first(px + t, rows - t, kNaN), F64::load_first(py + t, rows - t, kNaN));
    lanes += F64::lanes;
  }
  m.n += static_cast<double>(lanes - missing);
  m.x += sum(x);
  m.y += sum(y);
  m.xx += sum(xx);
  m.yy += sum(yy);
  m.xy += sum(xy);
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
