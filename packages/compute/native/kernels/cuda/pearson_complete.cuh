// Correlations of series without missing values: a block Z_a Z_bᵀ of the product of the standardised series with
// themselves, 128 × 128 pairs to a thread block.
//
// Arithmetic, for S series of T rows: S² T operations (each pair once, both its places filled from it). The tensor
// cores of an H200 do 67 TFLOP/s in double, its ordinary units 67 in float and 34 in double: 20,000 series of 2,520 rows
// are 1.0e12 operations, 15 ms at best; their matrix, 3.2 GB in double, takes 64 ms to bring home at 50 GB/s. A thread
// block reads 2 × 128 values per row and does 128 × 128 × 2 operations with them: 16 operations per byte in double, and
// as neighbouring blocks share panels through the cache, less than half of that comes from memory (2 of 4.8 TB/s).
//
// f64: a warp has 32 × 64 pairs in 64 accumulators per thread and feeds the tensor cores 16 × 8 × 8 at a time. A
//      thread's 16-byte load holds the fragments of two neighbouring steps: rows 2t and 2t + 1 take the places of rows
//      t and t + 4, on both sides alike.
// f32: a thread has 8 × 8 pairs; every 128 rows their sums are added to a second set, because thousands of equal
//      products would round the same way thousands of times. TF32 is not used: its 11 bits are too few.
//
// The sum of a pair runs over the rows in an order that depends on nothing else, and a pair always stands at the same
// place of the same block: the bits do not depend on the tile that was asked for.
#pragma once

#include "pairs.cuh"
#include "slices.cuh"

namespace corrente::cuda {

constexpr int complete_places = panel_series * panel_series;

// What becomes of a block's sums: stored as correlations where one chunk holds all rows, else kept as partial sums,
// [chunk][pair of panels][128 × 128].
template <class Real>
struct CompleteOutput {
  TileOutput<Real> tile;
  Coefficient coefficient;
  const SeriesMoments* moments;
  int64_t series;
  double* partial;  // null where the sums are whole
  int64_t pairs;
  int32_t rows;

  __device__ void put(const PairGrid& grid, int64_t block, int row, int col, double sum) const {
    if (partial != nullptr) {
      partial[(block % grid.chunks * pairs + block / grid.chunks) * complete_places + row * panel_series + col] = sum;
    } else {
      store(grid.pair(block), row, col, sum);
    }
  }

  __device__ void store(PanelPair pair, int row, int col, double sum) const {
    if (pair.a == pair.b && row > col) return;  // the same pair stands above the diagonal
    const int64_t a = int64_t{pair.a} * panel_series + row, b = int64_t{pair.b} * panel_series + col;
    if (!coefficient.covariance()) return tile.store(a, b, clamp_unit(sum), rows);
    if (b >= series || !(tile.holds(a, b) || tile.holds(b, a))) return;
    tile.store(a, b, coefficient.covariance_of(a == b ? 1 : sum, rows, moments[a], moments[b]), rows);
  }
};

// Grid: pairs of panels × chunks.
template <class Real, int stages>
__global__ void __launch_bounds__(pair_threads, 1) correlate_doubles(Panels<double> panels, PairGrid grid, CompleteOutput<Real> output) {
  constexpr int warp_rows = 32, warp_cols = 64;
  constexpr int stretch = panel_series * 8;
  const PanelPair pair = grid.pair(blockIdx.x);
  const int64_t from = grid.first_row(blockIdx.x), to = from + chunk_rows < panels.padded_rows ? from + chunk_rows : panels.padded_rows;
  const int g = lane_index() / 4, t = lane_index() % 4;
  const int row0 = warp_index() / 2 * warp_rows + g, col0 = warp_index() % 2 * warp_cols;
  double sums[2][8][4] = {};
  for_each_slice<double, panel_series, stages>({panels.panel(pair.a), 0}, {panels.panel(pair.b), 0}, from, to, [&](const double* a, const double* b) {
#pragma unroll
    for (int s = 0; s < 2; s++) {
      double rows[2][4];
#pragma unroll
      for (int m = 0; m < 2; m++) {
        const double* at = a + s * stretch + (row0 + m * 16) * 8 + 2 * t;
        const double2 upper = *reinterpret_cast<const double2*>(at), lower = *reinterpret_cast<const double2*>(at + 8 * 8);
        rows[m][0] = upper.x;
        rows[m][1] = lower.x;
        rows[m][2] = upper.y;
        rows[m][3] = lower.y;
      }
#pragma unroll
      for (int n = 0; n < 8; n++) {
        const double2 col = *reinterpret_cast<const double2*>(b + s * stretch + (col0 + n * 8 + g) * 8 + 2 * t);
        const double cols[2] = {col.x, col.y};
#pragma unroll
        for (int m = 0; m < 2; m++) multiply_add(sums[m][n], rows[m], cols);
      }
    }
  });
#pragma unroll
  for (int m = 0; m < 2; m++) {
#pragma unroll
    for (int n = 0; n < 8; n++) {
#pragma unroll
      for (int e = 0; e < 4; e++) output.put(grid, blockIdx.x, row0 + m * 16 + e / 2 * 8, col0 + n * 8 + 2 * t + e % 2, sums[m][n][e]);
    }
  }
}

// Grid: pairs of panels × chunks.
template <int stages>
__global__ void __launch_bounds__(pair_threads, 1) correlate_floats(Panels<float> panels, PairGrid grid, CompleteOutput<float> output) {
  constexpr int slices_per_sum = 128 / slice_rows;
  const PanelPair pair = grid.pair(blockIdx.x);
  const int64_t from = grid.first_row(blockIdx.x), to = from + chunk_rows < panels.padded_rows ? from + chunk_rows : panels.padded_rows;
  // 4 series here and 4 half a panel on, on either side: a warp's loads then fall into different banks.
  const int row0 = static_cast<int>(threadIdx.x) / 16 * 4, col0 = static_cast<int>(threadIdx.x) % 16 * 4;
  float sums[8][8] = {}, recent[8][8] = {};
  int slice = 0;
  const auto keep = [&] {
#pragma unroll
    for (int i = 0; i < 8; i++) {
#pragma unroll
      for (int j = 0; j < 8; j++) {
        sums[i][j] += recent[i][j];
        recent[i][j] = 0;
      }
    }
  };
  for_each_slice<float, panel_series, stages>({panels.panel(pair.a), 0}, {panels.panel(pair.b), 0}, from, to, [&](const float* a, const float* b) {
#pragma unroll
    for (int k = 0; k < slice_rows; k++) {
      float rows[8], cols[8];
#pragma unroll
      for (int half = 0; half < 2; half++) {
        const float4 row = *reinterpret_cast<const float4*>(a + k * panel_series + row0 + half * 64);
        const float4 col = *reinterpret_cast<const float4*>(b + k * panel_series + col0 + half * 64);
        rows[half * 4] = row.x, rows[half * 4 + 1] = row.y, rows[half * 4 + 2] = row.z, rows[half * 4 + 3] = row.w;
        cols[half * 4] = col.x, cols[half * 4 + 1] = col.y, cols[half * 4 + 2] = col.z, cols[half * 4 + 3] = col.w;
      }
#pragma unroll
      for (int i = 0; i < 8; i++) {
#pragma unroll
        for (int j = 0; j < 8; j++) recent[i][j] = fmaf(rows[i], cols[j], recent[i][j]);
      }
    }
    if (++slice % slices_per_sum == 0) keep();
  });
  keep();
#pragma unroll
  for (int i = 0; i < 8; i++) {
#pragma unroll
    for (int j = 0; j < 8; j++) output.put(grid, blockIdx.x, row0 + i % 4 + i / 4 * 64, col0 + j % 4 + j / 4 * 64, sums[i][j]);
  }
}

// totals[i] += partial sums of place i, chunk after chunk; `fresh` begins at 0. Grid: places / threads.
__global__ void add_partials(const double* partial, int64_t places, int64_t chunks, int fresh, double* totals) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= places) return;
  double total = fresh ? 0 : totals[i];
  for (int64_t c = 0; c < chunks; c++) total += partial[c * places + i];
  totals[i] = total;
}

// Totals to correlations. Grid: pairs of panels × 128 × 128 / threads.
template <class Real>
__global__ void finish_complete(const double* totals, PairGrid grid, CompleteOutput<Real> output) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int place = static_cast<int>(i % complete_places);
  output.store(grid.pairs[i / complete_places], place / panel_series, place % panel_series, totals[i]);
}

}  // namespace corrente::cuda
