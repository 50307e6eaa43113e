// Pearson correlation: r = Z Z' over series that have no gap, sums over common rows for the others.
//
// Complete series are standardised once, into panels, and their pairs are dot products (generic/panel.h). Pairs with a
// series that has gaps are in pearson_gaps.cpp. A covariance is the correlation times both spreads. What is computed
// goes, block by block, to a sink (pearson_sinks.h): a rectangle is never held where the strongest pairs are asked for.
#include "pearson.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../common/status.h"

namespace corrente {

namespace {

double scale_of(const Extent& extent) {
  const double largest = std::max(std::fabs(extent.least), std::fabs(extent.most));
  return largest > 0 ? std::ldexp(1.0, std::clamp(-std::ilogb(largest), -1000, 1000)) : 1;
}

}  // namespace

CpuPearson::CpuPearson(const Columns& columns, const CorrelationRequest& request, Precision precision, const Kernels& kernels)
    : columns_(columns),
      kernels_(kernels),
      constant_(static_cast<size_t>(columns.series)),
      gaps_(static_cast<size_t>(columns.series)),
      request_(request),
      precision_(precision),
      panel_(kernels.panel[precision == Precision::f32 ? 1 : 0]),
      standards_(static_cast<size_t>(columns.series)),
      spreads_(covariance() ? static_cast<size_t>(columns.series) : 0),
      diagonal_(static_cast<size_t>(columns.series)) {}

bool CpuPearson::prepare(const Control& control, int64_t before) {
  const int64_t series = columns_.series;
  control.total->store(before + 2 * series, std::memory_order_relaxed);
  const int64_t grain = std::max<int64_t>(1, 65536 / std::max<int64_t>(1, columns_.length));
  thread_pool().parallel_for(series, grain, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t s = begin; s < end; ++s) standardise(s);
    control.done->fetch_add(end - begin, std::memory_order_relaxed);
  });
  if (control.cancelled()) return false;

  slot_before_.assign(static_cast<size_t>(series) + 1, 0);
  for (int64_t s = 0; s < series; ++s) {
    if (!gaps_[s]) order_.push_back(s);
    slot_before_[s + 1] = static_cast<int64_t>(order_.size());
  }
  slots_ = static_cast<int64_t>(order_.size());
  for (int64_t s = 0; s < series; ++s)
    if (gaps_[s]) order_.push_back(s);
  return pack(control);
}

void CpuPearson::standardise(int64_t s) {
  const Extent extent = kernels_.extent(columns_.row(s), columns_.length);
  Standard& standard = standards_[s];
  gaps_[s] = extent.present < columns_.length;
  constant_[s] = !(extent.least < extent.most);
  if (constant_[s]) {
    // A correlation is not a number from here on, through every product; a covariance is zero.
    standard = {1, 0, 0, std::nan("")};
    if (covariance() && extent.present > 0) standard = {1, extent.least, 0, 0};
  } else {
    standard.scale = scale_of(extent);
    kernels_.standardise(columns_.row(s), columns_.length, extent.present, standard);
  }
  diagonal_[s] = constant_[s] ? std::nan("") : 1;
  if (covariance()) {
    const int64_t divisor = extent.present - request_.ddof;
    const bool has_value = extent.present >= 2 && divisor > 0;
    const double norm = constant_[s] ? 0 : 1 / (standard.gain * standard.scale);
    spreads_[s] = has_value ? norm / std::sqrt(static_cast<double>(divisor)) : std::nan("");
    diagonal_[s] = spreads_[s] * spreads_[s];
  }
}

bool CpuPearson::pack(const Control& control) {
  const int64_t panels = (slots_ + panel_ - 1) / panel_;
  const bool narrow = precision_ == Precision::f32;
  panel_stride_ = columns_.length * panel_;
  if (panels == 0 || columns_.length == 0) {
    control.done->fetch_add(columns_.series, std::memory_order_relaxed);
    return true;
  }
  panels_ = Block(static_cast<size_t>(panels * panel_stride_) * (narrow ? sizeof(float) : sizeof(double)));

  const int64_t chunk = std::max<int64_t>(kRows, 65536 / panel_ / kRows * kRows);
  const int64_t chunks = (columns_.length + chunk - 1) / chunk;
  std::atomic<int64_t> packed = 0;
  thread_pool().parallel_for(panels * chunks, 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t task = begin; task < end; ++task) {
      const int64_t p = task / chunks, from = task % chunks * chunk;
      const int64_t to = std::min(from + chunk, columns_.length);
      const double* rows[kMostLanes];
      Standard standards[kMostLanes];
      for (int64_t lane = 0; lane < panel_; ++lane) {
        const int64_t slot = p * panel_ + lane;
        const int64_t s = order_[std::min(slot, slots_ - 1)];
        rows[lane] = columns_.row(s);
        // Lanes without a series are zeros.
        standards[lane] = slot < slots_ ? standards_[s] : Standard{0, 0, 0, 0};
      }
      const int64_t at = p * panel_stride_ + from * panel_;
      if (narrow) {
        kernels_.pack_f32(rows, standards, from, to, panels_.as<float>() + at);
      } else {
        kernels_.pack_f64(rows, standards, from, to, panels_.as<double>() + at);
      }
      const int64_t before = packed.fetch_add(1, std::memory_order_relaxed);
      const int64_t step = columns_.series * (before + 1) / (panels * chunks) - columns_.series * before / (panels * chunks);
      control.done->fetch_add(step, std::memory_order_relaxed);
    }
  });
  return !control.cancelled();
}

SlotSeries CpuPearson::slot_series() const {
  return {order_, slot_before_, diagonal_, columns_.length, covariance() ? std::numeric_limits<double>::infinity() : 1};
}

Status CpuPearson::tile(const Rectangle& tile, void* r, int32_t* n, const Control& control) {
  return guarded("correlation tile", [&]() -> Status {
    if (Status range = check_tile(columns_, tile); !range) return range;
    TileSink sink(tile, r, n, precision_, slot_series(), kernels_);
    return compute(tile, Side::both, sink, "correlation tile", control);
  });
}

Status CpuPearson::strongest(const Rectangle& rectangle, const PairSelection& wanted, std::vector<SelectedPair>& pairs,
                             const Control& control) {
  return guarded("strongest pairs", [&]() -> Status {
    if (Status range = check_tile(columns_, rectangle); !range) return range;
    StrongestSink sink(rectangle, wanted, precision_, slot_series(), kernels_, thread_pool().threads());
    if (Status computed = compute(rectangle, Side::upper, sink, "strongest pairs", control); !computed) return computed;
    pairs = sink.take();
    return {};
  });
}

Status CpuPearson::compute(const Rectangle& rectangle, Side side, PairSink& sink, const char* operation, const Control& control) {
  std::vector<BlockPair> blocks = block_pairs(rectangle, side);
  const std::vector<GapBlocks> gaps = gap_blocks(rectangle);
  int64_t work = 0;
  for (const BlockPair& pair : blocks) work += pair.work();
  for (const GapBlocks& pair : gaps) work += pair.work();
  control.total->store(work * columns_.length, std::memory_order_relaxed);

  // The largest first, so that the last ones are small and no thread is left with one alone.
  std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.work() > b.work(); });
  ThreadPool& pool = thread_pool();
  std::vector<Block> scratch(static_cast<size_t>(pool.threads()));
  const auto block_count = static_cast<int64_t>(blocks.size());
  pool.parallel_for(block_count + static_cast<int64_t>(gaps.size()), 1, control, [&](int64_t begin, int64_t end, int worker) {
    for (int64_t task = begin; task < end; ++task) {
      if (task < block_count) {
        multiply(blocks[task], sink, scratch[worker], worker, control);
      } else {
        gap_pairs(gaps[task - block_count], sink, scratch[worker], worker, control);
      }
    }
  });
  if (control.cancelled()) return cancelled(operation);
  return {};
}

std::vector<CpuPearson::BlockPair> CpuPearson::block_pairs(const Rectangle& tile, Side side) const {
  // Ranges of slots, that is, of complete series.
  const int64_t rows[2] = {slot_before_[tile.row_from], slot_before_[tile.row_to]};
  const int64_t cols[2] = {slot_before_[tile.col_from], slot_before_[tile.col_to]};
  std::vector<BlockPair> pairs;
  if (rows[0] == rows[1] || cols[0] == cols[1]) return pairs;

  const int64_t tiles = static_cast<int64_t>(thread_pool().threads()) * 6;
  int64_t panels = kernels_.block_panels;
  const auto cells = [&](int64_t count) { return count * panel_ * count * panel_; };
  while (panels > 1 && (rows[1] - rows[0]) * (cols[1] - cols[0]) < tiles * cells(panels)) panels /= 2;

  const int64_t block = panels * panel_;
  const int64_t last = (slots_ + block - 1) / block;
  const auto meets = [&](const int64_t (&range)[2], int64_t index) {
    return range[0] < (index + 1) * block && index * block < range[1];
  };
  const auto clip = [&](int64_t index) {
    const int64_t from = std::max(index * block, std::min(rows[0], cols[0])) / panel_;
    const int64_t to = std::min((index + 1) * block, std::max(rows[1], cols[1]));
    return PlaceRange{from, (to + panel_ - 1) / panel_};
  };
  // Each pair of blocks once, the later one first, whichever side of the diagonal asks for it.
  for (int64_t b = 0; b < last; ++b)
    for (int64_t a = b; a < last; ++a)
      if ((side == Side::both && meets(rows, a) && meets(cols, b)) || (meets(rows, b) && meets(cols, a)))
        pairs.push_back({clip(a), clip(b), a == b, panel_});
  return pairs;
}

void CpuPearson::multiply(const BlockPair& pair, PairSink& sink, Block& scratch, int worker, const Control& control) const {
  const int64_t ldc = pair.a.count() * panel_;
  const auto bytes = static_cast<size_t>(ldc * pair.b.count() * panel_) * sizeof(double);
  if (scratch.bytes() < bytes) scratch = Block(bytes);
  auto* const c = scratch.as<double>();
  if (columns_.length == 0) std::fill_n(c, bytes / sizeof(double), std::nan(""));

  for (int64_t from = 0; from < columns_.length; from += kRows) {
    if (control.cancelled()) return;
    const int64_t rows = std::min(kRows, columns_.length - from);
    const auto run = [&](auto* panels, auto* kernel) {
      kernel(panels + pair.a.from * panel_stride_ + from * panel_, panels + pair.b.from * panel_stride_ + from * panel_,
             panel_stride_, static_cast<int>(pair.a.count()), static_cast<int>(pair.b.count()), rows, c, ldc, from == 0,
             pair.diagonal);
    };
    if (precision_ == Precision::f32) {
      run(panels_.as<const float>(), kernels_.multiply_f32);
    } else {
      run(panels_.as<const double>(), kernels_.multiply_f64);
    }
    control.done->fetch_add(pair.work() * rows, std::memory_order_relaxed);
  }
  const SlotBlock block{{pair.a.from * panel_, std::min(pair.a.to * panel_, slots_)}, {pair.b.from * panel_, std::min(pair.b.to * panel_, slots_)},
                        pair.diagonal, ldc, c};
  if (covariance()) scale(block);
  sink.block(block, worker);
}

// From correlations to covariances.
void CpuPearson::scale(const SlotBlock& block) const {
  for (int64_t b = block.b.from; b < block.b.to; ++b) {
    double* const row = block.c + (b - block.b.from) * block.ldc;
    const double spread = spreads_[order_[b]];
    for (int64_t a = block.a.from; a < block.a.to; ++a) row[a - block.a.from] *= spread * spreads_[order_[a]];
  }
}

}  // namespace corrente
