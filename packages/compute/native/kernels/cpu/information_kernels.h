// What one instruction set offers for I(X; Y | Z) from neighbours, and what passes between it and the session that
// calls it (information.h). Lanes are realisations of X: X itself, or a surrogate; all share the points' neighbours in
// Y and Z. Places are points in the order of a k-d tree (information_space.h), so that neighbours lie close together.
#pragma once

#include <cstdint>

#include "../ops.h"

namespace corrente {

// Points of a leaf of the tree, and of a tile of lists.
inline constexpr int64_t kLeaf = 64;
// Entries of a list that share one bound; lists are filled up to whole chunks with infinitely distant entries.
inline constexpr int64_t kChunk = 8;

// Y and Z by place. The tree cuts Z, or Y where Z has no dimensions: the base.
template <class Real>
struct NeighbourSpace {
  int64_t points, leaves;
  int64_t stride, leaf_stride;  // of the arrays below, whole leaves and whole vectors of leaves
  int base_dims, y_dims;        // y_dims is 0 where Y is the base
  const Real* base;             // [base_dims × stride]
  const Real* y;                // [y_dims × stride]
  const Real *low, *high;       // boxes of the leaves: [base_dims × leaf_stride]
  const int32_t* point;         // of a place
  const int32_t* place;         // of a point
  int64_t theiler;
};

// Distances of one point to all points of some leaves, leaf by leaf; infinite to those that are no neighbours of it.
template <class Real>
struct Survey {
  Real *base, *yz;  // kLeaf for each leaf; `base` is not set where Y is the base
  int32_t* leaf;    // which leaves, ascending
};

// Entries of a survey.
template <class Real>
struct Found {
  Real* distance;
  int32_t* entry;  // its place in the survey
};

// A point's neighbours in YZ and in Z, complete up to `radius`, roughly in ascending distance: no entry of a chunk or
// of those after it is nearer than the chunk's bound.
template <class Real>
struct NeighbourRow {
  const Real *yz, *yz_bound;
  const Real *y, *z;  // the parts of yz, for ksg2
  const int32_t* yz_place;
  const Real *base, *base_bound;  // none where Z has no dimensions
  const int32_t* base_place;
  int32_t yz_count, base_count;  // entries before the filling
  Real radius;
};

// One block of lanes.
template <class Real>
struct LaneBlock {
  int dims;
  const Real* x;        // [stride × dims × lanes]
  const Real* by_lane;  // the same as [lanes × dims × stride]
  // Where Z has no dimensions: X's first dimension in ascending order, and the others in the same order, for each
  // lane: dimension d of lane l begins at sorted + offset[l] + d × points.
  const Real* sorted;
  const int64_t* offset;
};

inline constexpr int kJoint = 0, kInXZ = 1, kInYZ = 2, kInZ = 3, kSpaces = 4;

// Points [from, to), at most kLeaf, by all lanes of a block.
template <class Real>
struct NeighbourWalk {
  const NeighbourSpace<Real>* space;
  NeighbourEstimator estimator;
  int64_t neighbours;
  Real width;
  int64_t from, to;
  const NeighbourRow<Real>* rows;  // of `from` on
  LaneBlock<Real> block;
  Real* scratch;      // [2 × neighbours × lanes], aligned to a vector
  int32_t* counts;    // [to - from][kSpaces][lanes]; all but kJoint
  int32_t* beyond;    // [(to - from) × lanes]: (place - from) × lanes + lane, where a list did not reach far enough
};

template <class Real>
struct InformationKernels {
  int lanes;
  // Surveys the leaves whose box in the base is within a radius of a place; returns how many they are. There is room
  // for all.
  int64_t (*survey)(const NeighbourSpace<Real>&, int64_t place, Real radius, const Survey<Real>&);
  // How many of some distances (whole vectors of them) are up to a radius; and which, in their order: there is room
  // for a vector more.
  int64_t (*count_within)(const Real* distance, int64_t count, Real radius);
  int64_t (*find_within)(const Real* distance, int64_t count, Real radius, const Found<Real>&);
  // Returns how many pairs of place and lane are `beyond`, whose counts are to be had from `exhaust`.
  int64_t (*walk)(const NeighbourWalk<Real>&);
  // The counts of one place and lane from all points; returns the distance of the k-th neighbour. Not for kernel, whose
  // lists reach as far as it does.
  Real (*exhaust)(const NeighbourWalk<Real>&, int64_t place, int lane, int32_t* counts);
  // orders[i × lanes + lane], of lanes with a stream and a draw each.
  void (*permute)(const uint32_t (*streams)[4], const uint32_t* draws, int64_t points, int32_t* orders);
};

}  // namespace corrente
