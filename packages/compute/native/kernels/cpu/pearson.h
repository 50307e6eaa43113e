// The Pearson session of the CPU engine; how it works stands in pearson.cpp, and in pearson_gaps.cpp for pairs with
// missing values.
#pragma once

#include <vector>

#include "../common/block_pool.h"
#include "kernels.h"
#include "threads.h"

namespace corrente {

class CpuPearson final : public CorrelationSession {
 public:
  CpuPearson(const Columns&, Precision, const Kernels&);

  // Standardises and packs; false where it was cancelled.
  bool prepare(const Control&);

  bool complete() const override { return slots_ == columns_.series; }
  Status tile(const Rectangle&, void* r, int32_t* n, const Control&) override;
  Status strongest(const Rectangle&, const PairSelection&, std::vector<SelectedPair>&, const Control&) override;

 private:
  // Rows that are multiplied before their sum joins the others: they fix the order of the additions, and so the bits.
  static constexpr int64_t kRows = 256;
  static constexpr int64_t kMostLanes = 64;

  struct Tile : Rectangle {
    void* r;
    int32_t* n;
  };
  struct Panels {
    int64_t from, to;
    int64_t count() const { return to - from; }
  };
  struct BlockPair {
    Panels a, b;
    bool diagonal;
    int64_t panel;
    int64_t work() const { return a.count() * b.count() * panel * panel / (diagonal ? 2 : 1); }
  };
  // Of places in the order of series.
  struct GapBlocks {
    Panels a, b;
    int64_t work() const { return a.count() * b.count(); }
  };

  void standardise(int64_t series);
  bool pack(const Control&);
  std::vector<BlockPair> block_pairs(const Tile&) const;
  void multiply(const Tile&, const BlockPair&, Block& scratch, const Control&);
  template <class Real>
  void store(const Tile&, const BlockPair&, const double* c, Real* r) const;
  std::vector<GapBlocks> gap_blocks(const Tile&) const;
  void sum_common_rows(const Tile&, const GapBlocks&, Block& scratch, const Control&) const;
  bool wanted(const GapBlocks&, int64_t p, int64_t q) const;
  void put_gap_pair(const Tile&, int64_t a, int64_t b, const double* sums) const;
  double correlation(int64_t a, int64_t b, const double (&moments)[kMoments]) const;

  static double clamp(double r) { return r > 1 ? 1 : r < -1 ? -1 : r; }

  const Columns columns_;
  const Precision precision_;
  const Kernels& kernels_;
  const int64_t panel_;
  std::vector<Standard> standards_;
  std::vector<char> constant_;
  std::vector<char> gaps_;
  std::vector<int64_t> order_;        // first the series without a gap, then the others: place → series
  int64_t slots_ = 0;                 // how many have none: the places below are the slots of the panels
  std::vector<int64_t> slot_before_;  // how many of those come before a series
  Block panels_;
  int64_t panel_stride_ = 0;
};

}  // namespace corrente
