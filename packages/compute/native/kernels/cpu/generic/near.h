// Distances of one point in the fixed spaces, vectors of points at a time, over the leaves of the tree that are near
// enough; and which of them are up to a radius.
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
int64_t survey(const NeighbourSpace<Real>& space, int64_t place, Real radius, const Survey<Real>& survey) {
  using V = Reals<Real>;
  const bool conditional = space.y_dims > 0;
  int64_t count = 0;
  for_leaves(space, place, [&] { return radius; }, [&](int64_t leaf) {
    const int64_t to = count * kLeaf;
    for (int64_t e = 0; e < kLeaf; e += V::lanes) {
      const V base = space_distance(space.base, space.base_dims, space.stride, place, leaf * kLeaf + e);
      if (conditional) {
        base.store(survey.base + to + e);
        max(base, space_distance(space.y, space.y_dims, space.stride, place, leaf * kLeaf + e)).store(survey.yz + to + e);
      } else {
        base.store(survey.yz + to + e);
      }
    }
    survey.leaf[count++] = static_cast<int32_t>(leaf);
  });

  const auto leave_out = [&](int64_t entry) {
    survey.yz[entry] = kInfinity<Real>;
    if (conditional) survey.base[entry] = kInfinity<Real>;
  };
  // The filling of the last leaf.
  if (count > 0 && survey.leaf[count - 1] == space.leaves - 1)
    for (int64_t p = space.points; p < space.leaves * kLeaf; ++p) leave_out((count - 1) * kLeaf + p % kLeaf);
  // The point itself and its Theiler window, where their leaves are there.
  const int64_t point = space.point[place];
  for (int64_t i = larger<int64_t>(0, point - space.theiler); i <= point + space.theiler && i < space.points; ++i) {
    const int64_t other = space.place[i];
    const auto leaf = static_cast<int32_t>(other / kLeaf);
    int64_t low = 0, high = count;
    while (low < high) {
      const int64_t middle = (low + high) / 2;
      if (survey.leaf[middle] < leaf) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low < count && survey.leaf[low] == leaf) leave_out(low * kLeaf + other % kLeaf);
  }
  return count;
}

template <class Real>
int64_t count_within(const Real* distance, int64_t count, Real radius) {
  using V = Reals<Real>;
  using I = Integers<Real>;
  const V limit = V::broadcast(radius);
  I within = I::zero();
  for (int64_t e = 0; e < count; e += V::lanes) within = count_in(within, at_most(V::load(distance + e), limit));
  int32_t lane[V::lanes];
  within.store(lane);
  int64_t sum = 0;
  for (int i = 0; i < V::lanes; ++i) sum += lane[i];
  return sum;
}

template <class Real>
int64_t find_within(const Real* distance, int64_t count, Real radius, const Found<Real>& found) {
  using V = Reals<Real>;
  const V limit = V::broadcast(radius);
  int64_t kept = 0;
  for (int64_t e = 0; e < count; e += V::lanes) {
    const V d = V::load(distance + e);
    // What is infinitely far is no neighbour, whatever the radius.
    kept += keep(both(at_most(d, limit), less(d, V::broadcast(kInfinity<Real>))), d, static_cast<int32_t>(e), found.distance + kept, found.entry + kept);
  }
  return kept;
}

}  // namespace

}  // namespace corrente::ISA
