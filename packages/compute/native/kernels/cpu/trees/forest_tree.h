// One tree of a random forest (Breiman 2001), grown depth first on the bins of its table.
#pragma once

#include <memory>
#include <vector>

#include "bins.h"
#include "node_lists.h"
#include "word_source.h"

namespace corrente {

// What all trees of a forest share.
struct ForestSetting {
  const ForestRequest& request;
  const BinnedTable& table;
  const TreeKernels& kernels;
  std::vector<double> target;  // of the training rows; of a classification the class
  // Of a regression, and of two classes: (target - centre) scale, a whole number. A gain has factor / scale² of this.
  std::vector<double> fixed;
  double scale = 1, factor = 1;
  int64_t rows() const { return static_cast<int64_t>(target.size()); }
  int64_t outputs() const { return request.classes == 0 ? 1 : request.classes; }
};

// A split of a node by one feature: left go the bins up to `bin`.
struct ForestSplit {
  double score = -1;  // greater is better; negative where there is none
  int32_t feature = -1;
  int32_t bin = 0;
  bool missing_left = false;
};

// The rows of a node, by their places in the table.
struct ForestNode {
  const int32_t* rows;
  int64_t count;
};

// Finds the best cut of a node by one feature. A worker has one, and uses it for tree after tree.
class ForestSearch {
 public:
  virtual ~ForestSearch() = default;
  // Of each row how often it was drawn; stays as it is while the tree grows.
  virtual void begin_tree(const int32_t* weights) = 0;
  virtual void begin_node(const ForestNode&) = 0;
  // Whether all rows of the node have the same target.
  virtual bool pure() const = 0;
  // Of cuts that are equally good the lowest; between two bins that are empty in the node, midway.
  virtual ForestSplit best(int32_t feature) = 0;
  // Of a score, how much less the node's impurity times its rows becomes.
  virtual double gain(double score) const = 0;
  // [outputs]: the mean target of the rows, or the share of each class.
  virtual void values(double* out) const = 0;
};

// Regression and two classes, whose Gini impurity is twice the variance of 0 and 1.
std::unique_ptr<ForestSearch> variance_search(const ForestSetting&);
// Three classes or more.
std::unique_ptr<ForestSearch> gini_search(const ForestSetting&);

// The working memory of a worker: 12 bytes for each training row, and 16 more for regression.
class ForestGrower {
 public:
  explicit ForestGrower(const ForestSetting&);

  // Tree t of the forest: its bootstrap and the features of its splits are the words of draw t. False where the work was
  // cancelled.
  bool grow(int64_t t, const Control&, NodeLists& tree);

 private:
  struct Open {
    int32_t node;
    int64_t from, to, depth;
  };

  void draw_rows(WordSource&);
  ForestSplit choose(const ForestNode&, WordSource&);
  int64_t partition(const Open&, const ForestSplit&);

  const ForestSetting& setting_;
  std::unique_ptr<ForestSearch> search_;
  std::vector<int32_t> weights_, rows_, scratch_, order_;
};

}  // namespace corrente
