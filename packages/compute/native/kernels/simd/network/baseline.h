// What training adds to the vector vocabulary (../baseline.h). The meanings stand in avx512.h.
#pragma once

#include "../baseline.h"

namespace corrente::baseline {

inline F32 operator+(F32 a, F32 b) { return {a.v + b.v}; }
inline F32 operator*(F32 a, F32 b) { return {a.v * b.v}; }
inline F32 operator/(F32 a, F32 b) { return {a.v / b.v}; }
inline F32 fnma(F32 a, F32 b, F32 c) { return {c.v - a.v * b.v}; }
inline F32 sqrt(F32 a) {
  return {Floats{__builtin_sqrtf(a.v[0]), __builtin_sqrtf(a.v[1]), __builtin_sqrtf(a.v[2]), __builtin_sqrtf(a.v[3])}};
}

inline F32 reciprocal(F32 a) { return F32::broadcast(1) / a; }
inline F64 reciprocal(F64 a) { return F64::broadcast(1) / a; }

}  // namespace corrente::baseline
