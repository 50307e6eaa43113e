// The session of Pearson correlations and covariances of the CPU engine; how it works stands in pearson.cpp, and in
// pearson_gaps.cpp for pairs with missing values. Spearman's (spearman.h) is the same over ranks.
#pragma once

#include <vector>

#include "../common/block_pool.h"
#include "kernels.h"
#include "pearson_sinks.h"
#include "threads.h"

namespace corrente {

class CpuPearson : public CorrelationSession {
 public:
  CpuPearson(const Columns&, const CorrelationRequest&, Precision, const Kernels&);

  // Standardises and packs; false where it was cancelled. `before` units of work are done already.
  bool prepare(const Control&, int64_t before = 0);

  bool complete() const override { return slots_ == columns_.series; }
  Status tile(const Rectangle&, void* r, int32_t* n, const Control&) override;
  Status strongest(const Rectangle&, const PairSelection&, std::vector<SelectedPair>&, const Control&) override;

 protected:
  // Places in the order of series: two ranges of at most 64, of which a's is not before b's.
  struct GapBlocks {
    PlaceRange a, b;
    int64_t work() const { return a.count() * b.count(); }
  };

  // Gives the sink every pair of the two blocks that it wants and of which a series has gaps.
  virtual void gap_pairs(const GapBlocks&, PairSink&, Block& scratch, int worker, const Control&) const;

  const Columns columns_;
  const Kernels& kernels_;
  std::vector<char> constant_;
  std::vector<char> gaps_;
  std::vector<int64_t> order_;  // first the series without a gap, then the others: place → series

 private:
  // Rows that are multiplied before their sum joins the others: they fix the order of the additions, and so the bits.
  static constexpr int64_t kRows = 256;
  static constexpr int64_t kMostLanes = 64;

  // Panels of two blocks of slots, a's not before b's.
  struct BlockPair {
    PlaceRange a, b;
    bool diagonal;
    int64_t panel;
    int64_t work() const { return a.count() * b.count() * panel * panel / (diagonal ? 2 : 1); }
  };
  // Of which pairs: all of a rectangle, or those with the row's series before the column's.
  enum class Side { both, upper };

  void standardise(int64_t series);
  bool pack(const Control&);
  Status compute(const Rectangle&, Side, PairSink&, const char* operation, const Control&);
  std::vector<BlockPair> block_pairs(const Rectangle&, Side) const;
  std::vector<GapBlocks> gap_blocks(const Rectangle&) const;
  void multiply(const BlockPair&, PairSink&, Block& scratch, int worker, const Control&) const;
  void scale(const SlotBlock&) const;
  SlotSeries slot_series() const;
  bool covariance() const { return request_.method == CorrelationMethod::covariance; }
  bool wanted(const GapBlocks&, int64_t p, int64_t q) const;
  double gap_value(int64_t a, int64_t b, const double (&moments)[kMoments]) const;

  const CorrelationRequest request_;
  const Precision precision_;
  const int64_t panel_;
  std::vector<Standard> standards_;
  std::vector<double> spreads_;       // of a covariance: the root of the variance, in the unit of the input
  std::vector<double> diagonal_;      // the coefficient of each complete series with itself
  int64_t slots_ = 0;                 // how many series have no gap: the places below are the slots of the panels
  std::vector<int64_t> slot_before_;  // how many of those come before a series
  Block panels_;
  int64_t panel_stride_ = 0;
};

}  // namespace corrente
