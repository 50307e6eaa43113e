// Rank of the newest value of short rolling windows, by counting: lanes are windows that end at consecutive rows.
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

// Beyond it a set of places (order_places.h) is the faster way, as measured.
constexpr int64_t kOrderRankWindow = 80 * F64::lanes;

// Of equal values each has the mean of their ranks: with L values less than the newest and A at most it, itself among
// them, that is (L + A + 1) / 2.
template <class Out>
void order_rank(const double* x, int64_t from, int64_t to, int64_t window, Out* out) {
  int64_t t = from;
  for (; t < to && t < window - 1; ++t) out[t] = static_cast<Out>(kNaN);
  if (t >= to) return;
  // The last row at which a value is missing; comparing with it gives neither.
  int64_t missing = t - window;
  for (int64_t i = t - window + 1; i < t; ++i)
    if (x[i] != x[i]) missing = i;
  for (; t < to; t += F64::lanes) {
    const int64_t rows = to - t < F64::lanes ? to - t : F64::lanes;
    const bool whole = rows == F64::lanes;
    const auto at = [&](int64_t row) { return whole ? F64::load(x + row) : F64::load_first(x + row, rows, 0); };
    const F64 newest = at(t);
    I64 lower = I64::zero(), same_or_lower = I64::broadcast(1);
    for (int64_t i = 1; i < window; ++i) {
      const F64 other = at(t - i);
      lower = count_in(lower, less(other, newest));
      same_or_lower = count_in(same_or_lower, at_most(other, newest));
    }
    int32_t twice[F64::lanes];
    (lower + same_or_lower).store(twice);
    for (int64_t i = 0; i < rows; ++i) {
      if (x[t + i] != x[t + i]) missing = t + i;
      out[t + i] = static_cast<Out>(t + i - missing < window ? kNaN : 0.5 * (twice[i] + 1));
    }
  }
}

}  // namespace

}  // namespace corrente::ISA
