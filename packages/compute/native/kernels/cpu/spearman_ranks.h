// Ranks of series over their present rows.
#pragma once

#include <vector>

#include "../common/block_pool.h"
#include "threads.h"

namespace corrente {

// Of each series [length]: ranks from 1, ties having their mean, NaN where a value is missing; and where series with
// gaps meet others, the rows in rising order of their values and which rows are present.
class RankedSeries {
 public:
  RankedSeries() = default;
  // False where it was cancelled. Counts a unit of work for each series.
  bool rank(const Columns&, const Control&);

  Columns columns() const { return {ranks_.as<double>(), series_, length_, length_}; }
  const double* ranks(int64_t s) const { return ranks_.as<double>() + s * length_; }
  // Rows in rising order of their values, those present() many.
  const int32_t* order(int64_t s) const { return order_.as<int32_t>() + s * length_; }
  int64_t present(int64_t s) const { return present_[static_cast<size_t>(s)]; }
  // 1 for rows that are present, 0 for the others.
  const uint8_t* mask(int64_t s) const { return mask_.as<uint8_t>() + s * length_; }
  bool tied(int64_t s) const { return tied_[static_cast<size_t>(s)] != 0; }
  // Without it, no pair with gaps can be computed any more.
  void drop();

 private:
  struct Scratch {
    std::vector<uint64_t> keys, other;
  };

  bool has_gaps(const Columns&, const Control&) const;
  void rank_series(const Columns&, int64_t s, bool keep_order, Scratch&);

  int64_t series_ = 0, length_ = 0;
  Block ranks_, order_, mask_;
  std::vector<int64_t> present_;
  std::vector<char> tied_;
};

}  // namespace corrente
