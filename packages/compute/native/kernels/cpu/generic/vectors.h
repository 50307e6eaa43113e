// Small things that every kernel says with the vocabulary.
#pragma once

#include "../kernels.h"

namespace corrente::ISA {

namespace {

constexpr double kNaN = __builtin_nan("");

inline F64 zero_where_nan(F64 v) { return select(is_nan(v), F64::zero(), v); }

// Calls f(vector, row) along a series; lanes past its end are NaN, as if missing.
template <class F>
inline void for_vectors(const double* x, int64_t length, F&& f) {
  int64_t t = 0;
  for (; t + F64::lanes <= length; t += F64::lanes) f(F64::load(x + t), t);
  if (t < length) f(F64::load_first(x + t, length - t, kNaN), t);
}

// Division of many vectors by one number.
struct Divisor {
  explicit Divisor(double x) : number(F64::broadcast(x)), inverse(F64::broadcast(1 / x)) {}
  F64 number, inverse;
};
inline F64 operator/(F64 a, const Divisor& d) { return quotient(a, d.number, d.inverse); }

// Sum of the lanes, in a fixed order.
inline double sum(F64 v) {
  double lane[F64::lanes];
  v.store(lane);
  for (int width = F64::lanes / 2; width > 0; width /= 2)
    for (int i = 0; i < width; ++i) lane[i] += lane[i + width];
  return lane[0];
}

inline double least_lane(F64 v) {
  double lane[F64::lanes];
  v.store(lane);
  double least = lane[0];
  for (int i = 1; i < F64::lanes; ++i) least = lane[i] < least ? lane[i] : least;
  return least;
}

}  // namespace

}  // namespace corrente::ISA
