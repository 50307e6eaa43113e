// The vector vocabulary on AVX-512 (F, DQ, BW, VL): 8 doubles or 16 floats.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace corrente::avx512 {

inline constexpr const char* kName = "avx512";

// The register tile of a product of two panels: kPanelVectors vectors of one panel by kSlice single values of the
// other. 24 accumulators, 3 vectors and one broadcast value of 32 registers.
inline constexpr int kPanelVectors = 3;
inline constexpr int kSlice = 8;
// Series that a vector of others is summed with over common rows, six sums for each: 24 accumulators.
inline constexpr int kGapSlice = 4;
// Panels of a cache block: 192 series by 256 rows of doubles take 384 KiB of the second cache.
inline constexpr int kBlockPanels = 8;

using Mask = __mmask8;

struct F64 {
  static constexpr int lanes = 8;
  __m512d v;

  static F64 zero() { return {_mm512_setzero_pd()}; }
  static F64 broadcast(double x) { return {_mm512_set1_pd(x)}; }
  static F64 load(const double* p) { return {_mm512_loadu_pd(p)}; }
  // Lanes from `count` on hold `fill`; their memory is not read.
  static F64 load_first(const double* p, int64_t count, double fill) {
    return {_mm512_mask_loadu_pd(_mm512_set1_pd(fill), first_lanes(count), p)};
  }
  // Lanes before `lanes - count` hold `fill`; their memory is not read.
  static F64 load_last(const double* p, int64_t count, double fill) {
    return {_mm512_mask_loadu_pd(_mm512_set1_pd(fill), static_cast<Mask>(~first_lanes(lanes - count)), p)};
  }
  // 0, 1, 2, …
  static F64 iota() { return {_mm512_set_pd(7, 6, 5, 4, 3, 2, 1, 0)}; }

  void store(double* p) const { _mm512_storeu_pd(p, v); }
  void store(float* p) const { _mm256_storeu_ps(p, _mm512_cvtpd_ps(v)); }
  void store_first(double* p, int64_t count) const { _mm512_mask_storeu_pd(p, first_lanes(count), v); }
  void store_first(float* p, int64_t count) const { _mm256_mask_storeu_ps(p, first_lanes(count), _mm512_cvtpd_ps(v)); }

  static Mask first_lanes(int64_t count) { return static_cast<Mask>((1u << count) - 1); }
};

inline F64 operator+(F64 a, F64 b) { return {_mm512_add_pd(a.v, b.v)}; }
inline F64 operator-(F64 a, F64 b) { return {_mm512_sub_pd(a.v, b.v)}; }
inline F64 operator*(F64 a, F64 b) { return {_mm512_mul_pd(a.v, b.v)}; }
inline F64 operator/(F64 a, F64 b) { return {_mm512_div_pd(a.v, b.v)}; }
inline F64 fma(F64 a, F64 b, F64 c) { return {_mm512_fmadd_pd(a.v, b.v, c.v)}; }
// c - a b
inline F64 fnma(F64 a, F64 b, F64 c) { return {_mm512_fnmadd_pd(a.v, b.v, c.v)}; }
// The second operand where either is NaN.
inline F64 min(F64 a, F64 b) { return {_mm512_min_pd(a.v, b.v)}; }
inline F64 max(F64 a, F64 b) { return {_mm512_max_pd(a.v, b.v)}; }
inline F64 sqrt(F64 a) { return {_mm512_sqrt_pd(a.v)}; }

inline Mask is_nan(F64 a) { return _mm512_cmp_pd_mask(a.v, a.v, _CMP_UNORD_Q); }
inline Mask either_nan(F64 a, F64 b) { return _mm512_cmp_pd_mask(a.v, b.v, _CMP_UNORD_Q); }
inline Mask equal(F64 a, F64 b) { return _mm512_cmp_pd_mask(a.v, b.v, _CMP_EQ_OQ); }
inline int count(Mask m) { return __builtin_popcount(m); }
inline F64 select(Mask m, F64 a, F64 b) { return {_mm512_mask_blend_pd(m, b.v, a.v)}; }

// a / b, given 1 / b: the product, corrected by what it leaves, is the rounded quotient (Markstein 2000). The divider
// itself would cost as much as all the rest of a rolling mean.
inline F64 quotient(F64 a, F64 b, F64 inverse) {
  const F64 q = a * inverse;
  return fma(fnma(q, b, a), inverse, q);
}

// Lane i moves to lane i + N; the first N lanes are those of `fill`, whose lanes are all alike.
template <int N>
F64 shift_up(F64 a, F64 fill) {
  return {_mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(a.v), _mm512_castpd_si512(fill.v), 8 - N))};
}
template <int N>
F64 shift_down(F64 a, F64 fill) {
  return {_mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(fill.v), _mm512_castpd_si512(a.v), N))};
}
inline F64 broadcast_first(F64 a) { return {_mm512_broadcastsd_pd(_mm512_castpd512_pd128(a.v))}; }
inline F64 broadcast_last(F64 a) { return {_mm512_permutexvar_pd(_mm512_set1_epi64(7), a.v)}; }

inline void transpose(F64 (&r)[8]) {
  __m512d t[8], u[8];
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm512_unpacklo_pd(r[i].v, r[i + 1].v);
    t[i + 1] = _mm512_unpackhi_pd(r[i].v, r[i + 1].v);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int j = 0; j < 2; ++j) {
      u[i + j] = _mm512_shuffle_f64x2(t[i + j], t[i + j + 2], 0x88);
      u[i + j + 2] = _mm512_shuffle_f64x2(t[i + j], t[i + j + 2], 0xdd);
    }
  }
  for (int j = 0; j < 4; ++j) {
    r[j].v = _mm512_shuffle_f64x2(u[j], u[j + 4], 0x88);
    r[j + 4].v = _mm512_shuffle_f64x2(u[j], u[j + 4], 0xdd);
  }
}

using Mask32 = __mmask16;

struct F32 {
  static constexpr int lanes = 16;
  __m512 v;

  static F32 zero() { return {_mm512_setzero_ps()}; }
  static F32 broadcast(float x) { return {_mm512_set1_ps(x)}; }
  static F32 load(const float* p) { return {_mm512_loadu_ps(p)}; }
  void store(float* p) const { _mm512_storeu_ps(p, v); }
};

inline F32 operator-(F32 a, F32 b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline F32 min(F32 a, F32 b) { return {_mm512_min_ps(a.v, b.v)}; }
inline F32 max(F32 a, F32 b) { return {_mm512_max_ps(a.v, b.v)}; }
inline F32 select(Mask32 m, F32 a, F32 b) { return {_mm512_mask_blend_ps(m, b.v, a.v)}; }

// Distances and comparisons, alike for both precisions.
inline F64 magnitude(F64 a) { return {_mm512_abs_pd(a.v)}; }
inline F32 magnitude(F32 a) { return {_mm512_abs_ps(a.v)}; }
inline Mask less(F64 a, F64 b) { return _mm512_cmp_pd_mask(a.v, b.v, _CMP_LT_OQ); }
inline Mask32 less(F32 a, F32 b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ); }
inline Mask at_most(F64 a, F64 b) { return _mm512_cmp_pd_mask(a.v, b.v, _CMP_LE_OQ); }
inline Mask32 at_most(F32 a, F32 b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_LE_OQ); }
inline Mask32 equal(F32 a, F32 b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ); }
inline Mask both(Mask a, Mask b) { return static_cast<Mask>(a & b); }
inline Mask32 both(Mask32 a, Mask32 b) { return static_cast<Mask32>(a & b); }
inline Mask either(Mask a, Mask b) { return static_cast<Mask>(a | b); }
inline Mask32 either(Mask32 a, Mask32 b) { return static_cast<Mask32>(a | b); }
// Bit i of lane i.
inline unsigned bits(Mask m) { return m; }
inline unsigned bits(Mask32 m) { return m; }

// Integers, one to each lane of doubles (64 bits) or floats (32 bits).
struct I64 {
  __m512i v;
  static I64 zero() { return {_mm512_setzero_si512()}; }
  static I64 broadcast(int64_t x) { return {_mm512_set1_epi64(x)}; }
  static I64 load(const int64_t* p) { return {_mm512_loadu_si512(p)}; }
  void store(int32_t* p) const { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi64_epi32(v)); }
};
struct I32 {
  __m512i v;
  static I32 zero() { return {_mm512_setzero_si512()}; }
  static I32 broadcast(int64_t x) { return {_mm512_set1_epi32(static_cast<int32_t>(x))}; }
  static I32 load(const int64_t* p) {
    return {_mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi64_epi32(_mm512_loadu_si512(p))),
                               _mm512_cvtepi64_epi32(_mm512_loadu_si512(p + 8)), 1)};
  }
  void store(int32_t* p) const { _mm512_storeu_si512(p, v); }
};
inline I64 operator+(I64 a, I64 b) { return {_mm512_add_epi64(a.v, b.v)}; }
inline I32 operator+(I32 a, I32 b) { return {_mm512_add_epi32(a.v, b.v)}; }
inline I64 operator-(I64 a, I64 b) { return {_mm512_sub_epi64(a.v, b.v)}; }
inline I32 operator-(I32 a, I32 b) { return {_mm512_sub_epi32(a.v, b.v)}; }
inline Mask less(I64 a, I64 b) { return _mm512_cmplt_epi64_mask(a.v, b.v); }
inline Mask32 less(I32 a, I32 b) { return _mm512_cmplt_epi32_mask(a.v, b.v); }
inline I64 select(Mask m, I64 a, I64 b) { return {_mm512_mask_blend_epi64(m, b.v, a.v)}; }
inline I32 select(Mask32 m, I32 a, I32 b) { return {_mm512_mask_blend_epi32(m, b.v, a.v)}; }
// One more, or one less, in the lanes of the mask.
inline I64 count_in(I64 a, Mask m) { return {_mm512_mask_add_epi64(a.v, m, a.v, _mm512_set1_epi64(1))}; }
inline I32 count_in(I32 a, Mask32 m) { return {_mm512_mask_add_epi32(a.v, m, a.v, _mm512_set1_epi32(1))}; }
inline I64 count_out(I64 a, Mask m) { return {_mm512_mask_sub_epi64(a.v, m, a.v, _mm512_set1_epi64(1))}; }
inline I32 count_out(I32 a, Mask32 m) { return {_mm512_mask_sub_epi32(a.v, m, a.v, _mm512_set1_epi32(1))}; }
inline F64 gather(const double* p, I64 at) { return {_mm512_i64gather_pd(at.v, p, 8)}; }
inline F32 gather(const float* p, I32 at) { return {_mm512_i32gather_ps(at.v, p, 4)}; }
// Stores the lanes of the mask, one after the other, and beside them first + lane; returns how many. Writes whole
// vectors.
inline int keep(Mask m, F64 v, int32_t first, double* values, int32_t* places) {
  _mm512_storeu_pd(values, _mm512_maskz_compress_pd(m, v.v));
  const __m256i all = _mm256_add_epi32(_mm256_set1_epi32(first), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(places), _mm256_maskz_compress_epi32(m, all));
  return __builtin_popcount(m);
}
inline int keep(Mask32 m, F32 v, int32_t first, float* values, int32_t* places) {
  _mm512_storeu_ps(values, _mm512_maskz_compress_ps(m, v.v));
  const __m512i all = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  _mm512_storeu_si512(places, _mm512_maskz_compress_epi32(m, _mm512_add_epi32(_mm512_set1_epi32(first), all)));
  return __builtin_popcount(m);
}

inline F32 fma(F32 a, F32 b, F32 c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }

// p[i] += lane i, or p[i] = lane i.
inline void accumulate(double* p, F64 a, bool first) { (first ? a : F64::load(p) + a).store(p); }
inline void accumulate(double* p, F32 a, bool first) {
  accumulate(p, F64{_mm512_cvtps_pd(_mm512_castps512_ps256(a.v))}, first);
  accumulate(p + 8, F64{_mm512_cvtps_pd(_mm512_extractf32x8_ps(a.v, 1))}, first);
}

// Copies 64 bytes to the beginning of a line, past the caches; what was streamed is seen by others after the fence.
inline void stream_line(void* to, const void* from) {
  _mm512_stream_si512(static_cast<__m512i*>(to), _mm512_loadu_si512(from));
}
inline void stream_fence() { _mm_sfence(); }

}  // namespace corrente::avx512
