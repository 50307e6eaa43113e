// The vector vocabulary in the compiler's generic vectors of 16 bytes: SSE on x86-64, NEON on aarch64. The meanings
// stand in avx512.h.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace corrente::baseline {

inline constexpr const char* kName = "baseline";

// 8 accumulators, 2 vectors, one broadcast value and a product of 16 registers.
inline constexpr int kPanelVectors = 2;
inline constexpr int kSlice = 4;
// Series that a vector of others is summed with over common rows, six sums for each: 6 accumulators.
inline constexpr int kGapSlice = 1;
// 64 series by 256 rows of doubles take 128 KiB of the second cache.
inline constexpr int kBlockPanels = 16;

using Doubles = double __attribute__((vector_size(16)));
using Floats = float __attribute__((vector_size(16)));
using Mask = int64_t __attribute__((vector_size(16)));

struct F64 {
  static constexpr int lanes = 2;
  Doubles v;

  static F64 zero() { return {Doubles{0, 0}}; }
  static F64 broadcast(double x) { return {Doubles{x, x}}; }
  static F64 load(const double* p) {
    F64 a;
    std::memcpy(&a.v, p, sizeof a.v);
    return a;
  }
  static F64 load_first(const double* p, int64_t count, double fill) {
    return {Doubles{count > 0 ? p[0] : fill, count > 1 ? p[1] : fill}};
  }
  static F64 load_last(const double* p, int64_t count, double fill) {
    return {Doubles{count > 1 ? p[0] : fill, count > 0 ? p[1] : fill}};
  }
  static F64 iota() { return {Doubles{0, 1}}; }

  void store(double* p) const { std::memcpy(p, &v, sizeof v); }
  void store(float* p) const {
    p[0] = static_cast<float>(v[0]);
    p[1] = static_cast<float>(v[1]);
  }
  template <class Out>
  void store_first(Out* p, int64_t count) const {
    if (count > 0) p[0] = static_cast<Out>(v[0]);
    if (count > 1) p[1] = static_cast<Out>(v[1]);
  }
};

inline F64 operator+(F64 a, F64 b) { return {a.v + b.v}; }
inline F64 operator-(F64 a, F64 b) { return {a.v - b.v}; }
inline F64 operator*(F64 a, F64 b) { return {a.v * b.v}; }
inline F64 operator/(F64 a, F64 b) { return {a.v / b.v}; }
inline F64 fma(F64 a, F64 b, F64 c) { return {a.v * b.v + c.v}; }
inline F64 fnma(F64 a, F64 b, F64 c) { return {c.v - a.v * b.v}; }
inline F64 min(F64 a, F64 b) { return {a.v < b.v ? a.v : b.v}; }
inline F64 max(F64 a, F64 b) { return {a.v > b.v ? a.v : b.v}; }
inline F64 sqrt(F64 a) { return {Doubles{__builtin_sqrt(a.v[0]), __builtin_sqrt(a.v[1])}}; }

inline Mask is_nan(F64 a) { return a.v != a.v; }
inline Mask either_nan(F64 a, F64 b) { return (a.v != a.v) | (b.v != b.v); }
inline Mask equal(F64 a, F64 b) { return a.v == b.v; }
inline int count(Mask m) { return static_cast<int>(-(m[0] + m[1])); }
inline F64 select(Mask m, F64 a, F64 b) { return {m ? a.v : b.v}; }

// Without a fused multiply-add there is nothing left to correct with.
inline F64 quotient(F64 a, F64 b, F64) { return a / b; }

template <int N>
F64 shift_up(F64 a, F64 fill) {
  static_assert(N == 1);
  return {Doubles{fill.v[0], a.v[0]}};
}
template <int N>
F64 shift_down(F64 a, F64 fill) {
  static_assert(N == 1);
  return {Doubles{a.v[1], fill.v[0]}};
}
inline F64 broadcast_first(F64 a) { return {Doubles{a.v[0], a.v[0]}}; }
inline F64 broadcast_last(F64 a) { return {Doubles{a.v[1], a.v[1]}}; }

inline void transpose(F64 (&r)[2]) {
  const Doubles a = r[0].v, b = r[1].v;
  r[0].v = Doubles{a[0], b[0]};
  r[1].v = Doubles{a[1], b[1]};
}

struct F32 {
  static constexpr int lanes = 4;
  Floats v;

  static F32 zero() { return {Floats{0, 0, 0, 0}}; }
  static F32 broadcast(float x) { return {Floats{x, x, x, x}}; }
  static F32 load(const float* p) {
    F32 a;
    std::memcpy(&a.v, p, sizeof a.v);
    return a;
  }
};

inline F32 fma(F32 a, F32 b, F32 c) { return {a.v * b.v + c.v}; }

inline void accumulate(double* p, F64 a, bool first) { (first ? a : F64::load(p) + a).store(p); }
inline void accumulate(double* p, F32 a, bool first) {
  for (int i = 0; i < 4; ++i) p[i] = (first ? 0.0 : p[i]) + static_cast<double>(a.v[i]);
}

}  // namespace corrente::baseline
