// Rolling statistics by block scans, for windows longer than a few vectors.
//
// The series is cut into blocks of one window each. A window that ends at row j of a block is the rest of the block
// before, from j + 1 on, and this block up to j: one value of a suffix scan and one of a prefix scan. Each costs a few
// operations per value whatever the window, and nothing outside a window takes part in it: a huge or missing value
// spoils exactly the windows that hold it, and nothing is ever subtracted from a running sum.
// After van Herk, Pattern Recognition Letters 13 (1992), and Gil and Werman, IEEE PAMI 15 (1993), who did it for
// minima; it serves any associative operation.
//
// Scans run within vectors by doubling steps, with a carry from vector to vector. Suffixes are read in vectors aligned
// to the end of a tile, prefixes in vectors aligned to its beginning; lanes that fall outside the tile hold garbage
// that no wanted lane sees.
//
// Long blocks are cut into tiles that stay in the first cache. A first pass takes the terms of each tile of the block
// before together, so that the suffix scan of any tile can begin with what the tiles after it make: three reads of the
// series, and no suffix of a whole window is ever written to memory.
#pragma once

#include "rolling_sink.h"
#include "rolling_statistics.h"

namespace corrente::ISA {

namespace {

constexpr int64_t kTile = 1024;
static_assert(kTile <= Sink<double>::kRoom);
constexpr int kMostSums = 5;

inline int64_t tiles_of(int64_t window) { return (window + kTile - 1) / kTile; }

// Doubles: the suffixes of a tile, with room for a vector on either side, and the terms of the tiles after each.
inline int64_t scan_scratch(int64_t window) {
  return kMostSums * ((window < kTile ? window : kTile) + 2 * F64::lanes) + kMostSums * tiles_of(window);
}

template <class Statistic>
class BlockScan {
 public:
  BlockScan(const RollingRequest& request, int64_t window, double* scratch)
      : statistic_(request), window_(window), tiles_(tiles_of(window)) {
    const int64_t stored = (window < kTile ? window : kTile) + 2 * F64::lanes;
    for (int k = 0; k < kSums; ++k) tail_[k] = scratch + k * stored + F64::lanes;
    after_ = scratch + kSums * stored;
  }

  // The block of rows [begin, begin + window) of x; the window that ends at its row t goes to sink row t.
  template <class Out>
  void block(const double* x, int64_t begin, int64_t length, int64_t limit, const int32_t* cancel, Sink<Out>& sink) {
    statistic_.begin(x + begin);
    const double* const before = begin == 0 ? nullptr : x + begin - window_;
    total_tiles(before);
    for (double& one : before_) one = Op::kIdentity;
    for (int64_t tile = 0; tile < tiles_; ++tile) {
      const int64_t offset = tile * kTile, t = begin + offset;
      if (t >= length || stopped(cancel)) return;
      const int64_t rows = window_ - offset < kTile ? window_ - offset : kTile;
      F64 rest[kSums];  // of the window, what lies outside this tile and the one a window before
      for (int k = 0; k < kSums; ++k) rest[k] = Op::apply(F64::broadcast(after_[tile * kSums + k]), F64::broadcast(before_[k]));
      if (before == nullptr) {
        no_suffix(rows, offset + rows == window_, rest);
      } else {
        suffix(before + offset, offset - window_, rows, begin - window_ + offset, rest);
      }
      const int64_t end = t + rows < length ? t + rows : length;
      prefix(x, t, end, limit, offset, sink);
      sink.flush(end);
    }
  }

 private:
  using Op = typename Statistic::Op;
  static constexpr int kSums = Statistic::kSums;

  // after_[tile]: the terms of all tiles after this one, of the block at `block`.
  void total_tiles(const double* block) {
    double* last = after_ + (tiles_ - 1) * kSums;
    for (int k = 0; k < kSums; ++k) last[k] = Op::kIdentity;
    for (int64_t tile = tiles_ - 1; tile > 0; --tile, last -= kSums) {
      const int64_t offset = tile * kTile;
      double one[kSums];
      if (block == nullptr) {
        for (double& k : one) k = Op::kIdentity;
      } else {
        total(block + offset, offset - window_, window_ - offset < kTile ? window_ - offset : kTile, one);
      }
      for (int k = 0; k < kSums; ++k) last[k - kSums] = scalar(one[k], last[k]);
    }
  }

  // The terms of rows [0, rows) of x, of which the first lies at `row` of the block of windows.
  void total(const double* x, int64_t row, int64_t rows, double (&out)[kSums]) {
    F64 sum[kSums], t[kSums];
    for (F64& k : sum) k = F64::broadcast(Op::kIdentity);
    int64_t i = 0;
    for (; i + F64::lanes <= rows; i += F64::lanes) {
      statistic_.terms([&](int64_t later) { return F64::load(x + i + later); }, number(row + i) + F64::iota(), t);
      for (int k = 0; k < kSums; ++k) sum[k] = Op::apply(sum[k], t[k]);
    }
    double lane[F64::lanes];
    for (int k = 0; k < kSums; ++k) {
      sum[k].store(lane);
      out[k] = lane[0];
      for (int l = 1; l < F64::lanes; ++l) out[k] = scalar(out[k], lane[l]);
    }
    if (i == rows) return;
    statistic_.terms([&](int64_t later) { return F64::load_first(x + i + later, rows - i, 0); }, number(row + i) + F64::iota(), t);
    for (int k = 0; k < kSums; ++k) {
      t[k].store(lane);
      for (int64_t l = 0; l < rows - i; ++l) out[k] = scalar(out[k], lane[l]);
    }
  }

  // The suffixes of the rows of a tile at x, combined with the rest. `at`: the row of the series that the tile begins
  // with, before which nothing can be read.
  void suffix(const double* x, int64_t row, int64_t rows, int64_t at, const F64 (&rest)[kSums]) {
    F64 carry[kSums];
    for (int k = 0; k < kSums; ++k) {
      rest[k].store(tail_[k] + rows);
      carry[k] = F64::broadcast(Op::kIdentity);
    }
    const auto step = [&](auto&& load, int64_t i) {
      F64 t[kSums];
      statistic_.terms(load, number(row + i) + F64::iota(), t);
      for (int k = 0; k < kSums; ++k) {
        const F64 s = scan_down<Op>(t[k]);
        Op::apply(Op::apply(s, carry[k]), rest[k]).store(tail_[k] + i);
        carry[k] = Op::apply(carry[k], broadcast_first(s));
      }
    };
    int64_t i = rows - F64::lanes;
    for (; i >= 0; i -= F64::lanes) step([&](int64_t later) { return F64::load(x + i + later); }, i);
    if (i <= -F64::lanes) return;
    if (at + i >= 0) {
      step([&](int64_t later) { return F64::load(x + i + later); }, i);
    } else {
      step([&](int64_t later) { return F64::load_last(x + i + later, F64::lanes + i, 0); }, i);
    }
  }

  // For the first block, before which there are no rows: only the window that is this whole block has a result.
  void no_suffix(int64_t rows, bool last, const F64 (&rest)[kSums]) {
    for (int k = 0; k < kSums; ++k) {
      fill(tail_[k], rows, Statistic::kMissing);
      (last ? rest[k] : F64::broadcast(Statistic::kMissing)).store(tail_[k] + rows);
    }
  }

  template <class Out>
  void prefix(const double* x, int64_t from, int64_t end, int64_t limit, int64_t row, Sink<Out>& sink) {
    F64 carry[kSums];
    for (F64& k : carry) k = F64::broadcast(Op::kIdentity);
    const auto step = [&](auto&& load, int64_t i) {
      const F64 rows = number(row + i) + F64::iota();
      F64 t[kSums];
      statistic_.terms(load, rows, t);
      for (int k = 0; k < kSums; ++k) {
        const F64 s = scan_up<Op>(t[k]);
        t[k] = Op::apply(F64::load(tail_[k] + i + 1), Op::apply(s, carry[k]));
        carry[k] = Op::apply(carry[k], broadcast_last(s));
      }
      return statistic_.finish(t, load(0), rows);
    };
    int64_t t = from;
    for (; t < end && t + F64::lanes <= limit; t += F64::lanes)
      sink.put(step([&](int64_t later) { return F64::load(x + t + later); }, t - from), t);
    if (t < end)
      sink.put_first(step([&](int64_t later) { return F64::load_first(x + t + later, limit - t, 0); }, t - from), t, limit - t);
    // A tile that another one follows ends with a whole vector.
    double lane[F64::lanes];
    for (int k = 0; k < kSums; ++k) {
      carry[k].store(lane);
      before_[k] = scalar(before_[k], lane[0]);
    }
  }

  static double scalar(double a, double b) {
    double lane[F64::lanes];
    Op::apply(F64::broadcast(a), F64::broadcast(b)).store(lane);
    return lane[0];
  }

  Statistic statistic_;
  const int64_t window_, tiles_;
  double* tail_[kSums];
  double* after_;
  double before_[kSums];
};

// The blocks of windows that begin in the given rows. Where values are paired with those `lag` rows later, blocks are of
// the earlier ones.
template <class Statistic, class Out>
void scan_blocks(const RollingRows& rows, int64_t lag, const RollingRequest& request, Out* out, double* scratch) {
  for (int64_t t = rows.from; t < rows.to && t < lag; ++t) out[t] = static_cast<Out>(kNaN);
  const int64_t window = request.window - lag, length = rows.length - lag;
  const int64_t from = rows.from < lag ? 0 : rows.from - lag, to = rows.to < lag ? 0 : rows.to - lag;
  const int64_t first = (from + window - 1) / window, last = (to + window - 1) / window;
  if (first >= last || first * window >= length) return;
  // Outputs past the end of a block are put too; the next block, which comes after, puts its own there.
  const int64_t limit = last * window < length ? last * window : length;
  BlockScan<Statistic> scan(request, window, scratch);
  Sink<Out> sink(out + lag, first * window, rows.stream);
  for (int64_t block = first; block < last && block * window < length && !stopped(rows.cancel); ++block)
    scan.block(rows.x, block * window, length, limit, rows.cancel, sink);
  if (!stopped(rows.cancel)) sink.finish(limit);
}

template <class Out>
void rolling_scan(const RollingRows& rows, const RollingRequest& request, Out* out, double* scratch) {
  switch (request.kind) {
    case RollingKind::mean: return scan_blocks<SumOfValues<true>>(rows, 0, request, out, scratch);
    case RollingKind::sum: return scan_blocks<SumOfValues<false>>(rows, 0, request, out, scratch);
    case RollingKind::min: return scan_blocks<Extreme<Least>>(rows, 0, request, out, scratch);
    case RollingKind::max: return scan_blocks<Extreme<Most>>(rows, 0, request, out, scratch);
    case RollingKind::wma: return scan_blocks<LinearlyWeighted>(rows, 0, request, out, scratch);
    case RollingKind::std: return scan_blocks<Variance<true>>(rows, 0, request, out, scratch);
    case RollingKind::var: return scan_blocks<Variance<false>>(rows, 0, request, out, scratch);
    case RollingKind::zscore: return scan_blocks<StandardScore>(rows, 0, request, out, scratch);
    case RollingKind::skew: return scan_blocks<Skewness>(rows, 0, request, out, scratch);
    case RollingKind::kurtosis: return scan_blocks<Kurtosis>(rows, 0, request, out, scratch);
    case RollingKind::autocorrelation:
      return scan_blocks<Autocorrelation>(rows, static_cast<int64_t>(request.parameter), request, out, scratch);
    default: return;
  }
}

}  // namespace

}  // namespace corrente::ISA
