#include "node_lists.h"

#include <stdexcept>

namespace corrente {

namespace {

template <class Value>
void append(std::vector<Value>& to, const std::vector<Value>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append_children(std::vector<int32_t>& to, const std::vector<int32_t>& from, int32_t shift) {
  for (const int32_t child : from) to.push_back(child < 0 ? -1 : child + shift);
}

}  // namespace

void append_tree(TreeEnsemble& ensemble, const NodeLists& tree) {
  if (ensemble.first.empty()) ensemble.first.push_back(0);
  const int32_t before = ensemble.first.back();
  if (int64_t{before} + tree.size() > INT32_MAX) throw std::length_error("the trees have more than 2147483647 nodes; grow fewer, or with larger leaves");
  append(ensemble.feature, tree.feature);
  append_children(ensemble.left, tree.left, before);
  append_children(ensemble.right, tree.right, before);
  append(ensemble.rows, tree.rows);
  append(ensemble.threshold, tree.threshold);
  append(ensemble.value, tree.value);
  append(ensemble.gain, tree.gain);
  append(ensemble.missing_left, tree.missing_left);
  ensemble.first.push_back(before + tree.size());
}

}  // namespace corrente
