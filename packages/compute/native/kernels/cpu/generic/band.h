// Counts in X alone, where Z has no dimensions: X permuted has the same values, so one sorted copy serves all its
// surrogates, and a count is a difference of two places in it.
#pragma once

#include "lanes.h"

namespace corrente::ISA {

namespace {

// For each lane, how many values from the start of the sorted ones satisfy a predicate that holds up to some place.
template <class Real, class Predicate>
inline Integers<Real> prefix(const LaneBlock<Real>& block, int64_t points, Predicate&& holds) {
  using I = Integers<Real>;
  const I start = I::load(block.offset);
  I from = start;
  int64_t left = points;
  while (left > 1) {
    const int64_t half = left / 2;
    const I middle = from + I::broadcast(half);
    from = select(holds(gather(block.sorted, middle - I::broadcast(1))), middle, from);
    left -= half;
  }
  return select(holds(gather(block.sorted, from)), from + I::broadcast(1), from) - start;
}

// Points within `radius` in X by lane, the point itself among them where the radius is more than 0 or `inclusive`;
// lanes count less than 0 never.
template <class Real, bool inclusive>
inline void count_band(const NeighbourWalk<Real>& walk, int64_t place, Reals<Real> radius, int32_t* counts) {
  using V = Reals<Real>;
  using I = Integers<Real>;
  const LaneBlock<Real>& block = walk.block;
  const int64_t points = walk.space->points;
  const V x = V::load(block.x + place * block.dims * V::lanes);
  const auto within = [](V d, V r) {
    if constexpr (inclusive) {
      return at_most(d, r);
    } else {
      return less(d, r);
    }
  };
  const auto outside = [](V d, V r) {
    if constexpr (inclusive) {
      return less(r, d);
    } else {
      return at_most(r, d);
    }
  };
  const I below = prefix(block, points, [&](V v) { return outside(x - v, radius); });
  const I upto = prefix(block, points, [&](V v) { return within(v - x, radius); });
  const I inside = upto - below;
  select(less(inside, I::zero()), I::zero(), inside).store(counts);
  if (block.dims == 1) return;

  int32_t from[V::lanes], to[V::lanes];
  Real limit[V::lanes];
  below.store(from);
  upto.store(to);
  radius.store(limit);
  for (int lane = 0; lane < V::lanes; ++lane) {
    const Real* const sorted = block.sorted + block.offset[lane];
    const V r = V::broadcast(limit[lane]);
    int32_t count = 0;
    for (int32_t t = from[lane]; t < to[lane]; t += V::lanes) {
      unsigned hits = to[lane] - t < V::lanes ? (1u << (to[lane] - t)) - 1 : kAll<V>;
      for (int d = 1; d < block.dims; ++d) {
        const V at = V::broadcast(block.x[(place * block.dims + d) * V::lanes + lane]);
        hits &= bits(within(magnitude(at - V::load(sorted + d * points + t)), r));
      }
      count += __builtin_popcount(hits);
    }
    counts[lane] = count;
  }
}

// The neighbours of a place in X by lane: within the radius, without the point itself and its Theiler window.
template <class Real, bool inclusive>
inline void count_in_x(const NeighbourWalk<Real>& walk, int64_t place, Reals<Real> radius, int32_t* counts) {
  using V = Reals<Real>;
  const NeighbourSpace<Real>& space = *walk.space;
  count_band<Real, inclusive>(walk, place, radius, counts);
  const auto leave_out = [&](int64_t other) {
    const V d = lane_distance(walk.block.x, walk.block.dims, place, other);
    for_bits(inclusive ? bits(at_most(d, radius)) : bits(less(d, radius)), [&](int lane) { --counts[lane]; });
  };
  const int64_t point = space.point[place];
  const int64_t from = larger<int64_t>(0, point - space.theiler);
  for (int64_t i = from; i <= point + space.theiler && i < space.points; ++i) leave_out(space.place[i]);
}

}  // namespace

}  // namespace corrente::ISA
