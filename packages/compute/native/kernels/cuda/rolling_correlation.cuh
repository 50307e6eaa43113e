// Correlation in windows: the kernels.
//
// Windows of rows: a thread for each window of a pair, neighbours beside each other, so that a warp reads 32 + w - 1 rows
// of both series from the first cache. Each passes over its window twice, for the means and for the sums about them, so
// that nothing outside a window touches it and no digits cancel: 14 w operations, at 34 TFLOP/s of an H200 a window of
// 250 rows takes 0.1 ns; 2,250 windows of 100,000 pairs 25 ms, and 1.8 GB of results 36 ms on the bus.
// Decaying weights: a thread for each pair, a row at a time (West 1979): T steps, each waiting for the one before. Means
// are kept in two doubles, because what a large value leaves of its rounding outlasts its weight.
#pragma once

#include "pairs.cuh"
#include "series_band.cuh"

namespace corrente::cuda {

constexpr int rolling_pair_threads = 128;

struct RollingPairs {
  BandPair bands;
  Rectangle rectangle;
  int64_t windows, first_end, step, window, min_periods;
  double alpha;

  __host__ __device__ int64_t series_a(int64_t place) const { return rectangle.row_from + place / (rectangle.col_to - rectangle.col_from); }
  __host__ __device__ int64_t series_b(int64_t place) const { return rectangle.col_from + place % (rectangle.col_to - rectangle.col_from); }
};

// A mean that is moved in small steps, with what its rounding lost.
struct TwoPartMean {
  double high = 0, low = 0;

  __device__ double from(double x) const { return (x - high) - low; }
  __device__ void move(double step) {
    const double sum = high + step, back = sum - high;
    low += (high - (sum - back)) + (step - back);
    high = sum;
  }
};

// Grid: values of places [first, last) / threads. `out` begins at place `first`.
template <class Real>
__global__ void __launch_bounds__(rolling_pair_threads) correlate_windows(RollingPairs pairs, int64_t first, int64_t last, Real* out) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * rolling_pair_threads + threadIdx.x;
  const int64_t place = first + i / pairs.windows;
  if (place >= last) return;
  const int64_t one = pairs.series_a(place), other = pairs.series_b(place), low = one < other ? one : other, high = one < other ? other : one;
  const double *const a = pairs.bands.raw(low), *const b = pairs.bands.raw(high);
  const double scale_a = pairs.bands.moments(low).scale, scale_b = pairs.bands.moments(high).scale;
  const int64_t end = pairs.first_end + i % pairs.windows * pairs.step + 1, begin = end - pairs.window;
  double a0 = 0, b0 = 0, x = 0, y = 0, count = 0;
  bool differs_a = false, differs_b = false;
  for (int64_t t = begin; t < end; t++) {
    if (a[t] != a[t] || b[t] != b[t]) continue;
    if (count == 0) a0 = a[t] * scale_a, b0 = b[t] * scale_b;
    const double u = a[t] * scale_a - a0, v = b[t] * scale_b - b0;
    differs_a = differs_a || u != 0;
    differs_b = differs_b || v != 0;
    count += 1;
    x += u;
    y += v;
  }
  double r = NAN;
  if (count >= static_cast<double>(pairs.min_periods) && differs_a && differs_b) {
    const double mean_x = x / count, mean_y = y / count;
    double dx = 0, dy = 0, xx = 0, yy = 0, xy = 0;
    for (int64_t t = begin; t < end; t++) {
      if (a[t] != a[t] || b[t] != b[t]) continue;
      const double u = a[t] * scale_a - a0 - mean_x, v = b[t] * scale_b - b0 - mean_y;
      dx += u;
      dy += v;
      xx = fma(u, u, xx);
      yy = fma(v, v, yy);
      xy = fma(u, v, xy);
    }
    r = clamp_unit((xy - dx * dy / count) / (sqrt(xx - dx * dx / count) * sqrt(yy - dy * dy / count)));
    if (low == high && r == r) r = 1;
  }
  out[i] = static_cast<Real>(r);
}

// Grid: places [first, last) / threads.
template <class Real>
__global__ void __launch_bounds__(rolling_pair_threads) correlate_decaying(RollingPairs pairs, int64_t first, int64_t last, Real* out) {
  const int64_t place = first + static_cast<int64_t>(blockIdx.x) * rolling_pair_threads + threadIdx.x;
  if (place >= last) return;
  const int64_t one = pairs.series_a(place), other = pairs.series_b(place), low = one < other ? one : other, high = one < other ? other : one;
  const double *const a = pairs.bands.raw(low), *const b = pairs.bands.raw(high);
  const double scale_a = pairs.bands.moments(low).scale, scale_b = pairs.bands.moments(high).scale, decay = 1 - pairs.alpha;
  Real* const values = out + (place - first) * pairs.windows;
  int64_t count = 0, window = 0;
  bool differs_a = false, differs_b = false;
  TwoPartMean mean_x, mean_y;
  double a0 = 0, b0 = 0, weight = 0, xx = 0, yy = 0, xy = 0;
  for (int64_t t = 0; window < pairs.windows; t++) {
    if (a[t] == a[t] && b[t] == b[t]) {
      if (count == 0) a0 = a[t] * scale_a, b0 = b[t] * scale_b;
      const double u = a[t] * scale_a, v = b[t] * scale_b;
      differs_a = differs_a || u != a0;
      differs_b = differs_b || v != b0;
      count++;
      const double before = decay * weight, dx = mean_x.from(u), dy = mean_y.from(v);
      weight = before + 1;
      const double share = before / weight;
      mean_x.move(dx / weight);
      mean_y.move(dy / weight);
      xx = fma(share * dx, dx, decay * xx);
      yy = fma(share * dy, dy, decay * yy);
      xy = fma(share * dx, dy, decay * xy);
    }
    if (t != pairs.first_end + window * pairs.step) continue;
    double r = NAN;
    if (count >= pairs.min_periods && differs_a && differs_b) r = clamp_unit(xy / (sqrt(xx) * sqrt(yy)));
    if (low == high && r == r) r = 1;
    values[window++] = static_cast<Real>(r);
  }
}

}  // namespace corrente::cuda
