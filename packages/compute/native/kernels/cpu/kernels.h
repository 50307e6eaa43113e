// What one instruction set offers: the inner loops of the CPU engine. generic/ holds them once, over the vector
// vocabulary of ../simd; each instruction set compiles them into one table. Everything that decides (threads,
// blocking, missing series, cancel) is outside, in pearson.cpp and rolling.cpp.
#pragma once

#include <cstdint>

#include "../ops.h"
#include "information_kernels.h"
#include "lead_lag_kernels.h"
#include "order_kernels.h"
#include "pair_statistic_kernels.h"
#include "rolling_correlation_kernels.h"

namespace corrente {

struct Extent {
  int64_t present;  // values that are not NaN
  double least;     // over the present values; least > most where there are none
  double most;
};

// A series x as it is standardised: z = (x scale - mean - shift) gain.
struct Standard {
  double scale;  // a power of two that brings the largest |x| near 1, so that no square overflows or vanishes
  double mean;   // of x scale
  double shift;  // what rounding left of the mean: the mean of x scale - mean
  double gain;   // 1 / norm of the centred series
};

// Sums over the rows that two series have in common; x and y are scaled, and centred by their series' means.
enum Moment { kMomentN, kMomentX, kMomentY, kMomentXX, kMomentYY, kMomentXY, kMoments };

// The exact answer over the common rows of two series.
struct PairMoments {
  int64_t n;
  bool constant;  // one of the two does not vary over the common rows
  double xx, yy, xy;  // central second moments
};

// Rows [from, to) of a series, whose outputs are wanted.
struct RollingRows {
  const double* x;
  int64_t length;
  int64_t from, to;
  bool stream;            // outputs go past the caches
  const int32_t* cancel;  // not 0: give up
};

struct Kernels {
  const char* name;
  int doubles;       // lanes of a vector of doubles
  int panel[2];      // series in a panel, by precision (f64, f32)
  int block_panels;  // panels in a cache block
  int gap_slice;     // series that add_moments takes of b
  int gap_row;       // doubles that pack_gaps writes for each row

  // --- Pearson (generic/series.h, generic/panel.h, generic/moments.h)
  Extent (*extent)(const double* x, int64_t length);
  // Sets mean, shift and gain; scale is given.
  void (*standardise)(const double* x, int64_t length, int64_t present, Standard&);
  // Packs rows [from, to) of one panel of standardised series: out[(t - from) * panel + lane].
  void (*pack_f64)(const double* const* series, const Standard*, int64_t from, int64_t to, double* out);
  void (*pack_f32)(const double* const* series, const Standard*, int64_t from, int64_t to, float* out);
  // c[j * ldc + i] (+)= sum over `rows` rows of a's lane i times b's lane j, for a_panels and b_panels panels that
  // lie `stride` values apart. `first` overwrites c. `lower`: a and b are the same panels, and only panel pairs with
  // a's at or after b's are wanted.
  void (*multiply_f64)(const double* a, const double* b, int64_t stride, int a_panels, int b_panels, int64_t rows,
                       double* c, int64_t ldc, bool first, bool lower);
  void (*multiply_f32)(const float* a, const float* b, int64_t stride, int a_panels, int b_panels, int64_t rows,
                       double* c, int64_t ldc, bool first, bool lower);
  // out[i * width + j] = c[i * ldc + j], and out[i * width + j] = c[j * ldc + i], cut to [-limit, limit]
  // (generic/block_store.h).
  void (*store_rows_f64)(const double* c, int64_t ldc, int64_t rows, int64_t cols, double limit, double* out, int64_t width);
  void (*store_rows_f32)(const double* c, int64_t ldc, int64_t rows, int64_t cols, double limit, float* out, int64_t width);
  void (*store_columns_f64)(const double* c, int64_t ldc, int64_t rows, int64_t cols, double limit, double* out, int64_t width);
  void (*store_columns_f32)(const double* c, int64_t ldc, int64_t rows, int64_t cols, double limit, float* out, int64_t width);
  // The values with |x| >= threshold, in order, and their places; returns how many. Writes whole vectors.
  int64_t (*find_strong)(const double* x, int64_t count, double threshold, double* values, int32_t* places);
  // Packs rows [from, to) of one vector of series, missing or not, for add_moments.
  void (*pack_gaps)(const double* const* series, const Standard*, int64_t from, int64_t to, double* out);
  // Adds to sums[(j * kMoments + moment) * doubles + lane], for gap_slice series j of b from `column` on.
  void (*add_moments)(const double* a, const double* b, int column, int64_t rows, double* sums);
  PairMoments (*pair_moments)(const double* x, const Standard&, const double* y, const Standard&, int64_t length);

  // --- Kendall and distance correlation (generic/signs.h, generic/dominance.h)
  PairStatisticKernels pair_statistic;

  // --- Rolling (generic/rolling_scan.h, rolling_direct.h, rolling_weighted.h, ema.h, ewm.h)
  // Doubles of scratch that a request needs.
  int64_t (*rolling_scratch)(const RollingRequest&);
  // The outputs that belong to some rows of a series, for every kind of window of full length but order statistics:
  // those of the window blocks that begin there. `window` is at most the length. Rows before the first full window
  // become NaN.
  void (*rolling_f64)(const RollingRows&, const RollingRequest&, double* out, double* scratch);
  void (*rolling_f32)(const RollingRows&, const RollingRequest&, float* out, double* scratch);
  // Runs an exponential average with the given alpha over x, starting at `average`; returns where it ends. `out` may
  // be null.
  double (*ema_f64)(const double* x, int64_t length, double alpha, double average, double* out);
  double (*ema_f32)(const double* x, int64_t length, double alpha, double average, float* out);
  // Exponentially weighted mean and variance of rows [from, to) of `live` series, at most `doubles`. `from` is a
  // multiple of 64; `state`, ewm_state doubles, is zeros at the beginning.
  int64_t ewm_state;
  void (*ewm_f64)(const double* const* series, int live, int64_t from, int64_t to, const RollingRequest&,
                  double* const* out, double* state);
  void (*ewm_f32)(const double* const* series, int live, int64_t from, int64_t to, const RollingRequest&,
                  float* const* out, double* state);

  // --- Order statistics of rolling windows (generic/order_columns.h, order_rank.h, order_places.h)
  // The longest windows for which sorted columns, and counting, are the faster ways.
  int64_t order_columns_window;
  int64_t order_rank_window;
  int64_t (*order_columns_scratch)(int64_t window, int64_t rows);
  OrderKernels<double> order_f64;
  OrderKernels<float> order_f32;

  // --- Information from neighbours (generic/near.h, information_walk.h, exhaust.h, permute.h)
  InformationKernels<double> information_f64;
  InformationKernels<float> information_f32;

  // --- Cross-correlation over lags (generic/fft.h, generic/lead_lag.h)
  LeadLagKernels lead_lag;

  // --- Rolling correlation (generic/rolling_correlation.h, rolling_correlation_gaps.h, ewm_correlation.h)
  RollingCorrelationKernels rolling_correlation;
};

namespace baseline {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}
namespace avx512 {
extern const Kernels kernels;
}

}  // namespace corrente
