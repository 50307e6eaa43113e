// Exponentially weighted mean and variance: the launcher. The kernels are in rolling_ewm.cuh.
#include "rolling_ewm.cuh"

namespace corrente::cuda {

namespace {

template <class Statistic, class Real>
void roll(const RollingRun<Real>& run, Ewm::State* progress) {
  const auto& span = run.span;
  const int64_t series = run.series, tiles = divide_up(span.to - span.from, ewm_items);
  const auto window = static_cast<double>(run.request.window);
  const double keep = (window - 1) / (window + 1);
  // NaN where window - ddof is not positive, however many values there are.
  const double ddof = run.request.ddof < run.request.window ? static_cast<double>(run.request.ddof) : INFINITY;
  auto* const composed = reinterpret_cast<Ewm::State*>(run.scratch);
  constexpr size_t warps = window_threads / warp_size;
  const int64_t blocks = divide_up(series, window_threads);
  if (span.from == 0) launch("beginning weighted averages", begin_ewm, blocks, window_threads, 0, run.stream, progress, series);
  launch("composing weighted averages", compose_ewm, series * tiles, window_threads, warps * sizeof(Ewm::State), run.stream, span.values, span.length, span.from, span.to, keep, tiles, composed);
  launch("chaining weighted averages", chain_ewm, blocks, window_threads, 0, run.stream, series, tiles, composed, progress);
  launch("weighted averages", ewm_outputs<Statistic, Real>, series * tiles, window_threads, warps * sizeof(Segment<Ewm>) + ewm_items * sizeof(double), run.stream, span, keep, window, ddof, tiles, composed);
}

}  // namespace

int64_t ewm_bytes(int64_t series, int64_t rows) { return series * divide_up(rows, ewm_items) * static_cast<int64_t>(sizeof(Ewm::State)); }

template <class Real>
void roll_ewm(const RollingRun<Real>& run, unsigned char* progress) {
  auto* const states = reinterpret_cast<Ewm::State*>(progress);
  switch (run.request.kind) {
    case RollingKind::ewm_mean: return roll<EwmMean>(run, states);
    case RollingKind::ewm_var: return roll<EwmVariance<false>>(run, states);
    default: return roll<EwmVariance<true>>(run, states);
  }
}

template void roll_ewm<double>(const RollingRun<double>&, unsigned char*);
template void roll_ewm<float>(const RollingRun<float>&, unsigned char*);

}  // namespace corrente::cuda
