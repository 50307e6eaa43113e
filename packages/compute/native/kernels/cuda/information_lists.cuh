// The neighbours of a point in YZ, and those in Z, nearest first: what all X and all surrogates share.
//
// block-per-point, all   one thread block takes the distances of a point to all others, and sorts them in shared memory
//                        (bitonic: Batcher 1968). For N = 1,000 a list takes 55 steps of 1,024 entries, some 4 µs, and a
//                        device of 132 multiprocessors has 8 blocks on each: 1,000 points in 2 lists take some 10 µs.
// block-per-point, near  beyond `most_listed` points only the nearest are listed, because no lane looks farther than
//                        its k-th joint neighbour. A sorted sample of the distances tells a radius within which there
//                        are a few times too many; a second look at all distances collects those, and they are sorted.
//                        Reads 8 N (d_y + d_z) bytes per point, from the L2 cache: 320 GB at N = 100,000 and 4
//                        dimensions, 50 ms. Against 200 surrogates that is 0.25 ms an estimate.
#pragma once

#include "information_nearest.cuh"
#include "information_sizes.h"

namespace corrente::cuda {

// Of points [first, …): entries in ascending order by distance and index, `stride` apart. The length of a list that ends
// before the last neighbour is stored as its complement.
template <class Real>
struct Lists {
  Real* distance;
  int32_t* index;
  int32_t* length;
  int stride;
};

// One list, seen by a warp: everything about it is the same for all lanes.
template <class Real>
struct List {
  const Real* distance;
  const int32_t* index;
  int length;
  bool complete;

  __device__ List(const Lists<Real>& lists, int64_t place)
      : distance(lists.distance + place * lists.stride), index(lists.index + place * lists.stride), length(lists.length[place]), complete(length >= 0) {
    if (!complete) length = ~length;
  }

  // Entries up to the radius, or strictly within it, among the first `count`.
  template <bool inclusive>
  __device__ int within_radius(int count, Real radius) const {
    return first_place(count, [&](int at) { return !within<inclusive>(distance[at], radius); });
  }
};

// What one thread block sorts, a power of two entries.
template <class Real>
struct Entries {
  Real* distance;
  int32_t* index;

  __device__ bool precedes(int a, int b) const { return distance[a] < distance[b] || (distance[a] == distance[b] && index[a] < index[b]); }
  __device__ void set(int at, Real d, int32_t j) const {
    distance[at] = d;
    index[at] = j;
  }
};

template <class Real>
__device__ void sort_entries(const Entries<Real>& entries, int size) {
  for (int run = 2; run <= size; run *= 2) {
    for (int step = run / 2; step > 0; step /= 2) {
      __syncthreads();
      for (int pair = static_cast<int>(threadIdx.x); pair < size / 2; pair += static_cast<int>(blockDim.x)) {
        const int low = 2 * pair - (pair & (step - 1)), high = low + step;
        const bool ascending = (low & run) == 0;
        if (entries.precedes(ascending ? high : low, ascending ? low : high)) {
          const Real distance = entries.distance[low];
          const int32_t index = entries.index[low];
          entries.set(low, entries.distance[high], entries.index[high]);
          entries.set(high, distance, index);
        }
      }
    }
  }
  __syncthreads();
}

__host__ __device__ constexpr int power_of_two(int64_t least) {
  int size = 1;
  while (size < least) size *= 2;
  return size;
}

constexpr int most_radii = 16;

// What a thread block that lists has in shared memory, for lists of which it sorts `size` entries.
template <class Real>
constexpr size_t list_bytes(int size) {
  return static_cast<size_t>(size) * (sizeof(Real) + sizeof(int32_t)) + most_radii * sizeof(Real) + sizeof(int);
}

template <class Real>
struct ListShared {
  Entries<Real> entries;
  Real* radii;
  int* count;

  __device__ explicit ListShared(int size) {
    radii = reinterpret_cast<Real*>(dynamic_shared());
    entries.distance = radii + most_radii;
    entries.index = reinterpret_cast<int32_t*>(entries.distance + size);
    count = reinterpret_cast<int*>(entries.index + size);
  }
};

// The first `length` of the sorted entries, to the list of this block.
template <class Real>
__device__ void store_list(const Entries<Real>& entries, int length, bool complete, const Lists<Real>& lists) {
  const int64_t to = int64_t{blockIdx.x} * lists.stride;
  for (int at = static_cast<int>(threadIdx.x); at < length; at += static_cast<int>(blockDim.x)) {
    lists.distance[to + at] = entries.distance[at];
    lists.index[to + at] = entries.index[at];
  }
  if (threadIdx.x == 0) lists.length[blockIdx.x] = complete ? length : ~length;
}

// Block b lists all neighbours of point first + b in the space of the first `dimensions` columns.
template <class Real>
__global__ void __launch_bounds__(list_threads) list_all(Space<Real> space, int dimensions, int first, Lists<Real> lists) {
  const int i = first + static_cast<int>(blockIdx.x);
  const int size = power_of_two(space.points);
  const ListShared<Real> shared(size);
  for (int j = static_cast<int>(threadIdx.x); j < size; j += list_threads) {
    const bool neighbour = j < space.points && !space.excluded(i, j);
    shared.entries.set(j, neighbour ? space.distance(0, dimensions, i, j) : endless<Real>(), neighbour ? j : INT_MAX);
  }
  sort_entries(shared.entries, size);
  store_list(shared.entries, space.points - (space.last_excluded(i) - space.first_excluded(i) + 1), true, lists);
}

// Collects the neighbours up to the radius; their number, which may exceed the `size` that there is room for.
template <class Real>
__device__ int collect(const Space<Real>& space, int dimensions, int i, Real radius, const ListShared<Real>& shared, int size) {
  __syncthreads();
  if (threadIdx.x == 0) *shared.count = 0;
  __syncthreads();
  for (int j = static_cast<int>(threadIdx.x); j < space.points; j += list_threads) {
    const Real distance = space.distance(0, dimensions, i, j);
    if (distance > radius || space.excluded(i, j)) continue;
    const int at = atomicAdd(shared.count, 1);
    if (at < size) shared.entries.set(at, distance, j);
  }
  __syncthreads();
  return *shared.count;
}

// Distances to every (points / size)-th point, sorted, tell radii that hold about size / 2, size / 4, … neighbours.
template <class Real>
__device__ void choose_radii(const Space<Real>& space, int dimensions, int i, const ListShared<Real>& shared, int size) {
  for (int s = static_cast<int>(threadIdx.x); s < size; s += list_threads) {
    shared.entries.set(s, space.distance(0, dimensions, i, static_cast<int>(int64_t{s} * space.points / size)), s);
  }
  sort_entries(shared.entries, size);
  const int rank = larger(1, static_cast<int>(int64_t{size} * size / 2 / space.points));
  for (int r = static_cast<int>(threadIdx.x); r < most_radii; r += list_threads) shared.radii[r] = rank >> r > 0 ? shared.entries.distance[rank >> r] : Real{-1};
}

// Block b lists the nearest neighbours of point first + b, of which it sorts at most `size`. A `radius` that is not
// negative is that up to which neighbours matter.
template <class Real>
__global__ void __launch_bounds__(list_threads) list_nearest(Space<Real> space, int dimensions, int first, int size, Real radius, Lists<Real> lists) {
  const int i = first + static_cast<int>(blockIdx.x);
  const ListShared<Real> shared(size);
  const bool given = radius >= 0;
  int count = size + 1;
  if (given) {
    count = collect(space, dimensions, i, radius, shared, size);
  } else {
    choose_radii(space, dimensions, i, shared, size);
    __syncthreads();
    for (int r = 0; r < most_radii && shared.radii[r] >= 0 && count > size; r++) count = collect(space, dimensions, i, shared.radii[r], shared, size);
  }
  // So many equal distances that no radius parts them: an empty list, whose lanes count directly.
  const bool overflowed = count > size;
  if (overflowed) count = 0;
  const int sorted = power_of_two(count);
  for (int at = count + static_cast<int>(threadIdx.x); at < sorted; at += list_threads) shared.entries.set(at, endless<Real>(), INT_MAX);
  sort_entries(shared.entries, sorted);
  const int length = count < lists.stride ? count : lists.stride;
  store_list(shared.entries, length, given && !overflowed && length == count, lists);
}

}  // namespace corrente::cuda
