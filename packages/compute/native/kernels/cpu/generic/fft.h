// Fourier transforms of as many series at once as a vector has lanes, by decimation in time (Cooley and Tukey 1965).
//
// Point p of all lanes is a vector of real parts and a vector of imaginary parts, one after the other. So nothing is
// shuffled, every radix is a few lines, and where the input stands in the order of the plan costs nothing: it is put
// there by whoever makes it. Parts of a transform that fit into the first cache are done as a whole before their
// neighbours are touched.
#pragma once

#include "../lead_lag_kernels.h"
#include "vectors.h"

namespace corrente::ISA {

namespace {

// Distance of two points in doubles.
constexpr int kPoint = 2 * F64::lanes;
// Points of a part that is done as a whole: 32 KiB.
constexpr int64_t kCachedPoints = 32768 / (kPoint * 8);

struct Complex {
  F64 re, im;
};

inline Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
inline Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
inline Complex times_i(Complex a) { return {F64::zero() - a.im, a.re}; }
inline Complex scaled(Complex a, F64 by) { return {a.re * by, a.im * by}; }
inline Complex fma(Complex a, F64 by, Complex c) { return {fma(a.re, by, c.re), fma(a.im, by, c.im)}; }
inline Complex product(Complex a, F64 re, F64 im) { return {fnma(a.im, im, a.re * re), fma(a.im, re, a.re * im)}; }

// The transform of the parts exchanged is the inverse transform, its parts exchanged.
template <bool kInverse>
inline Complex load_point(const double* p) {
  const F64 first = F64::load(p), second = F64::load(p + F64::lanes);
  return kInverse ? Complex{second, first} : Complex{first, second};
}
template <bool kInverse>
inline void store_point(Complex a, double* p) {
  (kInverse ? a.im : a.re).store(p);
  (kInverse ? a.re : a.im).store(p + F64::lanes);
}

inline void butterfly(Complex (&y)[2]) {
  const Complex sum = y[0] + y[1];
  y[1] = y[0] - y[1];
  y[0] = sum;
}

inline void butterfly(Complex (&y)[3]) {
  const F64 half = F64::broadcast(-0.5), sine = F64::broadcast(-0.86602540378443864676);
  const Complex sum = y[1] + y[2], middle = fma(sum, half, y[0]), side = times_i(scaled(y[1] - y[2], sine));
  y[0] = y[0] + sum;
  y[1] = middle + side;
  y[2] = middle - side;
}

inline void butterfly(Complex (&y)[4]) {
  const Complex even = y[0] + y[2], odd = y[1] + y[3], apart = y[0] - y[2], side = times_i(y[1] - y[3]);
  y[0] = even + odd;
  y[1] = apart - side;
  y[2] = even - odd;
  y[3] = apart + side;
}

inline void butterfly(Complex (&y)[5]) {
  const F64 c1 = F64::broadcast(0.30901699437494742410), c2 = F64::broadcast(-0.80901699437494742410);
  const F64 s1 = F64::broadcast(-0.95105651629515357212), s2 = F64::broadcast(-0.58778525229247312917);
  const Complex outer = y[1] + y[4], inner = y[2] + y[3], outer_apart = y[1] - y[4], inner_apart = y[2] - y[3];
  const Complex first = fma(inner, c2, fma(outer, c1, y[0])), second = fma(inner, c1, fma(outer, c2, y[0]));
  const Complex first_side = times_i(fma(inner_apart, s2, scaled(outer_apart, s1)));
  const Complex second_side = times_i(scaled(outer_apart, s2) - scaled(inner_apart, s1));
  y[0] = y[0] + outer + inner;
  y[1] = first + first_side;
  y[2] = second + second_side;
  y[3] = second - second_side;
  y[4] = first - first_side;
}

// One stage, of `count` parts that lie one after the other.
template <int kRadix, bool kInverse>
void run_stage(const FftStage& stage, double* at, int64_t count) {
  const int64_t inner = stage.points / kRadix, step = inner * kPoint;
  for (int64_t part = 0; part < count; ++part, at += stage.points * kPoint) {
    const double* w = stage.twiddles;
    for (int64_t k = 0; k < inner; ++k, w += 2 * (kRadix - 1)) {
      double* const point = at + k * kPoint;
      Complex y[kRadix];
#pragma GCC unroll 5
      for (int j = 0; j < kRadix; ++j) y[j] = load_point<kInverse>(point + j * step);
      // The first twiddles of all are ones.
      if (inner > 1)
#pragma GCC unroll 5
        for (int j = 1; j < kRadix; ++j) y[j] = product(y[j], F64::broadcast(w[2 * j - 2]), F64::broadcast(w[2 * j - 1]));
      butterfly(y);
#pragma GCC unroll 5
      for (int j = 0; j < kRadix; ++j) store_point<kInverse>(y[j], point + j * step);
    }
  }
}

template <bool kInverse>
void run_stage(const FftStage& stage, double* at, int64_t count) {
  switch (stage.radix) {
    case 2: return run_stage<2, kInverse>(stage, at, count);
    case 3: return run_stage<3, kInverse>(stage, at, count);
    case 4: return run_stage<4, kInverse>(stage, at, count);
    default: return run_stage<5, kInverse>(stage, at, count);
  }
}

// Stages up to and with `last`.
template <bool kInverse>
void run_stages(const FftPlan& plan, int last, double* at) {
  const FftStage& stage = plan.stage[last];
  if (last > 0 && stage.points > kCachedPoints) {
    const int64_t part = plan.stage[last - 1].points;
    for (int j = 0; j < stage.radix; ++j) run_stages<kInverse>(plan, last - 1, at + j * part * kPoint);
    run_stage<kInverse>(stage, at, 1);
    return;
  }
  for (int s = 0; s <= last; ++s) run_stage<kInverse>(plan.stage[s], at, stage.points / plan.stage[s].points);
}

template <bool kInverse>
void transform(const FftPlan& plan, double* points) {
  if (plan.stages > 0) run_stages<kInverse>(plan, plan.stages - 1, points);
}

// With E and O the transforms of the even and the odd values, Z = E + iO, and X[k] = E[k] + e^(-πik / points) O[k].
void split_spectrum(const FftPlan& plan, const double* points, double* out, int64_t stride) {
  const int64_t size = plan.points;
  const F64 half = F64::broadcast(0.5);
  for (int64_t k = 0; 2 * k <= size; ++k) {
    const int64_t mirror = size - k;
    const Complex z = load_point<false>(points + k * kPoint), m = load_point<false>(points + mirror % size * kPoint);
    const Complex even{(z.re + m.re) * half, (z.im - m.im) * half}, odd{(z.im + m.im) * half, (m.re - z.re) * half};
    const Complex turned = product(odd, F64::broadcast(plan.roots[2 * k]), F64::broadcast(plan.roots[2 * k + 1]));
    store_point<false>(even + turned, out + k * stride);
    // e^(-πi (points - k) / points) O[points - k] is the conjugate of -e^(-πik / points) O[k].
    const Complex other = even - turned;
    if (mirror != k) store_point<false>({other.re, F64::zero() - other.im}, out + mirror * stride);
  }
}

}  // namespace

}  // namespace corrente::ISA
