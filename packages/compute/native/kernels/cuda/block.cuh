// What the threads of one block do together: sums and scans in an order that depends on nothing but the block's size,
// so that the same input gives the same bits.
#pragma once

#include "warp.cuh"

namespace corrente::cuda {

// The states of all threads, merged in the order of the threads; every thread gets the result. `shared` holds one state
// per warp.
template <class Monoid>
__device__ typename Monoid::State merge_block(typename Monoid::State mine, typename Monoid::State* shared) {
  const int lane = lane_index();
#pragma unroll
  for (int distance = 1; distance < warp_size; distance *= 2) {
    const auto other = shuffle_from(mine, lane ^ distance);
    mine = (lane & distance) != 0 ? Monoid::merge(other, mine) : Monoid::merge(mine, other);
  }
  if (lane == 0) shared[warp_index()] = mine;
  __syncthreads();
  auto all = shared[0];
  for (int warp = 1; warp < static_cast<int>(blockDim.x) / warp_size; warp++) all = Monoid::merge(all, shared[warp]);
  __syncthreads();
  return all;
}

// A state that may begin anew: `head` cuts it off from what came before.
template <class Monoid>
struct Segment {
  typename Monoid::State state;
  int head;
};

// Merging in a scan that runs forwards: `before` came first. Backwards, what came first stands to the right.
template <class Monoid, bool forwards>
__device__ Segment<Monoid> join(const Segment<Monoid>& before, const Segment<Monoid>& after) {
  if (after.head) return after;
  return {forwards ? Monoid::merge(before.state, after.state) : Monoid::merge(after.state, before.state), before.head};
}

// What comes before each thread in the scan: the join of `first` and all earlier threads' segments. Backwards, the last
// thread is the earliest. `shared` holds one segment per warp.
template <class Monoid, bool forwards>
__device__ Segment<Monoid> scan_block(Segment<Monoid> mine, typename Monoid::State first, Segment<Monoid>* shared) {
  const int threads = static_cast<int>(blockDim.x), warps = threads / warp_size;
  const int lane = lane_index(), warp = warp_index();
  const int rank = forwards ? lane : warp_size - 1 - lane;
#pragma unroll
  for (int distance = 1; distance < warp_size; distance *= 2) {
    const auto earlier = shuffle_from(mine, (forwards ? lane - distance : lane + distance) & (warp_size - 1));
    if (rank >= distance) mine = join<Monoid, forwards>(earlier, mine);
  }
  if (rank == warp_size - 1) shared[warp] = mine;
  auto before = shuffle_from(mine, (forwards ? lane - 1 : lane + 1) & (warp_size - 1));
  __syncthreads();
  Segment<Monoid> carry{first, 0};
  if (forwards) {
    for (int earlier = 0; earlier < warp; earlier++) carry = join<Monoid, forwards>(carry, shared[earlier]);
  } else {
    for (int earlier = warps - 1; earlier > warp; earlier--) carry = join<Monoid, forwards>(carry, shared[earlier]);
  }
  __syncthreads();
  return rank == 0 ? carry : join<Monoid, forwards>(carry, before);
}

}  // namespace corrente::cuda
