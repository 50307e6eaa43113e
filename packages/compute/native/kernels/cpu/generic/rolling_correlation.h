// Rolling correlation without gaps.
//
// All windows of a group hold its seam row. So a window is the rows before the seam, a sum that is taken backwards
// once, and those from the seam on, a sum that is taken forwards; nothing is subtracted that was added, and what lies
// outside a window takes no part (van Herk 1992; Gil and Werman 1993). Values are taken relative to the seam's: since
// that row is in every window, the mean of a window of n rows lies within sqrt(n) norms of it, whatever the level of
// the series, and correcting for it costs few digits. Means and norms are of one series, so they are there already, and
// a pair costs one product for each row and side.
#pragma once

#include "../rolling_correlation_kernels.h"
#include "vectors.h"

namespace corrente::ISA {

namespace {

constexpr int kRollingSlice = F64::lanes >= 4 ? 4 : 1;

void pack_panel(const double* const* series, const double* scales, int64_t rows, double* out) {
  for (int64_t t = 0; t < rows; t += F64::lanes) {
    const int64_t count = rows - t < F64::lanes ? rows - t : F64::lanes;
    F64 x[F64::lanes];
    for (int i = 0; i < F64::lanes; ++i)
      x[i] = (count == F64::lanes ? F64::load(series[i] + t) : F64::load_first(series[i] + t, count, 0)) * F64::broadcast(scales[i]);
    transpose(x);
    for (int64_t i = 0; i < count; ++i) x[i].store(out + (t + i) * F64::lanes);
  }
}

void window_statistics(const double* x, const WindowGroup& group, double* out) {
  const F64 origin = F64::load(x + group.seam * F64::lanes);
  const F64 n = F64::broadcast(static_cast<double>(group.rows()));
  const F64 per_row = F64::broadcast(1 / static_cast<double>(group.rows()));
  const auto at = [&](int64_t window) { return out + window * kWindowStatistics * F64::lanes; };
  F64 sum = F64::zero(), squares = F64::zero();
  const auto add = [&](int64_t t) {
    const F64 d = origin - F64::load(x + t * F64::lanes);
    sum = sum + d;
    squares = fma(d, d, squares);
  };
  // Windows that begin behind the seam are none of this group's.
  int64_t t = group.seam;
  for (int64_t window = group.windows - 1; window >= 0; --window) {
    for (const int64_t begin = group.begin + window * group.step; t > begin;) add(--t);
    sum.store(at(window));
    squares.store(at(window) + F64::lanes);
  }
  sum = squares = F64::zero();
  t = group.seam;
  for (int64_t window = 0; window < group.windows; ++window) {
    for (const int64_t end = group.seam + window * group.step; t < end;) add(++t);
    const F64 whole = sum + F64::load(at(window)), about_seam = squares + F64::load(at(window) + F64::lanes);
    // The seam's own deviation is 0, so by Cauchy and Schwarz no less than this is left.
    const F64 central = max(about_seam * per_row, fnma(whole * per_row, whole, about_seam));
    const F64 inverse = select(less(F64::zero(), central), F64::broadcast(1) / sqrt(central), F64::broadcast(kNaN));
    (whole / sqrt(n) * inverse).store(at(window) + kWindowMean * F64::lanes);
    inverse.store(at(window) + kWindowInverse * F64::lanes);
  }
}

template <int kSlice>
void correlate_slice(const double* a, int lane, const double* b, const WindowGroup& group, const double* statistics_a,
                     const double* statistics_b, double* r) {
  const double* const of_a = a + lane;
  const F64 origin_b = F64::load(b + group.seam * F64::lanes);
  F64 origin[kSlice], sum[kSlice];
#pragma GCC unroll 4
  for (int i = 0; i < kSlice; ++i) origin[i] = F64::broadcast(of_a[group.seam * F64::lanes + i]);
  const auto clear = [&] {
#pragma GCC unroll 4
    for (int i = 0; i < kSlice; ++i) sum[i] = F64::zero();
  };
  const auto add = [&](int64_t t) {
    const F64 y = origin_b - F64::load(b + t * F64::lanes);
#pragma GCC unroll 4
    for (int i = 0; i < kSlice; ++i) sum[i] = fma(origin[i] - F64::broadcast(of_a[t * F64::lanes + i]), y, sum[i]);
  };
  const auto at = [&](int i, int64_t window) { return r + (i * group.windows + window) * F64::lanes; };

  clear();
  int64_t t = group.seam;
  for (int64_t window = group.windows - 1; window >= 0; --window) {
    for (const int64_t begin = group.begin + window * group.step; t > begin;) add(--t);
#pragma GCC unroll 4
    for (int i = 0; i < kSlice; ++i) sum[i].store(at(i, window));
  }
  clear();
  t = group.seam;
  const F64 one = F64::broadcast(1), minus_one = F64::broadcast(-1);
  for (int64_t window = 0; window < group.windows; ++window) {
    for (const int64_t end = group.seam + window * group.step; t < end;) add(++t);
    const double *sa = statistics_a + window * kWindowStatistics * F64::lanes + lane, *sb = statistics_b + window * kWindowStatistics * F64::lanes;
    const F64 mean_b = F64::load(sb + kWindowMean * F64::lanes), inverse_b = F64::load(sb + kWindowInverse * F64::lanes);
#pragma GCC unroll 4
    for (int i = 0; i < kSlice; ++i) {
      const F64 inverse = F64::broadcast(sa[kWindowInverse * F64::lanes + i]) * inverse_b;
      const F64 mean = F64::broadcast(sa[kWindowMean * F64::lanes + i]);
      const F64 value = fnma(mean, mean_b, (sum[i] + F64::load(at(i, window))) * inverse);
      min(one, max(minus_one, value)).store(at(i, window));
    }
  }
}

// Either way a pair's bits are the same.
void correlate_windows(const double* a, int lane, int count, const double* b, const WindowGroup& group,
                       const double* statistics_a, const double* statistics_b, double* r) {
  if (count == kRollingSlice) return correlate_slice<kRollingSlice>(a, lane, b, group, statistics_a, statistics_b, r);
  for (int i = 0; i < count; ++i)
    correlate_slice<1>(a, lane + i, b, group, statistics_a, statistics_b, r + i * group.windows * F64::lanes);
}

template <class Real>
void spread_lanes(const double* r, int64_t windows, Real* const* rows) {
  for (int64_t window = 0; window < windows; window += F64::lanes) {
    const int64_t count = windows - window < F64::lanes ? windows - window : F64::lanes;
    F64 v[F64::lanes];
    for (int64_t i = 0; i < F64::lanes; ++i) v[i] = F64::load(r + (window + (i < count ? i : 0)) * F64::lanes);
    transpose(v);
    for (int lane = 0; lane < F64::lanes; ++lane) {
      if (rows[lane] == nullptr) continue;
      if (count == F64::lanes) v[lane].store(rows[lane] + window);
      else v[lane].store_first(rows[lane] + window, count);
    }
  }
}

}  // namespace

}  // namespace corrente::ISA
