// Exponentially weighted mean and variance: weights (1 - alpha)^(present values since), divided by their sum.
//
// Lanes are series, so that the recursion, a chain of dependent steps, runs for as many series at once as a vector holds.
// With b = 1 - alpha, the weights of n values add up to (1 - bⁿ) / alpha. What is kept of them is 1 - bⁿ ("lost"): near
// 0 it has all its digits, and it grows by alpha bⁿ, a sum of positive terms; every so many rows it is computed afresh.
// The mean moves by alpha / (1 - bⁿ) times the deviation, and the sum of weighted squares S to b S + d d', d and d' the
// deviations from the mean before and after (West, CACM 22 (1979); Finch 2009): no variance is negative, and that of a
// constant is 0. The mean is kept in two parts, of which the smaller holds what the larger, the level, has no digits for.
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

// Rows after which `lost` is computed afresh; a multiple of every vector's lanes.
constexpr int64_t kFresh = 64;
constexpr int64_t kEwmState = 5 * F64::lanes;

struct EwmState {
  F64 lost, count, level, mean, squares;

  static EwmState load(const double* p) {
    return {F64::load(p), F64::load(p + F64::lanes), F64::load(p + 2 * F64::lanes), F64::load(p + 3 * F64::lanes),
            F64::load(p + 4 * F64::lanes)};
  }
  // Moves what the level can hold of the mean into the level.
  void follow() {
    const F64 before = level;
    level = level + mean;
    mean = mean - (level - before);
  }
  void store(double* p) const {
    lost.store(p);
    count.store(p + F64::lanes);
    level.store(p + 2 * F64::lanes);
    mean.store(p + 3 * F64::lanes);
    squares.store(p + 4 * F64::lanes);
  }
};

struct EwmRule {
  explicit EwmRule(const RollingRequest& request)
      : kind(request.kind),
        decay(2 / (static_cast<double>(request.window) + 1)),
        alpha(F64::broadcast(decay)),
        keep(F64::broadcast(1 - decay)),
        window(F64::broadcast(static_cast<double>(request.window))),
        whole(equal(alpha, F64::broadcast(1))),
        // The variance corrected for bias is S alpha (2 - alpha) / ((2 - alpha) lost - ddof alpha (2 - lost)).
        gain(F64::broadcast(decay * (2 - decay))),
        bias(F64::broadcast(static_cast<double>(request.ddof) * decay)),
        twice(F64::broadcast(2)),
        left(F64::broadcast(2 - decay)),
        log_keep(decay < 1 ? __builtin_log1p(-decay) : 0) {}

  // One row of each lane; returns its output. kSettled: the weights of every lane have reached their sum. kLevel: the
  // level follows the mean at once, so that one that a huge value has set is forgotten as fast as that value is.
  template <bool kSettled, bool kLevel>
  F64 step(EwmState& s, F64 x) const {
    const Mask missing = is_nan(x);
    const F64 one = F64::broadcast(1);
    F64 part = alpha;
    // The first value is the first level. With alpha 1 only the newest value counts, and no rounding of older ones stays.
    if constexpr (!kSettled || kLevel)
      s.level = select(missing, s.level, select(either(whole, equal(s.count, F64::zero())), x, s.level));
    if constexpr (!kSettled) {
      s.lost = select(missing, s.lost, fma(alpha, one - s.lost, s.lost));
      s.count = select(missing, s.count, s.count + one);
      part = alpha / s.lost;
    }
    const F64 d = (x - s.level) - s.mean;
    const F64 mean = fma(part, d, s.mean);
    const F64 squares = fma(keep, s.squares, d * d * (one - part));
    s.squares = select(missing, s.squares, squares);
    s.mean = select(missing, s.mean, mean);
    if constexpr (kLevel) s.follow();
    const Mask none = kSettled ? missing : either(missing, less(s.count, window));
    return select(none, F64::broadcast(kNaN), output(s));
  }

  // The share of all weights that values up to now have, from their number.
  F64 afresh(F64 count, F64 lost) const {
    if (bits(less(lost, F64::broadcast(1))) == 0) return lost;
    double lane[F64::lanes];
    count.store(lane);
    for (double& n : lane) n = decay < 1 ? -__builtin_expm1(n * log_keep) : (n > 0 ? 1 : 0);
    return F64::load(lane);
  }

  const RollingKind kind;
  const double decay;

 private:
  F64 output(const EwmState& s) const {
    if (kind == RollingKind::ewm_mean) return s.level + s.mean;
    const F64 divisor = left * s.lost - bias * (twice - s.lost);
    const F64 variance = select(at_most(divisor, F64::zero()), F64::broadcast(kNaN), s.squares * gain / divisor);
    return kind == RollingKind::ewm_std ? sqrt(variance) : variance;
  }

  const F64 alpha, keep, window;
  const Mask whole;
  const F64 gain, bias, twice, left;
  const double log_keep;
};

// Of windows this long, the level need not follow the mean more than once in a vector of rows.
constexpr int64_t kSlowWindow = 8;

template <bool kSettled>
inline void ewm_rows(const EwmRule& rule, bool slow, EwmState& s, F64 (&row)[F64::lanes]) {
  if (slow) {
    for (int i = 0; i < F64::lanes; ++i) row[i] = rule.step<kSettled, false>(s, row[i]);
    s.follow();
  } else {
    for (int i = 0; i < F64::lanes; ++i) row[i] = rule.step<kSettled, true>(s, row[i]);
  }
}

// Rows [from, to) of `live` series, at most one for each lane; lanes without one repeat the last. `from` is a multiple
// of kFresh, and `state`, kEwmState doubles, that after the rows before: zeros at the beginning.
template <class Out>
void ewm(const double* const* series, int live, int64_t from, int64_t to, const RollingRequest& request, Out* const* out,
         double* state) {
  const EwmRule rule(request);
  EwmState s = EwmState::load(state);
  F64 row[F64::lanes];
  const auto window = static_cast<double>(request.window);
  const bool slow = request.window >= kSlowWindow;
  bool settled = false;
  for (int64_t t = from; t < to; t += F64::lanes) {
    if (t % kFresh == 0) {
      s.lost = rule.afresh(s.count, s.lost);
      settled = bits(less(s.lost, F64::broadcast(1))) == 0 && bits(less(s.count, F64::broadcast(window))) == 0;
    }
    const int64_t rows = to - t < F64::lanes ? to - t : F64::lanes;
    for (int l = 0; l < F64::lanes; ++l) {
      const double* const x = series[l < live ? l : live - 1] + t;
      row[l] = rows == F64::lanes ? F64::load(x) : F64::load_first(x, rows, kNaN);
    }
    transpose(row);
    if (settled) {
      ewm_rows<true>(rule, slow, s, row);
    } else {
      ewm_rows<false>(rule, slow, s, row);
    }
    transpose(row);
    for (int l = 0; l < live; ++l) {
      if (rows == F64::lanes) {
        row[l].store(out[l] + t);
      } else {
        row[l].store_first(out[l] + t, rows);
      }
    }
  }
  s.store(state);
}

}  // namespace

}  // namespace corrente::ISA
