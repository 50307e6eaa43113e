// Where points lie: Y and Z, which every lane shares, and X, of which each lane has a permutation of its own.
//
// A lane is one value that is wanted: X as it is, or one surrogate of it. 32 of them, of X of equally many dimensions,
// make a group, and a warp works for a group: its lanes meet the same neighbour j of the same point i, whose place in Y
// and Z is one load for all, while x_j, laid out [group][point][dimension][lane], is one coalesced load.
#pragma once

#include "warp.cuh"

namespace corrente::cuda {

template <class Real>
__device__ inline Real larger(Real a, Real b) {
  return a > b ? a : b;
}

template <class Real>
__device__ inline Real apart(Real a, Real b) {
  const Real difference = a - b;
  return difference < 0 ? -difference : difference;
}

// Up to the radius, or strictly within it.
template <bool inclusive, class Real>
__device__ inline bool within(Real distance, Real radius) {
  return inclusive ? distance <= radius : distance < radius;
}

template <class Real>
struct Space {
  const Real* columns;  // [Z's dimensions, then Y's][points]
  int z_dimensions, dimensions;
  int points, theiler;

  // Maximum norm over dimensions [from, to).
  __device__ Real distance(int from, int to, int i, int j) const {
    Real farthest = 0;
    const Real* column = columns + int64_t{from} * points;
    for (int d = from; d < to; d++, column += points) farthest = larger(farthest, apart(column[i], column[j]));
    return farthest;
  }
  __device__ Real in_z(int i, int j) const { return distance(0, z_dimensions, i, j); }
  __device__ Real in_y(int i, int j) const { return distance(z_dimensions, dimensions, i, j); }

  // The point itself, and those too near in time.
  __device__ bool excluded(int i, int j) const { return i - j <= theiler && j - i <= theiler; }
  __device__ int first_excluded(int i) const { return i > theiler ? i - theiler : 0; }
  __device__ int last_excluded(int i) const { return i < points - 1 - theiler ? i + theiler : points - 1; }
};

// Every lane's X, and X sorted by its first dimension, [request][dimension][points], where Z is empty.
template <class Real>
struct Sources {
  const Real* values;  // [group][point][dimension][lane]
  const Real* sorted;
  const int32_t* request_of;  // [lane of all]
  int dimensions;
};

// X of one lane, seen from one point. One dimension is the usual case: that of the point then stays in a register.
template <class Real, bool one_dimension>
struct LaneSource {
  const Real* values;
  int dimensions, point;
  Real own;

  __device__ LaneSource(const Sources<Real>& sources, const Space<Real>& space, int group, int i)
      : values(sources.values + int64_t{group} * space.points * sources.dimensions * warp_size + lane_index()), dimensions(sources.dimensions), point(i) {
    own = value(i, 0);
  }

  __device__ Real value(int j, int d) const { return values[(int64_t{j} * (one_dimension ? 1 : dimensions) + d) * warp_size]; }

  __device__ Real distance(int j) const {
    Real farthest = apart(value(j, 0), own);
    if constexpr (!one_dimension) {
      for (int d = 1; d < dimensions; d++) farthest = larger(farthest, apart(value(j, d), value(point, d)));
    }
    return farthest;
  }
};

// The first place in [0, count) where `passed` holds; it holds from there on.
template <class Passed>
__device__ inline int first_place(int count, Passed passed) {
  int low = 0, high = count;
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (passed(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// Neighbours in X alone, where Z is empty: X takes the same values in every surrogate, so its sorted values serve all.
template <bool inclusive, class Real, bool one_dimension>
__device__ int count_in_source(const LaneSource<Real, one_dimension>& x, const Sources<Real>& sources, const Space<Real>& space, int request, Real radius) {
  const Real* sorted = sources.sorted + int64_t{request} * sources.dimensions * space.points;
  const int from = first_place(space.points, [&](int at) { return sorted[at] > x.own || within<inclusive>(apart(sorted[at], x.own), radius); });
  const int to = first_place(space.points, [&](int at) { return sorted[at] > x.own && !within<inclusive>(apart(sorted[at], x.own), radius); });
  int count = to - from;
  if constexpr (!one_dimension) {
    count = 0;
    for (int at = from; at < to; at++) {
      bool near = true;
      for (int d = 1; d < x.dimensions && near; d++) near = within<inclusive>(apart(sorted[int64_t{d} * space.points + at], x.value(x.point, d)), radius);
      count += near;
    }
  }
  for (int j = space.first_excluded(x.point); j <= space.last_excluded(x.point); j++) count -= within<inclusive>(x.distance(j), radius);
  return count;
}

}  // namespace corrente::cuda
