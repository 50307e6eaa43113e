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

using Mask32 = int32_t __attribute__((vector_size(16)));

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
  void store(float* p) const { std::memcpy(p, &v, sizeof v); }
};

inline F32 operator-(F32 a, F32 b) { return {a.v - b.v}; }
inline F32 min(F32 a, F32 b) { return {a.v < b.v ? a.v : b.v}; }
inline F32 max(F32 a, F32 b) { return {a.v > b.v ? a.v : b.v}; }
inline F32 select(Mask32 m, F32 a, F32 b) { return {m ? a.v : b.v}; }

inline F64 magnitude(F64 a) { return {(Doubles)((Mask)a.v & Mask{INT64_MAX, INT64_MAX})}; }
inline F32 magnitude(F32 a) { return {(Floats)((Mask32)a.v & Mask32{INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX})}; }
inline Mask less(F64 a, F64 b) { return a.v < b.v; }
inline Mask32 less(F32 a, F32 b) { return a.v < b.v; }
inline Mask at_most(F64 a, F64 b) { return a.v <= b.v; }
inline Mask32 at_most(F32 a, F32 b) { return a.v <= b.v; }
inline Mask32 equal(F32 a, F32 b) { return a.v == b.v; }
inline Mask both(Mask a, Mask b) { return a & b; }
inline Mask32 both(Mask32 a, Mask32 b) { return a & b; }
inline Mask either(Mask a, Mask b) { return a | b; }
inline Mask32 either(Mask32 a, Mask32 b) { return a | b; }
inline unsigned bits(Mask m) { return static_cast<unsigned>((m[0] & 1) | (m[1] & 2)); }
inline unsigned bits(Mask32 m) { return static_cast<unsigned>((m[0] & 1) | (m[1] & 2) | (m[2] & 4) | (m[3] & 8)); }

struct I64 {
  Mask v;
  static I64 zero() { return {Mask{0, 0}}; }
  static I64 broadcast(int64_t x) { return {Mask{x, x}}; }
  static I64 load(const int64_t* p) { return {Mask{p[0], p[1]}}; }
  void store(int32_t* p) const {
    for (int i = 0; i < 2; ++i) p[i] = static_cast<int32_t>(v[i]);
  }
};
struct I32 {
  Mask32 v;
  static I32 zero() { return {Mask32{0, 0, 0, 0}}; }
  static I32 broadcast(int64_t x) {
    const auto narrow = static_cast<int32_t>(x);
    return {Mask32{narrow, narrow, narrow, narrow}};
  }
  static I32 load(const int64_t* p) {
    return {Mask32{static_cast<int32_t>(p[0]), static_cast<int32_t>(p[1]), static_cast<int32_t>(p[2]), static_cast<int32_t>(p[3])}};
  }
  void store(int32_t* p) const { std::memcpy(p, &v, sizeof v); }
};
inline I64 operator+(I64 a, I64 b) { return {a.v + b.v}; }
inline I32 operator+(I32 a, I32 b) { return {a.v + b.v}; }
inline I64 operator-(I64 a, I64 b) { return {a.v - b.v}; }
inline I32 operator-(I32 a, I32 b) { return {a.v - b.v}; }
inline Mask less(I64 a, I64 b) { return a.v < b.v; }
inline Mask32 less(I32 a, I32 b) { return a.v < b.v; }
inline I64 select(Mask m, I64 a, I64 b) { return {m ? a.v : b.v}; }
inline I32 select(Mask32 m, I32 a, I32 b) { return {m ? a.v : b.v}; }
// A lane of a mask is the integer -1.
inline I64 count_in(I64 a, Mask m) { return {a.v - m}; }
inline I32 count_in(I32 a, Mask32 m) { return {a.v - m}; }
inline I64 count_out(I64 a, Mask m) { return {a.v + m}; }
inline I32 count_out(I32 a, Mask32 m) { return {a.v + m}; }
inline F64 gather(const double* p, I64 at) { return {Doubles{p[at.v[0]], p[at.v[1]]}}; }
inline F32 gather(const float* p, I32 at) { return {Floats{p[at.v[0]], p[at.v[1]], p[at.v[2]], p[at.v[3]]}}; }
template <class M, class V, class Real>
int keep(M m, V v, int32_t first, Real* values, int32_t* places) {
  Real lane[V::lanes];
  v.store(lane);
  int count = 0;
  for (unsigned left = bits(m); left != 0; left &= left - 1, ++count) {
    const int i = __builtin_ctz(left);
    values[count] = lane[i];
    places[count] = first + i;
  }
  return count;
}

inline F32 fma(F32 a, F32 b, F32 c) { return {a.v * b.v + c.v}; }

inline void accumulate(double* p, F64 a, bool first) { (first ? a : F64::load(p) + a).store(p); }
inline void accumulate(double* p, F32 a, bool first) {
  for (int i = 0; i < 4; ++i) p[i] = (first ? 0.0 : p[i]) + static_cast<double>(a.v[i]);
}

// Without a vocabulary of its own for it, an ordinary copy.
inline void stream_line(void* to, const void* from) { std::memcpy(to, from, 64); }
inline void stream_fence() {}

}  // namespace corrente::baseline
