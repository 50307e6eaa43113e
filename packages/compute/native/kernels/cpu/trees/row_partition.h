// The training rows in the order of the leaves that hold them, ascending within each.
#pragma once

#include <cstdint>
#include <vector>

#include "crew.h"

namespace corrente {

class RowPartition {
 public:
  explicit RowPartition(int64_t rows) : rows_(static_cast<size_t>(rows)), scratch_(static_cast<size_t>(rows)) {}

  // All rows in one leaf.
  void reset();
  const int32_t* rows() const { return rows_.data(); }
  int64_t size() const { return static_cast<int64_t>(rows_.size()); }

  // Puts those of places [from, to) first whose code goes left: left[code] is 1, otherwise 0. Returns where the others
  // begin.
  int64_t split(int64_t from, int64_t to, const uint8_t* codes, const uint8_t* left, Crew&);

 private:
  int64_t split_by_chunks(int64_t from, int64_t to, const uint8_t* codes, const uint8_t* left, Crew&);

  std::vector<int32_t> rows_, scratch_;
};

}  // namespace corrente
