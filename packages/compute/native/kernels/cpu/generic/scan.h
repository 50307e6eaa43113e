// Scans within a vector, and the walks over a block that need them.
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

struct Plus {
  static constexpr double kIdentity = 0;
  static F64 apply(F64 a, F64 b) { return a + b; }
};
struct Least {
  static constexpr double kIdentity = __builtin_inf();
  static F64 apply(F64 a, F64 b) { return min(a, b); }
};
struct Most {
  static constexpr double kIdentity = -__builtin_inf();
  static F64 apply(F64 a, F64 b) { return max(a, b); }
};

// Lane i becomes lanes 0 … i together.
template <class Op>
inline F64 scan_up(F64 v) {
  const F64 identity = F64::broadcast(Op::kIdentity);
  v = Op::apply(v, shift_up<1>(v, identity));
  if constexpr (F64::lanes > 2) v = Op::apply(v, shift_up<2>(v, identity));
  if constexpr (F64::lanes > 4) v = Op::apply(v, shift_up<4>(v, identity));
  return v;
}

// Lane i becomes lanes i … last together.
template <class Op>
inline F64 scan_down(F64 v) {
  const F64 identity = F64::broadcast(Op::kIdentity);
  v = Op::apply(v, shift_down<1>(v, identity));
  if constexpr (F64::lanes > 2) v = Op::apply(v, shift_down<2>(v, identity));
  if constexpr (F64::lanes > 4) v = Op::apply(v, shift_down<4>(v, identity));
  return v;
}

// Calls f(vector, i) from the end of the block [begin, begin + window) of x to its beginning; the last call's i may be
// negative, and its lanes before the series' first row are `fill`.
template <class F>
inline void for_suffix(const double* x, int64_t begin, int64_t window, double fill, F&& f) {
  int64_t i = window - F64::lanes;
  for (; i >= 0; i -= F64::lanes) f(F64::load(x + begin + i), i);
  if (i <= -F64::lanes) return;
  f(begin + i >= 0 ? F64::load(x + begin + i) : F64::load_last(x + begin + i, F64::lanes + i, fill), i);
}

inline void fill(double* p, int64_t count, double value) {
  for (int64_t i = 0; i < count; ++i) p[i] = value;
}

// What is read past the last entry of a table of a block: by the last window, which needs nothing from it, and by lanes
// that nobody wants.
inline void fill_lanes(double* p, double value) { F64::broadcast(value).store(p); }

}  // namespace

}  // namespace corrente::ISA
