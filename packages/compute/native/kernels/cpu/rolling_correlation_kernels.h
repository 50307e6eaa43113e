// What one instruction set offers for rolling and exponentially weighted correlation (generic/rolling_correlation.h,
// generic/rolling_correlation_gaps.h, generic/ewm_correlation.h). A "panel" is as in lead_lag_kernels.h: the series that
// a vector has lanes for, side by side; panels of values are [rows × lanes].
#pragma once

#include <cstdint>

namespace corrente {

// Windows that share a row, the seam: window j, of `windows`, has rows [begin + j step, seam + j step], and the last
// one begins at the seam or before it.
struct WindowGroup {
  int64_t begin, seam, step, windows;
  int64_t rows() const { return seam - begin + 1; }
};

// Of a series in a window: the root of the number of rows times their mean about the seam, over their norm about the
// mean; and 1 over that norm, NaN where they are constant.
enum WindowStatistic { kWindowMean, kWindowInverse, kWindowStatistics };

// What a pair with gaps keeps from row to row under decaying weights; x and y are of the last common row, and their
// deviations from the mean before it.
enum DecayState { kDecayN, kDecayWeight, kDecayKeep, kDecayX, kDecayY, kDecayDX, kDecayDY, kDecayXX, kDecayYY, kDecayXY, kDecayStates };

// A coefficient that is to be had from the rows themselves, because too much cancels.
inline constexpr double kWindowToBeSummed = 2;

struct RollingCorrelationKernels {
  int a_slice;  // series of a that a kernel without gaps takes at once
  // Values times their series' scale.
  void (*pack)(const double* const* series, const double* scales, int64_t rows, double* out);

  // out: [windows][kWindowStatistics] panels.
  void (*statistics)(const double* x, const WindowGroup&, double* out);
  // For `count` (1 or a_slice) lanes of panel a, each with all lanes of panel b: r [count][windows] panels.
  void (*correlate)(const double* a, int lane, int count, const double* b, const WindowGroup&, const double* statistics_a,
                    const double* statistics_b, double* r);
  // The same of one lane, over common rows. scratch: [5][windows] panels. Returns whether some are kWindowToBeSummed.
  bool (*correlate_gaps)(const double* a, int lane, const double* b, const WindowGroup&, double min_periods,
                         double* scratch, double* r);

  // What row t adds to the decaying products is deviations[t] of one series times that of the other; inverses[t] is 1
  // over the root of a series' own sum, NaN where that is constant.
  void (*decay)(const double* x, int64_t rows, double decay, double* deviations, double* inverses);
  // Adds rows [from, to) of `count` lanes of a with b to sums [count] panels.
  void (*add_decaying)(const double* a, int lane, int count, const double* b, int64_t from, int64_t to, double decay, double* sums);
  // r [count] panels from sums and the inverses at a row.
  void (*decayed)(const double* sums, int count, const double* inverses_a, int lane, const double* inverses_b, double* r);
  // The same over common rows; state [kDecayStates] panels, zeros at the beginning.
  void (*add_decaying_gaps)(const double* a, int lane, const double* b, int64_t from, int64_t to, double decay, double* state);
  void (*decayed_gaps)(const double* state, double min_periods, double* r);

  // Puts a lane's windows next to each other: rows[lane][window] = r[window × lanes + lane]; null rows are left out.
  void (*spread_f64)(const double* r, int64_t windows, double* const* rows);
  void (*spread_f32)(const double* r, int64_t windows, float* const* rows);
};

}  // namespace corrente
