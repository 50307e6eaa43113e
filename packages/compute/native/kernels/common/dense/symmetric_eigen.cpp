// Eigenvalues and eigenvectors of a symmetric matrix: Householder reduction to a tridiagonal one, then the implicit QL
// algorithm (Dubrulle, Martin and Wilkinson, Numerische Mathematik 12, 377, 1968). The rotations of many QL sweeps are
// gathered, and applied to the vectors panel by panel while these lie in the cache.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "../status.h"
#include "check_matrix.h"
#include "team.h"
#include "tridiagonal.h"
#include "vectors.h"

namespace corrente {

namespace {

using dense::kPanel;
using dense::Rotation;
using dense::Team;

constexpr const char* kOperation = "symmetric eigensystem";
// Threads beyond these wait for the memory.
constexpr int kMostThreads = 16;
// QL takes fewer than two sweeps for an eigenvalue on average; this many say that it will not converge.
constexpr int kMostSweeps = 60;

// Rotations that follow each other along the rows (see dense::rotate_panel), and where they begin.
struct Sweep {
  int64_t start, step, count;
  size_t first;
};

class Rotations {
 public:
  Rotations(double* vectors, int64_t n, Team& team, const Control& control)
      : vectors_(vectors), n_(n), team_(team), control_(control), panels_(team.threads()) {}

  // Room for a sweep of rotations that do nothing yet.
  Rotation* add(int64_t start, int64_t step, int64_t count) {
    if (rotations_.size() > static_cast<size_t>(64 * n_)) apply();
    sweeps_.push_back({start, step, count, rotations_.size()});
    rotations_.resize(rotations_.size() + count, {1, 0});
    return rotations_.data() + sweeps_.back().first;
  }

  // Rotates the vectors by all that was added.
  void apply() {
    team_.run((n_ + kPanel - 1) / kPanel, 1, [this](int64_t begin, int64_t end, int worker) {
      for (int64_t p = begin; p < end && !control_.cancelled(); ++p) apply_to_panel(p * kPanel, panels_[worker]);
    });
    sweeps_.clear();
    rotations_.clear();
  }

 private:
  void apply_to_panel(int64_t from, std::vector<double>& panel) {
    const int64_t width = std::min(kPanel, n_ - from);
    panel.assign(n_ * kPanel, 0);
    for (int64_t i = 0; i < n_; ++i) std::copy_n(vectors_ + i * n_ + from, width, panel.data() + i * kPanel);
    for (const Sweep& sweep : sweeps_)
      dense::rotate_panel(panel.data(), rotations_.data() + sweep.first, sweep.count, sweep.start, sweep.step);
    for (int64_t i = 0; i < n_; ++i) std::copy_n(panel.data() + i * kPanel, width, vectors_ + i * n_ + from);
  }

  double* const vectors_;
  const int64_t n_;
  Team& team_;
  const Control& control_;
  std::vector<std::vector<double>> panels_;
  std::vector<Sweep> sweeps_;
  std::vector<Rotation> rotations_;
};

// One sweep of QL over rows [l, m], from m up, with the shift of the two by two corner at l.
void ql_sweep(std::vector<double>& d, std::vector<double>& e, int64_t l, int64_t m, Rotation* rotations) {
  double g = (d[l + 1] - d[l]) / (2 * e[l]);
  g = d[m] - d[l] + e[l] / (g + std::copysign(std::hypot(g, 1.0), g));
  double s = 1, c = 1, p = 0;
  for (int64_t i = m - 1; i >= l; --i) {
    const double f = s * e[i], b = c * e[i];
    const double r = std::hypot(f, g);
    e[i + 1] = r;
    if (r == 0) {
      // The matrix has come apart at i + 1; the rows before it stay as they are, without rotation.
      d[i + 1] -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const double t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    rotations[m - 1 - i] = {c, s};
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

// A part of T that nothing couples to the rest, its rows counted from the end that has the smaller values: QL finds
// those first, and would take long with them at the other end.
struct Part {
  std::vector<double> d, e;
  int64_t start, step;  // its row i is row start + i step of the whole

  Part(const dense::Tridiagonal& t, int64_t begin, int64_t end) {
    const bool upwards = std::fabs(t.diagonal[begin]) <= std::fabs(t.diagonal[end]);
    start = upwards ? begin : end;
    step = upwards ? 1 : -1;
    for (int64_t i = 0; i <= end - begin; ++i) {
      d.push_back(t.diagonal[start + i * step]);
      e.push_back(i == end - begin ? 0 : t.beside[upwards ? begin + i : end - i - 1]);
    }
  }
};

bool negligible(const std::vector<double>& d, const std::vector<double>& e, int64_t i) {
  return std::fabs(e[i]) <= std::numeric_limits<double>::epsilon() * (std::fabs(d[i]) + std::fabs(d[i + 1]));
}

Status diagonalise(Part& part, int64_t n, Rotations& rotations, const Control& control) {
  const auto size = static_cast<int64_t>(part.d.size());
  for (int64_t l = 0; l < size; ++l) {
    for (int sweep = 0;; ++sweep) {
      if (control.cancelled()) return cancelled(kOperation);
      int64_t m = l;
      while (m + 1 < size && !negligible(part.d, part.e, m)) ++m;
      if (m == l) break;
      if (sweep == kMostSweeps)
        return invalid(std::string(kOperation) + ": eigenvalue " + std::to_string(part.start + l * part.step) + " of " +
                       std::to_string(n) + " did not converge in " + std::to_string(kMostSweeps) + " sweeps");
      ql_sweep(part.d, part.e, l, m, rotations.add(part.start + m * part.step, -part.step, m - l));
    }
    control.done->fetch_add(n * n / 3, std::memory_order_relaxed);
  }
  return {};
}

// Diagonalises T part by part, and rotates the rows of `vectors` along. Counts n³ / 3 units of work.
Status diagonalise(dense::Tridiagonal& t, double* vectors, int64_t n, Team& team, const Control& control) {
  Rotations rotations(vectors, n, team, control);
  for (int64_t begin = 0, end = 0; begin < n; begin = ++end) {
    while (end + 1 < n && !negligible(t.diagonal, t.beside, end)) ++end;
    Part part(t, begin, end);
    if (Status done = diagonalise(part, n, rotations, control); !done) return done;
    for (int64_t i = 0; i <= end - begin; ++i) t.diagonal[part.start + i * part.step] = part.d[i];
  }
  rotations.apply();
  return control.cancelled() ? cancelled(kOperation) : Status{};
}

// Ascending values with their vectors, each with its largest component (the first of equal ones) positive.
void sort_and_orient(const std::vector<double>& d, double scale, const double* rows, int64_t n, double* values, double* vectors) {
  std::vector<int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return d[a] < d[b]; });
  for (int64_t k = 0; k < n; ++k) {
    const double* const row = rows + order[k] * n;
    const double* const largest = std::max_element(row, row + n, [](double a, double b) { return std::fabs(a) < std::fabs(b); });
    const double sign = *largest < 0 ? -1 : 1;
    values[k] = d[order[k]] * scale;
    for (int64_t i = 0; i < n; ++i) vectors[k * n + i] = sign * row[i];
  }
}

}  // namespace

Status symmetric_eigen(const double* matrix, int64_t n, double* values, double* vectors, const Control& control) {
  return guarded(kOperation, [&]() -> Status {
    if (Status checked = dense::check_matrix(kOperation, matrix, n); !checked) return checked;
    control.total->store(n * n * n, std::memory_order_relaxed);
    if (n == 0) return {};
    // A power of two brings the largest value near 1, so that no square leaves the range of numbers.
    double largest = 0;
    for (int64_t i = 0; i < n * n; ++i) largest = std::max(largest, std::fabs(matrix[i]));
    const int exponent = largest > 0 ? std::ilogb(largest) : 0;
    std::vector<double> work(n * n);
    for (int64_t i = 0; i < n * n; ++i) work[i] = std::ldexp(matrix[i], -exponent);
    // One thread for small ones: waking another costs more than it does.
    Team team(n < 128 ? 1 : kMostThreads);
    dense::Tridiagonal t;
    if (!dense::reduce_to_tridiagonal(work.data(), n, t, team, control)) return cancelled(kOperation);
    if (!dense::form_transposed_q(work.data(), n, t, vectors, team, control)) return cancelled(kOperation);
    if (Status done = diagonalise(t, vectors, n, team, control); !done) return done;
    std::copy_n(vectors, n * n, work.data());
    sort_and_orient(t.diagonal, std::ldexp(1.0, exponent), work.data(), n, values, vectors);
    control.done->store(n * n * n, std::memory_order_relaxed);
    return {};
  });
}

}  // namespace corrente
