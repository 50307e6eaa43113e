// Exponential averages as a scan.
//
// y_t = (1 - alpha) y_{t-1} + alpha x_t is an affine map of y_{t-1}; maps compose associatively, so all prefixes of a
// tile come from one scan, and all tiles' from a scan over their compositions. A missing value is the identity. The
// seed, the mean of the first `window` present values, is a map too: the constant one; rows before it have no value.
//
// (1) find_seed   one thread block per series walks on until it has met `window` present values.
// (2) compose     each tile to one map.
// (3) chain       one thread block per series: the average at the beginning of each tile.
// (4) averages    each tile again, scanned from there.
//
// Work and bytes, per value: about 10 fused multiply-adds; 16 bytes read and 8 written: 5 ps on an H200 at 4.8 TB/s.
// A launch takes up where the one before it left the series (EmaSeed), so that a long series may come in spans.
#pragma once

#include "rolling_window.cuh"

namespace corrente::cuda {

constexpr int ema_items = window_items<Affine>;

// Before the first span.
__global__ void begin_ema(EmaSeed* seeds, int64_t series) {
  const int64_t s = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (s < series) seeds[s] = {0, 0, -1, NAN};
}

struct Count {
  struct State {
    int64_t count;
  };
  __host__ __device__ static State empty() { return {0}; }
  __host__ __device__ static State merge(State left, State right) { return {left.count + right.count}; }
};

// (1) Grid: series.
__global__ void __launch_bounds__(window_threads) find_seed(const double* values, int64_t length, int64_t from, int64_t to, int64_t window, EmaSeed* seeds) {
  auto* counts = reinterpret_cast<Segment<Count>*>(dynamic_shared());
  auto* sums = reinterpret_cast<Sum::State*>(counts + window_threads / warp_size);
  auto* totals = reinterpret_cast<Count::State*>(sums + window_threads / warp_size);
  EmaSeed& seed = seeds[blockIdx.x];
  if (seed.at >= 0) return;
  int64_t present = seed.present;
  double sum = seed.sum;
  for (int64_t base = from; base < to && present < window; base += ema_items) {
    constexpr int each = Affine::values_per_thread;
    const int64_t first = base + static_cast<int64_t>(threadIdx.x) * each;
    const auto value_at = [&](int v) { return first + v < to ? values[blockIdx.x * length + first + v] : NAN; };
    int64_t mine = 0;
    for (int v = 0; v < each; v++) mine += value_at(v) == value_at(v);
    int64_t rank = present + scan_block<Count, true>({{mine}, 0}, {0}, counts).state.count;
    double part = 0;
    for (int v = 0; v < each; v++) {
      const double value = value_at(v);
      if (value != value) continue;
      if (rank < window) part += value;
      rank++;
      if (rank == window) seed.at = first + v;  // one thread of one tile comes here
    }
    sum += merge_block<Sum>({part}, sums).sum;
    present += merge_block<Count>({mine}, totals).count;
  }
  if (threadIdx.x == 0) {
    seed.present = present < window ? present : window;
    seed.sum = sum;
  }
}

// The maps of this thread's rows, and their composition.
__device__ inline Affine::State ema_steps(const double* values, int64_t first, int64_t to, const EmaSeed& seed, double window,
                                          Affine::State (&steps)[Affine::values_per_thread]) {
  auto composed = Affine::empty();
#pragma unroll
  for (int v = 0; v < Affine::values_per_thread; v++) {
    steps[v] = first + v < to ? ema_step(values[first + v], first + v, seed, window) : Affine::empty();
    composed = Affine::merge(composed, steps[v]);
  }
  return composed;
}

// (2) Grid: series × tiles.
__global__ void __launch_bounds__(window_threads) compose_ema(const double* values, int64_t length, int64_t from, int64_t to, int64_t window, int64_t tiles,
                                                             const EmaSeed* seeds, Affine::State* composed) {
  auto* shared = reinterpret_cast<Affine::State*>(dynamic_shared());
  const int64_t s = blockIdx.x / tiles;
  const int64_t first = from + blockIdx.x % tiles * ema_items + static_cast<int64_t>(threadIdx.x) * Affine::values_per_thread;
  Affine::State steps[Affine::values_per_thread];
  const auto mine = ema_steps(values + s * length, first, to, seeds[s], static_cast<double>(window), steps);
  const auto all = merge_block<Affine>(mine, shared);
  if (threadIdx.x == 0) composed[blockIdx.x] = all;
}

// (3) Grid: series. `composed` becomes, tile by tile, what takes the average at the span's beginning to the tile's.
__global__ void __launch_bounds__(window_threads) chain_ema(int64_t tiles, Affine::State* composed) {
  auto* segments = reinterpret_cast<Segment<Affine>*>(dynamic_shared());
  auto* merged = reinterpret_cast<Affine::State*>(segments + window_threads / warp_size);
  Affine::State* mine = composed + blockIdx.x * tiles;
  auto carry = Affine::empty();
  for (int64_t base = 0; base < tiles; base += window_threads) {
    const int64_t tile = base + threadIdx.x;
    const auto map = tile < tiles ? mine[tile] : Affine::empty();
    const auto before = scan_block<Affine, true>({map, 0}, carry, segments).state;
    carry = Affine::merge(carry, merge_block<Affine>(map, merged));
    if (tile < tiles) mine[tile] = before;
  }
}

// NaN, which stands for no average yet, does not spread through a map that forgets what it is applied to.
__device__ inline double apply(const Affine::State& map, double average) { return map.scale == 0 ? map.shift : fma(map.scale, average, map.shift); }

// (4) Grid: series × tiles. The last tile leaves the average for the next span in `next`.
template <class Real>
__global__ void __launch_bounds__(window_threads) ema_averages(WindowSpan<Real> span, int64_t window, int64_t tiles, const EmaSeed* seeds,
                                                              const Affine::State* chained, double* next) {
  constexpr int each = Affine::values_per_thread;
  auto* segments = reinterpret_cast<Segment<Affine>*>(dynamic_shared());
  auto* results = reinterpret_cast<double*>(segments + window_threads / warp_size);
  const int64_t s = blockIdx.x / tiles, tile = blockIdx.x % tiles;
  const int64_t base = span.from + tile * ema_items, first = base + static_cast<int64_t>(threadIdx.x) * each;
  const double* values = span.series(s);
  const EmaSeed seed = seeds[s];
  Affine::State steps[each];
  const auto mine = ema_steps(values, first, span.to, seed, static_cast<double>(window), steps);
  double average = apply(scan_block<Affine, true>({mine, 0}, chained[blockIdx.x], segments).state, seed.average);
#pragma unroll
  for (int v = 0; v < each; v++) {
    const int64_t t = first + v;
    const bool known = seed.at >= 0 && t >= seed.at;
    if (known) average = apply(steps[v], average);
    const bool missing = t >= span.to || values[t] != values[t];
    results[threadIdx.x * each + v] = known && !missing ? average : NAN;
  }
  if (tile == tiles - 1 && threadIdx.x == window_threads - 1) next[s] = average;
  __syncthreads();
  for (int i = static_cast<int>(threadIdx.x); i < ema_items; i += window_threads) span.store(s, base + i, results[i]);
}

// After a span: its last averages are where the next one begins.
__global__ void advance_ema(EmaSeed* seeds, const double* next, int64_t series) {
  const int64_t s = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (s < series) seeds[s].average = next[s];
}

}  // namespace corrente::cuda
