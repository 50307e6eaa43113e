#include "tridiagonal.h"

#include <algorithm>
#include <cmath>

#include "vectors.h"

namespace corrente::dense {

namespace {

// Turns x [n] into the vector v of a reflection that maps it to (alpha, 0, …), and returns tau; 0 where x is that
// already. The sign of alpha is the one that does not cancel.
double reflection(double* x, int64_t n, double& alpha) {
  alpha = x[0];
  const double rest = n > 1 ? dot(x + 1, x + 1, n - 1) : 0;
  if (rest == 0) return 0;
  const double norm = std::sqrt(x[0] * x[0] + rest);
  alpha = x[0] > 0 ? -norm : norm;
  x[0] -= alpha;
  // 2 / |v|²
  return 2 / (x[0] * x[0] + rest);
}

}  // namespace

// The update of one step and the product with the next step's vector share one pass over the rows: the matrix crosses
// the memory once for each step. Rows are whole, not halves, so that each is worked on by itself.
bool reduce_to_tridiagonal(double* matrix, int64_t n, Tridiagonal& t, Team& team, const Control& control) {
  t.diagonal.assign(n, 0);
  t.beside.assign(n, 0);
  t.tau.assign(n, 0);
  // The update that waits: trailing rows i and columns j lose v[i] w[j] + w[i] v[j].
  std::vector<double> v(n, 0), w(n, 0), product(n, 0);
  for (int64_t k = 0; k < n; ++k) {
    if (control.cancelled()) return false;
    double* const row = matrix + k * n;
    for (int64_t j = k; j < n; ++j) row[j] -= v[k] * w[j] + w[k] * v[j];
    t.diagonal[k] = row[k];
    const int64_t first = k + 1, left = n - first;
    if (left == 0) break;
    const double tau = reflection(row + first, left, t.beside[k]);
    t.tau[k] = tau;
    const double* const x = row + first;
    const int64_t grain = std::max<int64_t>(8, 16384 / left);
    team.run(left, grain, [&](int64_t begin, int64_t end, int) {
      for (int64_t i = first + begin; i < first + end; ++i)
        product[i] = update_and_dot(matrix + i * n + first, v[i], w[i], v.data() + first, w.data() + first, x, left);
    });
    // w = p - (tau / 2) (p · x) x with p = tau A x.
    for (int64_t i = first; i < n; ++i) product[i] *= tau;
    const double half = 0.5 * tau * dot(product.data() + first, x, left);
    for (int64_t i = first; i < n; ++i) {
      v[i] = x[i - first];
      w[i] = product[i] - half * v[i];
    }
    if (tau == 0) std::fill(w.begin() + first, w.end(), 0.0), std::fill(v.begin() + first, v.end(), 0.0);
    control.done->fetch_add(left * left, std::memory_order_relaxed);
  }
  return true;
}

// Backwards, so that the columns of Q that a reflection does not reach yet are still those of the identity.
bool form_transposed_q(const double* matrix, int64_t n, const Tridiagonal& t, double* q, Team& team, const Control& control) {
  const int64_t panels = (n + kPanel - 1) / kPanel;
  std::vector<std::vector<double>> buffers(team.threads());
  team.run(panels, 1, [&](int64_t begin, int64_t end, int worker) {
    std::vector<double>& panel = buffers[worker];
    for (int64_t p = begin; p < end; ++p) {
      const int64_t from = p * kPanel, to = std::min(n, from + kPanel);
      panel.assign(n * kPanel, 0);
      for (int64_t j = from; j < to; ++j) panel[j * kPanel + j - from] = 1;
      for (int64_t k = std::min(to, n - 1) - 1; k >= 0; --k) {
        if (control.cancelled()) return;
        if (t.tau[k] != 0) reflect_panel(panel.data() + (k + 1) * kPanel, matrix + k * n + k + 1, t.tau[k], n - k - 1);
      }
      for (int64_t j = from; j < to; ++j)
        for (int64_t i = 0; i < n; ++i) q[j * n + i] = panel[i * kPanel + j - from];
      control.done->fetch_add(n * n * (to - from) / 3, std::memory_order_relaxed);
    }
  });
  return !control.cancelled();
}

}  // namespace corrente::dense
