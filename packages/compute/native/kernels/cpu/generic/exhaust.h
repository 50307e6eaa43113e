// One place and one lane by all points, for the few whose lists do not reach far enough: vectors of points, over the
// leaves of the tree that can matter.
#pragma once

#include "information_walk.h"

namespace corrente::ISA {

namespace {

template <class Real>
class Exhaust {
 public:
  using V = Reals<Real>;
  Exhaust(const NeighbourWalk<Real>& walk, int64_t place, int lane)
      : walk_(walk), space_(*walk.space), place_(place), lane_(lane), point_(space_.point[place]) {}

  // Finds the k nearest; `nearest` has room for 2 k: distances, and their points.
  Real find(Real* nearest) {
    const int64_t k = walk_.neighbours;
    for (int64_t q = 0; q < 2 * k; ++q) nearest[q] = kInfinity<Real>;
    Real* const points = nearest + k;
    const auto visit = [&](int64_t leaf) {
      each(leaf, [&](int64_t first, V base, V y, V x) {
        Real d[V::lanes];
        const V joint = max(max(base, y), x);
        joint.store(d);
        for_bits(bits(at_most(joint, V::broadcast(nearest[k - 1]))), [&](int i) {
          if (counts_as_neighbour(space_, point_, first + i)) insert(nearest, points, d[i], static_cast<Real>(space_.point[first + i]));
        });
      });
    };
    // Its own leaf first, which has near ones.
    const int64_t own = place_ / kLeaf;
    visit(own);
    for_leaves(space_, place_, [&] { return nearest[k - 1]; }, [&](int64_t leaf) {
      if (leaf != own) visit(leaf);
    });
    return nearest[k - 1];
  }

  template <bool inclusive>
  void count(Real x_radius, Real y_radius, Real z_radius, int32_t* counts) {
    const auto within = [](V d, Real r) {
      if constexpr (inclusive) {
        return bits(at_most(d, V::broadcast(r)));
      } else {
        return bits(less(d, V::broadcast(r)));
      }
    };
    int32_t in_xz = 0, in_yz = 0, in_z = 0;
    const bool conditional = space_.y_dims > 0;
    for_leaves(space_, place_, [&] { return conditional ? z_radius : kInfinity<Real>; }, [&](int64_t leaf) {
      each(leaf, [&](int64_t first, V base, V y, V x) {
        const unsigned near_z = (conditional ? within(base, z_radius) : kAll<V>) & neighbours(first);
        in_z += __builtin_popcount(near_z);
        in_xz += __builtin_popcount(near_z & within(x, x_radius));
        in_yz += __builtin_popcount(near_z & within(conditional ? y : base, y_radius));
      });
    });
    counts[kInXZ] = in_xz;
    counts[kInYZ] = in_yz;
    counts[kInZ] = conditional ? in_z : static_cast<int32_t>(space_.points - 1);
  }

 private:
  // The places of a vector that are there, and neither the point itself nor in its Theiler window.
  unsigned neighbours(int64_t first) const {
    unsigned all = first + V::lanes <= space_.points ? kAll<V> : first < space_.points ? (1u << (space_.points - first)) - 1 : 0;
    if (space_.theiler == 0) {
      const int64_t own = place_ - first;
      return own >= 0 && own < V::lanes ? all & ~(1u << own) : all;
    }
    for_bits(all, [&](int i) {
      if (!counts_as_neighbour(space_, point_, first + i)) all &= ~(1u << i);
    });
    return all;
  }

  template <class F>
  void each(int64_t leaf, F&& f) {
    const int dims = walk_.block.dims;
    const Real* const x = walk_.block.by_lane + lane_ * dims * space_.stride;
    for (int64_t first = leaf * kLeaf; first < (leaf + 1) * kLeaf; first += V::lanes)
      f(first, space_distance(space_.base, space_.base_dims, space_.stride, place_, first),
        space_distance(space_.y, space_.y_dims, space_.stride, place_, first),
        space_distance(x, dims, space_.stride, place_, first));
  }

  void insert(Real* distances, Real* points, Real d, Real point) {
    int64_t q = walk_.neighbours - 1;
    if (!(d < distances[q] || (d == distances[q] && point < points[q]))) return;
    for (; q > 0 && (d < distances[q - 1] || (d == distances[q - 1] && point < points[q - 1])); --q) {
      distances[q] = distances[q - 1];
      points[q] = points[q - 1];
    }
    distances[q] = d;
    points[q] = point;
  }

  const NeighbourWalk<Real>& walk_;
  const NeighbourSpace<Real>& space_;
  const int64_t place_;
  const int lane_;
  const int64_t point_;
};

template <class Real>
Real exhaust(const NeighbourWalk<Real>& walk, int64_t place, int lane, int32_t* counts) {
  Exhaust<Real> all(walk, place, lane);
  const Real kth = all.find(walk.scratch);
  if (walk.estimator == NeighbourEstimator::ksg1) {
    all.template count<false>(kth, kth, kth, counts);
    return kth;
  }
  Extents<Real> extents;
  for (int64_t q = 0; q < walk.neighbours; ++q)
    extents.reach(walk, place, walk.space->place[static_cast<int64_t>(walk.scratch[walk.neighbours + q])], lane);
  all.template count<true>(extents.x, extents.y, extents.z, counts);
  return kth;
}

}  // namespace

}  // namespace corrente::ISA
