#include "pair_statistic.h"

#include <algorithm>

#include "../common/status.h"
#include "../common/strongest.h"
#include "isa.h"

namespace corrente {

namespace {

struct Range {
  int64_t from, to;
  bool empty() const { return from >= to; }
};

// The pairs of a rectangle, each once. Where rows and columns overlap, the rectangle holds (a, b) and (b, a) of the
// overlap, and (a, a).
std::vector<PairBlock> blocks_of(const Rectangle& rectangle, int64_t side) {
  const Range rows{rectangle.row_from, rectangle.row_to}, cols{rectangle.col_from, rectangle.col_to};
  std::vector<PairBlock> blocks;
  const auto cut = [&](Range a, Range b) {
    for (int64_t i = a.from; i < a.to; i += side)
      for (int64_t j = b.from; j < b.to; j += side)
        blocks.push_back({i, std::min(i + side, a.to), j, std::min(j + side, b.to), false});
  };
  const Range both{std::max(rows.from, cols.from), std::min(rows.to, cols.to)};
  if (both.empty()) {
    cut(rows, cols);
    return blocks;
  }
  for (int64_t i = both.from; i < both.to; i += side) {
    const int64_t end = std::min(i + side, both.to);
    cut({i, end}, {both.from, i});
    blocks.push_back({i, end, i, end, true});
  }
  for (const Range rest : {Range{rows.from, both.from}, Range{both.to, rows.to}})
    if (!rest.empty()) cut(rest, cols);
  for (const Range rest : {Range{cols.from, both.from}, Range{both.to, cols.to}})
    if (!rest.empty()) cut(both, rest);
  return blocks;
}

}  // namespace

PairStatistic::PairStatistic(const Columns& columns, Precision precision, const Kernels& kernels)
    : columns_(columns),
      precision_(precision),
      kernels_(kernels),
      words_((columns.length + 63) / 64),
      orders_(static_cast<size_t>(columns.series)),
      present_(static_cast<size_t>(columns.series * words_)) {}

bool PairStatistic::prepare(const Control& control) {
  control.total->store(columns_.series, std::memory_order_relaxed);
  const int64_t grain = std::max<int64_t>(1, 16384 / std::max<int64_t>(1, columns_.length));
  thread_pool().parallel_for(columns_.series, grain, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t s = begin; s < end; ++s) {
      order(s);
      prepare_series(s);
    }
    control.done->fetch_add(end - begin, std::memory_order_relaxed);
  });
  for (int64_t s = 0; s < columns_.series; ++s) gaps_ += has_gaps(s);
  return !control.cancelled();
}

void PairStatistic::order(int64_t s) {
  struct Item {
    double value;
    int32_t row;
  };
  const double* const x = columns_.row(s);
  std::vector<Item> items;
  items.reserve(static_cast<size_t>(columns_.length));
  for (int64_t t = 0; t < columns_.length; ++t) {
    if (std::isnan(x[t])) continue;
    items.push_back({x[t], static_cast<int32_t>(t)});
    present_[s * words_ + (t >> 6)] |= uint64_t{1} << (t & 63);
  }
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.value != b.value ? a.value < b.value : a.row < b.row; });

  Order& order = orders_[s];
  order.rows.resize(items.size());
  order.ends.resize(items.size());
  for (size_t k = 0; k < items.size(); ++k) order.rows[k] = items[k].row;
  for (size_t k = items.size(); k-- > 0;) {
    const bool tied = k + 1 < items.size() && items[k].value == items[k + 1].value;
    order.ties = order.ties || tied;
    order.ends[k] = tied ? order.ends[k + 1] : static_cast<int32_t>(k + 1);
  }
}

int64_t PairStatistic::common(int64_t a, int64_t b) const {
  if (!has_gaps(a)) return static_cast<int64_t>(orders_[b].rows.size());
  if (!has_gaps(b)) return static_cast<int64_t>(orders_[a].rows.size());
  const uint64_t *const of_a = present(a), *const of_b = present(b);
  int64_t count = 0;
  for (int64_t w = 0; w < words_; ++w) count += __builtin_popcountll(of_a[w] & of_b[w]);
  return count;
}

template <class Done>
void PairStatistic::for_blocks(const Rectangle& rectangle, const Control& control, Done&& done) {
  const std::vector<PairBlock> blocks = blocks_of(rectangle, side());
  int64_t pairs = 0, most = 0;
  for (const PairBlock& block : blocks) {
    pairs += block.pairs();
    most = std::max(most, block.rows() * block.cols());
  }
  control.total->store(std::max<int64_t>(1, pairs * work_per_pair()), std::memory_order_relaxed);
  Block scratch(static_cast<size_t>(std::max<int64_t>(1, most)) * sizeof(double));
  for (const PairBlock& block : blocks) {
    compute(block, scratch.as<double>(), control);
    if (control.cancelled()) return;
    done(block, scratch.as<const double>());
  }
}

template <class Real>
void PairStatistic::store(const Rectangle& tile, const PairBlock& block, const double* r, Real* out, int32_t* n) const {
  const auto put = [&](int64_t row, int64_t col, double value, int64_t common) {
    const int64_t at = (row - tile.row_from) * tile.cols() + col - tile.col_from;
    out[at] = static_cast<Real>(value);
    if (n != nullptr) n[at] = static_cast<int32_t>(common);
  };
  const auto within = [](int64_t s, int64_t from, int64_t to) { return from <= s && s < to; };
  for (int64_t a = block.a_from; a < block.a_to; ++a)
    for (int64_t b = block.b_from; b < (block.triangle ? a : block.b_to); ++b) {
      const double value = r[block.at(a, b)];
      const int64_t rows = n == nullptr ? 0 : common(a, b);
      if (within(a, tile.row_from, tile.row_to) && within(b, tile.col_from, tile.col_to)) put(a, b, value, rows);
      if (within(b, tile.row_from, tile.row_to) && within(a, tile.col_from, tile.col_to)) put(b, a, value, rows);
    }
  if (block.triangle)
    for (int64_t s = block.a_from; s < block.a_to; ++s) put(s, s, own(s), common(s, s));
}

Status PairStatistic::tile(const Rectangle& tile, void* r, int32_t* n, const Control& control) {
  return guarded("correlation tile", [&]() -> Status {
    if (Status range = check_tile(columns_, tile); !range) return range;
    for_blocks(tile, control, [&](const PairBlock& block, const double* values) {
      if (precision_ == Precision::f32) {
        store(tile, block, values, static_cast<float*>(r), n);
      } else {
        store(tile, block, values, static_cast<double*>(r), n);
      }
    });
    if (control.cancelled()) return cancelled("correlation tile");
    return {};
  });
}

Status PairStatistic::strongest(const Rectangle& tile, const PairSelection& wanted, std::vector<SelectedPair>& pairs,
                                const Control& control) {
  return guarded("strongest pairs", [&]() -> Status {
    if (Status range = check_tile(columns_, tile); !range) return range;
    StrongestPairs strongest(wanted, 1);
    for_blocks(tile, control, [&](const PairBlock& block, const double* values) {
      const auto offer = [&](int64_t a, int64_t b, double r) {
        const int64_t low = std::min(a, b), high = std::max(a, b);
        const bool inside = tile.row_from <= low && low < tile.row_to && tile.col_from <= high && high < tile.col_to;
        // NaN passes no comparison; and common rows are counted of few pairs only.
        if (inside && std::fabs(r) >= strongest.threshold())
          strongest.offer({r, static_cast<int32_t>(low), static_cast<int32_t>(high), static_cast<int32_t>(common(a, b))}, 0);
      };
      for (int64_t a = block.a_from; a < block.a_to; ++a)
        for (int64_t b = block.b_from; b < (block.triangle ? a : block.b_to); ++b) {
          const double r = values[block.at(a, b)];
          offer(a, b, precision_ == Precision::f32 ? static_cast<double>(static_cast<float>(r)) : r);
        }
      strongest.settle();
    });
    if (control.cancelled()) return cancelled("strongest pairs");
    pairs = strongest.take();
    return {};
  });
}

Status open_pair_statistic(const Columns& columns, const CorrelationRequest& request, Precision precision,
                           const Control& control, std::unique_ptr<CorrelationSession>& session) {
  return guarded("correlation", [&]() -> Status {
    if (Status shape = check_columns("correlation", columns); !shape) return shape;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("correlation: " + chosen.why_not);
    auto opened = request.method == CorrelationMethod::kendall ? kendall_session(columns, precision, *chosen.kernels)
                                                               : distance_session(columns, precision, *chosen.kernels);
    if (!opened->prepare(control)) return cancelled("correlation");
    session = std::move(opened);
    return {};
  });
}

}  // namespace corrente
