// A tree as it grows: its nodes in the order in which they were made, so that children stand after their parent.
#pragma once

#include <cstdint>
#include <vector>

#include "../../ops.h"

namespace corrente {

struct NodeLists {
  int64_t width = 1;  // values of a node
  std::vector<int32_t> feature, left, right, rows;  // children by their places in this tree
  std::vector<double> threshold, value, gain;
  std::vector<uint8_t> missing_left;

  int32_t size() const { return static_cast<int32_t>(feature.size()); }

  // A leaf, for the time being; its values are 0.
  int32_t add(int64_t node_rows) {
    feature.push_back(-1);
    left.push_back(-1);
    right.push_back(-1);
    rows.push_back(static_cast<int32_t>(node_rows));
    threshold.push_back(0);
    gain.push_back(0);
    missing_left.push_back(0);
    value.resize(value.size() + static_cast<size_t>(width));
    return size() - 1;
  }

  double* values(int32_t node) { return value.data() + node * width; }

  void split(int32_t node, int32_t by, double at, bool missing, double gained, int32_t left_child, int32_t right_child) {
    const auto place = static_cast<size_t>(node);
    feature[place] = by;
    threshold[place] = at;
    missing_left[place] = missing;
    gain[place] = gained;
    left[place] = left_child;
    right[place] = right_child;
  }
};

// Puts a tree behind those that an ensemble has. Throws std::length_error beyond 2^31 nodes.
void append_tree(TreeEnsemble&, const NodeLists&);

}  // namespace corrente
