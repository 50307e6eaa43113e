// Series of a data set on the device as they are, for sessions that walk rows in their order (lead_lag.cu,
// rolling_correlation.cu): all of them where they fit, else the two ranges that a rectangle needs.
#pragma once

#include <vector>

#include "device.cuh"
#include "memory.cuh"
#include "panel_pairs.h"
#include "panel.cuh"
#include "streams.cuh"

namespace corrente::cuda {

// Series [from, to) as a kernel sees them.
struct BandView {
  const double* raw;  // [series][rows]
  const SeriesMoments* moments;
  int64_t from, to, rows;

  __host__ __device__ bool holds(int64_t s) const { return s >= from && s < to; }
};

// Rows and columns of a rectangle, which may be one range.
struct BandPair {
  BandView rows, cols;

  __host__ __device__ const BandView& band(int64_t s) const { return rows.holds(s) ? rows : cols; }
  __host__ __device__ const double* raw(int64_t s) const { return band(s).raw + (s - band(s).from) * rows.rows; }
  __host__ __device__ const SeriesMoments& moments(int64_t s) const { return band(s).moments[s - band(s).from]; }
};

// Scales and centres values as `measure` found them; a constant series becomes zeros.
__host__ __device__ inline double standardised(double x, const SeriesMoments& m) {
  return m.constant ? (x == x ? 0 : NAN) : ((x * m.scale - m.mean) - m.mean_error) * m.inverse_norm;
}

class SeriesBands {
 public:
  // Uploads all series where half of the device's free memory holds them.
  SeriesBands(const Columns&, const Control&);

  // Rectangles that can be computed one after the other; the one itself where everything is resident.
  std::vector<Rectangle> cut(const Rectangle&) const;
  // Sees that the series of one of them are there. No kernel that reads bands is under way.
  BandPair bring_in(const Rectangle&, Lanes&, const Control&);

 private:
  struct Band {
    int64_t from = 0, to = 0;
    DeviceArray<double> raw;
    DeviceArray<SeriesMoments> moments;
  };

  void load(Band&, int64_t from, int64_t to, Lanes&, const Control&) const;
  BandView view(const Band& band) const { return {band.raw.data(), band.moments.data(), band.from, band.to, columns_.length}; }

  const Columns columns_;
  int64_t fit_;  // series on the device at once
  Band rows_, cols_;
};

}  // namespace corrente::cuda
