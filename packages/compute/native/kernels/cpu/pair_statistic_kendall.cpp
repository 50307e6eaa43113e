// Kendall's tau-b: concordant less discordant pairs of rows, over the geometric mean of the pairs that are not tied in
// each series. All counts are integers, so both ways of counting give the same bits:
//
// - signs: a bit for each pair of rows says whether a series rises between them, and a pair of series is an exclusive or
//   with a count of bits. n² / 2 bits for each pair, 512 at a time; the bits are made once for many pairs.
// - order: the rows of y in the order of x, and for each how many of those before it are smaller (Knight 1966, in
//   generic/dominance.h). n log n for each pair.
#include <algorithm>

#include "pair_statistic.h"

namespace corrente {

namespace {

constexpr int64_t kSide = 512;     // series on a side of a block
constexpr int64_t kGroup = 32;     // of those, on a side of what one thread counts from its second cache
constexpr int64_t kWords = 2048;   // of a plane of a series at a time: 16 KiB
constexpr int64_t kMostPlaces = int64_t{1} << 24;

class Kendall final : public PairStatistic {
 public:
  Kendall(const Columns& columns, Precision precision, const Kernels& kernels)
      : PairStatistic(columns, precision, kernels),
        by_signs_(signs_are_faster()),
        ranks_(by_signs_ ? static_cast<size_t>(columns.series * words_ * 64) : 0) {}

 private:
  // In nanoseconds, roughly: what a word of signs costs to make and to compare, and a row to place.
  bool signs_are_faster() const {
    const auto n = static_cast<double>(columns_.length), series = static_cast<double>(columns_.series);
    // Counts of a pair are kept in 32 bits.
    if (n > 32768) return false;
    const double words = n * n / 128, lanes = kernels_.doubles;
    const double made = 16 / lanes * words * series, compared = 1 / lanes * words * series * (series - 1) / 2;
    const double placed = 10 * n * series * (series - 1) / 2;
    return made + compared < placed;
  }

  void prepare_series(int64_t s) override {
    if (!by_signs_) return;
    int32_t* const ranks = ranks_.data() + s * words_ * 64;
    std::fill_n(ranks, words_ * 64, -1);
    const Order& order = orders_[s];
    for (size_t k = 0; k < order.rows.size(); ++k) ranks[order.rows[k]] = order.ends[k];
  }

  int64_t work_per_pair() const override { return std::max<int64_t>(1, columns_.length); }
  int64_t side() const override {
    return by_signs_ ? kSide : std::clamp<int64_t>(kMostPlaces / std::max<int64_t>(1, columns_.length), 1, kSide);
  }

  void compute(const PairBlock& block, double* r, const Control& control) override {
    if (columns_.length == 0) {
      std::fill_n(r, block.rows() * block.cols(), std::nan(""));
    } else if (by_signs_) {
      count_signs(block, r, control);
    } else {
      count_in_order(block, r, control);
    }
  }

  bool plain(int64_t s) const { return !orders_[s].ties && !has_gaps(s); }
  void count_signs(const PairBlock&, double* r, const Control&) const;
  void count_in_order(const PairBlock&, double* r, const Control&) const;
  int64_t untied(int64_t x, int64_t y) const;
  double tau(int64_t a, int64_t b, int64_t score) const;

  const bool by_signs_;
  std::vector<int32_t> ranks_;  // [series × 64 words_]: equal values have equal ranks, missing ones -1
};

// Parts of a block that a thread counts alone: of series [a, a_to) of its rows and [b, b_to) of its columns.
struct Group {
  int64_t a, a_to, b, b_to;
};

void Kendall::count_signs(const PairBlock& block, double* r, const Control& control) const {
  const PairStatisticKernels& kernels = kernels_.pair_statistic;
  const int64_t n = columns_.length, series = block.series();
  bool marked = false;
  for (int64_t i = 0; i < series; ++i) marked = marked || !plain(block.series_at(i));

  std::vector<Group> groups;
  for (int64_t a = block.a_from; a < block.a_to; a += kGroup)
    for (int64_t b = block.b_from; b < (block.triangle ? a + 1 : block.b_to); b += kGroup)
      groups.push_back({a, std::min(a + kGroup, block.a_to), b, std::min(b + kGroup, block.b_to)});

  // A chunk is the rows whose planes fill kWords; a single row may be longer.
  const auto words_of_row = [&](int64_t i) { return words_ - (i + 1) / 64; };
  const auto rounded = [&](int64_t words) { return (words + kernels.words - 1) / kernels.words * kernels.words; };
  const int64_t most = rounded(std::max(kWords, words_));
  const Block planes(static_cast<size_t>(series * most * (marked ? 2 : 1)) * sizeof(uint64_t));
  const auto planes_of = [&](int64_t index) {
    auto* const above = planes.as<uint64_t>() + index * most * (marked ? 2 : 1);
    return SignPlanes{above, marked ? above + most : nullptr};
  };
  std::vector<int32_t> both(marked ? static_cast<size_t>(block.rows() * block.cols()) : 0);
  std::vector<int32_t> discordant(static_cast<size_t>(block.rows() * block.cols()));

  ThreadPool& pool = thread_pool();
  for (int64_t from = 0, to; from < n; from = to) {
    int64_t words = words_of_row(from);
    for (to = from + 1; to < n && words + words_of_row(to) <= kWords; ++to) words += words_of_row(to);
    const int64_t whole = rounded(words);

    pool.parallel_for(series, std::max<int64_t>(1, series / 16), control, [&](int64_t begin, int64_t end, int) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t s = block.series_at(i);
        const SignPlanes out = planes_of(i);
        kernels.signs(ranks_.data() + s * words_ * 64, present(s), n, from, to, out);
        std::fill_n(out.above + words, whole - words, 0);
        if (marked) std::fill_n(out.differs + words, whole - words, 0);
      }
    });
    pool.parallel_for(static_cast<int64_t>(groups.size()), 1, control, [&](int64_t begin, int64_t end, int) {
      for (int64_t g = begin; g < end; ++g) {
        const Group& group = groups[g];
        int64_t pairs = 0;
        for (int64_t a = group.a; a < group.a_to; ++a) {
          const SignPlanes of_a = planes_of(a - block.a_from);
          const int64_t b_to = block.triangle ? std::min(group.b_to, a) : group.b_to;
          for (int64_t b = group.b; b < b_to; ++b) {
            const SignPlanes of_b = planes_of(block.index_of_b(b));
            const int64_t at = block.at(a, b);
            if (plain(a) && plain(b)) {
              discordant[at] += static_cast<int32_t>(kernels.disagreements(of_a.above, of_b.above, whole));
            } else {
              const SignCounts counts = kernels.compare(of_a, of_b, whole);
              both[at] += static_cast<int32_t>(counts.both);
              discordant[at] += static_cast<int32_t>(counts.discordant);
            }
          }
          pairs += std::max<int64_t>(0, b_to - group.b);
        }
        control.done->fetch_add(pairs * (to - from), std::memory_order_relaxed);
      }
    });
    if (control.cancelled()) return;
  }

  const int64_t all = n * (n - 1) / 2;
  pool.parallel_for(block.rows(), 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t a = block.a_from + begin; a < block.a_from + end; ++a)
      for (int64_t b = block.b_from; b < (block.triangle ? a : block.b_to); ++b) {
        const int64_t at = block.at(a, b);
        r[at] = tau(a, b, (plain(a) && plain(b) ? all : both[at]) - 2 * static_cast<int64_t>(discordant[at]));
      }
  });
}

void Kendall::count_in_order(const PairBlock& block, double* r, const Control& control) const {
  const int64_t n = columns_.length;
  ThreadPool& pool = thread_pool();
  const Block places(static_cast<size_t>(block.cols() * n) * sizeof(Place));
  pool.parallel_for(block.cols(), 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t b = begin; b < end; ++b) {
      Place* const place = places.as<Place>() + b * n;
      const Order& order = orders_[block.b_from + b];
      std::fill_n(place, n, Place{-1, -1, -1});
      int32_t below = 0;
      for (size_t k = 0; k < order.rows.size(); ++k) {
        place[order.rows[k]] = {static_cast<int32_t>(k), below, order.ends[k]};
        if (order.ends[k] == static_cast<int32_t>(k + 1)) below = order.ends[k];
      }
    }
  });

  struct Scratch {
    std::vector<Place> y;
    std::vector<int32_t> ends;
    std::vector<uint64_t> set;
  };
  std::vector<Scratch> scratch(static_cast<size_t>(pool.threads()));
  pool.parallel_for(block.rows() * block.cols(), 1, control, [&](int64_t begin, int64_t end, int worker) {
    Scratch& own = scratch[worker];
    own.y.resize(static_cast<size_t>(n));
    own.ends.resize(static_cast<size_t>(n));
    own.set.resize(static_cast<size_t>(dominance_words(n)));
    for (int64_t at = begin; at < end; ++at) {
      const int64_t a = block.a_from + at / block.cols(), b = block.b_from + at % block.cols();
      if (block.triangle && b >= a) continue;
      const Order& x = orders_[a];
      const Place* const place = places.as<const Place>() + (b - block.b_from) * n;
      // The common rows in the order of x, and where the ties of each end among them.
      int32_t count = 0, first = 0;
      for (size_t k = 0; k < x.rows.size(); ++k) {
        const Place here = place[x.rows[k]];
        own.y[count] = here;
        count += here.ordinal >= 0;
        if (x.ends[k] == static_cast<int32_t>(k + 1)) {
          std::fill(own.ends.begin() + first, own.ends.begin() + count, count);
          first = count;
        }
      }
      r[at] = tau(a, b, kernels_.pair_statistic.concordance(own.y.data(), own.ends.data(), count, n, own.set.data()));
      control.done->fetch_add(n, std::memory_order_relaxed);
    }
  });
}

// Pairs of the rows common with y whose values of x differ.
int64_t Kendall::untied(int64_t x, int64_t y) const {
  const Order& order = orders_[x];
  const int64_t rows = common(x, y);
  int64_t pairs = rows * (rows - 1) / 2;
  if (!order.ties) return pairs;
  const bool whole = !has_gaps(y);
  for (size_t k = 0; k < order.rows.size();) {
    const auto end = static_cast<size_t>(order.ends[k]);
    int64_t tied = static_cast<int64_t>(end - k);
    if (!whole && tied > 1) {
      tied = 0;
      for (size_t i = k; i < end; ++i) tied += is_present(y, order.rows[i]);
    } else if (!whole) {
      tied = 0;
    }
    pairs -= tied * (tied - 1) / 2;
    k = end;
  }
  return pairs;
}

double Kendall::tau(int64_t a, int64_t b, int64_t score) const {
  const int64_t of_a = untied(a, b), of_b = untied(b, a);
  if (of_a == 0 || of_b == 0) return std::nan("");
  // The root of a square is exact, and so are 1 and -1.
  return std::clamp(static_cast<double>(score) / std::sqrt(static_cast<double>(of_a) * static_cast<double>(of_b)), -1.0, 1.0);
}

}  // namespace

std::unique_ptr<PairStatistic> kendall_session(const Columns& columns, Precision precision, const Kernels& kernels) {
  return std::make_unique<Kendall>(columns, precision, kernels);
}

}  // namespace corrente
