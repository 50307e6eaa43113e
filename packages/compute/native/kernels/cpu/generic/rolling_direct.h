// Rolling statistics over short windows: each vector of windows takes its values one by one. For windows of up to two
// vectors that is less work than two scans. Moments take two passes, about the window's first value and then about the
// mean, which is exact for a constant window.
#pragma once

#include "rolling_sink.h"
#include "rolling_statistics.h"

namespace corrente::ISA {

namespace {

constexpr int64_t kDirectWindow = 2 * F64::lanes;

// A vector of windows: at(i) are their i-th values.
template <class At>
struct ShortWindows {
  At at;
  int64_t window;

  F64 sum() const {
    F64 s = at(0);
    for (int64_t i = 1; i < window; ++i) s = s + at(i);
    return s;
  }
  F64 weighted_sum() const {
    F64 s = at(0);
    for (int64_t i = 1; i < window; ++i) s = fma(at(i), number(i + 1), s);
    return s;
  }
  // The mean of `count` values from the i-th on, less the i-th.
  F64 centre(int64_t from, int64_t count, const Divisor& by_count) const {
    F64 s = F64::zero();
    for (int64_t i = 0; i < count; ++i) s = s + (at(from + i) - at(from));
    return s / by_count;
  }
  // Central moments: sums of powers 2 to kPowers of the deviations.
  template <int kPowers>
  void moments(F64 centre, F64 (&m)[kPowers - 1]) const {
    for (F64& one : m) one = F64::zero();
    for (int64_t i = 0; i < window; ++i) {
      const F64 d = (at(i) - at(0)) - centre, d2 = d * d;
      m[0] = m[0] + d2;
      if constexpr (kPowers > 2) m[1] = fma(d2, d, m[1]);
      if constexpr (kPowers > 3) m[2] = fma(d2, d2, m[2]);
    }
  }
  template <class Choice>
  F64 extreme() const {
    F64 best = at(0), poison = F64::zero();
    for (int64_t i = 0; i < window; ++i) {
      best = Choice::apply(best, at(i));
      poison = select(is_nan(at(i)), F64::broadcast(kNaN), poison);
    }
    return select(is_nan(poison), poison, best);
  }
  // Of the pairs of a value and the one `lag` later.
  F64 autocorrelation(int64_t lag, const Divisor& by_pairs) const {
    const int64_t pairs = window - lag;
    const F64 early = centre(0, pairs, by_pairs), late = centre(lag, pairs, by_pairs);
    F64 x = F64::zero(), y = x, xx = x, yy = x, xy = x;
    for (int64_t i = 0; i < pairs; ++i) {
      const F64 dx = (at(i) - at(0)) - early, dy = (at(lag + i) - at(lag)) - late;
      x = x + dx;
      y = y + dy;
      xx = fma(dx, dx, xx);
      yy = fma(dy, dy, yy);
      xy = fma(dx, dy, xy);
    }
    return pair_correlation(x, y, xx, yy, xy, by_pairs);
  }
};

// Puts result(windows) for the vectors of windows that end at rows from, from + 1, … up to `to`.
template <class Out, class Result>
void for_windows(const RollingRows& rows, int64_t window, Out* out, Result&& result) {
  const int64_t to = rows.to < rows.length ? rows.to : rows.length;
  int64_t t = rows.from;
  for (; t < to && t < window - 1; ++t) out[t] = static_cast<Out>(kNaN);
  Sink<Out> sink(out, t, rows.stream);
  const auto windows = [&](auto at) { return ShortWindows<decltype(at)>{at, window}; };
  while (t + F64::lanes <= to) {
    const int64_t piece = t + Sink<Out>::kRoom < to ? t + Sink<Out>::kRoom : to;
    for (; t + F64::lanes <= piece; t += F64::lanes)
      sink.put(result(windows([&](int64_t i) { return F64::load(rows.x + t - window + 1 + i); })), t);
    sink.flush(t);
  }
  if (t < to)
    sink.put_first(result(windows([&](int64_t i) { return F64::load_first(rows.x + t - window + 1 + i, to - t, 0); })), t, to - t);
  sink.finish(to);
}

template <class Out>
void rolling_direct(const RollingRows& rows, const RollingRequest& request, Out* out) {
  const int64_t window = request.window;
  const auto by = [](int64_t n) { return Divisor(static_cast<double>(n)); };
  const Divisor by_window = by(window), by_freedom = by(window - request.ddof), by_weights = by(window * (window + 1) / 2);
  const auto variance = [&](const auto& windows) {
    F64 m[1];
    windows.template moments<2>(windows.centre(0, window, by_window), m);
    return m[0] / by_freedom;
  };

  switch (request.kind) {
    case RollingKind::mean: return for_windows(rows, window, out, [&](const auto& windows) { return windows.sum() / by_window; });
    case RollingKind::sum: return for_windows(rows, window, out, [&](const auto& windows) { return windows.sum(); });
    case RollingKind::wma: return for_windows(rows, window, out, [&](const auto& windows) { return windows.weighted_sum() / by_weights; });
    case RollingKind::min: return for_windows(rows, window, out, [&](const auto& windows) { return windows.template extreme<Least>(); });
    case RollingKind::max: return for_windows(rows, window, out, [&](const auto& windows) { return windows.template extreme<Most>(); });
    case RollingKind::var: return for_windows(rows, window, out, variance);
    case RollingKind::std: return for_windows(rows, window, out, [&](const auto& windows) { return sqrt(variance(windows)); });
    case RollingKind::zscore:
      // 0 / 0 where the window is constant.
      return for_windows(rows, window, out, [&](const auto& windows) {
        const F64 centre = windows.centre(0, window, by_window);
        F64 m[1];
        windows.template moments<2>(centre, m);
        return ((windows.at(window - 1) - windows.at(0)) - centre) / sqrt(m[0] / by_freedom);
      });
    case RollingKind::skew: {
      const SkewFactors factors(window);
      return for_windows(rows, window, out, [&](const auto& windows) {
        F64 m[2];
        windows.template moments<3>(windows.centre(0, window, by_window), m);
        return factors.of(m[0], m[1]);
      });
    }
    case RollingKind::kurtosis: {
      const KurtosisFactors factors(window);
      return for_windows(rows, window, out, [&](const auto& windows) {
        F64 m[3];
        windows.template moments<4>(windows.centre(0, window, by_window), m);
        return factors.of(m[0], m[2]);
      });
    }
    case RollingKind::autocorrelation: {
      const auto lag = static_cast<int64_t>(request.parameter);
      const Divisor by_pairs = by(window - lag);
      return for_windows(rows, window, out, [&](const auto& windows) { return windows.autocorrelation(lag, by_pairs); });
    }
    default: return;
  }
}

}  // namespace

}  // namespace corrente::ISA
