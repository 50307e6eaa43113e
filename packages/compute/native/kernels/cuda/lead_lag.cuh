// Cross-correlation over lags: the kernel.
//
// A warp takes a pair, its lanes neighbouring lags, `each` to a lane: of a row, a's value is the same for all lanes and
// b's values lie beside each other, so both come from the first cache. The six sums over the rows in common are those of
// a pair with missing values (pairs.cuh), and where they cancel, or few rows overlap far from the mean, the warp computes
// that lag from its values (pearson_masked.cuh). Nothing is held but the best lag of a pair, or one pair's profile.
//
// Operations: 14 a row and lag; 1,000 series of 2,500 rows at 41 lags are 7 × 10¹¹ for each pair once, 20 ms at the
// 34 TFLOP/s of an H200's ordinary units.
#pragma once

#include "pearson_masked.cuh"
#include "series_band.cuh"

namespace corrente::cuda {

constexpr int lag_threads = 128;
constexpr int lag_warps = lag_threads / warp_size;

struct LagPairs {
  BandPair bands;
  Rectangle rectangle;
  int64_t max_lag, min_periods;

  __host__ __device__ int64_t series_a(int64_t place) const { return rectangle.row_from + place / (rectangle.col_to - rectangle.col_from); }
  __host__ __device__ int64_t series_b(int64_t place) const { return rectangle.col_from + place % (rectangle.col_to - rectangle.col_from); }
};

// The strongest lag met so far, in terms of the pair as it was asked for; of equal ones the shortest, then the positive.
struct BestLag {
  double strength;  // |r|; negative before any
  int64_t lag;
  double r;
  int64_t count;

  __device__ bool gives_way_to(const BestLag& other) const {
    if (other.strength != strength) return other.strength > strength;
    const int64_t mine = lag < 0 ? -lag : lag, its = other.lag < 0 ? -other.lag : other.lag;
    return mine != its ? its < mine : other.lag > lag;
  }
};

// Where results go: of place i the best lag at i - first; and where a profile is asked for, all lags of the one place.
template <class Real>
struct LagOutput {
  Real* r;
  int32_t *lag, *n;
  Real* profile_r;  // null where only the best lags are wanted
  int32_t* profile_n;
};

// Grid: places [first, last) / warps of a block.
template <class Real, int each>
__global__ void __launch_bounds__(lag_threads) correlate_lags(LagPairs pairs, int64_t first, int64_t last, LagOutput<Real> output) {
  const int64_t place = first + static_cast<int64_t>(blockIdx.x) * lag_warps + warp_index();
  if (place >= last) return;
  const int lane = lane_index();
  const int64_t one = pairs.series_a(place), other = pairs.series_b(place), low = one < other ? one : other, high = one < other ? other : one;
  const int64_t direction = one <= other ? 1 : -1, rows = pairs.bands.rows.rows, most = pairs.max_lag;
  const double *const a = pairs.bands.raw(low), *const b = pairs.bands.raw(high);
  const SeriesMoments of_a = pairs.bands.moments(low), of_b = pairs.bands.moments(high);
  BestLag best{-1, 0, NAN, 0};
  for (int64_t base = -most; base <= most; base += int64_t{warp_size} * each) {
    const int64_t highest = base + int64_t{warp_size} * each - 1;
    const int64_t from = highest < 0 ? -highest : 0, to = base > 0 ? rows - base : rows;
    double count[each] = {}, x[each] = {}, y[each] = {}, xx[each] = {}, yy[each] = {}, xy[each] = {};
    for (int64_t t = from; t < to; t++) {
      const Masked first_value(standardised(a[t], of_a));
#pragma unroll
      for (int j = 0; j < each; j++) {
        const int64_t at = t + base + lane + j * warp_size;
        if (at < 0 || at >= rows) continue;
        const Masked second_value(standardised(b[at], of_b));
        count[j] = fma(first_value.mask, second_value.mask, count[j]);
        x[j] = fma(first_value.value, second_value.mask, x[j]);
        y[j] = fma(first_value.mask, second_value.value, y[j]);
        xx[j] = fma(first_value.square, second_value.mask, xx[j]);
        yy[j] = fma(first_value.mask, second_value.square, yy[j]);
        xy[j] = fma(first_value.value, second_value.value, xy[j]);
      }
    }
#pragma unroll
    for (int j = 0; j < each; j++) {
      const int64_t lag = base + lane + j * warp_size;
      const bool valued = lag <= most && !of_a.constant && !of_b.constant && count[j] >= static_cast<double>(pairs.min_periods);
      const PairOutcome outcome = valued ? correlate({count[j], x[j], y[j], xx[j], yy[j], xy[j]}) : PairOutcome{NAN, NAN, false};
      double r = outcome.r;
      const unsigned cancelling = vote(outcome.cancels);
      for (int l = 0; l < warp_size; l++) {
        if ((cancelling >> l & 1) == 0) continue;
        const int64_t its = shuffle_from(lag, l);
        const double again = correlate_raw({-1}, a + (its < 0 ? -its : 0), b + (its > 0 ? its : 0), of_a.scale, of_b.scale, rows - (its < 0 ? -its : its));
        if (lane == l) r = again;
      }
      if (lag > most) continue;
      if (low == high && lag == 0 && r == r) r = 1;
      const Real rounded = static_cast<Real>(r);
      if (output.profile_r != nullptr) {
        output.profile_r[most + direction * lag] = rounded;
        output.profile_n[most + direction * lag] = static_cast<int32_t>(count[j]);
      }
      const BestLag here{fabs(static_cast<double>(rounded)), direction * lag, static_cast<double>(rounded), static_cast<int64_t>(count[j])};
      if (r == r && best.gives_way_to(here)) best = here;
    }
  }
#pragma unroll
  for (int distance = 1; distance < warp_size; distance *= 2) {
    const BestLag its = shuffle_from(best, lane ^ distance);
    if (best.gives_way_to(its)) best = its;
  }
  if (lane != 0 || output.r == nullptr) return;
  const bool any = best.strength >= 0;
  output.r[place - first] = static_cast<Real>(any ? best.r : NAN);
  output.lag[place - first] = static_cast<int32_t>(any ? best.lag : 0);
  output.n[place - first] = static_cast<int32_t>(any ? best.count : 0);
}

}  // namespace corrente::cuda
