// What the kernels of training say with the vocabulary, alike for doubles and floats; e^x, sigmoid and tanh.
#pragma once

#include <cstring>

#include "../trainer_kernels.h"

namespace corrente::ISA {

namespace {

template <class Real>
struct NumbersOf;

// ln 2 in two parts, of which multiples of the first are exact. `round` brings the units of a sum down to its last bits.
template <>
struct NumbersOf<float> {
  using Vector = F32;
  using Word = int32_t;
  static constexpr float inverse_ln2 = 0x1.715476p+0f, ln2_high = 0x1.63p-1f, ln2_low = -0x1.bd0106p-13f, round = 0x1.8p23f;
  static constexpr int mantissa = 23, bias = 127;
  static constexpr float largest = 80;       // e^80 and its reciprocal are normal
  static constexpr float saturated = 10;     // tanh is 1
  static constexpr float inverse_factorials[] = {1.0f, 1.0f / 2, 1.0f / 6, 1.0f / 24, 1.0f / 120, 1.0f / 720, 1.0f / 5040};
};
template <>
struct NumbersOf<double> {
  using Vector = F64;
  using Word = int64_t;
  static constexpr double inverse_ln2 = 0x1.71547652b82fep+0, ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33, round = 0x1.8p52;
  static constexpr int mantissa = 52, bias = 1023;
  static constexpr double largest = 700;
  static constexpr double saturated = 20;
  static constexpr double inverse_factorials[] = {
      1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800,
      1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
};

template <class Real>
using VectorOf = typename NumbersOf<Real>::Vector;

// 2^n and e^r - 1, of which e^x is 2^n (1 + (e^r - 1)); |r| is at most ln 2 / 2.
template <class Real>
struct Power {
  VectorOf<Real> scale, part;
};

// Taylor's series ends where its next term is below a quarter of a unit in the last place of e^r - 1.
template <class Real>
inline Power<Real> power(VectorOf<Real> x) {
  using Numbers = NumbersOf<Real>;
  using V = VectorOf<Real>;
  using Raw = decltype(V::v);
  typedef typename Numbers::Word Words __attribute__((vector_size(sizeof(Raw))));
  const V shifted = fma(x, V::broadcast(Numbers::inverse_ln2), V::broadcast(Numbers::round));
  const V n = shifted - V::broadcast(Numbers::round);
  V r = fnma(n, V::broadcast(Numbers::ln2_high), x);
  r = fnma(n, V::broadcast(Numbers::ln2_low), r);
  constexpr int terms = sizeof(Numbers::inverse_factorials) / sizeof(Real);
  V sum = V::broadcast(Numbers::inverse_factorials[terms - 1]);
  for (int i = terms - 2; i >= 0; --i) sum = fma(sum, r, V::broadcast(Numbers::inverse_factorials[i]));
  Words words;
  std::memcpy(&words, &shifted.v, sizeof words);
  constexpr typename Numbers::Word one = static_cast<typename Numbers::Word>(Numbers::bias) << Numbers::mantissa;
  words = (words << Numbers::mantissa) + one;
  V scale;
  std::memcpy(&scale.v, &words, sizeof words);
  return {scale, sum * r};
}

// Within 4 units in the last place (of floats, to ±80; beyond it they stay at those of 80). NaN stays NaN.
template <class Real>
inline VectorOf<Real> sigmoid(VectorOf<Real> x) {
  using V = VectorOf<Real>;
  const V most = V::broadcast(NumbersOf<Real>::largest);
  const Power<Real> p = power<Real>(min(most, max(V::zero() - most, V::zero() - x)));
  return reciprocal(V::broadcast(1) + fma(p.scale, p.part, p.scale));
}

// By e^(-2|x|) - 1, so that no digits are lost near 0. Within 4 units in the last place.
template <class Real>
inline VectorOf<Real> tanh(VectorOf<Real> x) {
  using V = VectorOf<Real>;
  const V size = min(V::broadcast(NumbersOf<Real>::saturated), magnitude(x));
  const Power<Real> p = power<Real>(size * V::broadcast(-2));
  const V less_one = fma(p.scale, p.part, p.scale - V::broadcast(1));
  const V y = less_one * reciprocal(V::broadcast(2) + less_one);
  return select(less(x, V::zero()), y, V::zero() - y);
}

template <class Real>
inline VectorOf<Real> relu(VectorOf<Real> x) {
  return max(VectorOf<Real>::zero(), x);
}

// Sum of the lanes, in a fixed order.
template <class Real>
inline double sum_lanes(VectorOf<Real> v) {
  Real lane[VectorOf<Real>::lanes];
  v.store(lane);
  double total = 0;
  for (const Real x : lane) total += static_cast<double>(x);
  return total;
}

}  // namespace

}  // namespace corrente::ISA
