// One tree of gradient boosting: leaves are split best first (Friedman 2001; Shi 2007), by histograms, of which only
// the smaller of two siblings is made by looking at rows (Ke et al. 2017).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "bins.h"
#include "crew.h"
#include "histogram_pool.h"
#include "node_lists.h"
#include "row_partition.h"
#include "tree_kernels.h"

namespace corrente {

struct BestFirstRules {
  int64_t max_leaves, max_depth, min_leaf;
  double l2;
  double learning_rate;
  bool counted;  // histograms count rows, because second derivatives do not
};

// The training rows that a leaf holds: rows()[from, to).
struct GrownLeaf {
  int32_t node;
  int64_t from, to;
};

class BestFirstGrower {
 public:
  // The first `rows` rows of the table are those of the training.
  BestFirstGrower(const BinnedTable&, int64_t rows, const BestFirstRules&, Crew&, const Control&);

  // A tree by these features, ascending, for the derivatives of each row in fixed point. Of splits that gain the same
  // the one of the lowest feature is taken, then the lowest threshold, then missing values to the right; a node
  // without any sends them to where more rows go (then left). False where the work was cancelled.
  bool grow(std::span<const int32_t> features, const Sums* of_row, double g_scale, double h_scale);

  // Of the tree that was grown last.
  const NodeLists& tree() const { return tree_; }
  const std::vector<GrownLeaf>& leaves() const { return leaves_; }
  const int32_t* rows() const { return partition_.rows(); }
  // The node's bin, where it is not a leaf.
  const std::vector<uint8_t>& cuts() const { return cuts_; }

 private:
  struct Split {
    BestBin at{-1, 0, false, {}};
    int32_t feature = -1;
    double gain = 0;
  };
  struct Open {
    int32_t node = 0, depth = 0;
    int64_t from = 0, to = 0;
    NodeSums sums;
    Split split;
    HistogramPool::Slot* histogram = nullptr;
    int64_t count() const { return to - from; }
  };

  // One of two siblings in a step of the search.
  struct Search {
    Open* node = nullptr;
    bool scanned = false;   // its histogram is made from its rows
    bool searched = false;  // its best split is wanted
  };

  Open open(int32_t node, int64_t from, int64_t to, int32_t depth, const NodeSums&) const;
  NodeSums sums_of_all() const;
  bool may_split(const Open&) const;
  void search_root(Open&);
  void search_children(Open& parent, Open& left, Open& right);
  void search(Search small, Search large, bool by_difference);
  bool scan_in_slices(const Open&);
  void scan(const Open&, const HistogramPool::Slot&, size_t place, size_t count, int64_t from, int64_t to) const;
  void search_feature(const Open&, size_t place, BestBin& found) const;
  void choose(Open&, const std::vector<BestBin>& found) const;
  void release(Open&);
  void release_slot(Open&);
  static bool later(const Open&, const Open&);
  void push(const Open&);
  void split(Open& parent, bool last);

  const BinnedTable& table_;
  const BestFirstRules rules_;
  Crew& crew_;
  const Control& control_;
  const TreeKernels& kernels_;
  HistogramPool pool_;
  RowPartition partition_;
  std::vector<BestBin> found_[2];  // for each feature, of the small sibling and of the large one

  // Of the tree that grows.
  std::span<const int32_t> features_;
  const Sums* of_row_ = nullptr;
  double g_scale_ = 1, h_scale_ = 1;
  SplitRule rule_{};
  NodeLists tree_;
  std::vector<uint8_t> cuts_;
  std::vector<Open> heap_;
  std::vector<GrownLeaf> leaves_;
};

}  // namespace corrente
