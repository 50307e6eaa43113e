// What the kernels of I(X; Y | Z) say with the vocabulary, alike for doubles and floats.
#pragma once

#include "../information_kernels.h"
#include "../kernels.h"

namespace corrente::ISA {

namespace {

template <class Real>
struct VectorOf;
template <>
struct VectorOf<double> {
  using Reals = F64;
  using Integers = I64;
};
template <>
struct VectorOf<float> {
  using Reals = F32;
  using Integers = I32;
};
template <class Real>
using Reals = typename VectorOf<Real>::Reals;
template <class Real>
using Integers = typename VectorOf<Real>::Integers;
template <class Real>
constexpr int kLanes = Reals<Real>::lanes;

template <class Real>
constexpr Real kInfinity = static_cast<Real>(__builtin_inf());

template <class V>
constexpr unsigned kAll = (1u << V::lanes) - 1;

template <class Real>
inline Real most_lane(Reals<Real> v) {
  Real lane[kLanes<Real>];
  v.store(lane);
  Real most = lane[0];
  for (int i = 1; i < kLanes<Real>; ++i) most = lane[i] > most ? lane[i] : most;
  return most;
}

template <class T>
constexpr T larger(T a, T b) {
  return a < b ? b : a;
}
template <class T>
constexpr T distance(T a, T b) {
  return a < b ? b - a : a - b;
}

// Calls f(i) for each bit i.
template <class F>
inline void for_bits(unsigned mask, F&& f) {
  for (; mask != 0; mask &= mask - 1) f(__builtin_ctz(mask));
}

// |x_i - x_j| in the maximum norm, by lane, of places i and j.
template <class Real>
inline Reals<Real> lane_distance(const Real* x, int dims, int64_t i, int64_t j) {
  using V = Reals<Real>;
  V most = magnitude(V::load(x + i * dims * V::lanes) - V::load(x + j * dims * V::lanes));
  for (int d = 1; d < dims; ++d)
    most = max(most, magnitude(V::load(x + (i * dims + d) * V::lanes) - V::load(x + (j * dims + d) * V::lanes)));
  return most;
}

}  // namespace

}  // namespace corrente::ISA
