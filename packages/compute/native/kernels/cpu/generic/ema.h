// The exponential average y = y + alpha (x - y), a vector at a time.
//
// Within a vector the recursion is a scan: u[i] = alpha (x[i] + b x[i-1] + b² x[i-2] + …) with b = 1 - alpha, by
// doubling steps, and then y[i] = b^(i+1) y + u[i]. For long windows b^(i+1) is so near 1 that its rounding would
// drift; there it is written y + (u[i] - g[i] y) with g[i] = 1 - b^(i+1), which has all its digits. For short windows
// that form would cancel, and the plain one has no drift.
#pragma once

#include "scan.h"

namespace corrente::ISA {

namespace {

struct EmaConstants {
  F64 alpha, power1, power2, power4;  // b, b², b⁴
  F64 keep;                           // b^(i+1) in lane i
  F64 lose;                           // 1 - b^(i+1) in lane i
  bool drifts;
};

inline EmaConstants ema_constants(double alpha) {
  const double b = 1 - alpha;
  double keep[F64::lanes], lose[F64::lanes];
  // 1 - b^(i+1) = 1 - b^i + alpha b^i: sums of positive terms.
  double power = 1, lost = 0;
  for (int i = 0; i < F64::lanes; ++i) {
    lost += alpha * power;
    power *= b;
    keep[i] = power;
    lose[i] = lost;
  }
  return {F64::broadcast(alpha),  F64::broadcast(b), F64::broadcast(b * b), F64::broadcast(b * b * b * b),
          F64::load(keep),        F64::load(lose),   power > 0.5};
}

template <bool kDrifts>
inline F64 ema_combine(const EmaConstants& c, F64 average, F64 u) {
  return kDrifts ? average + fnma(c.lose, average, u) : fma(c.keep, average, u);
}

// One value after the other, as missing values ask for: they leave the average as it is.
template <class Out>
inline double ema_each(const double* x, int64_t length, double alpha, double average, Out* out) {
  const double b = 1 - alpha;
  const bool drifts = b > 0.5;
  for (int64_t i = 0; i < length; ++i) {
    const bool missing = x[i] != x[i];
    if (!missing) average = drifts ? average + alpha * (x[i] - average) : b * average + alpha * x[i];
    if (out != nullptr) out[i] = static_cast<Out>(missing ? kNaN : average);
  }
  return average;
}

template <bool kDrifts, class Out>
double ema_vectors(const double* x, int64_t length, double alpha, double average, Out* out) {
  const EmaConstants c = ema_constants(alpha);
  F64 carry = F64::broadcast(average);
  int64_t t = 0;
  for (; t + F64::lanes <= length; t += F64::lanes) {
    const F64 v = F64::load(x + t);
    if (count(is_nan(v)) > 0) {
      double first[F64::lanes];
      carry.store(first);
      carry = F64::broadcast(ema_each(x + t, F64::lanes, alpha, first[0], out == nullptr ? nullptr : out + t));
      continue;
    }
    F64 u = c.alpha * v;
    u = fma(c.power1, shift_up<1>(u, F64::zero()), u);
    if constexpr (F64::lanes > 2) u = fma(c.power2, shift_up<2>(u, F64::zero()), u);
    if constexpr (F64::lanes > 4) u = fma(c.power4, shift_up<4>(u, F64::zero()), u);
    const F64 y = ema_combine<kDrifts>(c, carry, u);
    if (out != nullptr) y.store(out + t);
    carry = broadcast_last(y);
  }
  double last[F64::lanes];
  carry.store(last);
  return ema_each(x + t, length - t, alpha, last[0], out == nullptr ? nullptr : out + t);
}

template <class Out>
double ema(const double* x, int64_t length, double alpha, double average, Out* out) {
  const bool drifts = ema_constants(alpha).drifts;
  return drifts ? ema_vectors<true>(x, length, alpha, average, out)
                : ema_vectors<false>(x, length, alpha, average, out);
}

}  // namespace

}  // namespace corrente::ISA
