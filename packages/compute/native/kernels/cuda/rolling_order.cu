// Median, quantiles and rank of windows: the launcher. The kernels are in rolling_order.cuh.
#include "rolling_order.cuh"

namespace corrente::cuda {

namespace {

// Rows of a span in launches that are cut for cancelling; `each` takes the rows [from, to) of one.
template <class Real, class Each>
void in_launches(const RollingRun<Real>& run, int64_t values_per_row, int64_t multiple, Each&& each) {
  const int64_t rows = rows_per_launch(run.series, values_per_row, multiple);
  for (int64_t from = run.span.from; from < run.span.to; from += rows) {
    const int64_t to = std::min(run.span.to, from + rows);
    each(from, to);
    run.pace.add(run.stream, run.series * (to - from) * values_per_row);
  }
}

template <class Real>
void select(const RollingRun<Real>& run, double q) {
  const auto& span = run.span;
  if (run.reach <= longest_placed_window) {
    constexpr int64_t looks = 64;  // what a window takes, counted as values looked at
    const int64_t tile_rows = order_places - run.reach + 1, tiles = divide_up(span.to - span.from, tile_rows);
    launch("selecting by places", select_placed<Real>, run.series * tiles, window_threads, order_shared_bytes, run.stream, span, run.rows, q, run.reach, tile_rows, tiles);
    run.pace.add(run.stream, run.series * (span.to - span.from) * looks);
    return;
  }
  in_launches(run, 2 * run.reach, select_rows, [&](int64_t from, int64_t to) {
    const int64_t tiles = divide_up(to - from, select_rows);
    launch("following an order statistic", select_followed<Real>, run.series * tiles, select_threads, sizeof(SelectShared), run.stream, span, run.rows, q, from, to, tiles);
  });
}

template <class Real>
void rank(const RollingRun<Real>& run) {
  in_launches(run, run.reach, window_threads, [&](int64_t from, int64_t to) {
    launch("ranking the newest", rank_newest<Real>, divide_up(run.series * (to - from), window_threads), window_threads, 0, run.stream, run.span, run.rows, run.series, from, to);
  });
}

}  // namespace

template <class Real>
void roll_order(const RollingRun<Real>& run) {
  switch (run.request.kind) {
    case RollingKind::median: return select(run, 0.5);
    case RollingKind::quantile: return select(run, run.request.parameter);
    default: return rank(run);
  }
}

template void roll_order<double>(const RollingRun<double>&);
template void roll_order<float>(const RollingRun<float>&);

}  // namespace corrente::cuda
