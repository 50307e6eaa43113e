// Where a quantile lies among sorted values.
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

// Quantile q of n values lies at q (n - 1), linearly between the value at `whole` and the one after it (numpy's method
// "linear"; number 7 of Hyndman and Fan 1996).
struct QuantilePosition {
  QuantilePosition(double q, int64_t n) {
    const double position = q * static_cast<double>(n - 1);
    whole = static_cast<int64_t>(position);
    part = position - static_cast<double>(whole);
  }
  int64_t whole;
  double part;
};

// From the nearer of the two. The vectors and the single values of one statistic must agree to the bit, so there is one
// formula. `up` is the part, `down` what is left of it.
template <class V>
inline V between(V low, V high, bool nearer_high, V up, V down) {
  return nearer_high ? high - (high - low) * down : low + (high - low) * up;
}

}  // namespace

}  // namespace corrente::ISA
