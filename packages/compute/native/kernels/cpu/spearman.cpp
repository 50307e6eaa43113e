#include "spearman.h"

#include <cmath>

namespace corrente {

namespace {

// Sums of products of ranks, doubled and centred so that they are whole numbers: 2 rank - (n + 1).
__extension__ using Sum = __int128;

struct RankSums {
  int64_t n;
  Sum aa, bb, ab;
};

int64_t common_rows(const uint8_t* a, const uint8_t* b, int64_t length) {
  int64_t n = 0;
  // In parts that a byte-wise sum of the compiler's making can hold wide.
  for (int64_t from = 0; from < length; from += 4096) {
    const int64_t to = length - from < 4096 ? length : from + 4096;
    int32_t part = 0;
    for (int64_t t = from; t < to; ++t) part += a[t] & b[t];
    n += part;
  }
  return n;
}

// Walks the rows of `order` that `present` has, in groups of equal `ranks`: f(row, doubled centred rank over them).
// Returns the sum of squares.
template <class F>
Sum walk_tied(const int32_t* order, int64_t count, const double* ranks, const uint8_t* present, int64_t n, F&& f) {
  Sum squares = 0;
  int64_t before = 0;
  for (int64_t from = 0; from < count;) {
    int64_t to = from, here = 0;
    for (; to < count && ranks[order[to]] == ranks[order[from]]; ++to) here += present[order[to]];
    const int64_t rank = 2 * before + here - n;
    if (here > 0)
      for (int64_t i = from; i < to; ++i)
        if (present[order[i]] != 0) f(order[i], rank);
    squares += static_cast<Sum>(here) * (rank * rank);
    before += here;
    from = to;
  }
  return squares;
}

// The same without ties: every row is its own group, and no branch depends on what is missing. f is told of rows that
// are missing too, by its third argument.
template <class F>
Sum walk_distinct(const int32_t* order, int64_t count, const uint8_t* present, int64_t n, F&& f) {
  int64_t before = 0;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t here = present[order[i]];
    f(order[i], 2 * before + 1 - n, here);
    before += here;
  }
  return static_cast<Sum>(n) * (static_cast<Sum>(n) * n - 1) / 3;
}

RankSums rank_sums(const RankedSeries& ranked, int64_t length, int64_t a, int64_t b, int64_t* of_a) {
  RankSums sums{common_rows(ranked.mask(a), ranked.mask(b), length), 0, 0, 0};
  const int64_t n = sums.n;
  if (n < 2) return sums;
  sums.aa = ranked.tied(a) ? walk_tied(ranked.order(a), ranked.present(a), ranked.ranks(a), ranked.mask(b), n,
                                       [&](int32_t row, int64_t rank) { of_a[row] = rank; })
                           : walk_distinct(ranked.order(a), ranked.present(a), ranked.mask(b), n,
                                           [&](int32_t row, int64_t rank, int64_t) { of_a[row] = rank; });
  Sum ab = 0;
  sums.bb = ranked.tied(b) ? walk_tied(ranked.order(b), ranked.present(b), ranked.ranks(b), ranked.mask(a), n,
                                       [&](int32_t row, int64_t rank) { ab += static_cast<Sum>(rank) * of_a[row]; })
                           : walk_distinct(ranked.order(b), ranked.present(b), ranked.mask(a), n,
                                           [&](int32_t row, int64_t rank, int64_t here) { ab += static_cast<Sum>((rank & -here) * of_a[row]); });
  sums.ab = ab;
  return sums;
}

double coefficient(const RankSums& sums) {
  if (sums.n < 2 || sums.aa == 0 || sums.bb == 0) return std::nan("");
  const double r = static_cast<double>(sums.ab) / (std::sqrt(static_cast<double>(sums.aa)) * std::sqrt(static_cast<double>(sums.bb)));
  return r > 1 ? 1 : r < -1 ? -1 : r;
}

}  // namespace

CpuSpearman::CpuSpearman(RankedSeries&& ranks, Precision precision, const Kernels& kernels)
    : CpuPearson(ranks.columns(), {CorrelationMethod::pearson, 0}, precision, kernels), ranks_(std::move(ranks)) {}

bool CpuSpearman::prepare(const Control& control) {
  if (!CpuPearson::prepare(control, columns_.series)) return false;
  if (complete()) ranks_.drop();
  return true;
}

void CpuSpearman::gap_pairs(const GapBlocks& pair, PairSink& sink, Block& scratch, int worker, const Control& control) const {
  const auto bytes = static_cast<size_t>(columns_.length) * sizeof(int64_t);
  if (scratch.bytes() < bytes) scratch = Block(bytes);
  auto* const of_a = scratch.as<int64_t>();
  // Rows that a series lacks are multiplied by zero, and must hold some number.
  std::fill_n(of_a, columns_.length, 0);
  for (int64_t p = pair.a.from; p < pair.a.to; ++p) {
    if (control.cancelled()) return;
    for (int64_t q = pair.b.from; q < pair.b.to && q <= p; ++q) {
      const int64_t a = order_[p], b = order_[q];
      if ((!gaps_[a] && !gaps_[b]) || !sink.wants(a, b)) continue;
      if (a == b) {
        sink.pair(a, a, constant_[a] || ranks_.present(a) < 2 ? std::nan("") : 1, ranks_.present(a), worker);
        continue;
      }
      const RankSums sums = rank_sums(ranks_, columns_.length, a, b, of_a);
      sink.pair(a, b, coefficient(sums), sums.n, worker);
    }
    control.done->fetch_add(pair.b.count() * columns_.length, std::memory_order_relaxed);
  }
}

}  // namespace corrente
