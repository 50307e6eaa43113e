// Kendall's tau-b and distance correlation on the CPU: what both sessions share is here and in pair_statistic.cpp, how
// each computes a block of pairs in pair_statistic_kendall.cpp and pair_statistic_distance.cpp.
#pragma once

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "../common/block_pool.h"
#include "../ops.h"
#include "kernels.h"
#include "threads.h"

namespace corrente {

// Pairs of series: each of [a_from, a_to) with each of [b_from, b_to). A triangle is one range with itself, and of it
// the pairs a > b.
struct PairBlock {
  int64_t a_from, a_to, b_from, b_to;
  bool triangle;

  int64_t rows() const { return a_to - a_from; }
  int64_t cols() const { return b_to - b_from; }
  int64_t pairs() const { return triangle ? rows() * (rows() - 1) / 2 : rows() * cols(); }
  int64_t at(int64_t a, int64_t b) const { return (a - a_from) * cols() + b - b_from; }
  // Series of the block in one list: a's, then b's where they are others.
  int64_t series() const { return triangle ? rows() : rows() + cols(); }
  int64_t series_at(int64_t index) const { return index < rows() ? a_from + index : b_from + index - rows(); }
  int64_t index_of_b(int64_t b) const { return triangle ? b - a_from : rows() + b - b_from; }
};

// Present rows of a series by value.
struct Order {
  std::vector<int32_t> rows;  // ascending; of equal values the earlier first
  std::vector<int32_t> ends;  // [rows]: one past the last place with the same value
  bool constant() const { return rows.empty() || ends.front() == static_cast<int32_t>(rows.size()); }
  bool ties = false;
};

class PairStatistic : public CorrelationSession {
 public:
  PairStatistic(const Columns&, Precision, const Kernels&);

  // Orders the series, then lets the statistic prepare; false where it was cancelled.
  bool prepare(const Control&);

  bool complete() const final { return gaps_ == 0; }
  Status tile(const Rectangle&, void* r, int32_t* n, const Control&) final;
  Status strongest(const Rectangle&, const PairSelection&, std::vector<SelectedPair>&, const Control&) final;

 protected:
  virtual void prepare_series(int64_t series) = 0;
  // Series on a side of a block, so that what a block holds stays small.
  virtual int64_t side() const = 0;
  // The statistic of each pair at block.at(a, b); NaN where it has none. Counts work_per_pair() for each pair.
  virtual void compute(const PairBlock&, double* r, const Control&) = 0;
  virtual int64_t work_per_pair() const = 0;

  bool has_gaps(int64_t s) const { return static_cast<int64_t>(orders_[s].rows.size()) < columns_.length; }
  const uint64_t* present(int64_t s) const { return present_.data() + s * words_; }
  bool is_present(int64_t s, int64_t row) const { return present(s)[row >> 6] >> (row & 63) & 1; }
  int64_t common(int64_t a, int64_t b) const;

  const Columns columns_;
  const Precision precision_;
  const Kernels& kernels_;
  const int64_t words_;  // of 64 rows
  std::vector<Order> orders_;

 private:
  void order(int64_t series);
  // All blocks of the rectangle, each pair of series once; calls done(block, r) after each.
  template <class Done>
  void for_blocks(const Rectangle&, const Control&, Done&&);
  double own(int64_t s) const { return orders_[s].constant() || orders_[s].rows.size() < 2 ? std::nan("") : 1; }
  template <class Real>
  void store(const Rectangle&, const PairBlock&, const double* r, Real* out, int32_t* n) const;

  std::vector<uint64_t> present_;
  int64_t gaps_ = 0;  // series with missing values
};

std::unique_ptr<PairStatistic> kendall_session(const Columns&, Precision, const Kernels&);
std::unique_ptr<PairStatistic> distance_session(const Columns&, Precision, const Kernels&);

// Methods kendall and distance.
Status open_pair_statistic(const Columns&, const CorrelationRequest&, Precision, const Control&,
                           std::unique_ptr<CorrelationSession>& session);

}  // namespace corrente
