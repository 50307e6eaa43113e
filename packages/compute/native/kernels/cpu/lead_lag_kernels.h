// What one instruction set offers for cross-correlation over lags (generic/fft.h, generic/lead_lag.h). The series of a
// panel, as many as a vector has lanes, go side by side through every step: a "panel of x" is x [… × lanes].
#pragma once

#include <cstdint>

namespace corrente {

struct Standard;

// One stage of a transform puts transforms of points / radix points together, `radix` of them.
struct FftStage {
  int radix;  // 2, 3, 4 or 5
  int64_t points;
  const double* twiddles;  // e^(-2πi jk / points) at [k < points / radix][j - 1][re, im], 1 <= j < radix
};

// A complex transform of `points` points. Its real twin has 2 points: even ones are real parts, odd ones imaginary.
struct FftPlan {
  int64_t points;
  int stages;
  FftStage stage[48];    // innermost first
  const int32_t* place;  // [points]: where the transform wants its input t
  const double* roots;   // e^(-πi k / points) at [k <= points / 2][re, im]
};

// What of a series is transformed: its standardised values with 0 for missing; 1, or 0 where it is missing; the squares.
enum Channel { kValues, kPattern, kSquares, kChannels };

// Of a series' first and last rows, those that overlap at lag k: the root of their number times their mean, and 1 over
// the root of their sum of squares about it. The latter is infinite where nothing is left of the sum, NaN where they are constant.
enum Overlap { kHeadMean, kHeadInverse, kTailMean, kTailInverse, kOverlaps };

// Sums over common rows at one lag: products of channels of two series.
enum LagSum { kLagN, kLagX, kLagY, kLagXX, kLagYY, kLagXY, kLagSums };

// A coefficient that is to be had from the rows themselves, because too much cancels.
inline constexpr double kToBeSummed = 2;

// The largest |r| of a lane's lags, and its lag; of (a, b), and of (b, a), which differ where r(k) and r(-k) tie.
enum Strongest { kStrongestR, kStrongestLag, kMirroredR, kMirroredLag, kStrongest };

struct LeadLagKernels {
  int a_slice;  // series of a that `multiply` takes at once
  // Adds rows [from, to) of the series of a panel to what a real transform will read, the first one at position `at`.
  void (*load)(const double* const* series, const Standard*, Channel, int64_t from, int64_t to, int64_t at,
               const FftPlan&, double* points);
  // In place: from the places of the plan to the natural order.
  void (*transform)(const FftPlan&, double* points);
  void (*invert)(const FftPlan&, double* points);
  // The spectrum of the real twin: frequency k of 0 … points to out[k * stride + (re, im) * lanes].
  void (*split)(const FftPlan&, const double* points, double* out, int64_t stride);
  // For `count` (1 or a_slice) lanes of panel a from `lane` on, each with all lanes of panel b: what `invert` makes of
  // conj(A) B, summed over chunks; out [count × 2 points] panels. a and b: [points + 1][chunks][re, im] panels.
  void (*multiply)(const FftPlan&, const double* a, int lane, int count, const double* b, int64_t chunks, double* out);
  // r at lags -lags to lags, rounded as `lift` has it, from what `invert` left, times `scale`; a and b: [lags + 1][kOverlaps]
  // panels. Returns whether some are kToBeSummed: those where 1 / the product of both norms is above `limit`.
  bool (*coefficients)(const double* products, int64_t size, int64_t lags, double scale, const double* a, int lane,
                       const double* b, double limit, double lift, double* r);
  // The same from sums [kLagSums][2 lags + 1] panels, where at least min_periods rows are common. weak_b: a panel.
  // n: [2 lags + 1] panels.
  bool (*gap_coefficients)(const double* sums, int64_t lags, double min_periods, double weak_a, const double* weak_b,
                           double lift, double* r, double* n);
  // products at lags -lags to lags, times scale.
  void (*gather)(const double* products, int64_t size, int64_t lags, double scale, double* out);
  // out: [kStrongest] panels; r is below 0 where there is no value.
  void (*strongest)(const double* r, int64_t lags, double* out);
};

}  // namespace corrente
