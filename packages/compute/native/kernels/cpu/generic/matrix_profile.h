// The matrix profile along its diagonals: neighbouring diagonals are the lanes of vectors that go down the rows
// together. Of windows i and j, one row further, the covariance of their values grows by
//   df[i] dg[j] + df[j] dg[i],  df[i] = (x[i + m - 1] - x[i - 1]) / 2,  dg[i] = (x[i + m - 1] - mean[i]) + (x[i - 1] - mean[i - 1])
// (Zimmerman et al. 2019). Each stretch of rows begins with a sum of products, so that rounding does not add up.
#pragma once

#include "../points_kernels.h"
#include "vectors.h"

namespace corrente::ISA {

namespace {

void measure_windows(const double* x, int64_t windows, int64_t window, double* mean, double* inverse) {
  const double share = 1 / static_cast<double>(window);
  for (int64_t i = 0; i < windows; i += F64::lanes) {
    const int64_t here = windows - i;
    const auto at = [&](int64_t k) { return here >= F64::lanes ? F64::load(x + i + k) : F64::load_first(x + i + k, here, 0); };
    F64 total = F64::zero();
    for (int64_t k = 0; k < window; ++k) total = total + at(k);
    const F64 middle = total * F64::broadcast(share);
    F64 square = F64::zero();
    for (int64_t k = 0; k < window; ++k) {
      const F64 apart = at(k) - middle;
      square = fma(apart, apart, square);
    }
    const F64 over = F64::broadcast(1) / sqrt(square);
    middle.store_first(mean + i, here < F64::lanes ? here : F64::lanes);
    over.store_first(inverse + i, here < F64::lanes ? here : F64::lanes);
  }
}

// Vectors of diagonals that go down together: their covariances stay in registers.
constexpr int kTogether = F64::lanes == 8 ? 8 : 4;

inline bool any(Mask m) { return bits(m) != 0; }

// Keeps, lane by lane, what is larger and where; `at` is the same for all lanes.
inline void keep_larger(F64 r, F64 at, double* best, double* best_at) {
  const F64 before = F64::load(best);
  const Mask larger = at_most(before, r);
  select(larger, r, before).store(best);
  select(larger, at, F64::load(best_at)).store(best_at);
}

void diagonals(const ProfileRows& rows, int64_t from, int64_t row_from, int64_t row_to, const Nearest& nearest) {
  constexpr int64_t lanes = F64::lanes;
  for (int64_t d = from; d < from + kDiagonals; d += kTogether * lanes) {
    // The covariances of the first row.
    F64 covariance[kTogether], mean[kTogether];
    const double* const a = rows.x + row_from;
    for (int v = 0; v < kTogether; ++v) {
      covariance[v] = F64::zero();
      mean[v] = F64::load(rows.mean + row_from + d + v * lanes);
    }
    for (int64_t k = 0; k < rows.window; ++k) {
      const F64 value = F64::broadcast(a[k] - rows.mean[row_from]);
      for (int v = 0; v < kTogether; ++v) covariance[v] = fma(value, F64::load(a + d + v * lanes + k) - mean[v], covariance[v]);
    }
    for (int64_t i = row_from;;) {
      const F64 inverse = F64::broadcast(rows.inverse[i]), place = F64::broadcast(static_cast<double>(i));
      F64 largest = F64::broadcast(-2);
      for (int v = 0; v < kTogether; ++v) {
        const int64_t j = i + d + v * lanes;
        const F64 r = covariance[v] * inverse * F64::load(rows.inverse + j);
        // Windows before come in falling order along the diagonals: of equal ones the last is the first.
        if (any(at_most(F64::load(nearest.left + j), r))) keep_larger(r, place, nearest.left + j, nearest.left_at + j);
        largest = max(r, largest);
      }
      if (any(less(F64::broadcast(nearest.right[i]), largest))) {
        for (int v = 0; v < kTogether; ++v) {
          const int64_t j = i + d + v * lanes;
          double r[lanes];
          (covariance[v] * inverse * F64::load(rows.inverse + j)).store(r);
          for (int64_t lane = 0; lane < lanes; ++lane) {
            if (!(r[lane] > nearest.right[i])) continue;
            nearest.right[i] = r[lane];
            nearest.right_at[i] = static_cast<double>(j + lane);
          }
        }
      }
      if (++i == row_to) break;
      const F64 df = F64::broadcast(rows.df[i]), dg = F64::broadcast(rows.dg[i]);
      for (int v = 0; v < kTogether; ++v) {
        const int64_t j = i + d + v * lanes;
        covariance[v] = fma(df, F64::load(rows.dg + j), fma(F64::load(rows.df + j), dg, covariance[v]));
      }
    }
  }
}

double window_difference(const double* a, double mean_a, double inverse_a, const double* b, double mean_b, double inverse_b, int64_t window) {
  const F64 ma = F64::broadcast(mean_a), mb = F64::broadcast(mean_b), ia = F64::broadcast(inverse_a), ib = F64::broadcast(inverse_b);
  F64 total = F64::zero();
  for (int64_t k = 0; k < window; k += F64::lanes) {
    const int64_t here = window - k;
    const F64 x = here >= F64::lanes ? F64::load(a + k) : F64::load_first(a + k, here, mean_a);
    const F64 y = here >= F64::lanes ? F64::load(b + k) : F64::load_first(b + k, here, mean_b);
    const F64 apart = (x - ma) * ia - (y - mb) * ib;
    total = fma(apart, apart, total);
  }
  return sum(total);
}

}  // namespace

}  // namespace corrente::ISA
