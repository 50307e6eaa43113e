// The statistics that block scans compute: each is a few terms of a row, what combines them over the rows of a window,
// and what is made of them in the end.
//
// Moments are sums of powers of deviations from an origin: the value of the window's row that begins a block. It is one
// of the values that are summed, in every window of that block, so n (origin - mean)² is at most n M2, and no digits
// are lost that the values themselves have; no sum is ever subtracted from an older one. A window is constant exactly
// where the sum of squares is 0. Central moments of sums about an origin: Pébay, Sandia report SAND2008-6212 (2008).
#pragma once

#include "scan.h"

namespace corrente::ISA {

namespace {

inline F64 number(int64_t n) { return F64::broadcast(static_cast<double>(n)); }

// A statistic has kSums terms, combined by Op, and kMissing, what stands for a term of rows that do not exist. begin()
// takes the first row of a block; terms() takes load(offset), the values of some rows (or those `offset` rows later),
// and where the rows lie relative to the block's beginning; finish() takes the terms combined over windows, the
// windows' newest values, and where these lie.

template <bool kDivide>
struct SumOfValues {
  using Op = Plus;
  static constexpr int kSums = 1;
  static constexpr double kMissing = kNaN;

  explicit SumOfValues(const RollingRequest& request) : divisor_(static_cast<double>(request.window)) {}
  void begin(const double*) {}
  template <class Load>
  void terms(Load&& load, F64, F64 (&t)[1]) const { t[0] = load(0); }
  F64 finish(F64 (&sum)[1], F64, F64) const { return kDivide ? sum[0] / divisor_ : sum[0]; }

 private:
  const Divisor divisor_;
};

// Minimum and maximum choose between numbers, and a choice forgets NaN. As no series holds infinite values, the worst
// infinity stands for a missing value inside, and is turned back at the end.
template <class Choice>
struct Extreme {
  using Op = Choice;
  static constexpr int kSums = 1;
  static constexpr double kMissing = -Choice::kIdentity;

  explicit Extreme(const RollingRequest&) {}
  void begin(const double*) {}
  template <class Load>
  void terms(Load&& load, F64, F64 (&t)[1]) const {
    const F64 v = load(0);
    t[0] = select(is_nan(v), F64::broadcast(kMissing), v);
  }
  F64 finish(F64 (&best)[1], F64, F64) const {
    return select(equal(best[0], F64::broadcast(kMissing)), F64::broadcast(kNaN), best[0]);
  }
};

// A row at `row` weighs row + window - newest: the sum of row times value, and window - newest times the plain sum. Both
// are at most window times the largest value of the window, and the divisor is half of window².
struct LinearlyWeighted {
  using Op = Plus;
  static constexpr int kSums = 2;
  static constexpr double kMissing = kNaN;

  explicit LinearlyWeighted(const RollingRequest& request)
      : window_(number(request.window)),
        divisor_(0.5 * static_cast<double>(request.window) * (static_cast<double>(request.window) + 1)) {}
  void begin(const double*) {}
  template <class Load>
  void terms(Load&& load, F64 row, F64 (&t)[2]) const {
    t[0] = load(0);
    t[1] = t[0] * row;
  }
  F64 finish(F64 (&sum)[2], F64, F64 row) const { return fma(window_ - row, sum[0], sum[1]) / divisor_; }

 private:
  const F64 window_;
  const Divisor divisor_;
};

// Sums of the first kPowers powers of the deviations from the origin.
template <int kPowers>
struct Deviations {
  using Op = Plus;
  static constexpr int kSums = kPowers;
  static constexpr double kMissing = kNaN;

  explicit Deviations(const RollingRequest& request) : per_row_(static_cast<double>(request.window)) {}
  void begin(const double* first) { origin_ = F64::broadcast(*first); }
  template <class Load>
  void terms(Load&& load, F64, F64 (&t)[kPowers]) const {
    t[0] = load(0) - origin_;
    t[1] = t[0] * t[0];
    if constexpr (kPowers > 2) t[2] = t[1] * t[0];
    if constexpr (kPowers > 3) t[3] = t[1] * t[1];
  }

 protected:
  F64 mean(F64 (&sum)[kPowers]) const { return sum[0] / per_row_; }
  // Of n values: M2 = S2 - mean S1, never negative.
  F64 second(F64 (&sum)[kPowers], F64 mean) const { return max(F64::zero(), fnma(sum[0], mean, sum[1])); }
  // M3 = S3 - mean (3 S2 - 2 mean S1).
  F64 third(F64 (&sum)[kPowers], F64 mean) const {
    const F64 inner = fnma(mean + mean, sum[0], F64::broadcast(3) * sum[1]);
    return fnma(mean, inner, sum[2]);
  }
  // M4 = S4 - mean (4 S3 - mean (6 S2 - 3 mean S1)).
  F64 fourth(F64 (&sum)[kPowers], F64 mean) const {
    const F64 inner = fnma(F64::broadcast(3) * mean, sum[0], F64::broadcast(6) * sum[1]);
    return fnma(mean, fnma(mean, inner, F64::broadcast(4) * sum[2]), sum[3]);
  }
  static F64 unless_constant(F64 second, F64 result) {
    return select(at_most(second, F64::zero()), F64::broadcast(kNaN), result);
  }

  const Divisor per_row_;
  F64 origin_ = F64::zero();
};

template <bool kRoot>
struct Variance : Deviations<2> {
  explicit Variance(const RollingRequest& request) : Deviations(request), freedom_(static_cast<double>(request.window - request.ddof)) {}
  F64 finish(F64 (&sum)[2], F64, F64) const {
    const F64 variance = second(sum, mean(sum)) / freedom_;
    return kRoot ? sqrt(variance) : variance;
  }

 private:
  const Divisor freedom_;
};

struct StandardScore : Deviations<2> {
  explicit StandardScore(const RollingRequest& request) : Deviations(request), freedom_(static_cast<double>(request.window - request.ddof)) {}
  F64 finish(F64 (&sum)[2], F64 newest, F64) const {
    const F64 centre = mean(sum), squares = second(sum, centre);
    return unless_constant(squares, ((newest - origin_) - centre) / sqrt(squares / freedom_));
  }

 private:
  const Divisor freedom_;
};

// G1 = n √(n-1) / (n-2) · M3 / M2^1.5, G2 = (n-1) / ((n-2)(n-3)) · ((n+1) n M4 / M2² - 3 (n-1)); Joanes and Gill, The
// Statistician 47 (1998).
struct SkewFactors {
  explicit SkewFactors(int64_t rows) {
    const auto n = static_cast<double>(rows);
    factor = F64::broadcast(n * __builtin_sqrt(n - 1) / (n - 2));
  }
  F64 of(F64 m2, F64 m3) const { return factor * m3 / (m2 * sqrt(m2)); }
  F64 factor;
};
struct KurtosisFactors {
  explicit KurtosisFactors(int64_t rows) {
    const auto n = static_cast<double>(rows);
    const double shared = (n - 1) / ((n - 2) * (n - 3));
    factor = F64::broadcast(shared * (n + 1) * n);
    normal = F64::broadcast(shared * 3 * (n - 1));
  }
  F64 of(F64 m2, F64 m4) const { return factor * (m4 / (m2 * m2)) - normal; }
  F64 factor, normal;
};

struct Skewness : Deviations<3> {
  explicit Skewness(const RollingRequest& request) : Deviations(request), factors_(request.window) {}
  F64 finish(F64 (&sum)[3], F64, F64) const {
    const F64 centre = mean(sum), m2 = second(sum, centre);
    return unless_constant(m2, factors_.of(m2, third(sum, centre)));
  }

 private:
  const SkewFactors factors_;
};

struct Kurtosis : Deviations<4> {
  explicit Kurtosis(const RollingRequest& request) : Deviations(request), factors_(request.window) {}
  F64 finish(F64 (&sum)[4], F64, F64) const {
    const F64 centre = mean(sum), m2 = second(sum, centre);
    return unless_constant(m2, factors_.of(m2, fourth(sum, centre)));
  }

 private:
  const KurtosisFactors factors_;
};

// Pearson's r of sums over n pairs, given about origins of their own.
inline F64 pair_correlation(F64 x, F64 y, F64 xx, F64 yy, F64 xy, const Divisor& pairs) {
  const F64 mean_x = x / pairs, mean_y = y / pairs;
  const F64 across = max(F64::zero(), fnma(x, mean_x, xx)), along = max(F64::zero(), fnma(y, mean_y, yy));
  const F64 r = fnma(x, mean_y, xy) / (sqrt(across) * sqrt(along));
  const F64 clamped = max(F64::broadcast(-1), min(F64::broadcast(1), r));
  return select(either(at_most(across, F64::zero()), at_most(along, F64::zero())), F64::broadcast(kNaN), clamped);
}

// Of pairs of a value and the one `lag` rows later; a window of w rows holds w - lag pairs, and rows are those of the
// earlier values.
struct Autocorrelation {
  using Op = Plus;
  static constexpr int kSums = 5;
  static constexpr double kMissing = kNaN;

  explicit Autocorrelation(const RollingRequest& request)
      : lag_(static_cast<int64_t>(request.parameter)), pairs_(static_cast<double>(request.window - lag_)) {}
  void begin(const double* first) {
    early_ = F64::broadcast(first[0]);
    late_ = F64::broadcast(first[lag_]);
  }
  template <class Load>
  void terms(Load&& load, F64, F64 (&t)[5]) const {
    t[0] = load(0) - early_;
    t[1] = load(lag_) - late_;
    t[2] = t[0] * t[0];
    t[3] = t[1] * t[1];
    t[4] = t[0] * t[1];
  }
  F64 finish(F64 (&sum)[5], F64, F64) const { return pair_correlation(sum[0], sum[1], sum[2], sum[3], sum[4], pairs_); }

 private:
  const int64_t lag_;
  const Divisor pairs_;
  F64 early_ = F64::zero(), late_ = F64::zero();
};

}  // namespace

}  // namespace corrente::ISA
