// Which bins of a feature some row of a node is in, as bits: small nodes are in few of them.
#pragma once

#include <bit>
#include <cstdint>

#include "tree_kernels.h"

namespace corrente {

class OccupiedBins {
 public:
  void add(int bin) { words_[bin >> 6] |= uint64_t{1} << (bin & 63); }

  // visit(bin) for each of them, ascending; none is left.
  template <class Visit>
  void drain(Visit&& visit) {
    for (int word = 0; word < kWords; ++word) {
      for (uint64_t left = words_[word]; left != 0; left &= left - 1) visit(64 * word + std::countr_zero(left));
      words_[word] = 0;
    }
  }

 private:
  static constexpr int kWords = kMostCodes / 64;
  uint64_t words_[kWords] = {};
};

}  // namespace corrente
