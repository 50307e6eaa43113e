// What a window of values is summed up to. Each statistic is a monoid: states of neighbouring stretches merge into the
// state of both, and nothing is ever taken out again, so that a value leaves no trace in windows it is not in. NaN
// spreads through every merge. `result` makes the statistic of a whole window of it, given the window's length, its
// newest value and ddof.
#pragma once

#include <math.h>

#include "runtime.cuh"

namespace corrente::cuda {

struct Sum {
  struct State {
    double sum;
  };
  static constexpr int values_per_thread = 8;
  __host__ __device__ static State empty() { return {0}; }
  __host__ __device__ static State of(double x) { return {x}; }
  __host__ __device__ static State merge(State left, State right) { return {left.sum + right.sum}; }
  __host__ __device__ static double mean(State s, double window) { return s.sum / window; }
};

struct Mean : Sum {
  __host__ __device__ static double result(State s, double window, double, double) { return mean(s, window); }
};

struct Total : Sum {
  __host__ __device__ static double result(State s, double, double, double) { return s.sum; }
};

// `least`: the minimum, else the maximum.
template <bool least>
struct Extreme {
  struct State {
    double value;
  };
  static constexpr int values_per_thread = 8;
  __host__ __device__ static State empty() { return {least ? INFINITY : -INFINITY}; }
  __host__ __device__ static State of(double x) { return {x}; }
  __host__ __device__ static State merge(State left, State right) {
    if (left.value != left.value) return left;
    const bool take = right.value != right.value || (least ? right.value < left.value : right.value > left.value);
    return take ? right : left;
  }
  __host__ __device__ static double result(State s, double, double, double) { return s.value; }
};

// Weights 1 … n, the last value weighing most. A stretch of n values before another adds n to each of its weights.
struct LinearlyWeighted {
  struct State {
    double count, sum, weighted;
  };
  static constexpr int values_per_thread = 4;
  __host__ __device__ static State empty() { return {0, 0, 0}; }
  __host__ __device__ static State of(double x) { return {1, x, x}; }
  __host__ __device__ static State merge(State left, State right) {
    return {left.count + right.count, left.sum + right.sum, left.weighted + fma(left.count, right.sum, right.weighted)};
  }
  __host__ __device__ static double result(State s, double window, double, double) { return s.weighted / (window * (window + 1) / 2); }
};

// Second moment about the mean, merged as in Chan, Golub and LeVeque (1983). The mean is kept relative to the stretch's
// own first value: that difference is exact or nearly so where values lie close together, however far from zero.
struct SecondMoment {
  struct State {
    double count, origin, mean, moment;
  };
  static constexpr int values_per_thread = 4;
  __host__ __device__ static State empty() { return {0, 0, 0, 0}; }
  __host__ __device__ static State of(double x) { return {1, x, x - x, x - x}; }
  __host__ __device__ static State merge(State left, State right) {
    if (left.count == 0) return right;
    if (right.count == 0) return left;
    const double count = left.count + right.count;
    const double apart = (right.origin - left.origin) + (right.mean - left.mean);
    const double share = right.count / count;
    return {count, left.origin, fma(apart, share, left.mean), left.moment + right.moment + apart * apart * (left.count * share)};
  }
  // NaN where count - ddof is not positive.
  __host__ __device__ static double variance(State s, double ddof) { return s.count > ddof ? s.moment / (s.count - ddof) : NAN; }
};

struct Variance : SecondMoment {
  __host__ __device__ static double result(State s, double, double, double ddof) { return variance(s, ddof); }
};

struct Deviation : SecondMoment {
  __host__ __device__ static double result(State s, double, double, double ddof) { return sqrt(variance(s, ddof)); }
};

// Of equal values, and only of those, the moment is exactly 0: they have no score.
struct Score : SecondMoment {
  __host__ __device__ static double result(State s, double, double newest, double ddof) {
    return s.moment > 0 ? ((newest - s.origin) - s.mean) / sqrt(variance(s, ddof)) : NAN;
  }
};

// y ↦ scale y + shift: one step of an exponential average. Composition is associative, which is what lets a recursion
// be scanned in parallel (Blelloch 1990, section 1.4).
struct Affine {
  struct State {
    double scale, shift;
  };
  static constexpr int values_per_thread = 8;
  __host__ __device__ static State empty() { return {1, 0}; }
  // First `left`, then `right`.
  __host__ __device__ static State merge(State left, State right) { return {left.scale * right.scale, fma(right.scale, left.shift, right.shift)}; }
};

// Where an exponential average stands within a series: before its seed it has no value.
struct EmaSeed {
  int64_t present;  // values met, up to the window
  double sum;       // of those
  int64_t at;       // row of the last of the first `window` present values; -1 until it is met
  double average;   // the average after the rows done so far
};

// The step of one row. A missing value leaves the average as it was.
__host__ __device__ inline Affine::State ema_step(double x, int64_t row, const EmaSeed& seed, double window) {
  if (seed.at < 0 || row < seed.at || x != x) return Affine::empty();
  if (row == seed.at) return {0, seed.sum / window};
  return {(window - 1) / (window + 1), 2 / (window + 1) * x};
}

}  // namespace corrente::cuda
