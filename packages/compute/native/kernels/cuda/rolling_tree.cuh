// Statistics of windows of any length as merges of states that are made once: a tree over the rows.
//
// A node of level k holds the state of leaf_rows 2^k rows, at multiples of as many. A window is the values before its
// first whole leaf, nodes of rising levels, nodes of falling levels, and the values after its last whole leaf:
//
//    rows    |---------|---------|---------|---------|---------|
//    window       [====|===================|=========|===]
//                values       level 1        level 0   values
//
// No value is ever taken out of a state, and the nodes of a window depend on its rows alone: the bits do not depend on
// how a series is cut into spans.
//
// It serves windows over present values, whose lengths vary, and the statistics whose states (48 and 64 bytes) are too
// wide for the scans of rolling_window.cuh, where they would take the shared memory and the shuffles of 12 to 16 words.
//
// Work and bytes, for a window of w values: on average 15 values and log2(w / 16) nodes merged, of 4 to 35 operations
// each: 1000 of them for the fourth moment with w = 250, 30 ps per value on an H200 at 34 TFLOP/s; 8 bytes read and 8
// written for each value, and 4 to 8 for the nodes: 5 ps at 4.8 TB/s. Neighbouring threads walk neighbouring windows, so
// what they read lies in the first cache.
#pragma once

#include "rolling_run.cuh"
#include "window_states.cuh"

namespace corrente::cuda {

constexpr int64_t leaf_rows = 16;
constexpr int most_levels = 40;

// The nodes of the rows that windows ending in [from, to) reach: at most `reach` rows back.
struct Tree {
  int64_t first_leaf;               // of level 0
  int64_t from, to;                 // of the rows that have nodes
  int levels;
  int64_t nodes;                    // of one series
  int64_t level_begin[most_levels];  // in the nodes of one series

  __host__ __device__ int64_t first(int level) const { return first_leaf >> level; }
  __host__ __device__ int64_t count(int level) const { return (((to - 1) / leaf_rows) >> level) - first(level) + 1; }
  __host__ __device__ int64_t place(int level, int64_t node) const { return level_begin[level] + node - first(level); }
};

inline Tree tree_of(int64_t from, int64_t to, int64_t reach) {
  Tree tree{};
  const int64_t base = from - reach + 1 > 0 ? from - reach + 1 : 0;
  tree.first_leaf = base / leaf_rows;
  tree.from = tree.first_leaf * leaf_rows;
  tree.to = to;
  do {
    tree.level_begin[tree.levels] = tree.nodes;
    tree.nodes += tree.count(tree.levels);
    tree.levels++;
  } while (tree.levels < most_levels && (leaf_rows << tree.levels) <= reach);
  return tree;
}

// Grid: series × leaves, a thread each.
template <class Statistic>
__global__ void __launch_bounds__(window_threads) tree_leaves(const double* values, int64_t length, Tree tree, int64_t series, int64_t lag, typename Statistic::State* nodes) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x, leaves = tree.count(0);
  if (i >= series * leaves) return;
  const int64_t s = i / leaves, leaf = tree.first(0) + i % leaves;
  const int64_t end = (leaf + 1) * leaf_rows < tree.to ? (leaf + 1) * leaf_rows : tree.to;
  auto state = Statistic::empty();
  for (int64_t row = leaf * leaf_rows; row < end; row++) state = Statistic::merge(state, Statistic::row(values + s * length, row, lag));
  nodes[s * tree.nodes + tree.place(0, leaf)] = state;
}

// Grid: series × nodes of the level, a thread each. A node that has not both halves is in no window.
template <class Statistic>
__global__ void __launch_bounds__(window_threads) tree_level(Tree tree, int64_t series, int level, typename Statistic::State* nodes) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x, count = tree.count(level);
  if (i >= series * count) return;
  const int64_t s = i / count, node = tree.first(level) + i % count, below = tree.first(level - 1);
  auto* const mine = nodes + s * tree.nodes;
  const auto half = [&](int64_t child) {
    return child >= below && child - below < tree.count(level - 1) ? mine[tree.place(level - 1, child)] : Statistic::empty();
  };
  mine[tree.place(level, node)] = Statistic::merge(half(2 * node), half(2 * node + 1));
}

// The state of rows [from, to).
template <class Statistic>
__device__ typename Statistic::State merge_rows(const double* values, int64_t from, int64_t to, int64_t lag, const Tree& tree, const typename Statistic::State* nodes) {
  auto state = Statistic::empty();
  int64_t leaf = divide_up(from, leaf_rows);
  const int64_t last_leaf = to / leaf_rows;
  const int64_t plain = leaf <= last_leaf ? leaf * leaf_rows : to;
  int64_t row = from;
  for (; row < plain; row++) state = Statistic::merge(state, Statistic::row(values, row, lag));
  int level = 0;
  while (leaf < last_leaf) {
    while (level + 1 < tree.levels && leaf % (int64_t{2} << level) == 0 && leaf + (int64_t{2} << level) <= last_leaf) level++;
    while (leaf % (int64_t{1} << level) != 0 || leaf + (int64_t{1} << level) > last_leaf) level--;
    state = Statistic::merge(state, nodes[tree.place(level, leaf >> level)]);
    leaf += int64_t{1} << level;
    row = leaf * leaf_rows;
  }
  for (; row < to; row++) state = Statistic::merge(state, Statistic::row(values, row, lag));
  return state;
}

// Grid: series × rows, a thread each. The first `lag` rows of a window are in no pair as the later one.
template <class Statistic, class Real>
__global__ void __launch_bounds__(window_threads) tree_windows(WindowSpan<Real> span, int64_t series, WindowRows rows, int64_t lag, double ddof, Tree tree, const typename Statistic::State* nodes) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x, count = span.to - span.from;
  if (i >= series * count) return;
  const int64_t s = i / count, t = span.from + i % count;
  const double* const values = span.series(s);
  const auto state = merge_rows<Statistic>(values, rows.begin(t) + lag, t + 1, lag, tree, nodes + s * tree.nodes);
  span.store(s, t, state.count < rows.least ? NAN : Statistic::result(state, values[t], ddof));
}

}  // namespace corrente::cuda
