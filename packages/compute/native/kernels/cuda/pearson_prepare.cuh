// Standardising: each series is scaled, centred and brought to unit norm, and laid out in panels. After that a
// correlation over complete rows is a sum of products.
//
// measure      one thread block per series: largest absolute value, then the mean, then the norm with the mean's own
//              rounding error taken out (the corrected two-pass algorithm; Chan, Golub and LeVeque 1983, eq. 1.7).
// standardise  one thread block per 32 × 32 values, transposed through shared memory where the panel's layout asks.
//
// Bytes: the values are read from device memory once and from cache twice more, and the panel is written: 24 bytes per
// value, 5 ps on an H200 at 4.8 TB/s, against 160 ps to bring it over the bus.
#pragma once

#include "block.cuh"
#include "panel.cuh"

namespace corrente::cuda {

constexpr int measure_threads = 512;

// Extremes of the present values.
struct Range {
  struct State {
    double least, most;
    int64_t present;
  };
  __host__ __device__ static State empty() { return {INFINITY, -INFINITY, 0}; }
  __host__ __device__ static State of(double x) { return x == x ? State{x, x, 1} : empty(); }
  __host__ __device__ static State merge(State a, State b) {
    return {a.least < b.least ? a.least : b.least, a.most > b.most ? a.most : b.most, a.present + b.present};
  }
};

// A sum and a sum of squares.
struct TwoSums {
  struct State {
    double sum, squares;
  };
  __host__ __device__ static State empty() { return {0, 0}; }
  __host__ __device__ static State merge(State a, State b) { return {a.sum + b.sum, a.squares + b.squares}; }
};

// The power of two that brings `largest` into [1/2, 1): exact to multiply by, and no square of the result overflows.
__host__ __device__ inline double unit_scale(double largest) {
  if (!(largest > 0)) return 1;
  int exponent;
  frexp(largest, &exponent);
  return ldexp(1.0, -exponent > 1000 ? 1000 : -exponent);
}

// Grid: series. `raw` is [series][rows].
__global__ void __launch_bounds__(measure_threads) measure(const double* raw, int64_t rows, SeriesMoments* moments) {
  auto* ranges = reinterpret_cast<Range::State*>(dynamic_shared());
  auto* sums = reinterpret_cast<TwoSums::State*>(ranges + measure_threads / warp_size);
  const double* values = raw + blockIdx.x * rows;
  auto range = Range::empty();
#pragma unroll 4
  for (int64_t t = threadIdx.x; t < rows; t += measure_threads) range = Range::merge(range, Range::of(values[t]));
  range = merge_block<Range>(range, ranges);
  const bool constant = range.present < 2 || range.least == range.most;
  const double scale = unit_scale(fabs(range.least) > fabs(range.most) ? fabs(range.least) : fabs(range.most));
  const double count = static_cast<double>(range.present);

  auto sum = TwoSums::empty();
#pragma unroll 4
  for (int64_t t = threadIdx.x; t < rows; t += measure_threads) {
    const double x = values[t];
    if (x == x) sum.sum += x * scale;
  }
  const double rough_mean = merge_block<TwoSums>(sum, sums).sum / count;

  sum = TwoSums::empty();
#pragma unroll 4
  for (int64_t t = threadIdx.x; t < rows; t += measure_threads) {
    const double d = values[t] * scale - rough_mean;
    if (d != d) continue;
    sum.sum += d;
    sum.squares = fma(d, d, sum.squares);
  }
  sum = merge_block<TwoSums>(sum, sums);
  if (threadIdx.x == 0) {
    const double error = sum.sum / count;
    moments[blockIdx.x] = {scale, rough_mean, error, 1 / sqrt(sum.squares - sum.sum * error), range.present, constant};
  }
}

constexpr size_t measure_bytes = measure_threads / warp_size * (sizeof(Range::State) + sizeof(TwoSums::State));
constexpr int tile_side = 32;
constexpr int standardise_threads = 256;

// Grid: 4 × padded rows / 32, rounded up, for one panel of `series` series. NaN stands for a missing value and for
// every value of a constant series; beyond the last row and the last series there are zeros.
template <class Z>
__global__ void __launch_bounds__(standardise_threads) standardise(const double* raw, int series, int64_t rows, int64_t padded_rows,
                                                                  const SeriesMoments* moments, Z* z, uint32_t* presence, int64_t words) {
  auto* tile = reinterpret_cast<double*>(dynamic_shared());  // [32 series][32 rows, and one against bank conflicts]
  const int first_series = static_cast<int>(blockIdx.x % (panel_series / tile_side)) * tile_side;
  const int64_t first_row = blockIdx.x / (panel_series / tile_side) * tile_side;
  const int lane = lane_index();
  for (int i = warp_index(); i < tile_side; i += standardise_threads / warp_size) {
    const int s = first_series + i;
    const int64_t t = first_row + lane;
    double value = 0;
    bool present = false;
    if (s < series) {
      const SeriesMoments m = moments[s];
      const double x = t < rows ? raw[s * rows + t] : NAN;
      present = x == x;
      value = m.constant ? NAN : t < rows ? ((x * m.scale - m.mean) - m.mean_error) * m.inverse_norm : 0;
    }
    tile[i * (tile_side + 1) + lane] = value;
    const unsigned bits = vote(present);
    if (lane == 0 && presence != nullptr && first_row / tile_side < words) presence[s * words + first_row / tile_side] = bits;
  }
  __syncthreads();
  constexpr bool rows_are_neighbours = sizeof(Z) == sizeof(double);
  for (int i = warp_index(); i < tile_side; i += standardise_threads / warp_size) {
    const int s = rows_are_neighbours ? i : lane, t = rows_are_neighbours ? lane : i;
    if (first_row + t < padded_rows) z[panel_place<Z>(first_series + s, first_row + t)] = static_cast<Z>(tile[s * (tile_side + 1) + t]);
  }
}

constexpr size_t standardise_bytes = tile_side * (tile_side + 1) * sizeof(double);

}  // namespace corrente::cuda
