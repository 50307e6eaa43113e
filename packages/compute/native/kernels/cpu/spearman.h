// Spearman's correlation: Pearson's of ranks. Ranks of complete series are taken once, and their pairs are products of
// panels as in pearson.cpp. Where a series has gaps, each pair's ranks are over its common rows.
#pragma once

#include <vector>

#include "pearson.h"
#include "spearman_ranks.h"

namespace corrente {

class CpuSpearman final : public CpuPearson {
 public:
  CpuSpearman(RankedSeries&&, Precision, const Kernels&);

  // After it, ranks that no pair needs any more are dropped.
  bool prepare(const Control&);

 private:
  void gap_pairs(const GapBlocks&, PairSink&, Block& scratch, int worker, const Control&) const override;

  RankedSeries ranks_;
};

}  // namespace corrente
