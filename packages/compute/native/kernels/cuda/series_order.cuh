// Ranks: each series sorted by itself, its values replaced by their ranks among those present, ties having their mean.
// A correlation of ranks is then a product of panels like any other; pairs with missing values, and Kendall's tau, read
// the places of the values (rank_walk.cuh).
//
// sort_series  one thread block per series: a bitonic network over 64-bit keys and row numbers, in shared memory where
//              they fit (12 bytes a row), else in device memory. n log²(n) / 4 comparisons: 2 × 10⁵ for 2,520 rows, and
//              4 × 10⁹ for 20,000 such series, about a millisecond of an H200's shared memory.
#pragma once

#include "block.cuh"
#include "panel.cuh"
#include "sort_block.cuh"

namespace corrente::cuda {

constexpr int sort_threads = 256;
constexpr size_t sort_bytes_per_row = sizeof(uint64_t) + sizeof(int32_t);

// Order-preserving; zeros of either sign are one, and a missing value comes last.
__host__ __device__ inline uint64_t order_key(double x) {
  if (x != x) return ~uint64_t{0};
  const double plain = x + 0.0;
  uint64_t bits;
  memcpy(&bits, &plain, sizeof(bits));
  return (bits >> 63) != 0 ? ~bits : bits | uint64_t{1} << 63;
}

// Grid: series of one panel. `raw` [series][rows] becomes ranks from 1; `places` likewise laid out. `scratch` has
// sort_bytes_per_row for each value, or is null where shared memory has.
__global__ void __launch_bounds__(sort_threads) sort_series(double* raw, int64_t rows, unsigned char* scratch, RankPlace* places) {
  unsigned char* const memory = scratch == nullptr ? dynamic_shared() : scratch + blockIdx.x * rows * static_cast<int64_t>(sort_bytes_per_row);
  auto* const keys = reinterpret_cast<uint64_t*>(memory);
  auto* const row_of = reinterpret_cast<int32_t*>(keys + rows);
  double* const values = raw + blockIdx.x * rows;
  RankPlace* const place_of = places + blockIdx.x * rows;
  for (int64_t t = threadIdx.x; t < rows; t += sort_threads) {
    keys[t] = order_key(values[t]);
    row_of[t] = static_cast<int32_t>(t);
  }
  __syncthreads();
  sort_block(rows, [&](int64_t i, int64_t j) {
    const uint64_t first = keys[i], second = keys[j];
    const int32_t first_row = row_of[i], second_row = row_of[j];
    if (first < second || (first == second && first_row < second_row)) return;
    keys[i] = second, keys[j] = first;
    row_of[i] = second_row, row_of[j] = first_row;
  });
  const int64_t present = lower_bound(keys, rows, ~uint64_t{0});
  for (int64_t i = threadIdx.x; i < rows; i += sort_threads) {
    const int32_t t = row_of[i];
    if (i >= present) {
      place_of[t] = {-1, -1, -1};
      continue;
    }
    const int64_t first = lower_bound(keys, present, keys[i]), end = upper_bound(keys, present, keys[i]);
    place_of[t] = {static_cast<int32_t>(i), static_cast<int32_t>(first), static_cast<int32_t>(end)};
    values[t] = static_cast<double>(first + end + 1) / 2;
  }
}

}  // namespace corrente::cuda
