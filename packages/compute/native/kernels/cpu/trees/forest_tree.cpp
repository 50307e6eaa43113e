#include "forest_tree.h"

#include <algorithm>
#include <numeric>

namespace corrente {

ForestGrower::ForestGrower(const ForestSetting& setting)
    : setting_(setting),
      search_(setting.request.classes > 2 ? gini_search(setting) : variance_search(setting)),
      weights_(setting.target.size()),
      scratch_(setting.target.size()),
      order_(static_cast<size_t>(setting.table.features())) {}

// The distinct rows of the tree, and how often each was drawn.
void ForestGrower::draw_rows(WordSource& words) {
  const int64_t rows = setting_.rows();
  rows_.clear();
  if (!setting_.request.bootstrap) {
    std::fill(weights_.begin(), weights_.end(), 1);
    rows_.resize(static_cast<size_t>(rows));
    std::iota(rows_.begin(), rows_.end(), 0);
    return;
  }
  std::fill(weights_.begin(), weights_.end(), 0);
  for (int64_t i = 0; i < rows; ++i) ++weights_[static_cast<size_t>(words.below(rows))];
  for (int64_t row = 0; row < rows; ++row)
    if (weights_[static_cast<size_t>(row)] > 0) rows_.push_back(static_cast<int32_t>(row));
}

// Features come in an order drawn anew, and the first of equally good ones is taken. Where none of those that the split
// may choose from can cut the node, others follow until one does.
ForestSplit ForestGrower::choose(const ForestNode& node, WordSource& words) {
  const auto features = static_cast<int64_t>(order_.size());
  ForestSplit best;
  for (int64_t tried = 0; tried < features; ++tried) {
    if (tried >= setting_.request.features_per_split && best.score >= 0) break;
    std::swap(order_[static_cast<size_t>(tried)], order_[static_cast<size_t>(tried + words.below(features - tried))]);
    const ForestSplit found = search_->best(order_[static_cast<size_t>(tried)]);
    if (found.score > best.score) best = found;
    // Two rows are apart, and no other feature can do more.
    if (node.count == 2 && best.score >= 0) break;
  }
  return best;
}

int64_t ForestGrower::partition(const Open& node, const ForestSplit& split) {
  const uint8_t* const codes = setting_.table.codes(split.feature);
  const int missing = setting_.table.bins(split.feature);
  int32_t* stay = rows_.data() + node.from;
  int32_t* move = scratch_.data();
  for (int64_t i = node.from; i < node.to; ++i) {
    const int32_t row = rows_[static_cast<size_t>(i)];
    const int code = codes[row];
    const int64_t left = code == missing ? split.missing_left : code <= split.bin;
    *stay = row;
    *move = row;
    stay += left;
    move += 1 - left;
  }
  std::copy(scratch_.data(), move, stay);
  return stay - rows_.data();
}

bool ForestGrower::grow(int64_t t, const Control& control, NodeLists& tree) {
  const ForestRequest& request = setting_.request;
  WordSource words(request.stream, static_cast<uint32_t>(t));
  draw_rows(words);
  std::iota(order_.begin(), order_.end(), 0);
  search_->begin_tree(weights_.data());
  tree.width = setting_.outputs();
  std::vector<Open> open{{tree.add(static_cast<int64_t>(rows_.size())), 0, static_cast<int64_t>(rows_.size()), 0}};
  while (!open.empty()) {
    if (control.cancelled()) return false;
    const Open at = open.back();
    open.pop_back();
    const ForestNode node{rows_.data() + at.from, at.to - at.from};
    search_->begin_node(node);
    const bool leaf = node.count < 2 * request.min_leaf || (request.max_depth > 0 && at.depth >= request.max_depth) || search_->pure();
    const ForestSplit split = leaf ? ForestSplit{} : choose(node, words);
    if (split.score < 0) {
      search_->values(tree.values(at.node));
      continue;
    }
    const int64_t middle = partition(at, split);
    const int32_t left = tree.add(middle - at.from), right = tree.add(at.to - middle);
    tree.split(at.node, split.feature, setting_.table.threshold(split.feature, split.bin), split.missing_left, search_->gain(split.score), left, right);
    open.push_back({right, middle, at.to, at.depth + 1});
    open.push_back({left, at.from, middle, at.depth + 1});
  }
  return true;
}

}  // namespace corrente
