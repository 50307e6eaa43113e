// Which of the ways through a window's order is taken: short windows are kept sorted in columns (generic/order_columns.h)
// or counted (generic/order_rank.h), longer ones and those of varying length are sets of places (generic/order_places.h).
#include "rolling_order.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "../common/block_pool.h"
#include "order_chunk.h"
#include "threads.h"

namespace corrente {

namespace {

// Rows of a strip: together with those of the other lanes they stay in the second cache.
constexpr int64_t kStrip = 4096;
// Rows that are ranked at a time, and those walked over between two looks at the control.
constexpr int64_t kRows = 32768;
// The fewest rows of a chunk that want results. Sorting costs as much for the rows that they reach back to.
constexpr int64_t kChunkRows = 8192;

template <class Real>
struct RollingOrder {
  const Columns& columns;
  const RollingRequest& request;
  const Control& control;
  const Kernels& kernels;
  const OrderKernels<Real>& order;
  const double q;

  Real* out(int64_t s) const { return static_cast<Real*>(request.out) + s * columns.length; }
  void count(int64_t values) const { control.done->fetch_add(values, std::memory_order_relaxed); }

  void columns_of_strips() const;
  void counted_ranks() const;
  void places(const Spans&) const;
  void chunk(OrderChunk&, const Spans&, int64_t s, int64_t from, int64_t to) const;
};

// Strips are cut evenly, and as long as fills the vectors, because each begins with a window that gives no result.
template <class Real>
void RollingOrder<Real>::columns_of_strips() const {
  const int64_t lanes = kernels.doubles, length = columns.length, window = request.window;
  ThreadPool& pool = thread_pool();
  const int64_t even = columns.series * length / (lanes * pool.threads() * 2);
  const int64_t longest = std::clamp(even, std::min(4 * window, kStrip), kStrip);
  const int64_t cuts = (length + longest - 1) / longest, strips = columns.series * cuts;
  const int64_t rows = (length + cuts - 1) / cuts;

  std::vector<Block> scratch(static_cast<size_t>(pool.threads()));
  pool.parallel_for((strips + lanes - 1) / lanes, 1, control, [&](int64_t begin, int64_t end, int worker) {
    Block& block = scratch[static_cast<size_t>(worker)];
    if (block.data() == nullptr) block = Block(static_cast<size_t>(kernels.order_columns_scratch(window, rows)) * sizeof(double));
    std::vector<OrderStrip> group(static_cast<size_t>(lanes));
    for (int64_t first = begin * lanes; first < std::min(end * lanes, strips); first += lanes) {
      int64_t values = 0;
      for (int64_t lane = 0; lane < lanes; ++lane) {
        const int64_t strip = first + lane;
        if (strip >= strips) {
          group[static_cast<size_t>(lane)] = {};
          continue;
        }
        const int64_t s = strip / cuts, from = strip % cuts * rows, to = std::min(from + rows, length);
        group[static_cast<size_t>(lane)] = {columns.row(s) + from, from, std::max<int64_t>(0, to - from), out(s) + from};
        values += std::max<int64_t>(0, to - from);
      }
      order.columns(group.data(), window, q, block.as<double>());
      count(values);
    }
  });
}

template <class Real>
void RollingOrder<Real>::counted_ranks() const {
  const int64_t cuts = (columns.length + kRows - 1) / kRows;
  const int64_t grain = std::max<int64_t>(1, kRows / 4 / std::max<int64_t>(1, columns.length));
  thread_pool().parallel_for(columns.series * cuts, grain, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t task = begin; task < end; ++task) {
      const int64_t s = task / cuts, from = task % cuts * kRows, to = std::min(from + kRows, columns.length);
      order.rank(columns.row(s), from, to, request.window, out(s));
      count(to - from);
    }
  });
}

template <class Real>
void RollingOrder<Real>::places(const Spans& spans) const {
  // Each chunk wants twice as many results as it has rows before them, if it can.
  std::vector<int64_t> cuts{0};
  while (cuts.back() < columns.length) {
    const int64_t from = cuts.back(), before = from - spans.begin(from);
    cuts.push_back(std::min(columns.length, from + std::max(kChunkRows, 2 * before)));
  }
  const auto chunks = static_cast<int64_t>(cuts.size()) - 1;
  ThreadPool& pool = thread_pool();
  std::vector<OrderChunk> sorted(static_cast<size_t>(pool.threads()));
  pool.parallel_for(columns.series * chunks, 1, control, [&](int64_t begin, int64_t end, int worker) {
    for (int64_t task = begin; task < end; ++task)
      chunk(sorted[static_cast<size_t>(worker)], spans, task / chunks, cuts[static_cast<size_t>(task % chunks)],
            cuts[static_cast<size_t>(task % chunks + 1)]);
  });
}

template <class Real>
void RollingOrder<Real>::chunk(OrderChunk& sorted, const Spans& spans, int64_t s, int64_t from, int64_t to) const {
  const bool ranks = request.kind == RollingKind::rank;
  if (!sorted.sort(columns.row(s), spans.begin(from), to, ranks, control)) return;
  OrderPlaces window = sorted.places(spans);
  for (int64_t row = from; row < to && !control.cancelled(); row += kRows) {
    const int64_t end = std::min(row + kRows, to);
    (ranks ? order.rank_places : order.quantile_places)(window, row, end, q, out(s));
    count(end - row);
  }
}

}  // namespace

template <class Real>
void roll_order(const Columns& columns, const RollingRequest& request, const Control& control, const Kernels& kernels) {
  if (columns.series == 0 || columns.length == 0) return;
  const bool rank = request.kind == RollingKind::rank;
  const auto& order = [&]() -> const OrderKernels<Real>& {
    if constexpr (sizeof(Real) == sizeof(float)) {
      return kernels.order_f32;
    } else {
      return kernels.order_f64;
    }
  }();
  const RollingOrder<Real> rolling{columns, request, control, kernels, order,
                                   request.kind == RollingKind::median ? 0.5 : request.parameter};
  if (request.min_periods >= 0) {
    rolling.places({request.begins, request.window, request.min_periods});
  } else if (request.window <= (rank ? kernels.order_rank_window : kernels.order_columns_window)) {
    rank ? rolling.counted_ranks() : rolling.columns_of_strips();
  } else {
    // A full window is one that needs all its values present.
    rolling.places({nullptr, request.window, request.window});
  }
}

template void roll_order<double>(const Columns&, const RollingRequest&, const Control&, const Kernels&);
template void roll_order<float>(const Columns&, const RollingRequest&, const Control&, const Kernels&);

}  // namespace corrente
