// Means and norms of the first and the last rows of a series without gaps, those that overlap at each lag.
#include <algorithm>
#include <cmath>
#include <limits>

#include "lead_lag.h"

namespace corrente {

namespace {

int64_t constant_rows(const double* x, int64_t length) {
  return std::find_if(x, x + length, [&](double v) { return v != x[0]; }) - x;
}

}  // namespace

// The fewest rows first, about their own mean; then a row at a time (Welford 1962), so that nothing is subtracted from
// a sum of squares: the first rows may lie close together, far from the mean of all.
void CpuLeadLag::put_overlaps(int64_t slot) {
  const int64_t s = panels_.series[slot], length = columns_.length;
  double* const out = overlaps_.as<double>() + slot / lanes() * (lags_ + 1) * kOverlaps * lanes() + slot % lanes();
  if (s < 0 || series_[s].constant) {
    for (int64_t i = 0; i < (lags_ + 1) * kOverlaps; ++i) out[i * lanes()] = std::numeric_limits<double>::quiet_NaN();
    return;
  }
  const Standard& standard = series_[s].standard;
  const auto standardised = [&](double v) {
    return (v * standard.scale - standard.mean - standard.shift) * standard.gain;
  };
  std::vector<double> reversed(static_cast<size_t>(length));
  std::reverse_copy(columns_.row(s), columns_.row(s) + length, reversed.begin());

  const auto run = [&](const double* x, Overlap mean_part, Overlap inverse_part) {
    const int64_t constant = constant_rows(x, length), fewest = length - lags_;
    double mean, squares;
    if (fewest <= constant) {
      mean = standardised(x[0]);
      squares = 0;
    } else {
      Standard own = standard;
      kernels_.standardise(x, fewest, fewest, own);
      mean = ((own.mean - standard.mean) + (own.shift - standard.shift)) * standard.gain;
      squares = standard.gain / own.gain * (standard.gain / own.gain);
    }
    for (int64_t k = lags_; k >= 0; --k) {
      const int64_t n = length - k;
      if (k < lags_) {
        const double z = standardised(x[n - 1]), before = mean;
        mean += (z - before) / static_cast<double>(n);
        squares += (z - before) * (z - mean);
      }
      double* const at = out + k * kOverlaps * lanes();
      at[mean_part * lanes()] = mean * std::sqrt(static_cast<double>(n));
      at[inverse_part * lanes()] = n <= constant ? std::numeric_limits<double>::quiet_NaN() : 1 / std::sqrt(squares);
    }
  };
  run(columns_.row(s), kHeadMean, kHeadInverse);
  run(reversed.data(), kTailMean, kTailInverse);
}

}  // namespace corrente
