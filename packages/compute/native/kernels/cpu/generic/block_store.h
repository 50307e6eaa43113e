// From a block of products to where its coefficients belong: rows and columns of a matrix, or the few that are strong.
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

// |v| at most `most`; NaN stays, because min and max give their second operand where either is NaN.
inline F64 limited(F64 v, F64 most) { return max(F64::zero() - most, min(most, v)); }

// out[i * width + j] = c[i * ldc + j]
template <class Out>
void store_rows(const double* c, int64_t ldc, int64_t rows, int64_t cols, double limit, Out* out, int64_t width) {
  const F64 most = F64::broadcast(limit);
  for (int64_t i = 0; i < rows; ++i) {
    const double* const from = c + i * ldc;
    Out* const to = out + i * width;
    int64_t j = 0;
    for (; j + F64::lanes <= cols; j += F64::lanes) limited(F64::load(from + j), most).store(to + j);
    if (j < cols) limited(F64::load_first(from + j, cols - j, 0), most).store_first(to + j, cols - j);
  }
}

// out[i * width + j] = c[j * ldc + i], squares of vectors at a time, down the columns of out: a square's lines of out
// are written whole, and the lines of c that cross it are read once.
template <class Out>
void store_columns(const double* c, int64_t ldc, int64_t rows, int64_t cols, double limit, Out* out, int64_t width) {
  const F64 most = F64::broadcast(limit);
  for (int64_t i = 0; i < rows; i += F64::lanes) {
    const int64_t high = rows - i < F64::lanes ? rows - i : F64::lanes;
    for (int64_t j = 0; j < cols; j += F64::lanes) {
      const int64_t wide = cols - j < F64::lanes ? cols - j : F64::lanes;
      F64 square[F64::lanes];
      for (int64_t k = 0; k < F64::lanes; ++k)
        square[k] = k >= wide            ? F64::zero()
                    : high == F64::lanes ? limited(F64::load(c + (j + k) * ldc + i), most)
                                         : limited(F64::load_first(c + (j + k) * ldc + i, high, 0), most);
      transpose(square);
      for (int64_t k = 0; k < high; ++k) {
        Out* const to = out + (i + k) * width + j;
        if (wide == F64::lanes) {
          square[k].store(to);
        } else {
          square[k].store_first(to, wide);
        }
      }
    }
  }
}

// The values with |x| >= threshold, in order, and their places; returns how many. Writes whole vectors. Four vectors
// meet one branch, which is hardly ever taken.
int64_t find_strong(const double* x, int64_t count, double threshold, double* values, int32_t* places) {
  const F64 least = F64::broadcast(threshold);
  int64_t found = 0, i = 0;
  const auto take = [&](F64 v, int64_t at) {
    found += keep(at_most(least, magnitude(v)), v, static_cast<int32_t>(at), values + found, places + found);
  };
  for (; i + 4 * F64::lanes <= count; i += 4 * F64::lanes) {
    F64 v[4];
    for (int k = 0; k < 4; ++k) v[k] = F64::load(x + i + k * F64::lanes);
    const auto strong = [&](int k) { return at_most(least, magnitude(v[k])); };
    if (bits(either(either(strong(0), strong(1)), either(strong(2), strong(3)))) == 0) continue;
    for (int k = 0; k < 4; ++k) take(v[k], i + k * F64::lanes);
  }
  for (; i < count; i += F64::lanes)
    take(count - i >= F64::lanes ? F64::load(x + i) : F64::load_first(x + i, count - i, kNaN), i);
  return found;
}

}  // namespace

}  // namespace corrente::ISA
