// Quantiles of short rolling windows: the window is kept sorted, and each step takes the oldest value out and puts the
// newest one in, in one pass over its slots.
//
// A lane of a vector is a strip of rows with a window of its own, so that a slot is one vector and nothing branches. With
// the newest value v put in, slot i of a sorted window a holds c[i] = min(a[i], max(a[i-1], v)); with one value equal to
// the oldest o taken out of that, it holds c[i] where c[i] < o, and else c[i+1].
//
// A missing value stands as infinity, which no series holds: while there is one in the window, the last slot says so.
// So do the rows before the first one. Zeros lose their sign, or which of two equal zeros is the median would show.
#pragma once

#include "order_between.h"

namespace corrente::ISA {

namespace {

constexpr double kInfinite = __builtin_inf();

// A step costs as many operations as the window has slots, divided by the lanes; longer windows are better kept as
// places (order_places.h), whose cost hardly grows. As measured.
constexpr int64_t kOrderColumnsWindow = 40 * F64::lanes;

// [slots of the window] [1 + window - 1 + rows staged rows], in vectors; the rows are rounded up to whole tiles.
inline int64_t order_columns_scratch(int64_t window, int64_t rows) {
  return (2 * window + rows + 2 * F64::lanes) * F64::lanes;
}

// A vector of rows at, at + 1, … of a strip, counted from its first wanted row.
inline F64 strip_rows(const OrderStrip& strip, int64_t at) {
  if (at >= -strip.before && at + F64::lanes <= strip.rows) return F64::load(strip.x + at);
  double row[F64::lanes];
  for (int i = 0; i < F64::lanes; ++i)
    row[i] = at + i >= -strip.before && at + i < strip.rows ? strip.x[at + i] : kInfinite;
  return F64::load(row);
}

// Rows -(window - 1), … of the strips, one strip to each lane.
inline void stage(const OrderStrip* strips, int64_t window, int64_t rows, double* staged) {
  for (int64_t j = 0; j < window - 1 + rows; j += F64::lanes) {
    F64 tile[F64::lanes];
    for (int lane = 0; lane < F64::lanes; ++lane) {
      const F64 v = strip_rows(strips[lane], j - (window - 1));
      tile[lane] = select(is_nan(v), F64::broadcast(kInfinite), v + F64::zero());
    }
    transpose(tile);
    for (int i = 0; i < F64::lanes; ++i) tile[i].store(staged + (j + i) * F64::lanes);
  }
}

template <class Out>
inline void unstage(const OrderStrip* strips, int64_t rows, const double* results) {
  for (int64_t r = 0; r < rows; r += F64::lanes) {
    F64 tile[F64::lanes];
    for (int i = 0; i < F64::lanes; ++i) tile[i] = F64::load(results + (r + i) * F64::lanes);
    transpose(tile);
    for (int lane = 0; lane < F64::lanes; ++lane) {
      const int64_t left = strips[lane].rows - r;
      if (left <= 0) continue;
      Out* const out = static_cast<Out*>(strips[lane].out) + r;
      if (left >= F64::lanes) {
        tile[lane].store(out);
      } else {
        tile[lane].store_first(out, left);
      }
    }
  }
}

// Puts v into the first `count` slots, the last of which is free (infinite).
inline void slot_in(double* slots, int64_t count, F64 v) {
  F64 previous = F64::broadcast(-kInfinite);
  for (int64_t i = 0; i < count; ++i) {
    const F64 here = F64::load(slots + i * F64::lanes);
    min(here, max(previous, v)).store(slots + i * F64::lanes);
    previous = here;
  }
}

inline void slot_in_and_out(double* slots, int64_t window, F64 in, F64 out) {
  F64 previous = F64::load(slots);
  F64 c = min(previous, in);
#pragma GCC unroll 4
  for (int64_t i = 0; i < window - 1; ++i) {
    const F64 next = F64::load(slots + (i + 1) * F64::lanes);
    const F64 after = min(next, max(previous, in));
    select(less(c, out), c, after).store(slots + i * F64::lanes);
    previous = next;
    c = after;
  }
  select(less(c, out), c, max(previous, in)).store(slots + (window - 1) * F64::lanes);
}

// Quantile q of the windows that end at each row of up to F64::lanes strips; a strip of no rows is left alone.
template <class Out>
void order_columns(const OrderStrip* strips, int64_t window, double q, double* scratch) {
  int64_t rows = 0;
  for (int lane = 0; lane < F64::lanes; ++lane) rows = strips[lane].rows > rows ? strips[lane].rows : rows;
  double* const slots = scratch;
  // Row r of the results takes the place of the value that leaves with it: one row of infinity leaves with the first.
  double* const results = slots + window * F64::lanes;
  double* const staged = results + F64::lanes;
  for (int64_t i = 0; i <= window; ++i) F64::broadcast(kInfinite).store(slots + i * F64::lanes);
  stage(strips, window, rows, staged);

  for (int64_t j = 0; j < window - 1; ++j) slot_in(slots, j + 1, F64::load(staged + j * F64::lanes));
  const QuantilePosition position(q, window);
  const F64 up = F64::broadcast(position.part), down = F64::broadcast(1 - position.part);
  const F64 infinite = F64::broadcast(kInfinite), missing = F64::broadcast(kNaN);
  const double* const low = slots + position.whole * F64::lanes;
  const double* const last = slots + (window - 1) * F64::lanes;
  for (int64_t r = 0; r < rows; ++r) {
    slot_in_and_out(slots, window, F64::load(staged + (window - 1 + r) * F64::lanes), F64::load(results + r * F64::lanes));
    F64 value = F64::load(low);
    if (position.part > 0) value = between(value, F64::load(low + F64::lanes), position.part >= 0.5, up, down);
    select(equal(F64::load(last), infinite), missing, value).store(results + r * F64::lanes);
  }
  unstage<Out>(strips, rows, results);
}

}  // namespace

}  // namespace corrente::ISA
