// I(X; Y | Z) by lanes of realisations: each point's neighbours in YZ are walked in ascending distance until no
// lane can find a nearer one in the joint space; then the neighbours in Z up to the largest lane's radius are counted.
#pragma once

#include "band.h"
#include "near.h"
#include "nearest.h"

namespace corrente::ISA {

namespace {

// The counts of one place, by space and lane.
template <class Real>
inline int32_t* counts_of(const NeighbourWalk<Real>& walk, int64_t place) {
  return walk.counts + (place - walk.from) * kSpaces * kLanes<Real>;
}

// Calls f(e) for the entries of the chunks whose bound satisfies `wanted`.
template <class Real, class Wanted, class F>
inline void for_entries(const Real* bounds, int32_t count, Wanted&& wanted, F&& f) {
  for (int32_t first = 0, chunk = 0; first < count; first += kChunk, ++chunk) {
    if (!wanted(bounds[chunk])) return;
#pragma GCC unroll 8
    for (int32_t e = first; e < first + kChunk; ++e) f(e);
  }
}

// Distances in X by lane from one place.
template <class Real, bool one_dimension>
class FromPlace {
 public:
  using V = Reals<Real>;
  FromPlace(const LaneBlock<Real>& block, int64_t place)
      : x_(block.x), dims_(block.dims), place_(place), at_(V::load(block.x + place * block.dims * V::lanes)) {}
  V to(int64_t other) const {
    if constexpr (one_dimension) return magnitude(at_ - V::load(x_ + other * V::lanes));
    return lane_distance(x_, dims_, place_, other);
  }

 private:
  const Real* const x_;
  const int dims_;
  const int64_t place_;
  const V at_;
};

// Notes the lanes whose radius the list does not reach; returns how many.
template <class Real>
inline int64_t note_beyond(const NeighbourWalk<Real>& walk, int64_t place, unsigned lanes, int32_t* beyond) {
  int64_t count = 0;
  for_bits(lanes, [&](int lane) { beyond[count++] = static_cast<int32_t>((place - walk.from) * kLanes<Real> + lane); });
  return count;
}

template <class Real, int N, bool one_dimension>
int64_t walk_ksg1(const NeighbourWalk<Real>& walk) {
  using V = Reals<Real>;
  using I = Integers<Real>;
  int64_t beyond = 0;
  for (int64_t place = walk.from; place < walk.to; ++place) {
    const NeighbourRow<Real>& row = walk.rows[place - walk.from];
    int32_t* const counts = counts_of(walk, place);
    const FromPlace<Real, one_dimension> x(walk.block, place);
    Nearest<Real, N> nearest(walk.neighbours, walk.scratch);
    for_entries(row.yz_bound, row.yz_count, [&](Real bound) { return bits(at_most(nearest.kth(), V::broadcast(bound))) != kAll<V>; },
                [&](int32_t e) { nearest.add(max(V::broadcast(row.yz[e]), x.to(row.yz_place[e]))); });

    const unsigned reached = bits(at_most(nearest.kth(), V::broadcast(row.radius)));
    V radius = nearest.kth();
    if (reached != kAll<V>) {
      beyond += note_beyond(walk, place, ~reached & kAll<V>, walk.beyond + beyond);
      radius = select(at_most(radius, V::broadcast(row.radius)), radius, V::zero());
    }
    const Real most = most_lane<Real>(radius);
    const auto wanted = [&](Real bound) { return bound < most; };
    I in_yz = I::zero();
    for_entries(row.yz_bound, row.yz_count, wanted, [&](int32_t e) { in_yz = count_in(in_yz, less(V::broadcast(row.yz[e]), radius)); });
    in_yz.store(counts + kInYZ * V::lanes);
    if (walk.space->y_dims == 0) {
      count_in_x<Real, false>(walk, place, radius, counts + kInXZ * V::lanes);
      I::broadcast(walk.space->points - 1).store(counts + kInZ * V::lanes);
      continue;
    }
    I in_z = I::zero(), in_xz = I::zero();
    for_entries(row.base_bound, row.base_count, wanted, [&](int32_t e) {
      const V base = V::broadcast(row.base[e]);
      const auto near_z = less(base, radius);
      in_z = count_in(in_z, near_z);
      in_xz = count_in(in_xz, both(near_z, less(x.to(row.base_place[e]), radius)));
    });
    in_z.store(counts + kInZ * V::lanes);
    in_xz.store(counts + kInXZ * V::lanes);
  }
  return beyond;
}

// For ksg2 the nearest come with their points; of those at the same distance the one of lowest index is nearer.
template <class Real>
class NearestPoints {
 public:
  using V = Reals<Real>;
  using I = Integers<Real>;
  NearestPoints(int64_t k, Real* scratch) : k_(k), s_(scratch), kth_(V::broadcast(kInfinity<Real>)) {
    for (int64_t q = 0; q < 2 * k; ++q) kth_.store(s_ + q * V::lanes);
  }
  // Points are integers below 2^24 or 2^53, kept as reals beside the distances.
  void add(V d, V point) {
    if (bits(at_most(d, kth_)) == 0) return;
    for (int64_t q = 0; q < k_; ++q) {
      Real* const at = s_ + 2 * q * V::lanes;
      const V s = V::load(at), p = V::load(at + V::lanes);
      const auto nearer = either(less(d, s), both(equal(d, s), less(point, p)));
      select(nearer, d, s).store(at);
      select(nearer, point, p).store(at + V::lanes);
      d = select(nearer, s, d);
      point = select(nearer, p, point);
    }
    kth_ = V::load(s_ + 2 * (k_ - 1) * V::lanes);
  }
  V kth() const { return kth_; }
  int64_t point(int64_t q, int lane) const { return static_cast<int64_t>(s_[(2 * q + 1) * V::lanes + lane]); }

 private:
  const int64_t k_;
  Real* const s_;
  V kth_;
};

// The largest distances of a place to others in the spaces, for one lane.
template <class Real>
struct Extents {
  Real x = 0, y = 0, z = 0;

  void reach(const NeighbourWalk<Real>& walk, int64_t place, int64_t other, int lane) {
    const NeighbourSpace<Real>& space = *walk.space;
    const int dims = walk.block.dims;
    for (int d = 0; d < dims; ++d)
      x = larger(x, distance(walk.block.x[(place * dims + d) * kLanes<Real> + lane], walk.block.x[(other * dims + d) * kLanes<Real> + lane]));
    Real& base = space.y_dims == 0 ? y : z;
    for (int d = 0; d < space.base_dims; ++d)
      base = larger(base, distance(space.base[d * space.stride + place], space.base[d * space.stride + other]));
    for (int d = 0; d < space.y_dims; ++d)
      y = larger(y, distance(space.y[d * space.stride + place], space.y[d * space.stride + other]));
  }
};

template <class Real, bool one_dimension>
int64_t walk_ksg2(const NeighbourWalk<Real>& walk) {
  using V = Reals<Real>;
  using I = Integers<Real>;
  const NeighbourSpace<Real>& space = *walk.space;
  int64_t beyond = 0;
  for (int64_t place = walk.from; place < walk.to; ++place) {
    const NeighbourRow<Real>& row = walk.rows[place - walk.from];
    int32_t* const counts = counts_of(walk, place);
    const FromPlace<Real, one_dimension> x(walk.block, place);
    NearestPoints<Real> nearest(walk.neighbours, walk.scratch);
    // An entry as far as the k-th may have a lower index.
    for_entries(row.yz_bound, row.yz_count, [&](Real bound) { return bits(less(nearest.kth(), V::broadcast(bound))) != kAll<V>; },
                [&](int32_t e) {
                  const int32_t other = row.yz_place[e];
                  nearest.add(max(V::broadcast(row.yz[e]), x.to(other)), V::broadcast(static_cast<Real>(space.point[other])));
                });
    const unsigned reached = bits(at_most(nearest.kth(), V::broadcast(row.radius)));
    if (reached != kAll<V>) beyond += note_beyond(walk, place, ~reached & kAll<V>, walk.beyond + beyond);

    Real in_x[V::lanes], in_y[V::lanes], in_z[V::lanes];
    for (int lane = 0; lane < V::lanes; ++lane) {
      Extents<Real> extents;
      if ((reached >> lane & 1) != 0)
        for (int64_t q = 0; q < walk.neighbours; ++q) extents.reach(walk, place, space.place[nearest.point(q, lane)], lane);
      in_x[lane] = extents.x;
      in_y[lane] = extents.y;
      in_z[lane] = extents.z;
    }
    const V x_radius = V::load(in_x), y_radius = V::load(in_y), z_radius = V::load(in_z);
    const Real most_yz = most_lane<Real>(max(y_radius, z_radius)), most_z = most_lane<Real>(z_radius);

    I in_yz = I::zero();
    for_entries(row.yz_bound, row.yz_count, [&](Real bound) { return bound <= most_yz; }, [&](int32_t e) {
      in_yz = count_in(in_yz, both(at_most(V::broadcast(row.y[e]), y_radius), at_most(V::broadcast(row.z[e]), z_radius)));
    });
    in_yz.store(counts + kInYZ * V::lanes);
    if (space.y_dims == 0) {
      count_in_x<Real, true>(walk, place, x_radius, counts + kInXZ * V::lanes);
      I::broadcast(space.points - 1).store(counts + kInZ * V::lanes);
      continue;
    }
    I count_z = I::zero(), count_xz = I::zero();
    for_entries(row.base_bound, row.base_count, [&](Real bound) { return bound <= most_z; }, [&](int32_t e) {
      const auto near_z = at_most(V::broadcast(row.base[e]), z_radius);
      count_z = count_in(count_z, near_z);
      count_xz = count_in(count_xz, both(near_z, at_most(x.to(row.base_place[e]), x_radius)));
    });
    count_z.store(counts + kInZ * V::lanes);
    count_xz.store(counts + kInXZ * V::lanes);
  }
  return beyond;
}

// Lists reach exactly as far as the width; only X remains to be looked at.
template <class Real, bool one_dimension>
int64_t walk_kernel(const NeighbourWalk<Real>& walk) {
  using V = Reals<Real>;
  using I = Integers<Real>;
  const NeighbourSpace<Real>& space = *walk.space;
  const V width = V::broadcast(walk.width);
  const auto always = [](Real) { return true; };
  for (int64_t place = walk.from; place < walk.to; ++place) {
    const NeighbourRow<Real>& row = walk.rows[place - walk.from];
    int32_t* const counts = counts_of(walk, place);
    const FromPlace<Real, one_dimension> x(walk.block, place);
    const I itself = I::broadcast(1);
    I joint = itself, in_xz = itself;
    for_entries(row.yz_bound, row.yz_count, always, [&](int32_t e) {
      joint = count_in(joint, both(at_most(V::broadcast(row.yz[e]), width), at_most(x.to(row.yz_place[e]), width)));
    });
    joint.store(counts + kJoint * V::lanes);
    I::broadcast(1 + row.yz_count).store(counts + kInYZ * V::lanes);
    if (space.y_dims == 0) {
      int32_t* const in_x = counts + kInXZ * V::lanes;
      count_in_x<Real, true>(walk, place, width, in_x);
      for (int lane = 0; lane < V::lanes; ++lane) ++in_x[lane];
      I::broadcast(space.points).store(counts + kInZ * V::lanes);
      continue;
    }
    for_entries(row.base_bound, row.base_count, always, [&](int32_t e) {
      in_xz = count_in(in_xz, both(at_most(V::broadcast(row.base[e]), width), at_most(x.to(row.base_place[e]), width)));
    });
    in_xz.store(counts + kInXZ * V::lanes);
    I::broadcast(1 + row.base_count).store(counts + kInZ * V::lanes);
  }
  return 0;
}

template <class Real, bool one_dimension>
int64_t walk_of(const NeighbourWalk<Real>& walk) {
  switch (walk.estimator) {
    case NeighbourEstimator::ksg1:
      if (walk.neighbours <= 4) return walk_ksg1<Real, 4, one_dimension>(walk);
      if (walk.neighbours <= 8) return walk_ksg1<Real, 8, one_dimension>(walk);
      return walk_ksg1<Real, 0, one_dimension>(walk);
    case NeighbourEstimator::ksg2: return walk_ksg2<Real, one_dimension>(walk);
    case NeighbourEstimator::kernel: break;
  }
  return walk_kernel<Real, one_dimension>(walk);
}

template <class Real>
int64_t walk(const NeighbourWalk<Real>& walk) {
  return walk.block.dims == 1 ? walk_of<Real, true>(walk) : walk_of<Real, false>(walk);
}

}  // namespace

}  // namespace corrente::ISA
