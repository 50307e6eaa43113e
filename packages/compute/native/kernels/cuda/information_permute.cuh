// X of every lane: permuted by its draw, and laid out for the warps that scan it.
//
// warp-per-draw   Fisher and Yates exchange one place after the other, and each exchange may read what the one before
//                 it wrote. 32 of them are done at once unless two of them meet in a place, which the lanes see by
//                 comparing; at N = 100,000 one batch in a hundred is then done in turn, at N = 1,000 about half. The
//                 random words of 128 exchanges are made by all lanes together. The ordering lies in shared memory
//                 where it fits (30 cycles an access), else in device memory (500 cycles, but 32 accesses at a time:
//                 2 ms for N = 100,000, for all draws at once).
//
// Twin of `permutation` in kernels/common/random.h, to the same bits.
#pragma once

#include "../common/random.h"
#include "information_sizes.h"
#include "information_space.cuh"

namespace corrente::cuda {

// Where a lane's X comes from.
struct Draw {
  int64_t source;      // place of X in the sources, in values
  int32_t permuted;    // 0: X as it is
  int32_t given;       // 1: its ordering is there already
  uint32_t draw;
  uint32_t stream[4];
  int32_t request;
};

constexpr int exchanges = 4 * warp_size;  // that one Philox block per lane suffices for

constexpr size_t permute_bytes(int64_t shared_points) { return sizeof(int32_t) * static_cast<size_t>(exchanges + shared_points); }

// Exchanges places last - e and other[e] of the ordering, for e = 0 … count - 1 in turn; count is at most 32.
__device__ inline void exchange_places(int32_t* order, const int32_t* other, int last, int count) {
  const int lane = lane_index();
  const int from = last - lane;
  const int to = lane < count ? other[lane] : -1;
  bool meets = false;
  if (lane < count) {
    // A place of another exchange of this batch, or one drawn twice. An exchange of a place with itself meets nothing.
    meets = to != from && to > last - count;
    for (int e = 0; e < count; e++) meets = meets || (e != lane && other[e] == to);
  }
  if (vote(meets) == 0) {
    if (lane < count) {
      const int32_t moved = order[from];
      order[from] = order[to];
      order[to] = moved;
    }
  } else if (lane == 0) {
    for (int e = 0; e < count; e++) {
      const int32_t moved = order[last - e];
      order[last - e] = order[other[e]];
      order[other[e]] = moved;
    }
  }
  __syncwarp();
}

__device__ inline void draw_ordering(const Draw& draw, int points, int32_t* order, int32_t* others) {
  const int lane = lane_index();
  for (int i = lane; i < points; i += warp_size) order[i] = i;
  __syncwarp();
  for (int done = 0; done < points - 1; done += exchanges) {
    const PhiloxBlock words = random_words(draw.stream, draw.draw, static_cast<uint32_t>(done / 4 + lane));
    for (int w = 0; w < 4; w++) others[4 * lane + w] = exchange_place(words.word[w], points - 1 - (done + 4 * lane + w));
    __syncwarp();
    for (int batch = 0; batch < exchanges && done + batch < points - 1; batch += warp_size) {
      const int left = points - 1 - (done + batch);
      exchange_places(order, others + batch, left, left < warp_size ? left : warp_size);
    }
  }
}

// Block b, one warp, makes lane b of the batch. `orders`: an ordering per lane in device memory, or null where they fit
// into shared memory.
template <class Real>
__global__ void __launch_bounds__(warp_size) permute_sources(const Real* sources, const Draw* draws, int dimensions, int points, int32_t* orders, Real* values) {
  const Draw draw = draws[blockIdx.x];
  auto* const others = reinterpret_cast<int32_t*>(dynamic_shared());
  int32_t* const order = orders != nullptr ? orders + int64_t{blockIdx.x} * points : others + exchanges;
  if (draw.permuted && !draw.given) draw_ordering(draw, points, order, others);
  Real* const to = values + int64_t{blockIdx.x / warp_size} * points * dimensions * warp_size + blockIdx.x % warp_size;
  for (int i = lane_index(); i < points; i += warp_size) {
    const int from = draw.permuted ? order[i] : i;
    for (int d = 0; d < dimensions; d++) to[(int64_t{i} * dimensions + d) * warp_size] = sources[draw.source + int64_t{d} * points + from];
  }
}

// X of each request, sorted by its first dimension: a point goes to the place that as many points precede. N² comparisons
// in blocks of `rank_threads` points, which share tiles of as many values.
template <class Real>
__global__ void __launch_bounds__(rank_threads) sort_sources(const Real* sources, int dimensions, int points, Real* sorted) {
  const int64_t blocks = divide_up(points, rank_threads);
  const Real* const source = sources + blockIdx.x / blocks * dimensions * points;
  Real* const to = sorted + blockIdx.x / blocks * dimensions * points;
  const int i = static_cast<int>(blockIdx.x % blocks) * rank_threads + static_cast<int>(threadIdx.x);
  auto* const tile = reinterpret_cast<Real*>(dynamic_shared());
  const Real own = i < points ? source[i] : 0;
  int rank = 0;
  for (int from = 0; from < points; from += rank_threads) {
    __syncthreads();
    const int mine = from + static_cast<int>(threadIdx.x);
    if (mine < points) tile[threadIdx.x] = source[mine];
    __syncthreads();
    const int count = points - from < rank_threads ? points - from : rank_threads;
    for (int t = 0; t < count; t++) rank += tile[t] < own || (tile[t] == own && from + t < i);
  }
  if (i >= points) return;
  for (int d = 0; d < dimensions; d++) to[int64_t{d} * points + rank] = source[int64_t{d} * points + i];
}

}  // namespace corrente::cuda
