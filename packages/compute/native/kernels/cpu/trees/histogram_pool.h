// Histograms of all features of a node, reused from node to node.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "../../common/block_pool.h"
#include "bins.h"

namespace corrente {

class HistogramPool {
 public:
  struct Slot {
    Sums* sums;     // [places]
    int32_t* rows;  // [places]; null where rows are not counted
  };

  // At most `most` slots, and about 512 MiB of them, but two in any case.
  HistogramPool(const BinnedTable&, bool counted, int64_t most);

  // Where the histogram of a feature begins; it has a place for each of its codes.
  int64_t first(int64_t feature) const { return first_[static_cast<size_t>(feature)]; }
  int64_t places(int64_t feature) const { return first(feature + 1) - first(feature); }

  // Slots that can still be taken.
  int64_t spare() const { return most_ - static_cast<int64_t>(slots_.size() - free_.size()); }
  // Only where there are some to spare. What it holds is undefined.
  Slot* take();
  void give(Slot*);
  void clear(const Slot&, int64_t feature) const;

 private:
  const bool counted_;
  std::vector<int64_t> first_;
  int64_t most_;
  std::vector<Block> blocks_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<Slot*> free_;
};

}  // namespace corrente
