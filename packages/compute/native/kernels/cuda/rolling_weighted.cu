// Weighted sums over windows: the launcher. The kernel is in rolling_weighted.cuh.
#include "rolling_weighted.cuh"

namespace corrente::cuda {

template <class Real>
void roll_weighted(const RollingRun<Real>& run) {
  const auto& span = run.span;
  // A window that no row completes has no sums; its weights were not brought here.
  const int64_t taps = run.request.window <= span.length ? run.request.window : 0;
  const int64_t rows = rows_per_launch(run.series, std::max<int64_t>(1, taps), weighted_tile);
  for (int64_t from = span.from; from < span.to; from += rows) {
    const int64_t to = std::min(span.to, from + rows), tiles = divide_up(to - from, weighted_tile);
    launch("weighted windows", weighted_windows<Real>, run.series * tiles, window_threads, weighted_shared_bytes, run.stream, span, run.weights, run.request.window, taps, from, to, tiles);
    run.pace.add(run.stream, run.series * (to - from) * std::max<int64_t>(1, taps));
  }
}

template void roll_weighted<double>(const RollingRun<double>&);
template void roll_weighted<float>(const RollingRun<float>&);

}  // namespace corrente::cuda
