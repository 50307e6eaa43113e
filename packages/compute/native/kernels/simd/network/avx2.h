// What training adds to the vector vocabulary (../avx2.h). The meanings stand in avx512.h.
#pragma once

#include "../avx2.h"

namespace corrente::avx2 {

inline F32 operator+(F32 a, F32 b) { return {_mm256_add_ps(a.v, b.v)}; }
inline F32 operator*(F32 a, F32 b) { return {_mm256_mul_ps(a.v, b.v)}; }
inline F32 operator/(F32 a, F32 b) { return {_mm256_div_ps(a.v, b.v)}; }
inline F32 fnma(F32 a, F32 b, F32 c) { return {_mm256_fnmadd_ps(a.v, b.v, c.v)}; }
inline F32 sqrt(F32 a) { return {_mm256_sqrt_ps(a.v)}; }

inline F32 reciprocal(F32 a) { return F32::broadcast(1) / a; }
inline F64 reciprocal(F64 a) { return F64::broadcast(1) / a; }

}  // namespace corrente::avx2
