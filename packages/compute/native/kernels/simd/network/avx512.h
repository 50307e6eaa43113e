// What training adds to the vector vocabulary (../avx512.h): the arithmetic of floats, and reciprocals.
#pragma once

#include "../avx512.h"

namespace corrente::avx512 {

inline F32 operator+(F32 a, F32 b) { return {_mm512_add_ps(a.v, b.v)}; }
inline F32 operator*(F32 a, F32 b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline F32 operator/(F32 a, F32 b) { return {_mm512_div_ps(a.v, b.v)}; }
// c - a b
inline F32 fnma(F32 a, F32 b, F32 c) { return {_mm512_fnmadd_ps(a.v, b.v, c.v)}; }
inline F32 sqrt(F32 a) { return {_mm512_sqrt_ps(a.v)}; }

// 1 / a, for a whose reciprocal is no subnormal number. The divider takes 10 cycles for a vector of floats; an estimate
// of 14 bits and a step of Newton's, 4, and are within 1 unit in the last place.
inline F32 reciprocal(F32 a) {
  const F32 r{_mm512_rcp14_ps(a.v)};
  return fma(fnma(a, r, F32::broadcast(1)), r, r);
}
inline F64 reciprocal(F64 a) { return F64::broadcast(1) / a; }

}  // namespace corrente::avx512
