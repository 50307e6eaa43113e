// Products of matrices. A tile of C (kSlice rows by kPanelVectors vectors) stays in registers while single values of A
// meet vectors of B; depth is cut so that the strip of B that all rows of C read stays in the first cache.
#pragma once

#include "trainer_vectors.h"

namespace corrente::ISA {

namespace {

// 128 rows of three vectors of 64 bytes are 24 KiB.
constexpr int64_t kProductDepth = 128;

template <class Real, int rows, int vectors>
inline void product_tile(const Product<Real>& p, int64_t m, int64_t n, int64_t from, int64_t to) {
  using V = VectorOf<Real>;
  V sum[rows][vectors];
  Real* const c = p.c + m * p.c_row + n;
  const bool first = from == 0;
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < vectors; ++j) {
      if (first && p.start == Start::zero) {
        sum[i][j] = V::zero();
      } else if (first && p.start == Start::bias) {
        sum[i][j] = V::load(p.bias + n + j * V::lanes);
      } else {
        sum[i][j] = V::load(c + i * p.c_row + j * V::lanes);
      }
    }
  const Real* a = p.a + m * p.a_row + from * p.a_depth;
  const Real* b = p.b + from * p.b_row + n;
  for (int64_t k = from; k < to; ++k, a += p.a_depth, b += p.b_row) {
    V row[vectors];
    for (int j = 0; j < vectors; ++j) row[j] = V::load(b + j * V::lanes);
    for (int i = 0; i < rows; ++i) {
      const V value = V::broadcast(a[i * p.a_row]);
      for (int j = 0; j < vectors; ++j) sum[i][j] = fma(value, row[j], sum[i][j]);
    }
  }
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < vectors; ++j) sum[i][j].store(c + i * p.c_row + j * V::lanes);
}

// The last rows of C, of which there are fewer than a tile has.
template <class Real, int vectors, int rows = kSlice - 1>
inline void product_rest(const Product<Real>& p, int64_t m, int64_t n, int64_t from, int64_t to) {
  if constexpr (rows > 0) {
    if (p.rows - m == rows) {
      product_tile<Real, rows, vectors>(p, m, n, from, to);
    } else {
      product_rest<Real, vectors, rows - 1>(p, m, n, from, to);
    }
  }
}

template <class Real, int vectors>
void product_strip(const Product<Real>& p, int64_t n, int64_t from, int64_t to) {
  int64_t m = 0;
  for (; m + kSlice <= p.rows; m += kSlice) product_tile<Real, kSlice, vectors>(p, m, n, from, to);
  product_rest<Real, vectors>(p, m, n, from, to);
}

// Strips are as even as they can be: four vectors go as two and two.
template <class Real>
void multiply(const Product<Real>& p) {
  constexpr int lanes = VectorOf<Real>::lanes;
  for (int64_t from = 0; from < p.depth || from == 0; from += kProductDepth) {
    const int64_t to = from + kProductDepth < p.depth ? from + kProductDepth : p.depth;
    for (int64_t n = 0; n < p.cols;) {
      const int64_t left = (p.cols - n) / lanes;
      if (left >= kPanelVectors && left != kPanelVectors + 1) {
        product_strip<Real, kPanelVectors>(p, n, from, to);
        n += kPanelVectors * lanes;
      } else if (left >= 2) {
        product_strip<Real, 2>(p, n, from, to);
        n += 2 * lanes;
      } else {
        product_strip<Real, 1>(p, n, from, to);
        n += lanes;
      }
    }
  }
}

}  // namespace

}  // namespace corrente::ISA
