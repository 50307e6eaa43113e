// Distance correlation of a pair (Székely, Rizzo and Bakirov 2007), over the rows that both have.
//
// The matrices of distances are never held: their row means are summed first, then the products of the doubly centred
// distances, each distance made anew from its two values. Both passes see all n² places, 24 operations each: 1.5 × 10⁸
// for 2,520 rows, so an H200, with 34 TFLOP/s in double, takes at least 4 µs a pair, 9 s for 2,000 series. The sums lose
// nothing to cancelling, as those of the O(n log n) methods do.
#pragma once

#include "pair_walk.cuh"

namespace corrente::cuda {

struct DistanceWalk {
  static int64_t memory_of(int64_t rows) { return BitSet::bytes_of(rows) + 8 + 4 * rows * static_cast<int64_t>(sizeof(double)); }
  static double operations_of(int64_t rows) { return 24.0 * static_cast<double>(rows) * static_cast<double>(rows); }

  // The values of one series over the common rows, from 0 to 1; and the mean distances.
  struct Side {
    double *values, *means;
    double mean;
  };

  __device__ static WalkResult of(const Panels<double>& panels, int64_t a, int64_t b, unsigned char* memory, const WalkShared& shared) {
    const int64_t rows = panels.rows;
    const BitSet common = BitSet::at(memory, rows);
    auto* const arrays = reinterpret_cast<double*>(memory + (BitSet::bytes_of(rows) + 7) / 8 * 8);
    const double *const of_a = panels.raw_series(a), *const of_b = panels.raw_series(b);
    common.clear();
    __syncthreads();
    for (int64_t t = threadIdx.x; t < rows; t += walk_threads) {
      if (of_a[t] == of_a[t] && of_b[t] == of_b[t]) common.add(t);
    }
    __syncthreads();
    common.count(shared.scan);
    const int32_t count = common.below(rows);
    Side x{arrays, arrays + rows, 0}, y{arrays + 2 * rows, arrays + 3 * rows, 0};
    const bool spread_x = take(of_a, rows, panels.moments[a].scale, common, count, x, shared);
    const bool spread_y = take(of_b, rows, panels.moments[b].scale, common, count, y, shared);
    if (count < 2 || !spread_x || !spread_y) return {NAN, count};
    average(x, count, shared);
    average(y, count, shared);

    ThreeSums::State sums{0, 0, 0};
    for (int64_t i = threadIdx.x; i < count; i += walk_threads) {
      const double xi = x.values[i], yi = y.values[i], off_x = x.mean - x.means[i], off_y = y.mean - y.means[i];
      ThreeSums::State row{0, 0, 0};
      for (int64_t j = 0; j < count; j++) {
        const double u = fabs(xi - x.values[j]) - x.means[j] + off_x, v = fabs(yi - y.values[j]) - y.means[j] + off_y;
        row.a = fma(u, u, row.a);
        row.b = fma(v, v, row.b);
        row.c = fma(u, v, row.c);
      }
      sums = ThreeSums::merge(sums, row);
    }
    sums = merge_block<ThreeSums>(sums, shared.sums);
    const double squared = sums.c / (sqrt(sums.a) * sqrt(sums.b));
    return {squared <= 0 ? 0 : sqrt(clamp_unit(squared)), count};
  }

  // Whether the values differ at all.
  __device__ static bool take(const double* series, int64_t rows, double scale, const BitSet& common, int32_t count, const Side& side, const WalkShared& shared) {
    double least = INFINITY, most = -INFINITY;
    for (int64_t t = threadIdx.x; t < rows; t += walk_threads) {
      if ((common.bits[t / 32] >> t % 32 & 1) == 0) continue;
      const double value = series[t] * scale;
      side.values[common.below(t)] = value;
      least = value < least ? value : least;
      most = value > most ? value : most;
    }
    const auto extremes = merge_block<Extremes>({least, most, 0}, shared.sums);
    const double range = extremes.b - extremes.a;
    if (count < 2 || !(range > 0)) return false;
    for (int64_t i = threadIdx.x; i < count; i += walk_threads) side.values[i] = (side.values[i] - extremes.a) / range;
    __syncthreads();
    return true;
  }

  struct Extremes {
    using State = ThreeSums::State;
    __host__ __device__ static State merge(State x, State y) { return {x.a < y.a ? x.a : y.a, x.b > y.b ? x.b : y.b, 0}; }
  };

  __device__ static void average(Side& side, int32_t count, const WalkShared& shared) {
    double total = 0;
    for (int64_t i = threadIdx.x; i < count; i += walk_threads) {
      const double value = side.values[i];
      double sum = 0;
      for (int64_t j = 0; j < count; j++) sum += fabs(value - side.values[j]);
      side.means[i] = sum / count;
      total += side.means[i];
    }
    side.mean = merge_block<ThreeSums>({total, 0, 0}, shared.sums).a / count;
  }
};

}  // namespace corrente::cuda
