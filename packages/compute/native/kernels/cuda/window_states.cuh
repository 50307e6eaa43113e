// States of stretches of values that have missing ones among them: beside those of windows.cuh, they count what is
// present. `row` is the state of one row; `result` is made of the state of a window with at least one present value,
// the newest value of the window, and ddof.
#pragma once

#include "windows.cuh"

namespace corrente::cuda {

// Of a missing value, nothing.
template <class Statistic>
__device__ typename Statistic::State present_row(const double* values, int64_t row) {
  const double x = values[row];
  return x == x ? Statistic::of(x) : Statistic::empty();
}

struct CountedSum {
  struct State {
    double count, sum;
  };
  __host__ __device__ static State empty() { return {0, 0}; }
  __host__ __device__ static State of(double x) { return {1, x}; }
  __device__ static State row(const double* values, int64_t row, int64_t) { return present_row<CountedSum>(values, row); }
  __host__ __device__ static State merge(State left, State right) { return {left.count + right.count, left.sum + right.sum}; }
};

struct CountedTotal : CountedSum {
  __host__ __device__ static double result(State s, double, double) { return s.sum; }
};

struct CountedMean : CountedSum {
  __host__ __device__ static double result(State s, double, double) { return s.sum / s.count; }
};

template <bool least>
struct CountedExtreme {
  struct State {
    double count, value;
  };
  __host__ __device__ static State empty() { return {0, least ? INFINITY : -INFINITY}; }
  __host__ __device__ static State of(double x) { return {1, x}; }
  __device__ static State row(const double* values, int64_t row, int64_t) { return present_row<CountedExtreme>(values, row); }
  __host__ __device__ static State merge(State left, State right) {
    const bool take = least ? right.value < left.value : right.value > left.value;
    return {left.count + right.count, take ? right.value : left.value};
  }
  __host__ __device__ static double result(State s, double, double) { return s.value; }
};

// A statistic of windows.cuh that is made of the second moment.
template <class Statistic>
struct PresentMoment : SecondMoment {
  __device__ static State row(const double* values, int64_t row, int64_t) { return present_row<SecondMoment>(values, row); }
  __host__ __device__ static double result(State s, double newest, double ddof) { return Statistic::result(s, s.count, newest, ddof); }
};

// Central sums of the second, third and fourth power, relative to the first value as in SecondMoment, merged as in Pébay,
// "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments" (Sandia
// report SAND2008-6212, 2008).
struct FourMoments {
  struct State {
    double count, origin, mean, second, third, fourth;
  };
  __host__ __device__ static State empty() { return {0, 0, 0, 0, 0, 0}; }
  __host__ __device__ static State of(double x) { return {1, x, 0, 0, 0, 0}; }
  __device__ static State row(const double* values, int64_t row, int64_t) { return present_row<FourMoments>(values, row); }
  __host__ __device__ static State merge(State left, State right) {
    if (left.count == 0) return right;
    if (right.count == 0) return left;
    const double n = left.count + right.count, nl = left.count, nr = right.count;
    const double apart = (right.origin - left.origin) + (right.mean - left.mean);
    const double step = apart / n, product = apart * step * nl * nr;
    return {n,
            left.origin,
            fma(step, nr, left.mean),
            left.second + right.second + product,
            left.third + right.third + product * step * (nl - nr) + 3 * step * (nl * right.second - nr * left.second),
            left.fourth + right.fourth + product * step * step * (nl * nl - nl * nr + nr * nr) +
                6 * step * step * (nl * nl * right.second + nr * nr * left.second) + 4 * step * (nl * right.third - nr * left.third)};
  }
};

// G1 and G2 of Joanes and Gill, The Statistician 47 (1998). A constant window, whose second moment is exactly 0, has none.
struct Skewness : FourMoments {
  __host__ __device__ static double result(State s, double, double) {
    if (s.count < 3 || !(s.second > 0)) return NAN;
    const double n = s.count, variance = s.second / n;
    return sqrt(n * (n - 1)) / (n - 2) * (s.third / n / variance / sqrt(variance));
  }
};

struct Kurtosis : FourMoments {
  __host__ __device__ static double result(State s, double, double) {
    if (s.count < 4 || !(s.second > 0)) return NAN;
    const double n = s.count, ratio = n * (s.fourth / s.second / s.second);
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * ratio - 3 * (n - 1));
  }
};

// Second moments of pairs, a value and the one `lag` rows before it. A missing value spreads.
struct Autocorrelation {
  struct State {
    double count, earlier_origin, later_origin, earlier, later, earlier_squares, later_squares, products;
  };
  __host__ __device__ static State empty() { return {0, 0, 0, 0, 0, 0, 0, 0}; }
  __device__ static State row(const double* values, int64_t row, int64_t lag) {
    if (row < lag) return empty();
    const double x = values[row - lag], y = values[row], spoilt = (x - x) + (y - y);
    return {1, x, y, 0, 0, spoilt, spoilt, spoilt};
  }
  __host__ __device__ static State merge(State left, State right) {
    if (left.count == 0) return right;
    if (right.count == 0) return left;
    const double n = left.count + right.count, share = right.count / n, weight = left.count * share;
    const double dx = (right.earlier_origin - left.earlier_origin) + (right.earlier - left.earlier);
    const double dy = (right.later_origin - left.later_origin) + (right.later - left.later);
    return {n,
            left.earlier_origin,
            left.later_origin,
            fma(dx, share, left.earlier),
            fma(dy, share, left.later),
            left.earlier_squares + right.earlier_squares + dx * dx * weight,
            left.later_squares + right.later_squares + dy * dy * weight,
            left.products + right.products + dx * dy * weight};
  }
  __host__ __device__ static double result(State s, double, double) {
    if (!(s.earlier_squares > 0 && s.later_squares > 0)) return NAN;
    const double r = s.products / (sqrt(s.earlier_squares) * sqrt(s.later_squares));
    return r > 1 ? 1 : r < -1 ? -1 : r;
  }
};

}  // namespace corrente::cuda
