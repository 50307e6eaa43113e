// Exponentially weighted correlation: moments with decaying weights, a row at a time (West 1979; Finch 2009, "Incremental
// calculation of weighted mean and variance").
//
// With decay q, the weights of all rows so far sum to W' = q W + 1. A row that deviates by d from the mean before it
// leaves the mean m' = m + d / W', and adds d_x d_y q W / W' to the product about the means, which decays by q. Means
// are never held: the next deviation is d' = (x' - x) + d q W / W', from differences alone, so the level of a series
// costs no digits.
#pragma once

#include "rolling_correlation.h"
#include "rolling_correlation_gaps.h"

namespace corrente::ISA {

namespace {

// Sums of squares below it have decayed to where numbers lose their digits.
constexpr double kVanished = 1e-290;

void decay_deviations(const double* x, int64_t rows, double decay, double* deviations, double* inverses) {
  const F64 q = F64::broadcast(decay);
  F64 before = rows > 0 ? F64::load(x) : F64::zero(), d = F64::zero(), sum = F64::zero();
  double weight = 0, keep = 0;
  for (int64_t t = 0; t < rows; ++t) {
    const F64 v = F64::load(x + t * F64::lanes);
    d = fma(d, F64::broadcast(keep), v - before);
    before = v;
    const double total = decay * weight + 1;
    keep = decay * weight / total;
    weight = total;
    const F64 e = d * F64::broadcast(__builtin_sqrt(keep));
    sum = fma(e, e, q * sum);
    e.store(deviations + t * F64::lanes);
    const F64 inverse = F64::broadcast(1) / sqrt(sum);
    select(less(F64::broadcast(kVanished), sum), inverse, F64::broadcast(kNaN)).store(inverses + t * F64::lanes);
  }
}

template <int kSlice>
void add_decaying_slice(const double* a, int lane, const double* b, int64_t from, int64_t to, double decay, double* sums) {
  const F64 q = F64::broadcast(decay);
  F64 sum[kSlice];
#pragma GCC unroll 4
  for (int i = 0; i < kSlice; ++i) sum[i] = F64::load(sums + i * F64::lanes);
  for (int64_t t = from; t < to; ++t) {
    const F64 y = F64::load(b + t * F64::lanes);
#pragma GCC unroll 4
    for (int i = 0; i < kSlice; ++i) sum[i] = fma(F64::broadcast(a[t * F64::lanes + lane + i]), y, q * sum[i]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < kSlice; ++i) sum[i].store(sums + i * F64::lanes);
}

void add_decaying(const double* a, int lane, int count, const double* b, int64_t from, int64_t to, double decay, double* sums) {
  if (count == kRollingSlice) return add_decaying_slice<kRollingSlice>(a, lane, b, from, to, decay, sums);
  for (int i = 0; i < count; ++i) add_decaying_slice<1>(a, lane + i, b, from, to, decay, sums + i * F64::lanes);
}

void decayed(const double* sums, int count, const double* inverses_a, int lane, const double* inverses_b, double* r) {
  const F64 one = F64::broadcast(1), minus_one = F64::broadcast(-1), of_b = F64::load(inverses_b);
  for (int i = 0; i < count; ++i) {
    const F64 value = F64::load(sums + i * F64::lanes) * F64::broadcast(inverses_a[lane + i]) * of_b;
    min(one, max(minus_one, value)).store(r + i * F64::lanes);
  }
}

void add_decaying_gaps(const double* a, int lane, const double* b, int64_t from, int64_t to, double decay, double* state) {
  const F64 q = F64::broadcast(decay), one = F64::broadcast(1);
  F64 s[kDecayStates];
  for (int i = 0; i < kDecayStates; ++i) s[i] = F64::load(state + i * F64::lanes);
  for (int64_t t = from; t < to; ++t) {
    const F64 x = F64::broadcast(a[t * F64::lanes + lane]), y = F64::load(b + t * F64::lanes);
    const Mask gap = either_nan(x, y);
    const auto set = [&](DecayState which, F64 value) { s[which] = select(gap, s[which], value); };
    const F64 kept = q * s[kDecayWeight], weight = kept + one, keep = kept / weight;
    const F64 dx = fma(s[kDecayDX], s[kDecayKeep], x - s[kDecayX]), dy = fma(s[kDecayDY], s[kDecayKeep], y - s[kDecayY]);
    set(kDecayXX, fma(dx * keep, dx, q * s[kDecayXX]));
    set(kDecayYY, fma(dy * keep, dy, q * s[kDecayYY]));
    set(kDecayXY, fma(dx * keep, dy, q * s[kDecayXY]));
    set(kDecayDX, dx);
    set(kDecayDY, dy);
    set(kDecayX, x);
    set(kDecayY, y);
    set(kDecayKeep, keep);
    set(kDecayWeight, weight);
    set(kDecayN, s[kDecayN] + one);
  }
  for (int i = 0; i < kDecayStates; ++i) s[i].store(state + i * F64::lanes);
}

void decayed_gaps(const double* state, double min_periods, double* r) {
  const auto at = [&](DecayState which) { return F64::load(state + which * F64::lanes); };
  const F64 xx = at(kDecayXX), yy = at(kDecayYY), least = F64::broadcast(kVanished), none = F64::broadcast(kNaN);
  const F64 value = min(F64::broadcast(1), max(F64::broadcast(-1), at(kDecayXY) / (sqrt(xx) * sqrt(yy))));
  const F64 kept = select(both(less(least, xx), less(least, yy)), value, none);
  select(less(at(kDecayN), F64::broadcast(min_periods)), none, kept).store(r);
}

constexpr RollingCorrelationKernels rolling_correlation_kernels = {
    kRollingSlice,  pack_panel,      window_statistics, correlate_windows, correlate_gaps,      decay_deviations,
    add_decaying,   decayed,         add_decaying_gaps, decayed_gaps,      spread_lanes<double>, spread_lanes<float>,
};

}  // namespace

}  // namespace corrente::ISA
