// Slices of two panels on their way through shared memory: while one slice is multiplied, the next ones are being
// copied. A slice is 16 rows of the series of one side; it is one contiguous stretch, or two of 8 rows.
#pragma once

#include "panel.cuh"
#include "warp.cuh"

namespace corrente::cuda {

constexpr int pair_threads = 256;

// A block of the matrix: pairs of the series of panel a with those of panel b, a ≤ b.
struct PanelPair {
  int32_t a, b;
};

// Which part of a grid a thread block is: of pairs, and of chunks of rows [first_chunk, first_chunk + chunks).
struct PairGrid {
  const PanelPair* pairs;
  int64_t first_chunk, chunks;

  __device__ PanelPair pair(int64_t block) const { return pairs[block / chunks]; }
  __device__ int64_t first_row(int64_t block) const { return (first_chunk + block % chunks) * chunk_rows; }
};

// One side of a slice in the panel, `series` series wide from `first` on.
template <class Z, int series>
struct Side {
  const Z* panel;
  int first;

  static constexpr int values = series * slice_rows;
  // Doubles lie in stretches of 8 rows, floats, which are only taken in whole panels, in one of 16.
  static constexpr int stretches = sizeof(Z) == sizeof(double) ? 2 : 1;
  static constexpr int stretch = values / stretches;

  __device__ void copy(Z* shared, int64_t row) const {
    static_assert(sizeof(Z) == sizeof(double) || series == panel_series);
    constexpr int each = 16 / sizeof(Z);
#pragma unroll
    for (int s = 0; s < stretches; s++) {
      const Z* from = panel + panel_place<Z>(first, row + s * 8);
#pragma unroll
      for (int i = static_cast<int>(threadIdx.x) * each; i < stretch; i += pair_threads * each) copy_async<16>(shared + s * stretch + i, from + i);
    }
  }
};

template <class Z, int series, int stages>
constexpr size_t slices_bytes = size_t{2} * stages * series * slice_rows * sizeof(Z);

// Calls multiply(a, b) with each slice of rows [from, to) in turn, in order. One barrier per slice: the stage that is
// filled is the one that all threads have left when they meet there.
template <class Z, int series, int stages, class Multiply>
__device__ void for_each_slice(const Side<Z, series>& a, const Side<Z, series>& b, int64_t from, int64_t to, Multiply multiply) {
  constexpr int side_values = Side<Z, series>::values;
  Z* shared = reinterpret_cast<Z*>(dynamic_shared());
  const int slices = static_cast<int>((to - from) / slice_rows);
  const auto fill = [&](int slice) {
    if (slice < slices) {
      Z* stage = shared + slice % stages * (2 * side_values);
      a.copy(stage, from + int64_t{slice} * slice_rows);
      b.copy(stage + side_values, from + int64_t{slice} * slice_rows);
    }
    commit_copies();
  };
  for (int slice = 0; slice < stages - 1; slice++) fill(slice);
  for (int slice = 0; slice < slices; slice++) {
    wait_for_copies<stages - 2>();
    __syncthreads();
    fill(slice + stages - 1);
    const Z* stage = shared + slice % stages * (2 * side_values);
    multiply(stage, stage + side_values);
  }
}

}  // namespace corrente::cuda
