// Correlations where values are missing: each pair over the rows that both have.
//
// With m the mask of a series and x its standardised values, 0 where missing, the sums over common rows are products of
// panels again: Σx = x_a m_b, Σy = m_a x_b, Σxx = x_a² m_b, Σyy = m_a x_b², Σxy = x_a x_b. All five run over one reading
// of the two panels; masks and squares are made in registers. The count comes from bits: popcount(presence_a & presence_b).
//
// Arithmetic: 5 products of doubles, 5 S² T operations for S series of T rows: on the tensor cores of an H200
// (67 TFLOP/s) 75 ms for 20,000 × 2,520. Sums are in double under f32 too: there their cancelling would show.
//
// Where the sums cancel (see pairs.cuh) the pair goes to a list, and one warp computes it anew from its raw values.
#pragma once

#include "pairs.cuh"
#include "slices.cuh"

namespace corrente::cuda {

constexpr int half_panel = panel_series / 2;             // a thread block has 64 × 64 pairs
constexpr int masked_places = half_panel * half_panel;
constexpr int quarters = 4;                              // of a pair of panels
constexpr int masked_sums = 6;                           // per pair: the members of PairSums

// Pairs whose sums cancelled.
struct PairList {
  struct Pair {
    int32_t a, b;
  };
  Pair* pairs;
  int* count;
};

// Partial sums lie as [chunk][pair of panels][quarter][sum][64 × 64].
template <class Real>
struct MaskedOutput {
  TileOutput<Real> tile;
  Coefficient coefficient;
  const SeriesMoments* moments;
  int64_t series;
  PairList cancelling;
  double* partial;  // null where the sums are whole
  int64_t pairs;

  __device__ void put(const PairGrid& grid, int64_t block, int quarter, int row, int col, const PairSums& sums) const {
    if (partial == nullptr) {
      store(grid.pair(block), quarter, row, col, sums);
      return;
    }
    double* at = partial + ((block % grid.chunks * pairs + block / grid.chunks) * quarters + quarter) * masked_sums * masked_places + row * half_panel + col;
    const double parts[masked_sums] = {sums.count, sums.x, sums.y, sums.xx, sums.yy, sums.xy};
    for (int i = 0; i < masked_sums; i++) at[i * masked_places] = parts[i];
  }

  __device__ void store(PanelPair pair, int quarter, int row, int col, const PairSums& sums) const {
    const int64_t a = int64_t{pair.a} * panel_series + quarter / 2 * half_panel + row;
    const int64_t b = int64_t{pair.b} * panel_series + quarter % 2 * half_panel + col;
    if (a > b || b >= series || !(tile.holds(a, b) || tile.holds(b, a))) return;
    const bool constant = moments[a].constant || moments[b].constant;
    const PairOutcome outcome = a == b && !constant ? PairOutcome{1, 1, false} : correlate(sums);
    const double value = coefficient.covariance() ? coefficient.covariance_of(outcome.xy, sums.count, moments[a], moments[b]) : constant ? NAN : outcome.r;
    tile.store(a, b, value, static_cast<int32_t>(sums.count));
    if (!constant && outcome.cancels) cancelling.pairs[atomicAdd(cancelling.count, 1)] = {static_cast<int32_t>(a), static_cast<int32_t>(b)};
  }
};

// A value, its mask and its square.
struct Masked {
  double value, mask, square;

  __device__ explicit Masked(double z) : value(z == z ? z : 0), mask(z == z ? 1 : 0), square(value * value) {}
};

__device__ inline int common_rows(const uint32_t* a, const uint32_t* b, int64_t from, int64_t to) {
  int count = 0;
  for (int64_t word = from; word < to; word++) count += __popc(a[word] & b[word]);
  return count;
}

// Grid: pairs of panels × chunks × quarters, the quarter varying fastest.
template <class Real, int stages>
__global__ void __launch_bounds__(pair_threads, 1) correlate_masked(Panels<double> panels, PairGrid grid, MaskedOutput<Real> output) {
  constexpr int warp_cols = 32;
  constexpr int stretch = half_panel * 8;
  const int64_t block = blockIdx.x / quarters;
  const int quarter = static_cast<int>(blockIdx.x % quarters);
  const PanelPair pair = grid.pair(block);
  if (pair.a == pair.b && quarter == 2) return;  // below the diagonal
  const int first_a = quarter / 2 * half_panel, first_b = quarter % 2 * half_panel;
  const int64_t from = grid.first_row(block), to = from + chunk_rows < panels.padded_rows ? from + chunk_rows : panels.padded_rows;
  const int g = lane_index() / 4, t = lane_index() % 4;
  const int row0 = warp_index() / 2 * 16 + g, col0 = warp_index() % 2 * warp_cols;
  double x[4][4] = {}, y[4][4] = {}, xx[4][4] = {}, yy[4][4] = {}, xy[4][4] = {};
  for_each_slice<double, half_panel, stages>({panels.panel(pair.a), first_a}, {panels.panel(pair.b), first_b}, from, to, [&](const double* a, const double* b) {
#pragma unroll
    for (int s = 0; s < 2; s++) {
      const double* at = a + s * stretch + row0 * 8 + 2 * t;
      const double2 upper = *reinterpret_cast<const double2*>(at), lower = *reinterpret_cast<const double2*>(at + 8 * 8);
      const Masked rows[4] = {Masked(upper.x), Masked(lower.x), Masked(upper.y), Masked(lower.y)};
      const double values[4] = {rows[0].value, rows[1].value, rows[2].value, rows[3].value};
      const double masks[4] = {rows[0].mask, rows[1].mask, rows[2].mask, rows[3].mask};
      const double squares[4] = {rows[0].square, rows[1].square, rows[2].square, rows[3].square};
#pragma unroll
      for (int n = 0; n < 4; n++) {
        const double2 col = *reinterpret_cast<const double2*>(b + s * stretch + (col0 + n * 8 + g) * 8 + 2 * t);
        const Masked first(col.x), second(col.y);
        const double col_values[2] = {first.value, second.value};
        const double col_masks[2] = {first.mask, second.mask};
        const double col_squares[2] = {first.square, second.square};
        multiply_add(x[n], values, col_masks);
        multiply_add(y[n], masks, col_values);
        multiply_add(xx[n], squares, col_masks);
        multiply_add(yy[n], masks, col_squares);
        multiply_add(xy[n], values, col_values);
      }
    }
  });
  const int64_t word_from = from / 32, word_to = divide_up(to, 32);
  const int64_t series_a = int64_t{pair.a} * panel_series + first_a, series_b = int64_t{pair.b} * panel_series + first_b;
#pragma unroll
  for (int n = 0; n < 4; n++) {
#pragma unroll
    for (int e = 0; e < 4; e++) {
      const int row = row0 + e / 2 * 8, col = col0 + n * 8 + 2 * t + e % 2;
      const int count = common_rows(panels.presence_of(series_a + row), panels.presence_of(series_b + col), word_from, word_to);
      output.put(grid, block, quarter, row, col, {static_cast<double>(count), x[n][e], y[n][e], xx[n][e], yy[n][e], xy[n][e]});
    }
  }
}

// Totals to correlations. Grid: pairs of panels × quarters × 64 × 64 / threads.
template <class Real>
__global__ void finish_masked(const double* totals, PairGrid grid, MaskedOutput<Real> output) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t part = i / masked_places;
  const int place = static_cast<int>(i % masked_places), quarter = static_cast<int>(part % quarters);
  const PanelPair pair = grid.pairs[part / quarters];
  if (pair.a == pair.b && quarter == 2) return;
  const double* at = totals + part * masked_sums * masked_places + place;
  output.store(pair, quarter, place / half_panel, place % half_panel,
               {at[0], at[masked_places], at[2 * masked_places], at[3 * masked_places], at[4 * masked_places], at[5 * masked_places]});
}

// A sum over a warp, the same on every lane.
__device__ inline double sum_warp(double mine) {
#pragma unroll
  for (int distance = 1; distance < warp_size; distance *= 2) mine += shuffle_from(mine, lane_index() ^ distance);
  return mine;
}

__device__ inline double most_of_warp(double mine) {
#pragma unroll
  for (int distance = 1; distance < warp_size; distance *= 2) mine = fmax(mine, shuffle_from(mine, lane_index() ^ distance));
  return mine;
}

// One warp computes one pair from its raw values: relative to a value of the overlap, divided by the largest distance
// from it, and about the mean (the corrected two-pass algorithm). A constant has no distance.
__device__ inline double correlate_raw(const Coefficient& coefficient, const double* a, const double* b, double scale_a, double scale_b, int64_t rows) {
  const int lane = lane_index();
  int64_t origin = rows;
  for (int64_t t = lane; t < rows && origin == rows; t += warp_size) {
    if (a[t] == a[t] && b[t] == b[t]) origin = t;
  }
#pragma unroll
  for (int distance = 1; distance < warp_size; distance *= 2) {
    const int64_t other = shuffle_from(origin, lane ^ distance);
    origin = other < origin ? other : origin;
  }
  if (origin == rows) return NAN;
  const double a0 = a[origin] * scale_a, b0 = b[origin] * scale_b;
  double far_a = 0, far_b = 0;
  for (int64_t t = lane; t < rows; t += warp_size) {
    if (a[t] != a[t] || b[t] != b[t]) continue;
    far_a = fmax(far_a, fabs(a[t] * scale_a - a0));
    far_b = fmax(far_b, fabs(b[t] * scale_b - b0));
  }
  far_a = most_of_warp(far_a);
  far_b = most_of_warp(far_b);
  const bool constant = far_a == 0 || far_b == 0;
  if (constant && !coefficient.covariance()) return NAN;
  double count = 0, x = 0, y = 0;
  for (int64_t t = lane; t < rows; t += warp_size) {
    if (a[t] != a[t] || b[t] != b[t]) continue;
    count += 1;
    x += (a[t] * scale_a - a0) / far_a;
    y += (b[t] * scale_b - b0) / far_b;
  }
  count = sum_warp(count);
  if (coefficient.covariance() && (constant || !coefficient.has_value(count))) return coefficient.has_value(count) ? 0 : NAN;
  const double mean_x = sum_warp(x) / count, mean_y = sum_warp(y) / count;
  double dx = 0, dy = 0, xx = 0, yy = 0, xy = 0;
  for (int64_t t = lane; t < rows; t += warp_size) {
    if (a[t] != a[t] || b[t] != b[t]) continue;
    const double u = (a[t] * scale_a - a0) / far_a - mean_x, v = (b[t] * scale_b - b0) / far_b - mean_y;
    dx += u;
    dy += v;
    xx = fma(u, u, xx);
    yy = fma(v, v, yy);
    xy = fma(u, v, xy);
  }
  dx = sum_warp(dx);
  dy = sum_warp(dy);
  xx = sum_warp(xx) - dx * dx / count;
  yy = sum_warp(yy) - dy * dy / count;
  xy = sum_warp(xy) - dx * dy / count;
  if (!coefficient.covariance()) return clamp_unit(xy / (sqrt(xx) * sqrt(yy)));
  const double root = sqrt(count - static_cast<double>(coefficient.ddof));
  return xy * (far_a / scale_a / root) * (far_b / scale_b / root);
}

// Pairs [from, to) of the list, a warp each. Grid: pairs / warps of a thread block.
template <class Real>
__global__ void __launch_bounds__(pair_threads) correlate_list(Panels<double> panels, Coefficient coefficient, PairList list, int64_t from, int64_t to, TileOutput<Real> tile) {
  const int64_t i = from + static_cast<int64_t>(blockIdx.x) * (pair_threads / warp_size) + warp_index();
  if (i >= to) return;
  const PairList::Pair pair = list.pairs[i];
  const double r = correlate_raw(coefficient, panels.raw_series(pair.a), panels.raw_series(pair.b), panels.moments[pair.a].scale, panels.moments[pair.b].scale, panels.rows);
  if (lane_index() != 0) return;
  tile.store_r(pair.a, pair.b, r);
}

}  // namespace corrente::cuda
