// Windows of varying length as a queue of two stacks.
//
// The rows are cut at anchors: row 0, and then each time the first row whose window does not reach back to the anchor
// before. Every window from an anchor m up to the next one holds row m, so it is two parts: its rows up to m, one state
// of a scan that runs back from m, and those after m, the state of a scan that runs on from there. Each value is taken
// in at most twice and each window is one merge, whatever its length; nothing is subtracted, so nothing outside a
// window takes part in it.
// It is the two-stack queue of sliding-window aggregation (Tangwongsan, Hirzel and Schneider, "Low-latency sliding-window
// aggregation in worst-case constant time", 2017, call it so) with all turning points known before. The anchors follow
// from the windows alone, so no bit depends on who computes what.
#include "rolling_spans.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "rolling_order.h"
#include "span_states.h"
#include "threads.h"

namespace corrente {

namespace {

// Rows between two looks at the control, and about those of a task.
constexpr int64_t kRows = 32768;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// --- What a kind makes of the state of a window with n present values, at least 1, whose newest one is x.

struct Mean {
  using State = SumState;
  double operator()(const State& s, double) const { return s.total() / s.n; }
};
struct Sum {
  using State = SumState;
  double operator()(const State& s, double) const { return s.total(); }
};
template <bool kLeast>
struct Extreme {
  using State = ExtremeState<kLeast>;
  double operator()(const State& s, double) const { return s.best; }
};
struct Variance {
  using State = MomentState<2>;
  double ddof;
  double operator()(const State& s, double) const { return s.n > ddof ? s.m2 / (s.n - ddof) : kNaN; }
};
struct Deviation {
  using State = MomentState<2>;
  double ddof;
  double operator()(const State& s, double x) const { return std::sqrt(Variance{ddof}(s, x)); }
};
// Equal values, and none else that can be told apart, have m2 of exactly 0.
struct ZScore {
  using State = MomentState<2>;
  double ddof;
  double operator()(const State& s, double x) const {
    return s.m2 > 0 ? s.deviation(x) / Deviation{ddof}(s, x) : kNaN;
  }
};
// Joanes and Gill, "Comparing measures of sample skewness and kurtosis" (1998): G1 and G2.
struct Skew {
  using State = MomentState<4>;
  double operator()(const State& s, double) const {
    if (s.n < 3 || !(s.m2 > 0)) return kNaN;
    const double variance = s.m2 / s.n;
    return std::sqrt(s.n * (s.n - 1)) / (s.n - 2) * (s.m3 / s.n / variance / std::sqrt(variance));
  }
};
struct Kurtosis {
  using State = MomentState<4>;
  double operator()(const State& s, double) const {
    if (s.n < 4 || !(s.m2 > 0)) return kNaN;
    const double ratio = s.n * (s.m4 / s.m2 / s.m2);
    return (s.n - 1) / ((s.n - 2) * (s.n - 3)) * ((s.n + 1) * ratio - 3 * (s.n - 1));
  }
};

// --- The walk

template <class Real, class Kind>
struct RollingSpans {
  using State = typename Kind::State;

  const Columns& columns;
  const RollingRequest& request;
  const Control& control;
  const Kind kind;
  const Spans spans{request.begins, request.window, request.min_periods};
  const double least = static_cast<double>(std::max<int64_t>(1, request.min_periods));

  void all() const;
  std::vector<int64_t> cuts() const;
  void rows(int64_t s, int64_t from, int64_t to, std::vector<State>& before) const;
};

// Anchors, the first at or after each multiple of kRows, up to the length: where tasks begin.
template <class Real, class Kind>
std::vector<int64_t> RollingSpans<Real, Kind>::cuts() const {
  std::vector<int64_t> cuts{0};
  int64_t anchor = 0;
  for (int64_t t = 1; t < columns.length; ++t) {
    if (spans.begin(t) <= anchor) continue;
    anchor = t;
    if (anchor - cuts.back() >= kRows) cuts.push_back(anchor);
  }
  if (cuts.back() < columns.length) cuts.push_back(columns.length);
  return cuts;
}

template <class Real, class Kind>
void RollingSpans<Real, Kind>::all() const {
  const std::vector<int64_t> cut = cuts();
  const auto tasks = static_cast<int64_t>(cut.size()) - 1;
  const int64_t grain = std::max<int64_t>(1, kRows / 4 / std::max<int64_t>(1, columns.length));
  ThreadPool& pool = thread_pool();
  std::vector<std::vector<State>> before(static_cast<size_t>(pool.threads()));
  pool.parallel_for(columns.series * tasks, grain, control, [&](int64_t begin, int64_t end, int worker) {
    for (int64_t task = begin; task < end && !control.cancelled(); ++task)
      rows(task / tasks, cut[static_cast<size_t>(task % tasks)], cut[static_cast<size_t>(task % tasks + 1)],
           before[static_cast<size_t>(worker)]);
  });
}

// Rows from an anchor to another. `before` is for the states that run back from an anchor.
template <class Real, class Kind>
void RollingSpans<Real, Kind>::rows(int64_t s, int64_t from, int64_t to, std::vector<State>& before) const {
  const double* const x = columns.row(s);
  Real* const out = static_cast<Real*>(request.out) + s * columns.length;
  const auto store = [&](int64_t t, const State& window) {
    out[t] = static_cast<Real>(window.n < least ? kNaN : kind(window, x[t]));
  };
  int64_t counted = from;
  const auto go_on = [&](int64_t t) {
    if (t - counted < kRows) return true;
    control.done->fetch_add(t - counted, std::memory_order_relaxed);
    counted = t;
    return !control.cancelled();
  };
  for (int64_t t = from; t < to && go_on(t);) {
    const int64_t anchor = t, begin = spans.begin(anchor);
    before.resize(std::max(before.size(), static_cast<size_t>(anchor - begin + 1)));
    // before[i]: the state of rows anchor - i … anchor.
    State state;
    for (int64_t i = 0; i <= anchor - begin; ++i) {
      if (const double value = x[anchor - i]; !std::isnan(value)) state.add(value);
      before[static_cast<size_t>(i)] = state;
    }
    store(t++, state);
    State after;
    for (; t < to && go_on(t); ++t) {
      const int64_t first = spans.begin(t);
      if (first > anchor) break;
      if (!std::isnan(x[t])) after.add(x[t]);
      store(t, State::merged(before[static_cast<size_t>(anchor - first)], after));
    }
  }
  control.done->fetch_add(to - counted, std::memory_order_relaxed);
}

template <class Real, class Kind>
void roll(const Columns& columns, const RollingRequest& request, const Control& control, const Kind& kind) {
  RollingSpans<Real, Kind>{columns, request, control, kind}.all();
}

}  // namespace

template <class Real>
void roll_spans(const Columns& columns, const RollingRequest& request, const Control& control, const Kernels& kernels) {
  const auto ddof = static_cast<double>(request.ddof);
  switch (request.kind) {
    case RollingKind::mean: return roll<Real>(columns, request, control, Mean{});
    case RollingKind::sum: return roll<Real>(columns, request, control, Sum{});
    case RollingKind::min: return roll<Real>(columns, request, control, Extreme<true>{});
    case RollingKind::max: return roll<Real>(columns, request, control, Extreme<false>{});
    case RollingKind::var: return roll<Real>(columns, request, control, Variance{ddof});
    case RollingKind::std: return roll<Real>(columns, request, control, Deviation{ddof});
    case RollingKind::zscore: return roll<Real>(columns, request, control, ZScore{ddof});
    case RollingKind::skew: return roll<Real>(columns, request, control, Skew{});
    case RollingKind::kurtosis: return roll<Real>(columns, request, control, Kurtosis{});
    case RollingKind::median:
    case RollingKind::quantile:
    case RollingKind::rank: return roll_order<Real>(columns, request, control, kernels);
    // check_rolling refuses the others.
    default: return;
  }
}

template void roll_spans<double>(const Columns&, const RollingRequest&, const Control&, const Kernels&);
template void roll_spans<float>(const Columns&, const RollingRequest&, const Control&, const Kernels&);

}  // namespace corrente
