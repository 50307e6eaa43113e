// Weighted sums over windows: out[t] = Σ weights[i] x[t - w + 1 + i], a convolution.
//
// A thread block makes a tile of rows. Values and weights come in chunks of taps through shared memory; each thread
// keeps the sums of weighted_outputs neighbouring rows and as many values in registers, which shift by one value per
// tap: one value and one weight are read for weighted_outputs products. Places in shared memory are spread by one in
// eight, so that threads eight values apart meet different banks. Each chunk is summed on its own: long windows lose
// fewer digits. A missing value is NaN in every sum it is in, whatever its weight.
//
// Work and bytes, per value: w fused multiply-adds, 2 w / 34 TFLOP/s on an H200: 3 ps for w = 50, 60 for w = 1,000; 16
// bytes at 4.8 TB/s are 3.3 ps. Shared memory gives 16 doubles a cycle and multiprocessor, a quarter of what the
// multipliers take: with 8 products for each read it is not the limit.
#pragma once

#include "rolling_run.cuh"

namespace corrente::cuda {

constexpr int weighted_outputs = 8;
constexpr int weighted_tile = window_threads * weighted_outputs;
constexpr int weighted_taps = 256;  // of one chunk, a multiple of weighted_outputs
constexpr int weighted_values = weighted_tile + weighted_taps;

__host__ __device__ constexpr int spread(int i) { return i + i / weighted_outputs; }

constexpr size_t weighted_shared_bytes = (spread(weighted_values) + weighted_taps) * sizeof(double);

// Grid: series × tiles, from row `from` to `to`. `all_taps`: the window, or 0 where no row completes one.
template <class Real>
__global__ void __launch_bounds__(window_threads) weighted_windows(WindowSpan<Real> span, const double* weights, int64_t window, int64_t all_taps, int64_t from, int64_t to, int64_t tiles) {
  auto* const chunk = reinterpret_cast<double*>(dynamic_shared());
  double* const taps = chunk + spread(weighted_values);
  const int64_t s = blockIdx.x / tiles, first = from + blockIdx.x % tiles * weighted_tile;
  const double* const values = span.series(s);
  const int thread = static_cast<int>(threadIdx.x), mine = thread * weighted_outputs;
  double sums[weighted_outputs] = {};
  for (int64_t tap = 0; tap < all_taps; tap += weighted_taps) {
    const int64_t base = first - window + 1 + tap;  // the row of place 0
    __syncthreads();
    for (int i = thread; i < weighted_values; i += window_threads) {
      const int64_t row = base + i;
      chunk[spread(i)] = row >= 0 && row < span.to ? values[row] : 0;
    }
    for (int i = thread; i < weighted_taps; i += window_threads) taps[i] = tap + i < window ? weights[tap + i] : 0;
    __syncthreads();
    // A value beyond the window's end has no weight, but it may be missing.
    const int count = static_cast<int>(window - tap < weighted_taps ? window - tap : weighted_taps);
    double parts[weighted_outputs] = {}, held[weighted_outputs];
#pragma unroll
    for (int v = 0; v < weighted_outputs; v++) held[v] = chunk[spread(mine + v)];
    int i = 0;
    for (; i + weighted_outputs <= count; i += weighted_outputs) {
#pragma unroll
      for (int step = 0; step < weighted_outputs; step++) {
        const double weight = taps[i + step];
#pragma unroll
        for (int v = 0; v < weighted_outputs; v++) parts[v] = fma(weight, held[(step + v) % weighted_outputs], parts[v]);
        held[step] = chunk[spread(mine + i + step + weighted_outputs)];
      }
    }
    for (; i < count; i++) {
      const double weight = taps[i];
#pragma unroll
      for (int v = 0; v < weighted_outputs; v++) parts[v] = fma(weight, chunk[spread(mine + i + v)], parts[v]);
    }
#pragma unroll
    for (int v = 0; v < weighted_outputs; v++) sums[v] += parts[v];
  }
  // The values are done with: their place takes the results, so that neighbours store neighbours.
  __syncthreads();
#pragma unroll
  for (int v = 0; v < weighted_outputs; v++) chunk[spread(mine + v)] = sums[v];
  __syncthreads();
  for (int i = thread; i < weighted_tile && first + i < to; i += window_threads) {
    span.store(s, first + i, first + i < window - 1 ? NAN : chunk[spread(i)]);
  }
}

}  // namespace corrente::cuda
