// Rolling statistics over short windows: each vector of windows adds up its values one by one. For windows of up to two
// vectors that is less work than two scans.
#pragma once

#include "scan.h"

namespace corrente::ISA {

namespace {

constexpr int64_t kDirectWindow = 2 * F64::lanes;

// Calls result(at) for vectors of windows that end at rows t, t + 1, …, where at(i) are the i-th values of these
// windows, and stores what it gives.
template <class Out, class Result>
inline void for_windows(const double* x, int64_t window, int64_t from, int64_t to, Out* out, Result&& result) {
  int64_t t = from;
  for (; t + F64::lanes <= to; t += F64::lanes)
    result([&](int64_t i) { return F64::load(x + t - window + 1 + i); }).store(out + t);
  if (t < to)
    result([&](int64_t i) { return F64::load_first(x + t - window + 1 + i, to - t, 0); }).store_first(out + t, to - t);
}

template <class Out>
void rolling_direct(const double* x, int64_t length, int64_t from, int64_t to, const RollingRequest& request,
                    Out* out) {
  const int64_t window = request.window;
  if (to > length) to = length;
  for (; from < to && from < window - 1; ++from) out[from] = static_cast<Out>(kNaN);

  const auto number = [](int64_t n) { return F64::broadcast(static_cast<double>(n)); };
  const Divisor by_window(static_cast<double>(window)), by_freedom(static_cast<double>(window - request.ddof));
  const Divisor by_weights(static_cast<double>(window * (window + 1) / 2));
  const auto mean = [&](auto&& at) {
    F64 s = at(0);
    for (int64_t i = 1; i < window; ++i) s = s + at(i);
    return s / by_window;
  };
  const auto wma = [&](auto&& at) {
    F64 s = at(0);
    for (int64_t i = 1; i < window; ++i) s = fma(at(i), number(i + 1), s);
    return s / by_weights;
  };
  // Two passes about the first value, which is exact for a constant window.
  const auto std = [&](auto&& at) {
    const F64 origin = at(0);
    F64 s = F64::zero();
    for (int64_t i = 0; i < window; ++i) s = s + (at(i) - origin);
    const F64 centre = s / by_window;
    F64 squares = F64::zero();
    for (int64_t i = 0; i < window; ++i) {
      const F64 d = (at(i) - origin) - centre;
      squares = fma(d, d, squares);
    }
    return sqrt(squares / by_freedom);
  };
  const auto extreme = [&](auto choice, auto&& at) {
    F64 best = at(0), poison = F64::zero();
    for (int64_t i = 0; i < window; ++i) {
      best = decltype(choice)::apply(best, at(i));
      poison = select(is_nan(at(i)), F64::broadcast(kNaN), poison);
    }
    return select(is_nan(poison), poison, best);
  };

  switch (request.kind) {
    case RollingKind::mean: return for_windows(x, window, from, to, out, mean);
    case RollingKind::wma: return for_windows(x, window, from, to, out, wma);
    case RollingKind::std: return for_windows(x, window, from, to, out, std);
    case RollingKind::min:
      return for_windows(x, window, from, to, out, [&](auto&& at) { return extreme(Least{}, at); });
    case RollingKind::max:
      return for_windows(x, window, from, to, out, [&](auto&& at) { return extreme(Most{}, at); });
    case RollingKind::ema: return;
  }
}

}  // namespace

}  // namespace corrente::ISA
