// Pairs that are computed each by itself: a thread block at a time takes a pair, with the block's shared memory, or a
// stretch of device memory where rows are many, to work in. The statistics are in spearman.cuh, kendall.cuh and
// distance.cuh.
#pragma once

#include "block.cuh"
#include "pairs.cuh"
#include "slices.cuh"

namespace corrente::cuda {

constexpr int walk_warps = walk_threads / warp_size;
constexpr int64_t walk_places = int64_t{panel_series} * panel_series;

struct WalkResult {
  double value;
  int32_t count;
};

// Sums that the threads of a block add up.
struct ThreeSums {
  struct State {
    double a, b, c;
  };
  __host__ __device__ static State merge(State x, State y) { return {x.a + y.a, x.b + y.b, x.c + y.c}; }
};

struct ThreeCounts {
  struct State {
    int64_t a, b, c;
  };
  __host__ __device__ static State merge(State x, State y) { return {x.a + y.a, x.b + y.b, x.c + y.c}; }
};

// What the block has besides the statistic's own memory: room for merge_block and for scans.
constexpr size_t walk_shared_bytes = walk_warps * sizeof(ThreeSums::State) + walk_warps * sizeof(int32_t);

struct WalkShared {
  ThreeSums::State* sums;
  ThreeCounts::State* counts;  // the same memory
  int32_t* scan;
};

// The sum of what the threads before this one hold.
__device__ inline int32_t sum_before(int32_t mine, int32_t* shared) {
  const int lane = lane_index(), warp = warp_index();
  int32_t sum = mine;
#pragma unroll
  for (int distance = 1; distance < warp_size; distance *= 2) {
    const int32_t other = shuffle_from(sum, (lane - distance) & (warp_size - 1));
    if (lane >= distance) sum += other;
  }
  if (lane == warp_size - 1) shared[warp] = sum;
  __syncthreads();
  int32_t before = sum - mine;
  for (int earlier = 0; earlier < warp; earlier++) before += shared[earlier];
  __syncthreads();
  return before;
}

// A set of whole numbers below `size`, which tells how many of its members lie below a place.
struct BitSet {
  uint32_t* bits;    // [words]
  int32_t* before;   // [words]: members in the words before
  int64_t words;

  __host__ __device__ static int64_t words_of(int64_t size) { return size / 32 + 1; }
  __host__ __device__ static int64_t bytes_of(int64_t size) { return 8 * words_of(size); }
  __device__ static BitSet at(unsigned char* memory, int64_t size) {
    auto* const bits = reinterpret_cast<uint32_t*>(memory);
    return {bits, reinterpret_cast<int32_t*>(bits + words_of(size)), words_of(size)};
  }

  __device__ void clear() const {
    for (int64_t w = threadIdx.x; w < words; w += blockDim.x) bits[w] = 0;
  }
  __device__ void add(int64_t place) const { atomicOr(bits + place / 32, 1u << place % 32); }
  // After all members are there, with a barrier between.
  __device__ void count(int32_t* shared) const {
    const int64_t each = divide_up(words, blockDim.x);
    const int64_t from = each * threadIdx.x < words ? each * threadIdx.x : words, to = from + each < words ? from + each : words;
    int32_t mine = 0;
    for (int64_t w = from; w < to; w++) mine += __popc(bits[w]);
    int32_t sum = sum_before(mine, shared);
    for (int64_t w = from; w < to; w++) {
      before[w] = sum;
      sum += __popc(bits[w]);
    }
    __syncthreads();
  }
  // Members below `place`, which may be the size.
  __device__ int32_t below(int64_t place) const { return before[place / 32] + __popc(bits[place / 32] & ((1u << place % 32) - 1)); }
};

// Two series' rows in common, by the places that they have in the order of either. The number of them is returned.
__device__ inline int32_t mark_common(const RankPlace* a, const RankPlace* b, int64_t rows, const BitSet& in_a, const BitSet& in_b, const WalkShared& shared) {
  in_a.clear();
  in_b.clear();
  __syncthreads();
  for (int64_t t = threadIdx.x; t < rows; t += walk_threads) {
    if (a[t].place < 0 || b[t].place < 0) continue;
    in_a.add(a[t].place);
    in_b.add(b[t].place);
  }
  __syncthreads();
  in_a.count(shared.scan);
  in_b.count(shared.scan);
  return in_a.below(rows);
}

// Places [first, last) of the pairs of panels, counted over all of them. `scratch` has memory_of(rows) bytes for each
// block, or is null where the block's shared memory has. Grid: as many as work together.
template <class Statistic, class Real>
__global__ void __launch_bounds__(walk_threads) walk_pairs(Panels<double> panels, const PanelPair* pairs, int64_t first, int64_t last, int64_t series, unsigned char* scratch,
                                                          int64_t scratch_bytes, TileOutput<Real> tile) {
  unsigned char* const own = dynamic_shared();
  const WalkShared shared{reinterpret_cast<ThreeSums::State*>(own), reinterpret_cast<ThreeCounts::State*>(own),
                          reinterpret_cast<int32_t*>(own + walk_warps * sizeof(ThreeSums::State))};
  unsigned char* const memory = scratch == nullptr ? own + walk_shared_bytes : scratch + blockIdx.x * scratch_bytes;
  for (int64_t i = first + blockIdx.x; i < last; i += gridDim.x) {
    const PanelPair pair = pairs[i / walk_places];
    const int64_t a = int64_t{pair.a} * panel_series + i % walk_places / panel_series, b = int64_t{pair.b} * panel_series + i % panel_series;
    if (a > b || b >= series || !(tile.holds(a, b) || tile.holds(b, a))) continue;
    const SeriesMoments &of_a = panels.moments[a], &of_b = panels.moments[b];
    WalkResult result{of_a.constant ? NAN : 1.0, static_cast<int32_t>(of_a.present)};
    if (a != b) {
      result = Statistic::of(panels, a, b, memory, shared);
      if (of_a.constant || of_b.constant) result.value = NAN;
    }
    if (threadIdx.x == 0) tile.store(a, b, result.value, result.count);
    __syncthreads();
  }
}

}  // namespace corrente::cuda
