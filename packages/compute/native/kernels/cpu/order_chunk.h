// The rows of a part of a series, sorted: what order_places.h's kernels walk over.
#pragma once

#include <cstdint>
#include <vector>

#include "../ops.h"
#include "order_kernels.h"

namespace corrente {

class OrderChunk {
 public:
  // Sorts rows [first, last) of a series, fewer than 2³¹; false where the control was cancelled before the end. `ranks`
  // prepares the tables that only ranks need.
  bool sort(const double* x, int64_t first, int64_t last, bool ranks, const Control&);

  // The empty window before the first row that windows of this chunk reach back to. Valid until the next sort.
  OrderPlaces places(const Spans&);

 private:
  // A value as an integer of the same order, so that sorting looks at digits.
  struct Entry {
    uint64_t key;
    int32_t row;
  };

  bool sort_entries(const Control&);
  bool sort_digits(uint64_t differing, int from, int to, const Control&);
  bool insert_neighbours();
  void find_runs();

  int64_t first_ = 0;
  std::vector<Entry> entries_, spare_;
  std::vector<int32_t> place_;
  std::vector<double> value_;
  std::vector<int32_t> run_first_, run_end_, tree_;
  std::vector<uint64_t> bits_, summary_;
};

}  // namespace corrente
