// The product of standardised series with themselves: r = Z Z'.
//
// Series are packed in panels of kPanelVectors vectors: the values of all its series at one time lie side by side. A
// register tile multiplies a whole panel by a slice of kSlice series of another one, which is read from the same
// packing. Each pair adds its products in order of time, and a product does not know which factor came first; so
// r(a, b) and r(b, a) are the same bits, whichever tile they are computed in.
// After Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34 (2008).
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

template <class Real, class Vector>
void pack(const double* const* series, const Standard* standards, int64_t from, int64_t to, Real* out) {
  constexpr int kPanel = kPanelVectors * Vector::lanes;
  for (int lane = 0; lane < kPanel; lane += F64::lanes) {
    const double* const* const x = series + lane;
    const Standard* const s = standards + lane;
    for (int64_t t = from; t < to; t += F64::lanes) {
      const int64_t rows = to - t < F64::lanes ? to - t : F64::lanes;
      F64 z[F64::lanes];
      for (int i = 0; i < F64::lanes; ++i) {
        const F64 v = rows == F64::lanes ? F64::load(x[i] + t) : F64::load_first(x[i] + t, rows, 0);
        z[i] = (v * F64::broadcast(s[i].scale) - F64::broadcast(s[i].mean) - F64::broadcast(s[i].shift)) *
               F64::broadcast(s[i].gain);
      }
      transpose(z);
      for (int64_t i = 0; i < rows; ++i) z[i].store(out + (t - from + i) * kPanel + lane);
    }
  }
}

// Two things are asked for ahead. The rows of a that come next, from the second cache into the first, since a panel is
// as large as the first cache is: without it the multipliers wait a third of the time. And what the next rows of both
// blocks will need, into the second cache, a little with every eight rows; the hardware sees no pattern across panels.
template <class Real, class Vector>
inline void multiply_slice(const Real* a, const Real* b, int64_t rows, const Real* a_ahead, const Real* b_ahead,
                           double* c, int64_t ldc, bool first) {
  constexpr int kPanel = kPanelVectors * Vector::lanes;
  constexpr int kUnrolled = 8;
  constexpr int kRowsAhead = 12;  // the best of 4 to 24, in float64 and float32
  constexpr int kLine = 64 / sizeof(Real);
  Vector sums[kSlice][kPanelVectors];
#pragma GCC unroll 8
  for (int j = 0; j < kSlice; ++j)
#pragma GCC unroll 3
    for (int i = 0; i < kPanelVectors; ++i) sums[j][i] = Vector::zero();
  const auto add_row = [&]() __attribute__((always_inline)) {
#pragma GCC unroll 3
    for (int line = 0; line < kPanel; line += kLine) __builtin_prefetch(a + kRowsAhead * kPanel + line, 0, 3);
    Vector column[kPanelVectors];
#pragma GCC unroll 3
    for (int i = 0; i < kPanelVectors; ++i) column[i] = Vector::load(a + i * Vector::lanes);
#pragma GCC unroll 8
    for (int j = 0; j < kSlice; ++j) {
      const Vector value = Vector::broadcast(b[j]);
#pragma GCC unroll 3
      for (int i = 0; i < kPanelVectors; ++i) sums[j][i] = fma(column[i], value, sums[j][i]);
    }
    a += kPanel;
    b += kPanel;
  };
  // Eight rows for each two lines that are asked for: a request with every row takes loads from the product.
  int64_t t = 0;
  for (; t + kUnrolled <= rows; t += kUnrolled) {
    __builtin_prefetch(a_ahead + t, 0, 2);
    __builtin_prefetch(b_ahead + t, 0, 2);
#pragma GCC unroll 8
    for (int k = 0; k < kUnrolled; ++k) add_row();
  }
  for (; t < rows; ++t) add_row();
#pragma GCC unroll 8
  for (int j = 0; j < kSlice; ++j)
#pragma GCC unroll 3
    for (int i = 0; i < kPanelVectors; ++i) accumulate(c + j * ldc + i * Vector::lanes, sums[j][i], first);
}

template <class Real, class Vector>
void multiply(const Real* a, const Real* b, int64_t stride, int a_panels, int b_panels, int64_t rows, double* c,
              int64_t ldc, bool first, bool lower) {
  constexpr int kPanel = kPanelVectors * Vector::lanes;
  constexpr int kSlices = kPanel / kSlice;
  // A slice of b stays in the first cache while the panels of a come from the second.
  for (int q = 0; q < b_panels; ++q)
    for (int slice = 0; slice < kSlices; ++slice)
      for (int p = lower ? q : 0; p < a_panels; ++p) {
        // The next rows of both blocks lie behind these. The hardware does not foresee them, because every panel is
        // another stream; so each product asks for another part of them, a value with each of its rows.
        const Real* const a_next = a + p * stride + rows * (kPanel + (q * kSlices + slice) % kPanel);
        const Real* const b_next = b + q * stride + rows * (kPanel + (slice * a_panels + p) % kPanel);
        multiply_slice<Real, Vector>(a + p * stride, b + q * stride + slice * kSlice, rows, a_next, b_next,
                                     c + (q * kPanel + slice * kSlice) * ldc + p * kPanel, ldc, first);
      }
}

}  // namespace

}  // namespace corrente::ISA
