// The vector vocabulary on AVX2 with FMA: 4 doubles or 8 floats. The meanings stand in avx512.h.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace corrente::avx2 {

inline constexpr const char* kName = "avx2";

// 12 accumulators, 3 vectors and one broadcast value of 16 registers.
inline constexpr int kPanelVectors = 3;
inline constexpr int kSlice = 4;
// Series that a vector of others is summed with over common rows, six sums for each: 12 accumulators.
inline constexpr int kGapSlice = 2;
// 96 series by 256 rows of doubles take 192 KiB of the second cache.
inline constexpr int kBlockPanels = 8;

struct Mask {
  __m256d v;
};

struct F64 {
  static constexpr int lanes = 4;
  __m256d v;

  static F64 zero() { return {_mm256_setzero_pd()}; }
  static F64 broadcast(double x) { return {_mm256_set1_pd(x)}; }
  static F64 load(const double* p) { return {_mm256_loadu_pd(p)}; }
  static F64 load_first(const double* p, int64_t count, double fill) {
    const __m256i mask = first_lanes(count);
    return {_mm256_blendv_pd(_mm256_set1_pd(fill), _mm256_maskload_pd(p, mask), _mm256_castsi256_pd(mask))};
  }
  static F64 load_last(const double* p, int64_t count, double fill) {
    const __m256i mask = _mm256_xor_si256(first_lanes(lanes - count), _mm256_set1_epi64x(-1));
    return {_mm256_blendv_pd(_mm256_set1_pd(fill), _mm256_maskload_pd(p, mask), _mm256_castsi256_pd(mask))};
  }
  static F64 iota() { return {_mm256_set_pd(3, 2, 1, 0)}; }

  void store(double* p) const { _mm256_storeu_pd(p, v); }
  void store(float* p) const { _mm_storeu_ps(p, _mm256_cvtpd_ps(v)); }
  void store_first(double* p, int64_t count) const { _mm256_maskstore_pd(p, first_lanes(count), v); }
  void store_first(float* p, int64_t count) const {
    const __m128i narrow = _mm256_castsi256_si128(
        _mm256_permutevar8x32_epi32(first_lanes(count), _mm256_set_epi32(0, 0, 0, 0, 6, 4, 2, 0)));
    _mm_maskstore_ps(p, narrow, _mm256_cvtpd_ps(v));
  }

  static __m256i first_lanes(int64_t count) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_set_epi64x(3, 2, 1, 0));
  }
};

inline F64 operator+(F64 a, F64 b) { return {_mm256_add_pd(a.v, b.v)}; }
inline F64 operator-(F64 a, F64 b) { return {_mm256_sub_pd(a.v, b.v)}; }
inline F64 operator*(F64 a, F64 b) { return {_mm256_mul_pd(a.v, b.v)}; }
inline F64 operator/(F64 a, F64 b) { return {_mm256_div_pd(a.v, b.v)}; }
inline F64 fma(F64 a, F64 b, F64 c) { return {_mm256_fmadd_pd(a.v, b.v, c.v)}; }
inline F64 fnma(F64 a, F64 b, F64 c) { return {_mm256_fnmadd_pd(a.v, b.v, c.v)}; }
inline F64 min(F64 a, F64 b) { return {_mm256_min_pd(a.v, b.v)}; }
inline F64 max(F64 a, F64 b) { return {_mm256_max_pd(a.v, b.v)}; }
inline F64 sqrt(F64 a) { return {_mm256_sqrt_pd(a.v)}; }

inline Mask is_nan(F64 a) { return {_mm256_cmp_pd(a.v, a.v, _CMP_UNORD_Q)}; }
inline Mask either_nan(F64 a, F64 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_UNORD_Q)}; }
inline Mask equal(F64 a, F64 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_EQ_OQ)}; }
inline int count(Mask m) { return __builtin_popcount(static_cast<unsigned>(_mm256_movemask_pd(m.v))); }
inline F64 select(Mask m, F64 a, F64 b) { return {_mm256_blendv_pd(b.v, a.v, m.v)}; }

inline F64 quotient(F64 a, F64 b, F64 inverse) {
  const F64 q = a * inverse;
  return fma(fnma(q, b, a), inverse, q);
}

template <int N>
F64 shift_up(F64 a, F64 fill) {
  static_assert(N == 1 || N == 2);
  if constexpr (N == 1) return {_mm256_blend_pd(_mm256_permute4x64_pd(a.v, 0x90), fill.v, 0x1)};
  return {_mm256_permute2f128_pd(fill.v, a.v, 0x20)};
}
template <int N>
F64 shift_down(F64 a, F64 fill) {
  static_assert(N == 1 || N == 2);
  if constexpr (N == 1) return {_mm256_blend_pd(_mm256_permute4x64_pd(a.v, 0x39), fill.v, 0x8)};
  return {_mm256_permute2f128_pd(a.v, fill.v, 0x21)};
}
inline F64 broadcast_first(F64 a) { return {_mm256_broadcastsd_pd(_mm256_castpd256_pd128(a.v))}; }
inline F64 broadcast_last(F64 a) { return {_mm256_permute4x64_pd(a.v, 0xff)}; }

inline void transpose(F64 (&r)[4]) {
  const __m256d a = _mm256_unpacklo_pd(r[0].v, r[1].v), b = _mm256_unpackhi_pd(r[0].v, r[1].v);
  const __m256d c = _mm256_unpacklo_pd(r[2].v, r[3].v), d = _mm256_unpackhi_pd(r[2].v, r[3].v);
  r[0].v = _mm256_permute2f128_pd(a, c, 0x20);
  r[1].v = _mm256_permute2f128_pd(b, d, 0x20);
  r[2].v = _mm256_permute2f128_pd(a, c, 0x31);
  r[3].v = _mm256_permute2f128_pd(b, d, 0x31);
}

struct Mask32 {
  __m256 v;
};

struct F32 {
  static constexpr int lanes = 8;
  __m256 v;

  static F32 zero() { return {_mm256_setzero_ps()}; }
  static F32 broadcast(float x) { return {_mm256_set1_ps(x)}; }
  static F32 load(const float* p) { return {_mm256_loadu_ps(p)}; }
  void store(float* p) const { _mm256_storeu_ps(p, v); }
};

inline F32 operator-(F32 a, F32 b) { return {_mm256_sub_ps(a.v, b.v)}; }
inline F32 min(F32 a, F32 b) { return {_mm256_min_ps(a.v, b.v)}; }
inline F32 max(F32 a, F32 b) { return {_mm256_max_ps(a.v, b.v)}; }
inline F32 select(Mask32 m, F32 a, F32 b) { return {_mm256_blendv_ps(b.v, a.v, m.v)}; }

inline F64 magnitude(F64 a) { return {_mm256_andnot_pd(_mm256_set1_pd(-0.0), a.v)}; }
inline F32 magnitude(F32 a) { return {_mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v)}; }
inline Mask less(F64 a, F64 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask32 less(F32 a, F32 b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask at_most(F64 a, F64 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask32 at_most(F32 a, F32 b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask32 equal(F32 a, F32 b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_EQ_OQ)}; }
inline Mask both(Mask a, Mask b) { return {_mm256_and_pd(a.v, b.v)}; }
inline Mask32 both(Mask32 a, Mask32 b) { return {_mm256_and_ps(a.v, b.v)}; }
inline Mask either(Mask a, Mask b) { return {_mm256_or_pd(a.v, b.v)}; }
inline Mask32 either(Mask32 a, Mask32 b) { return {_mm256_or_ps(a.v, b.v)}; }
inline unsigned bits(Mask m) { return static_cast<unsigned>(_mm256_movemask_pd(m.v)); }
inline unsigned bits(Mask32 m) { return static_cast<unsigned>(_mm256_movemask_ps(m.v)); }

struct I64 {
  __m256i v;
  static I64 zero() { return {_mm256_setzero_si256()}; }
  static I64 broadcast(int64_t x) { return {_mm256_set1_epi64x(x)}; }
  static I64 load(const int64_t* p) { return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))}; }
  void store(int32_t* p) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(p), low_words(v)); }

  static __m128i low_words(__m256i a) {
    return _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(a, _mm256_set_epi32(0, 0, 0, 0, 6, 4, 2, 0)));
  }
};
struct I32 {
  __m256i v;
  static I32 zero() { return {_mm256_setzero_si256()}; }
  static I32 broadcast(int64_t x) { return {_mm256_set1_epi32(static_cast<int32_t>(x))}; }
  static I32 load(const int64_t* p) { return {_mm256_set_m128i(I64::low_words(I64::load(p + 4).v), I64::low_words(I64::load(p).v))}; }
  void store(int32_t* p) const { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }
};
inline I64 operator+(I64 a, I64 b) { return {_mm256_add_epi64(a.v, b.v)}; }
inline I32 operator+(I32 a, I32 b) { return {_mm256_add_epi32(a.v, b.v)}; }
inline I64 operator-(I64 a, I64 b) { return {_mm256_sub_epi64(a.v, b.v)}; }
inline I32 operator-(I32 a, I32 b) { return {_mm256_sub_epi32(a.v, b.v)}; }
inline Mask less(I64 a, I64 b) { return {_mm256_castsi256_pd(_mm256_cmpgt_epi64(b.v, a.v))}; }
inline Mask32 less(I32 a, I32 b) { return {_mm256_castsi256_ps(_mm256_cmpgt_epi32(b.v, a.v))}; }
inline I64 select(Mask m, I64 a, I64 b) { return {_mm256_blendv_epi8(b.v, a.v, _mm256_castpd_si256(m.v))}; }
inline I32 select(Mask32 m, I32 a, I32 b) { return {_mm256_blendv_epi8(b.v, a.v, _mm256_castps_si256(m.v))}; }
// A lane of a mask is the integer -1.
inline I64 count_in(I64 a, Mask m) { return {_mm256_sub_epi64(a.v, _mm256_castpd_si256(m.v))}; }
inline I32 count_in(I32 a, Mask32 m) { return {_mm256_sub_epi32(a.v, _mm256_castps_si256(m.v))}; }
inline I64 count_out(I64 a, Mask m) { return {_mm256_add_epi64(a.v, _mm256_castpd_si256(m.v))}; }
inline I32 count_out(I32 a, Mask32 m) { return {_mm256_add_epi32(a.v, _mm256_castps_si256(m.v))}; }
inline F64 gather(const double* p, I64 at) { return {_mm256_i64gather_pd(p, at.v, 8)}; }
inline F32 gather(const float* p, I32 at) { return {_mm256_i32gather_ps(p, at.v, 4)}; }
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

inline F32 fma(F32 a, F32 b, F32 c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }

inline void accumulate(double* p, F64 a, bool first) { (first ? a : F64::load(p) + a).store(p); }
inline void accumulate(double* p, F32 a, bool first) {
  accumulate(p, F64{_mm256_cvtps_pd(_mm256_castps256_ps128(a.v))}, first);
  accumulate(p + 4, F64{_mm256_cvtps_pd(_mm256_extractf128_ps(a.v, 1))}, first);
}

inline void stream_line(void* to, const void* from) {
  const auto* const source = static_cast<const __m256i*>(from);
  _mm256_stream_si256(static_cast<__m256i*>(to), _mm256_loadu_si256(source));
  _mm256_stream_si256(static_cast<__m256i*>(to) + 1, _mm256_loadu_si256(source + 1));
}
inline void stream_fence() { _mm_sfence(); }

}  // namespace corrente::avx2
