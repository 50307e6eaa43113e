// How every engine turns neighbour counts into I(X; Y | Z), to the same bits: ψ in fixed point, sums of integers.
//
//   bits  = the least b with 2^b >= N
//   S     = 2^(55 - bits)
//   fixed(v) = floor(v S + 0.5)                       in doubles; both operations are exact enough to be one rounding
//   ψ(1)  = -0.57721566490153286; ψ(n + 1) = ψ(n) + 1 / n by Kahan's summation:
//             add = 1 / n - rest; next = ψ + add; rest = (next - ψ) - add; ψ = next      (rest = 0 at first)
//
//   estimator     constant                 value of a point, in fixed point
//   ksg1          ψ(k)                     P[n_z + 1] - P[n_xz + 1] - P[n_yz + 1]           P[n] = fixed(ψ(n))
//   ksg2          ψ(k) - 2 / k             P[n_z] - Q[n_xz] - Q[n_yz]                       Q[n] = fixed(ψ(n) - 1 / n)
//   ksg2, no Z    ψ(k) - 1 / k + ψ(N)      -P[n_x] - P[n_y]
//   kernel        0                        L[n_xyz] + L[n_z] - L[n_xz] - L[n_yz]            L[n] = fixed(ln(n))
//
//   I = constant + (double(sum over the points) / S) / N
//
// Entries are below 2^5, points below 2^7, and a sum below 2^62. ksg1 without Z takes n_z = N - 1, kernel n_z = N.
// Only + - * / of doubles in this order, so P and Q are the same everywhere; L rests on the library's ln, whose last
// bit may differ.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "../ops.h"

namespace corrente {

struct InformationTables {
  double constant = 0;
  double scale = 1;              // S
  std::vector<int64_t> joint;    // [N + 1]: of n_xyz; all 0 but for kernel
  std::vector<int64_t> z;        // [N + 1]: of n_z
  std::vector<int64_t> xz, yz;   // [N + 1]: of n_xz and n_yz, with their signs

  // Of a point with these counts, in fixed point.
  int64_t point(int64_t n_joint, int64_t n_xz, int64_t n_yz, int64_t n_z) const {
    return joint[n_joint] + xz[n_xz] + yz[n_yz] + z[n_z];
  }
  double value(int64_t sum, int64_t points) const {
    return constant + static_cast<double>(sum) / scale / static_cast<double>(points);
  }
};

// ψ(1) … ψ(last), at their places; place 0 is 0.
inline std::vector<double> digammas(int64_t last) {
  std::vector<double> table(static_cast<size_t>(last) + 1);
  double psi = -0.57721566490153286, rest = 0;
  for (int64_t n = 1; n <= last; ++n) {
    table[n] = psi;
    const double add = 1 / static_cast<double>(n) - rest, next = psi + add;
    rest = (next - psi) - add;
    psi = next;
  }
  return table;
}

inline InformationTables information_tables(const NeighbourRule& rule, int64_t points, bool conditional) {
  int bits = 0;
  while ((int64_t{1} << bits) < points) ++bits;
  InformationTables tables;
  tables.scale = std::ldexp(1.0, 55 - bits);
  const auto fixed = [&](double v) { return static_cast<int64_t>(std::floor(v * tables.scale + 0.5)); };
  const std::vector<double> psi = digammas(points + 1);
  const auto size = static_cast<size_t>(points) + 1;
  tables.joint.assign(size, 0);
  tables.xz = tables.yz = tables.z = tables.joint;
  const double k = static_cast<double>(rule.neighbours);
  for (int64_t n = 0; n <= points; ++n) switch (rule.estimator) {
      case NeighbourEstimator::ksg1:
        tables.z[n] = fixed(psi[n + 1]);
        tables.xz[n] = tables.yz[n] = -tables.z[n];
        break;
      case NeighbourEstimator::ksg2:
        if (n == 0) break;  // a point has at least k neighbours everywhere
        tables.z[n] = conditional ? fixed(psi[n]) : 0;
        tables.xz[n] = tables.yz[n] = -fixed(conditional ? psi[n] - 1 / static_cast<double>(n) : psi[n]);
        break;
      case NeighbourEstimator::kernel:
        if (n == 0) break;  // a point is its own neighbour
        tables.joint[n] = tables.z[n] = fixed(std::log(static_cast<double>(n)));
        tables.xz[n] = tables.yz[n] = -tables.z[n];
        break;
    }
  switch (rule.estimator) {
    case NeighbourEstimator::ksg1: tables.constant = psi[rule.neighbours]; break;
    case NeighbourEstimator::ksg2:
      tables.constant = conditional ? psi[rule.neighbours] - 2 / k : psi[rule.neighbours] - 1 / k + psi[points];
      break;
    case NeighbourEstimator::kernel: break;
  }
  return tables;
}

}  // namespace corrente
