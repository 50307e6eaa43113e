// Cross-correlation over lags by the convolution theorem: forward once for each series, then for each pair one product
// of spectra and one inverse transform.
//
// Where lags are few beside rows, a transform as long as the series would compute lags that nobody asked for. So the
// rows are cut into chunks: a chunk of a, zeros around it, meets the rows of b that lie within the lags of it, in a
// transform not much longer than the lags; products of spectra are summed over chunks, and inverted once (overlap-save,
// see Oppenheim and Schafer, "Discrete-Time Signal Processing", 8.7).
#pragma once

#include "fft.h"

namespace corrente::ISA {

namespace {

constexpr int kLeadLagSlice = 4;

void load_rows(const double* const* series, const Standard* s, Channel channel, int64_t from, int64_t to, int64_t at,
               const FftPlan& plan, double* points) {
  for (int64_t t = from; t < to; t += F64::lanes) {
    const int64_t rows = to - t < F64::lanes ? to - t : F64::lanes;
    F64 x[F64::lanes];
    for (int i = 0; i < F64::lanes; ++i) {
      const F64 v = rows == F64::lanes ? F64::load(series[i] + t) : F64::load_first(series[i] + t, rows, kNaN);
      const F64 z = (v * F64::broadcast(s[i].scale) - F64::broadcast(s[i].mean) - F64::broadcast(s[i].shift)) *
                    F64::broadcast(s[i].gain);
      x[i] = zero_where_nan(z);
      if (channel == kSquares) x[i] = x[i] * x[i];
      if (channel == kPattern) x[i] = select(is_nan(v), F64::zero(), F64::broadcast(1));
    }
    transpose(x);
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t position = at + t - from + i;
      x[i].store(points + plan.place[position / 2] * kPoint + position % 2 * F64::lanes);
    }
  }
}

// Each frequency k with its mirror, because what the inverse reads at k depends on both.
template <int kSlice>
void multiply_slice(const FftPlan& plan, const double* a, int lane, const double* b, int64_t chunks, double* out) {
  const int64_t size = plan.points, stride = chunks * kPoint, out_stride = size * kPoint;
  for (int64_t k = 0; 2 * k <= size; ++k) {
    const int64_t mirror = size - k;
    Complex here[kSlice], there[kSlice];
#pragma GCC unroll 4
    for (int i = 0; i < kSlice; ++i) here[i] = there[i] = {F64::zero(), F64::zero()};
    const double *a_here = a + k * stride + lane, *a_there = a + mirror * stride + lane;
    const double *b_here = b + k * stride, *b_there = b + mirror * stride;
    for (int64_t chunk = 0; chunk < chunks; ++chunk) {
      const Complex y = load_point<false>(b_here), z = load_point<false>(b_there);
#pragma GCC unroll 4
      for (int i = 0; i < kSlice; ++i) {
        const F64 re = F64::broadcast(a_here[i]), im = F64::broadcast(a_here[i + F64::lanes]);
        here[i].re = fma(im, y.im, fma(re, y.re, here[i].re));
        here[i].im = fnma(im, y.re, fma(re, y.im, here[i].im));
        const F64 mirror_re = F64::broadcast(a_there[i]), mirror_im = F64::broadcast(a_there[i + F64::lanes]);
        there[i].re = fma(mirror_im, z.im, fma(mirror_re, z.re, there[i].re));
        there[i].im = fnma(mirror_im, z.re, fma(mirror_re, z.im, there[i].im));
      }
      a_here += kPoint;
      a_there += kPoint;
      b_here += kPoint;
      b_there += kPoint;
    }
    // E + iO of the products, but for a factor of 2: `split_spectrum` backwards.
    const F64 re = F64::broadcast(plan.roots[2 * k]), im = F64::broadcast(-plan.roots[2 * k + 1]);
#pragma GCC unroll 4
    for (int i = 0; i < kSlice; ++i) {
      const Complex even{here[i].re + there[i].re, here[i].im - there[i].im};
      const Complex odd = product({here[i].re - there[i].re, here[i].im + there[i].im}, re, im);
      double* const at = out + i * out_stride;
      if (k < size) store_point<false>({even.re - odd.im, even.im + odd.re}, at + plan.place[k] * kPoint);
      if (k > 0 && mirror != k) store_point<false>({even.re + odd.im, odd.re - even.im}, at + plan.place[mirror] * kPoint);
    }
  }
}

// Either way a pair's bits are the same.
void multiply_spectra(const FftPlan& plan, const double* a, int lane, int count, const double* b, int64_t chunks, double* out) {
  if (count == kLeadLagSlice && F64::lanes >= kLeadLagSlice) {
    multiply_slice<kLeadLagSlice>(plan, a, lane, b, chunks, out);
  } else {
    for (int i = 0; i < count; ++i) multiply_slice<1>(plan, a, lane + i, b, chunks, out + i * plan.points * kPoint);
  }
}

// To a multiple of lift / (1.5 × 2^52), in [-1, 1]: lags whose coefficients differ by rounding alone tie. Beside the lift
// there is no place for what is below that multiple.
inline F64 rounded(F64 r, F64 lift) {
  return (min(F64::broadcast(1), max(F64::broadcast(-1), r)) + lift) - lift;
}

bool lag_coefficients(const double* products, int64_t size, int64_t lags, double scale, const double* a, int lane,
                      const double* b, double limit, double lift, double* r) {
  const F64 factor = F64::broadcast(scale), most = F64::broadcast(limit), up = F64::broadcast(lift);
  const F64 to_be_summed = F64::broadcast(kToBeSummed);
  unsigned some = 0;
  const auto coefficient = [&](const double* sum, F64 mean_a, F64 mean_b, F64 inverse, double* out) {
    const Mask weak = less(most, inverse);
    some |= bits(weak);
    const F64 value = fnma(mean_a, mean_b, F64::load(sum) * factor) * inverse;
    select(weak, to_be_summed, rounded(value, up)).store(out);
  };
  for (int64_t k = 0; k <= lags; ++k) {
    const double *of_a = a + k * kOverlaps * F64::lanes + lane, *of_b = b + k * kOverlaps * F64::lanes;
    const auto at_a = [&](Overlap part) { return F64::broadcast(of_a[part * F64::lanes]); };
    const auto at_b = [&](Overlap part) { return F64::load(of_b + part * F64::lanes); };
    coefficient(products + k * F64::lanes, at_a(kHeadMean), at_b(kTailMean), at_a(kHeadInverse) * at_b(kTailInverse),
                r + (lags + k) * F64::lanes);
    if (k > 0)
      coefficient(products + (size - k) * F64::lanes, at_a(kTailMean), at_b(kHeadMean),
                  at_a(kTailInverse) * at_b(kHeadInverse), r + (lags - k) * F64::lanes);
  }
  return some != 0;
}

bool gap_coefficients(const double* sums, int64_t lags, double min_periods, double weak_a, const double* weak_b,
                      double lift, double* r, double* n) {
  const int64_t stride = (2 * lags + 1) * F64::lanes;
  const F64 least_x = F64::broadcast(weak_a), least_y = F64::load(weak_b), up = F64::broadcast(lift);
  const F64 enough = F64::broadcast(min_periods), not_a_number = F64::broadcast(kNaN), one = F64::broadcast(1);
  const F64 to_integer = F64::broadcast(6755399441055744.0);  // 1.5 × 2^52
  unsigned some = 0;
  for (int64_t at = 0; at < stride; at += F64::lanes) {
    const auto sum = [&](LagSum which) { return F64::load(sums + which * stride + at); };
    const F64 count = (sum(kLagN) + to_integer) - to_integer, x = sum(kLagX), y = sum(kLagY);
    const F64 per_row = one / max(count, one);
    const F64 mean_x = x * per_row, mean_y = y * per_row;
    const F64 xx = fnma(mean_x, x, sum(kLagXX)), yy = fnma(mean_y, y, sum(kLagYY)), xy = fnma(mean_x, y, sum(kLagXY));
    const Mask few = less(count, enough), strong = both(less(least_x, xx), less(least_y, yy));
    const F64 value = rounded(xy / (sqrt(xx) * sqrt(yy)), up);
    const F64 kept = select(strong, value, F64::broadcast(kToBeSummed));
    const F64 result = select(few, not_a_number, kept);
    some |= bits(equal(result, F64::broadcast(kToBeSummed)));
    result.store(r + at);
    count.store(n + at);
  }
  return some != 0;
}

void gather_lags(const double* products, int64_t size, int64_t lags, double scale, double* out) {
  const F64 factor = F64::broadcast(scale);
  for (int64_t k = -lags; k <= lags; ++k)
    (F64::load(products + (k < 0 ? size + k : k) * F64::lanes) * factor).store(out + (lags + k) * F64::lanes);
}

// From the shortest lag outwards, so that a later one has to be larger to be taken.
void strongest_lag(const double* r, int64_t lags, double* out) {
  const F64 none = F64::broadcast(-1);
  F64 value[2] = {none, none}, lag[2] = {F64::zero(), F64::zero()}, size[2] = {none, none};
  const auto offer = [&](int side, int64_t k, F64 step) {
    const F64 v = F64::load(r + (lags + k) * F64::lanes), m = magnitude(v);
    const Mask larger = less(size[side], m);
    size[side] = select(larger, m, size[side]);
    value[side] = select(larger, v, value[side]);
    lag[side] = select(larger, step, lag[side]);
  };
  for (int64_t k = 0; k <= lags; ++k) {
    const F64 forward = F64::broadcast(static_cast<double>(k)), backward = F64::zero() - forward;
    offer(0, k, forward);
    offer(0, -k, backward);
    offer(1, -k, forward);
    offer(1, k, backward);
  }
  value[0].store(out + kStrongestR * F64::lanes);
  lag[0].store(out + kStrongestLag * F64::lanes);
  value[1].store(out + kMirroredR * F64::lanes);
  lag[1].store(out + kMirroredLag * F64::lanes);
  // A value of -1 is a coefficient as well: where there is none, the lag says so.
  select(less(size[0], F64::zero()), F64::broadcast(kNaN), lag[0]).store(out + kStrongestLag * F64::lanes);
  select(less(size[1], F64::zero()), F64::broadcast(kNaN), lag[1]).store(out + kMirroredLag * F64::lanes);
}

constexpr LeadLagKernels lead_lag_kernels = {
    F64::lanes >= kLeadLagSlice ? kLeadLagSlice : 1,
    load_rows,
    transform<false>,
    transform<true>,
    split_spectrum,
    multiply_spectra,
    lag_coefficients,
    gap_coefficients,
    gather_lags,
    strongest_lag,
};

}  // namespace

}  // namespace corrente::ISA
