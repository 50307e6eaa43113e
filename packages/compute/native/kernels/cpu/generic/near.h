// Distances of one point in the fixed spaces, vectors of points at a time, over the leaves of the tree that are near
// enough.
#pragma once

#include "lanes.h"

namespace corrente::ISA {

namespace {

// Calls visit(leaf) for the leaves whose box in the base is within a radius of a point; radius() is read anew for each
// vector of leaves.
template <class Real, class Radius, class Visit>
inline void for_leaves(const NeighbourSpace<Real>& space, int64_t place, Radius&& radius, Visit&& visit) {
  using V = Reals<Real>;
  for (int64_t leaf = 0; leaf < space.leaves; leaf += V::lanes) {
    V away = V::zero();
    for (int d = 0; d < space.base_dims; ++d) {
      const V at = V::broadcast(space.base[d * space.stride + place]);
      away = max(away, max(V::load(space.low + d * space.leaf_stride + leaf) - at, at - V::load(space.high + d * space.leaf_stride + leaf)));
    }
    for_bits(bits(at_most(away, V::broadcast(radius()))), [&](int i) {
      if (leaf + i < space.leaves) visit(leaf + i);
    });
  }
}

// Distances of a place to a vector of places, over some dimensions.
template <class Real>
inline Reals<Real> space_distance(const Real* values, int dims, int64_t stride, int64_t place, int64_t first) {
  using V = Reals<Real>;
  V most = V::zero();
  for (int d = 0; d < dims; ++d)
    most = max(most, magnitude(V::broadcast(values[d * stride + place]) - V::load(values + d * stride + first)));
  return most;
}

// The places of a vector that are other points outside the Theiler window.
template <class Real>
inline bool counts_as_neighbour(const NeighbourSpace<Real>& space, int64_t point, int64_t place) {
  return place < space.points && distance<int64_t>(space.point[place], point) > space.theiler;
}

template <class Real>
int64_t near(const NeighbourSpace<Real>& space, int64_t place, Real radius, const NearPoints<Real>& found) {
  using V = Reals<Real>;
  const V limit = V::broadcast(radius);
  const int64_t point = space.point[place];
  int64_t count = 0;
  for_leaves(space, place, [&] { return radius; }, [&](int64_t leaf) {
    for (int64_t first = leaf * kLeaf; first < (leaf + 1) * kLeaf; first += V::lanes) {
      const V base = space_distance(space.base, space.base_dims, space.stride, place, first);
      const unsigned hits = bits(at_most(base, limit));
      if (hits == 0) continue;
      Real base_lane[V::lanes], y_lane[V::lanes];
      base.store(base_lane);
      space_distance(space.y, space.y_dims, space.stride, place, first).store(y_lane);
      for_bits(hits, [&](int i) {
        // Written in any case, kept where it counts.
        found.base[count] = base_lane[i];
        found.y[count] = y_lane[i];
        found.place[count] = static_cast<int32_t>(first + i);
        count += counts_as_neighbour(space, point, first + i);
      });
    }
  });
  return count;
}

}  // namespace

}  // namespace corrente::ISA
