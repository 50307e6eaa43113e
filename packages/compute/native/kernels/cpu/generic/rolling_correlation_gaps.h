// Rolling correlation over the rows that both series have: the sums of rolling_correlation.h, six of them for each pair.
#pragma once

#include "../rolling_correlation_kernels.h"
#include "vectors.h"

namespace corrente::ISA {

namespace {

// Above this share of the plain sum of squares, the central one keeps 14 of 16 digits.
constexpr double kWindowCancelled = 1e-2;

struct CommonSums {
  F64 n, x, y, xx, yy, xy;

  static CommonSums zero() { return {F64::zero(), F64::zero(), F64::zero(), F64::zero(), F64::zero(), F64::zero()}; }
  void add(F64 dx, F64 dy) {
    const Mask gap = either_nan(dx, dy);
    const F64 u = select(gap, F64::zero(), dx), v = select(gap, F64::zero(), dy);
    n = n + select(gap, F64::zero(), F64::broadcast(1));
    x = x + u;
    y = y + v;
    xx = fma(u, u, xx);
    yy = fma(v, v, yy);
    xy = fma(u, v, xy);
  }
};

// Relative to the common row nearest to the seam: mostly it is in the windows, and then they are as safe as without
// gaps. Where it is not, the cancellation tells.
bool correlate_gaps(const double* a, int lane, const double* b, const WindowGroup& group, double min_periods,
                    double* scratch, double* r) {
  const auto x_at = [&](int64_t t) { return F64::broadcast(a[t * F64::lanes + lane]); };
  const auto y_at = [&](int64_t t) { return F64::load(b + t * F64::lanes); };
  F64 origin_x = F64::zero(), origin_y = F64::zero();
  const auto take = [&](int64_t t) {
    const F64 x = x_at(t), y = y_at(t);
    const Mask gap = either_nan(x, y);
    origin_x = select(gap, origin_x, x);
    origin_y = select(gap, origin_y, y);
  };
  const int64_t last = group.seam + (group.windows - 1) * group.step;
  for (int64_t t = last; t > group.seam; --t) take(t);
  for (int64_t t = group.begin; t <= group.seam; ++t) take(t);

  const int64_t stride = group.windows * F64::lanes;
  CommonSums sums = CommonSums::zero();
  int64_t t = group.seam;
  for (int64_t window = group.windows - 1; window >= 0; --window) {
    for (const int64_t begin = group.begin + window * group.step; t > begin;) {
      --t;
      sums.add(x_at(t) - origin_x, y_at(t) - origin_y);
    }
    double* const at = scratch + window * F64::lanes;
    sums.n.store(r + window * F64::lanes);
    sums.x.store(at);
    sums.y.store(at + stride);
    sums.xx.store(at + 2 * stride);
    sums.yy.store(at + 3 * stride);
    sums.xy.store(at + 4 * stride);
  }

  const F64 one = F64::broadcast(1), minus_one = F64::broadcast(-1), enough = F64::broadcast(min_periods);
  const F64 share = F64::broadcast(kWindowCancelled), to_be_summed = F64::broadcast(kWindowToBeSummed);
  unsigned some = 0;
  sums = CommonSums::zero();
  t = group.seam;
  sums.add(x_at(t) - origin_x, y_at(t) - origin_y);
  for (int64_t window = 0; window < group.windows; ++window) {
    for (const int64_t end = group.seam + window * group.step; t < end;) {
      ++t;
      sums.add(x_at(t) - origin_x, y_at(t) - origin_y);
    }
    const double* const at = scratch + window * F64::lanes;
    const F64 n = sums.n + F64::load(r + window * F64::lanes), x = sums.x + F64::load(at), y = sums.y + F64::load(at + stride);
    const F64 plain_xx = sums.xx + F64::load(at + 2 * stride), plain_yy = sums.yy + F64::load(at + 3 * stride);
    const F64 mean_x = x / max(n, one), mean_y = y / max(n, one);
    const F64 xx = fnma(mean_x, x, plain_xx), yy = fnma(mean_y, y, plain_yy);
    const F64 xy = fnma(mean_x, y, sums.xy + F64::load(at + 4 * stride));
    // Where all are the origin's value, there is nothing to divide by.
    const Mask none = either(less(n, enough), either(equal(plain_xx, F64::zero()), equal(plain_yy, F64::zero())));
    const Mask strong = both(less(plain_xx * share, xx), less(plain_yy * share, yy));
    const F64 value = min(one, max(minus_one, xy / (sqrt(xx) * sqrt(yy))));
    const F64 result = select(none, F64::broadcast(kNaN), select(strong, value, to_be_summed));
    some |= bits(equal(result, to_be_summed));
    result.store(r + window * F64::lanes);
  }
  return some != 0;
}

}  // namespace

}  // namespace corrente::ISA
