// What one instruction set offers for growing trees (generic/trees.cpp): histograms of a node's rows over the bins of a
// feature, and the best place to cut one.
//
// Sums are of whole numbers held in doubles, none above 2^53: they are exact, so that neither the order of rows nor the
// number of threads changes a bit, and what a child has is its parent less its sibling without an error.
#pragma once

#include <cstdint>

namespace corrente {

// A bin holds at most 255 values of a code of one byte, and the missing ones have the last code.
inline constexpr int kMostBins = 255;
inline constexpr int kMostCodes = kMostBins + 1;

// Of rows: the first and second derivatives of a loss, or the weighted targets and the weights.
struct alignas(16) Sums {
  double g = 0, h = 0;
};

// Of one feature in a node: `bins` bins, and one more for missing values.
struct FeatureHistogram {
  const Sums* sums;
  const int32_t* rows;  // null where h is the number of rows
  int bins;
};

struct NodeSums {
  Sums sums;
  double rows = 0;
};

// What a side of a split needs; all in the units of the sums.
struct SplitRule {
  double l2;
  double least_h;
  double least_rows;
};

// Left go the bins up to `bin`.
struct BestBin {
  double score;  // G²/(H + l2) of the left side and of the right one; negative where no split is allowed
  int32_t bin;
  bool missing_left;
  NodeSums left;
};

struct TreeKernels {
  // Adds the rows to the histograms of one or two features. `rows` null: rows 0 … count - 1. `row_counts`: null, or
  // for each feature where rows are counted.
  void (*accumulate)(const uint8_t* const* codes, int features, const int32_t* rows, int64_t count, const Sums* of_row,
                     Sums* const* sums, int32_t* const* row_counts);
  // a -= b
  void (*subtract)(Sums* a, const Sums* b, int64_t count);
  // Of the splits with the greatest score the one with the lowest bin, missing values to the right if that is the same.
  void (*best_bin)(const FeatureHistogram&, const NodeSums& node, const SplitRule&, BestBin&);
  // out[i] = (round(g[i] g_scale), round(h[i] h_scale)), or 1 in its second place where h is null; |g g_scale| < 2^51.
  void (*quantise)(const double* g, const double* h, int64_t count, double g_scale, double h_scale, Sums* out);
};

// Of the instruction set that was chosen.
const TreeKernels& tree_kernels_of_machine();

namespace baseline {
extern const TreeKernels tree_kernels;
}
namespace avx2 {
extern const TreeKernels tree_kernels;
}
namespace avx512 {
extern const TreeKernels tree_kernels;
}

}  // namespace corrente
