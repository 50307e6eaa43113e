// What one instruction set offers for k-means and for the matrix profile. Everything that decides (threads, seeds, empty
// clusters, missing values, cancel) is in k_means.cpp and matrix_profile.cpp.
#pragma once

#include <cstdint>

#include "kernels.h"

namespace corrente {

// The cluster of each point with bounds on its distances (Hamerly 2010): `upper` is at least the distance from its own
// centre, `lower` at most that from any other. Arrays hold whole vectors.
struct Assignments {
  int64_t* cluster;
  double *upper, *lower;
};

// Centres, and how they moved since the bounds were set.
struct Centres {
  int64_t clusters, dimensions;
  const double* at;  // [clusters × dimensions]
  // Of each cluster, for its points: the way of its centre, the longest way of another one, and half the distance to
  // the nearest other centre.
  const double *own_way, *other_way, *half_gap;
};

// The diagonals [from, from + kDiagonals) of the matrix of windows, rows [row_from, row_to); windows past the last one
// have no inverse, and arrays hold kDiagonals more values than there are windows.
inline constexpr int64_t kDiagonals = 64;

struct ProfileRows {
  const double* x;        // the series without missing values, about its origin
  int64_t window;
  const double* mean;     // of each window
  const double *df, *dg;  // what a step along a diagonal adds to a covariance
  const double* inverse;  // 1 / the norm of a window about its mean; NaN where it may have no neighbour
};

// Of each window the best correlation with one before it (`left`) and with one after it, and where these begin.
struct Nearest {
  double *left, *left_at, *right, *right_at;
};

struct PointsKernels {
  int lanes;

  // Points come in tiles of `lanes`: [tiles × dimensions × lanes].

  // The least of each `least[i]` and the squared distance from one point; returns their sum, and stores them where
  // `out` is given. `least` may be null: infinite.
  double (*least_squares)(const double* tiles, int64_t count, int64_t dimensions, const double* point, const double* least, double* out);
  // Finds the nearest centre of each point, ties going to the first, and sets the bounds; `all` looks at every point,
  // otherwise those that their bounds do not keep where they are. Returns how many changed.
  int64_t (*assign)(const double* tiles, int64_t count, const Centres&, bool all, const Assignments&);

  // Means of windows, and inverses of their norms about them.
  void (*measure)(const double* x, int64_t windows, int64_t window, double* mean, double* inverse);
  void (*diagonals)(const ProfileRows&, int64_t from, int64_t row_from, int64_t row_to, const Nearest&);
  // Sum of squared differences of two windows, each about its mean and over its norm.
  double (*difference)(const double* a, double mean_a, double inverse_a, const double* b, double mean_b, double inverse_b, int64_t window);
};

namespace baseline {
extern const PointsKernels points_kernels;
}
namespace avx2 {
extern const PointsKernels points_kernels;
}
namespace avx512 {
extern const PointsKernels points_kernels;
}

// Those of the instruction set that was chosen.
const PointsKernels* points_kernels_of(const Kernels& chosen);

}  // namespace corrente
