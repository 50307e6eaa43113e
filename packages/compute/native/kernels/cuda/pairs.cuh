// From sums over the rows that two series have in common to their coefficient.
#pragma once

#include <math.h>

#include "panel.cuh"

namespace corrente::cuda {

// Sums over the common rows of values that were centred by each series' own mean and scaled to unit norm.
struct PairSums {
  double count, x, y, xx, yy, xy;
};

struct PairOutcome {
  double r;   // the coefficient of correlation
  double xy;  // the sum of products about the means
  bool cancels;  // the sums have lost too many digits: the pair has to be computed from its values
};

// Comparisons with NaN are false: it passes.
__host__ __device__ inline double clamp_unit(double r) { return r > 1 ? 1 : r < -1 ? -1 : r; }

// The sum of squares about the common mean is what remains of Σxx after (Σx)²/n is taken away. Where less than a 64th
// remains, the 6 bits lost would show in the last digits of r. A constant over the common rows leaves next to nothing,
// and ends there too.
__host__ __device__ inline PairOutcome correlate(const PairSums& s) {
  if (s.count < 2) return {NAN, NAN, false};
  const double xx = s.xx - s.x * s.x / s.count;
  const double yy = s.yy - s.y * s.y / s.count;
  if (!(xx > s.xx / 64 && yy > s.yy / 64)) return {NAN, NAN, true};
  const double xy = s.xy - s.x * s.y / s.count;
  return {clamp_unit(xy / (sqrt(xx) * sqrt(yy))), xy, false};
}

// A correlation, or a covariance: what is made of the sums of a pair.
struct Coefficient {
  int64_t ddof;  // of a covariance; negative for a correlation

  __host__ __device__ bool covariance() const { return ddof >= 0; }
  // A covariance over so many rows has a value.
  __host__ __device__ bool has_value(double count) const { return count >= 2 && count > static_cast<double>(ddof); }

  // Of `central`, a sum of products of standardised values about their means over `count` rows. Each series is brought
  // back to its unit by itself, so that nothing overflows that need not.
  __host__ __device__ double covariance_of(double central, double count, const SeriesMoments& a, const SeriesMoments& b) const {
    if (!has_value(count)) return NAN;
    if (a.constant || b.constant) return 0;
    const double root = sqrt(count - static_cast<double>(ddof));
    return central * (1 / (a.inverse_norm * a.scale) / root) * (1 / (b.inverse_norm * b.scale) / root);
  }
};

// A rectangle of the matrix in device memory, and where a pair goes in it.
template <class Real>
struct TileOutput {
  Real* r;
  int32_t* n;  // null where counts are not wanted
  int64_t row_from, row_to, col_from, col_to;
  bool normalised = true;  // of a series with itself it is exactly 1

  __host__ __device__ int64_t place(int64_t row, int64_t col) const { return (row - row_from) * (col_to - col_from) + (col - col_from); }
  __host__ __device__ bool holds(int64_t row, int64_t col) const { return row >= row_from && row < row_to && col >= col_from && col < col_to; }

  // Stores the pair at (a, b) and at (b, a), as far as the rectangle holds them.
  __host__ __device__ void store(int64_t a, int64_t b, double value, int32_t count) const {
    store_r(a, b, value);
    if (n == nullptr) return;
    if (holds(a, b)) n[place(a, b)] = count;
    if (holds(b, a)) n[place(b, a)] = count;
  }

  __host__ __device__ void store_r(int64_t a, int64_t b, double value) const {
    if (normalised && a == b && value == value) value = 1;
    if (holds(a, b)) r[place(a, b)] = static_cast<Real>(value);
    if (holds(b, a)) r[place(b, a)] = static_cast<Real>(value);
  }
};

}  // namespace corrente::cuda
