#include "vectors.h"

// Clones need a loader that resolves them (ifunc) and a compiler that makes them; elsewhere there is one version.
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GLIBC__) && !defined(__clang__)
#define CORRENTE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CORRENTE_CLONES
#endif

namespace corrente::dense {

namespace {

constexpr int64_t kLanes = 8;

// Eight doubles at any address of a double.
using Vector = double __attribute__((vector_size(64), aligned(8), may_alias));

inline const Vector& at(const double* p) { return *reinterpret_cast<const Vector*>(p); }
inline Vector& at(double* p) { return *reinterpret_cast<Vector*>(p); }

// The lanes in pairs of halves, the same tree everywhere.
inline double sum_of(const Vector& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

}  // namespace

CORRENTE_CLONES double dot(const double* a, const double* b, int64_t n) {
  Vector even = {}, odd = {};
  int64_t t = 0;
  for (; t + 2 * kLanes <= n; t += 2 * kLanes) {
    even += at(a + t) * at(b + t);
    odd += at(a + t + kLanes) * at(b + t + kLanes);
  }
  double rest = 0;
  for (; t < n; ++t) rest += a[t] * b[t];
  even += odd;
  return sum_of(even) + rest;
}

CORRENTE_CLONES double update_and_dot(double* row, double vi, double wi, const double* v, const double* w,
                                      const double* x, int64_t n) {
  Vector even = {}, odd = {};
  int64_t t = 0;
  for (; t + 2 * kLanes <= n; t += 2 * kLanes) {
    const Vector first = at(row + t) - (vi * at(w + t) + wi * at(v + t));
    const Vector second = at(row + t + kLanes) - (vi * at(w + t + kLanes) + wi * at(v + t + kLanes));
    at(row + t) = first;
    at(row + t + kLanes) = second;
    even += first * at(x + t);
    odd += second * at(x + t + kLanes);
  }
  double rest = 0;
  for (; t < n; ++t) {
    row[t] -= vi * w[t] + wi * v[t];
    rest += row[t] * x[t];
  }
  even += odd;
  return sum_of(even) + rest;
}

CORRENTE_CLONES void reflect_panel(double* panel, const double* v, double tau, int64_t rows) {
  constexpr int64_t vectors = kPanel / kLanes;
  Vector sums[vectors] = {};
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t k = 0; k < vectors; ++k) sums[k] += v[i] * at(panel + i * kPanel + k * kLanes);
  for (Vector& sum : sums) sum *= tau;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t k = 0; k < vectors; ++k) at(panel + i * kPanel + k * kLanes) -= v[i] * sums[k];
}

CORRENTE_CLONES void rotate_panel(double* panel, const Rotation* rotations, int64_t count, int64_t start, int64_t step) {
  constexpr int64_t vectors = kPanel / kLanes;
  // The first row of one rotation is the second row of the next: it stays in registers.
  Vector carried[vectors];
  double* row = panel + start * kPanel;
  for (int64_t k = 0; k < vectors; ++k) carried[k] = at(row + k * kLanes);
  for (int64_t r = 0; r < count; ++r) {
    const auto [c, s] = rotations[r];
    double* const next = row + step * kPanel;
    for (int64_t k = 0; k < vectors; ++k) {
      const Vector x = at(next + k * kLanes), y = carried[k];
      at(row + k * kLanes) = s * x + c * y;
      carried[k] = c * x - s * y;
    }
    row = next;
  }
  for (int64_t k = 0; k < vectors; ++k) at(row + k * kLanes) = carried[k];
}

CORRENTE_CLONES void subtract_products(double* out, int64_t stride, const double* a, const double* b, int64_t length,
                                       int64_t n, int64_t rows, int64_t cols) {
  constexpr int64_t side = 4;
  // At the edge the last row stands in for those beyond it.
  const double *as[side], *bs[side];
  for (int64_t i = 0; i < side; ++i) {
    as[i] = a + (i < rows ? i : rows - 1) * length;
    bs[i] = b + (i < cols ? i : cols - 1) * length;
  }
  Vector sums[side][side] = {};
  int64_t t = 0;
  for (; t + kLanes <= n; t += kLanes) {
    const Vector b0 = at(bs[0] + t), b1 = at(bs[1] + t), b2 = at(bs[2] + t), b3 = at(bs[3] + t);
    for (int64_t i = 0; i < side; ++i) {
      const Vector x = at(as[i] + t);
      sums[i][0] += x * b0;
      sums[i][1] += x * b1;
      sums[i][2] += x * b2;
      sums[i][3] += x * b3;
    }
  }
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < cols; ++j) {
      double rest = 0;
      for (int64_t k = t; k < n; ++k) rest += as[i][k] * bs[j][k];
      out[i * stride + j] -= sum_of(sums[i][j]) + rest;
    }
  }
}

}  // namespace corrente::dense
