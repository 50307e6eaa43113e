// The inverse of a symmetric positive definite matrix by its Cholesky factor, A = L Lᵀ. Every step is written as
// products of rows with rows (of L, and of U = L⁻ᵀ), which lie together in memory.
#include <algorithm>
#include <cmath>
#include <limits>

#include "../status.h"
#include "check_matrix.h"
#include "team.h"
#include "vectors.h"

namespace corrente {

namespace {

using dense::Team;

constexpr const char* kOperation = "symmetric inverse";
constexpr int kMostThreads = 16;
constexpr int64_t kBlock = 64;
constexpr int64_t kSide = 4;

// rows [row_from, row_to) and columns [col_from, col_to) of out -= a_i · b_j over values [from, to) of the rows.
void subtract_block(double* out, const double* a, const double* b, int64_t n, int64_t row_from, int64_t row_to,
                    int64_t col_from, int64_t col_to, int64_t from, int64_t to) {
  if (from >= to) return;
  for (int64_t i = row_from; i < row_to; i += kSide)
    for (int64_t j = col_from; j < col_to; j += kSide)
      dense::subtract_products(out + i * n + j, n, a + i * n + from, b + j * n + from, n, to - from,
                               std::min(kSide, row_to - i), std::min(kSide, col_to - j));
}

// Rows [begin, end) of block column [from, to): what the diagonal block leaves of them.
void solve_rows(double* l, int64_t n, int64_t begin, int64_t end, int64_t from, int64_t to) {
  for (int64_t i = begin; i < end; ++i) {
    double* const row = l + i * n;
    for (int64_t j = from; j < to; ++j)
      row[j] = (row[j] - dense::dot(row + from, l + j * n + from, j - from)) / l[j * n + j];
  }
}

// The lower factor in place of the lower triangle. `definite` becomes false where a pivot is lost in the rounding of
// its own row: such a variable is a linear combination of those before it. Counts n³ / 3 units of work.
bool factorise(double* l, int64_t n, bool& definite, Team& team, const Control& control) {
  const double lost = static_cast<double>(n) * std::numeric_limits<double>::epsilon();
  for (int64_t from = 0; from < n; from += kBlock) {
    if (control.cancelled()) return false;
    const int64_t to = std::min(n, from + kBlock);
    std::vector<double> diagonal(to - from);
    for (int64_t j = from; j < to; ++j) diagonal[j - from] = l[j * n + j];
    team.run(n - from, kBlock / 2, [&](int64_t begin, int64_t end, int) {
      subtract_block(l, l, l, n, from + begin, from + end, from, to, 0, from);
    });
    for (int64_t j = from; j < to; ++j) {
      solve_rows(l, n, j, j + 1, from, j);
      const double pivot = l[j * n + j] - dense::dot(l + j * n + from, l + j * n + from, j - from);
      if (!(pivot > lost * diagonal[j - from])) {
        definite = false;
        return true;
      }
      l[j * n + j] = std::sqrt(pivot);
    }
    team.run(n - to, kBlock / 2, [&](int64_t begin, int64_t end, int) { solve_rows(l, n, to + begin, to + end, from, to); });
    control.done->fetch_add((to - from) * (n * n / 3), std::memory_order_relaxed);
  }
  definite = true;
  return true;
}

// U = L⁻ᵀ: u_ik = -(l_k · u_i over [i, k)) / l_kk for k > i. Counts n³ / 3 units of work.
bool invert_factor(const double* l, int64_t n, double* u, Team& team, const Control& control) {
  const int64_t blocks = (n + kBlock - 1) / kBlock;
  team.run(blocks, 1, [&](int64_t begin, int64_t end, int) {
    for (int64_t block = begin; block < end; ++block) {
      const int64_t row_from = block * kBlock, row_to = std::min(n, row_from + kBlock);
      for (int64_t i = row_from; i < row_to; ++i) {
        std::fill_n(u + i * n, n, 0.0);
        u[i * n + i] = 1 / l[i * n + i];
      }
      for (int64_t from = row_from; from < n; from += kBlock) {
        if (control.cancelled()) return;
        const int64_t to = std::min(n, from + kBlock);
        subtract_block(u, u, l, n, row_from, row_to, from, to, row_from, from);
        for (int64_t i = row_from; i < row_to; ++i)
          for (int64_t k = std::max(from, i + 1); k < to; ++k) {
            const int64_t since = std::max(from, i);
            u[i * n + k] = (u[i * n + k] - dense::dot(l + k * n + since, u + i * n + since, k - since)) / l[k * n + k];
          }
      }
      control.done->fetch_add((row_to - row_from) * (n * n / 3), std::memory_order_relaxed);
    }
  });
  return !control.cancelled();
}

// A⁻¹ = U Uᵀ, the lower triangle mirrored. Counts n³ / 3 units of work.
bool multiply_factors(const double* u, int64_t n, double* inverse, Team& team, const Control& control) {
  const int64_t blocks = (n + kBlock - 1) / kBlock;
  team.run(blocks, 1, [&](int64_t begin, int64_t end, int) {
    for (int64_t block = begin; block < end; ++block) {
      if (control.cancelled()) return;
      const int64_t row_from = block * kBlock, row_to = std::min(n, row_from + kBlock);
      for (int64_t i = row_from; i < row_to; ++i) std::fill_n(inverse + i * n, row_to, 0.0);
      for (int64_t col = 0; col < row_to; col += kBlock) {
        const int64_t col_to = std::min(row_to, col + kBlock);
        subtract_block(inverse, u, u, n, row_from, row_to, col, col_to, row_from, n);
      }
      control.done->fetch_add((row_to - row_from) * (n * n / 3), std::memory_order_relaxed);
    }
  });
  if (control.cancelled()) return false;
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j <= i; ++j) inverse[i * n + j] = -inverse[i * n + j];
    for (int64_t j = 0; j < i; ++j) inverse[j * n + i] = inverse[i * n + j];
  }
  return true;
}

}  // namespace

Status invert_symmetric(const double* matrix, int64_t n, double* inverse, bool& definite, const Control& control) {
  return guarded(kOperation, [&]() -> Status {
    if (Status checked = dense::check_matrix(kOperation, matrix, n); !checked) return checked;
    control.total->store(n * n * n, std::memory_order_relaxed);
    std::vector<double> l(matrix, matrix + n * n);
    Team team(n < 128 ? 1 : kMostThreads);
    if (!factorise(l.data(), n, definite, team, control)) return cancelled(kOperation);
    if (!definite) return {};
    std::vector<double> u(n * n);
    if (!invert_factor(l.data(), n, u.data(), team, control)) return cancelled(kOperation);
    if (!multiply_factors(u.data(), n, inverse, team, control)) return cancelled(kOperation);
    control.done->store(n * n * n, std::memory_order_relaxed);
    return {};
  });
}

}  // namespace corrente
