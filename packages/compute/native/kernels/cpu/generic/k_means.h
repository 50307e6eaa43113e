// k-means: points by the lanes of a vector, which all take the same way; no distance depends on its lane. Squared
// distances are sums of squared differences, never differences of products, so they keep their digits.
#pragma once

#include "../points_kernels.h"
#include "vectors.h"

namespace corrente::ISA {

namespace {

// Bounds are sums of rounded numbers: a point stays where it is only where they say so by more than this.
constexpr double kSlack = 1 + 1e-9;
// Points whose bounds fail are looked at together from this many of a tile on, and otherwise gathered from many tiles.
constexpr int kFullTile = F64::lanes / 2;
constexpr int kCentresAtOnce = 4;
constexpr int kTilesAhead = 16;
// Doubles of the tile that such points are gathered into; with more dimensions they are not.
constexpr int64_t kGatheredRoom = 1024;

inline F64 squared_distance(const double* tile, const double* centre, int64_t dimensions) {
  F64 sum = F64::zero();
  for (int64_t d = 0; d < dimensions; ++d) {
    const F64 apart = F64::load(tile + d * F64::lanes) - F64::broadcast(centre[d]);
    sum = fma(apart, apart, sum);
  }
  return sum;
}

inline unsigned first_bits(int64_t count) { return count >= F64::lanes ? (1u << F64::lanes) - 1 : (1u << count) - 1; }

double least_squares(const double* tiles, int64_t count, int64_t dimensions, const double* point, const double* least, double* out) {
  F64 total = F64::zero();
  for (int64_t i = 0; i < count; i += F64::lanes) {
    F64 square = squared_distance(tiles + i * dimensions, point, dimensions);
    if (least != nullptr) square = min(square, F64::load(least + i));
    if (out != nullptr) square.store(out + i);
    if (count - i < F64::lanes) {
      // Lanes past the last point do not count.
      double lane[F64::lanes];
      square.store(lane);
      square = F64::load_first(lane, count - i, 0);
    }
    total = total + square;
  }
  return sum(total);
}

// The nearest and the second nearest centre of each point of a tile.
struct TwoNearest {
  F64 best, second, index;

  void take(F64 square, int64_t c) {
    const Mask nearer = less(square, best);
    second = min(second, select(nearer, best, square));
    best = select(nearer, square, best);
    index = select(nearer, F64::broadcast(static_cast<double>(c)), index);
  }
};

inline TwoNearest two_nearest(const double* tile, const Centres& centres) {
  const F64 far = F64::broadcast(__builtin_inf());
  TwoNearest nearest{far, far, F64::zero()};
  const int64_t dimensions = centres.dimensions;
  int64_t c = 0;
  for (; c + kCentresAtOnce <= centres.clusters; c += kCentresAtOnce) {
    const double* const at = centres.at + c * dimensions;
    F64 square[kCentresAtOnce];
    for (int i = 0; i < kCentresAtOnce; ++i) square[i] = F64::zero();
    for (int64_t d = 0; d < dimensions; ++d) {
      const F64 x = F64::load(tile + d * F64::lanes);
      for (int i = 0; i < kCentresAtOnce; ++i) {
        const F64 apart = x - F64::broadcast(at[i * dimensions + d]);
        square[i] = fma(apart, apart, square[i]);
      }
    }
    for (int i = 0; i < kCentresAtOnce; ++i) nearest.take(square[i], c + i);
  }
  for (; c < centres.clusters; ++c) nearest.take(squared_distance(tile, centres.at + c * dimensions, dimensions), c);
  return nearest;
}

// Points of several tiles, brought together to be looked at as one.
struct Gathered {
  double* tile;  // [dimensions × lanes]
  int64_t point[F64::lanes];
  int count = 0;

  void add(const double* tiles, int64_t i, int64_t dimensions) {
    const double* const from = tiles + i / F64::lanes * F64::lanes * dimensions + i % F64::lanes;
    for (int64_t d = 0; d < dimensions; ++d) tile[d * F64::lanes + count] = from[d * F64::lanes];
    point[count++] = i;
  }
};

// Takes what was found of some lanes of a tile over to the points that they are; returns how many changed.
inline int64_t settle(const TwoNearest& nearest, const int64_t* point, int count, const Assignments& out) {
  double upper[F64::lanes], lower[F64::lanes], index[F64::lanes];
  sqrt(nearest.best).store(upper);
  sqrt(nearest.second).store(lower);
  nearest.index.store(index);
  int64_t changed = 0;
  for (int lane = 0; lane < count; ++lane) {
    const int64_t i = point[lane];
    const auto c = static_cast<int64_t>(index[lane]);
    changed += out.cluster[i] != c;
    out.cluster[i] = c;
    out.upper[i] = upper[lane];
    out.lower[i] = lower[lane];
  }
  return changed;
}

// Moves the bounds of a tile as its centres moved; the lanes whose point may have a new nearest centre.
inline unsigned uncertain(const Centres& centres, int64_t i, const Assignments& out) {
  const I64 own = I64::load(out.cluster + i);
  const F64 upper = F64::load(out.upper + i) + gather(centres.own_way, own);
  const F64 lower = F64::load(out.lower + i) - gather(centres.other_way, own);
  upper.store(out.upper + i);
  lower.store(out.lower + i);
  return ~bits(less(upper * F64::broadcast(kSlack), max(lower, gather(centres.half_gap, own))));
}

int64_t assign(const double* tiles, int64_t count, const Centres& centres, bool all, const Assignments& out) {
  const int64_t dimensions = centres.dimensions;
  int64_t changed = 0;
  int64_t point[F64::lanes];
  double room[kGatheredRoom];
  Gathered gathered{room, {}, 0};
  const bool gathers = dimensions * F64::lanes <= kGatheredRoom;
  for (int64_t first = 0; first < count; first += kTilesAhead * F64::lanes) {
    const int64_t last = first + kTilesAhead * F64::lanes < count ? first + kTilesAhead * F64::lanes : count;
    // Few tiles are looked at, and no cache foresees which: they are asked for before they are needed.
    unsigned open[kTilesAhead];
    for (int64_t i = first; i < last; i += F64::lanes) {
      const unsigned which = first_bits(count - i) & (all ? ~0u : uncertain(centres, i, out));
      open[(i - first) / F64::lanes] = which;
      if (which != 0 && !all)
        for (int64_t d = 0; d < dimensions; ++d) __builtin_prefetch(tiles + i * dimensions + d * F64::lanes);
    }
    for (int64_t i = first; i < last; i += F64::lanes) {
      const unsigned which = open[(i - first) / F64::lanes];
      if (which == 0) continue;
      if (all || !gathers || __builtin_popcount(which) >= kFullTile) {
        for (int lane = 0; lane < F64::lanes; ++lane) point[lane] = i + lane;
        changed += settle(two_nearest(tiles + i * dimensions, centres), point, __builtin_popcount(first_bits(count - i)), out);
        continue;
      }
      for (unsigned left = which; left != 0; left &= left - 1) {
        gathered.add(tiles, i + __builtin_ctz(left), dimensions);
        if (gathered.count < F64::lanes) continue;
        changed += settle(two_nearest(room, centres), gathered.point, F64::lanes, out);
        gathered.count = 0;
      }
    }
  }
  if (gathered.count > 0) {
    // Lanes without a point hold what no one reads.
    for (int lane = gathered.count; lane < F64::lanes; ++lane)
      for (int64_t d = 0; d < dimensions; ++d) room[d * F64::lanes + lane] = room[d * F64::lanes];
    changed += settle(two_nearest(room, centres), gathered.point, gathered.count, out);
  }
  return changed;
}

}  // namespace

}  // namespace corrente::ISA
