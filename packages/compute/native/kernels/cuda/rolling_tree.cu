// Statistics of windows of any length as merges of states that are made once: the launcher. The kernels are in
// rolling_tree.cuh.
#include "rolling_tree.cuh"

namespace corrente::cuda {

namespace {

// Of all statistics, the state that takes most.
constexpr int64_t largest_node = sizeof(Autocorrelation::State);
// Values and nodes that a window looks at, about.
constexpr int64_t window_looks = 64;

template <class Statistic, class Real>
void roll(const RollingRun<Real>& run, int64_t lag) {
  const auto& span = run.span;
  const Tree tree = tree_of(span.from, span.to, run.reach);
  auto* const nodes = reinterpret_cast<typename Statistic::State*>(run.scratch);
  const auto blocks = [&](int64_t each) { return divide_up(run.series * each, window_threads); };
  launch("leaves of windows", tree_leaves<Statistic>, blocks(tree.count(0)), window_threads, 0, run.stream, span.values, span.length, tree, run.series, lag, nodes);
  for (int level = 1; level < tree.levels; level++) {
    launch("nodes of windows", tree_level<Statistic>, blocks(tree.count(level)), window_threads, 0, run.stream, tree, run.series, level, nodes);
  }
  launch("windows of nodes", tree_windows<Statistic, Real>, blocks(span.to - span.from), window_threads, 0, run.stream, span, run.series, run.rows, lag,
         static_cast<double>(run.request.ddof), tree, nodes);
  run.pace.add(run.stream, run.series * (span.to - span.from) * window_looks);
}

// Where the lag is so long that a window has no pairs, it has no values.
template <class Real>
void roll_pairs(RollingRun<Real> run) {
  const auto window = static_cast<double>(run.request.window);
  const bool any = run.request.parameter <= window - 2 && run.request.window <= run.span.length;
  const int64_t lag = any ? static_cast<int64_t>(run.request.parameter) : 1;
  run.rows.least = any ? window - run.request.parameter : INFINITY;
  roll<Autocorrelation>(run, lag);
}

}  // namespace

int64_t tree_bytes(int64_t series, int64_t from, int64_t to, int64_t reach) {
  return series * tree_of(from, to, reach).nodes * largest_node;
}

template <class Real>
void roll_tree(const RollingRun<Real>& run) {
  switch (run.request.kind) {
    case RollingKind::mean: return roll<CountedMean>(run, 0);
    case RollingKind::sum: return roll<CountedTotal>(run, 0);
    case RollingKind::min: return roll<CountedExtreme<true>>(run, 0);
    case RollingKind::max: return roll<CountedExtreme<false>>(run, 0);
    case RollingKind::var: return roll<PresentMoment<Variance>>(run, 0);
    case RollingKind::std: return roll<PresentMoment<Deviation>>(run, 0);
    case RollingKind::zscore: return roll<PresentMoment<Score>>(run, 0);
    case RollingKind::skew: return roll<Skewness>(run, 0);
    case RollingKind::kurtosis: return roll<Kurtosis>(run, 0);
    case RollingKind::autocorrelation: return roll_pairs(run);
    // check_rolling refuses the others, or rolling.cu has other kernels for them.
    default: throw Failure{Code::invalid, "a kind whose states are not merged"};
  }
}

template void roll_tree<double>(const RollingRun<double>&);
template void roll_tree<float>(const RollingRun<float>&);

}  // namespace corrente::cuda
