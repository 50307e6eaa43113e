// How standardised series lie in device memory: in panels of 128 series, each panel so that what a thread block copies
// into shared memory at a time is one contiguous stretch.
#pragma once

#include "runtime.cuh"
#include "sizes.h"

namespace corrente::cuda {

constexpr int panel_series = 128;
constexpr int slice_rows = 16;  // time is padded with zeros to a multiple of it
static_assert(chunk_rows % 32 == 0);

// Doubles lie as [time / 8][series][8], so that the lanes of a warp find the fragments of a matrix product in
// neighbouring 16 bytes; floats as [time][series].
template <class Z>
__host__ __device__ constexpr int64_t panel_place(int series, int64_t t);
template <>
__host__ __device__ constexpr int64_t panel_place<double>(int series, int64_t t) {
  return (t / 8 * panel_series + series) * 8 + t % 8;
}
template <>
__host__ __device__ constexpr int64_t panel_place<float>(int series, int64_t t) {
  return t * panel_series + series;
}

// What the kernels need of a series besides its values.
struct SeriesMoments {
  double scale;         // a power of two that brings the largest absolute value into [1/2, 1)
  double mean;          // of the scaled values, as one double has it
  double mean_error;    // what that lacks: far from zero it matters
  double inverse_norm;  // of what remains
  int64_t present;
  int32_t constant;  // or fewer than two values: no pair with it has a correlation
};

// Where a value stands in the order of its series' present values, and where its equals begin and end; -1 where it is
// missing.
struct RankPlace {
  int32_t place, first, end;
};

// Where a panel is: series are counted over the whole data set, slots over what is on the device now.
template <class Z>
struct Panels {
  const Z* z;                 // [slot][panel_series × padded rows]
  const double* raw;          // [slot][panel_series][rows], of ranks where those are correlated; null where it is not kept
  const RankPlace* places;    // likewise; null where there are no ranks
  const uint32_t* presence;   // [slot][panel_series][words]: bit t % 32 of word t / 32; null where no value is missing
  const int32_t* slot;        // of each panel
  const SeriesMoments* moments;  // of each series
  int64_t rows, padded_rows, words;

  __host__ __device__ const Z* panel(int64_t p) const { return z + slot[p] * panel_series * padded_rows; }
  __host__ __device__ const double* raw_series(int64_t s) const { return raw + (slot[s / panel_series] * int64_t{panel_series} + s % panel_series) * rows; }
  __host__ __device__ const RankPlace* places_of(int64_t s) const { return places + (slot[s / panel_series] * int64_t{panel_series} + s % panel_series) * rows; }
  __host__ __device__ const uint32_t* presence_of(int64_t s) const { return presence + (slot[s / panel_series] * int64_t{panel_series} + s % panel_series) * words; }
};

}  // namespace corrente::cuda
