// I(X; Y | Z) by every distance of every pair: slow, and easy to read.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "../kernels/common/information_tables.h"

namespace corrente::check {

template <class Real>
struct Naive {
  const Columns& x;
  const Columns& y;
  const Columns& z;
  const NeighbourRule& rule;

  static Real distance(const Columns& columns, int64_t i, int64_t j) {
    Real most = 0;
    for (int64_t d = 0; d < columns.series; ++d)
      most = std::max(most, std::fabs(static_cast<Real>(columns.row(d)[i]) - static_cast<Real>(columns.row(d)[j])));
    return most;
  }

  // The neighbours of point i in the joint space, in XZ, in YZ and in Z; order says how X is permuted.
  void counts(const std::vector<int32_t>& order, int64_t i, int32_t (&out)[4]) const {
    struct Other {
      Real joint, x, y, z;
    };
    const int64_t n = y.length;
    std::vector<Other> others;
    for (int64_t j = 0; j < n; ++j) {
      if (std::llabs(i - j) <= rule.theiler) continue;
      const Real dx = distance(x, order[i], order[j]), dy = distance(y, i, j), dz = distance(z, i, j);
      others.push_back({std::max(dx, std::max(dy, dz)), dx, dy, dz});
    }
    const bool kernel = rule.estimator == NeighbourEstimator::kernel, strict = rule.estimator == NeighbourEstimator::ksg1;
    Real x_radius = 0, y_radius = 0, z_radius = 0;
    if (kernel) x_radius = y_radius = z_radius = static_cast<Real>(rule.width);
    std::vector<Other> nearest = others;
    std::stable_sort(nearest.begin(), nearest.end(), [](const Other& a, const Other& b) { return a.joint < b.joint; });
    for (int64_t q = 0; q < rule.neighbours; ++q) {
      x_radius = std::max(x_radius, strict ? nearest[q].joint : nearest[q].x);
      y_radius = std::max(y_radius, strict ? nearest[q].joint : nearest[q].y);
      z_radius = std::max(z_radius, strict ? nearest[q].joint : nearest[q].z);
    }
    const auto within = [&](Real d, Real radius) { return strict ? d < radius : d <= radius; };
    const int32_t itself = kernel ? 1 : 0;
    for (int32_t& count : out) count = itself;
    for (const Other& other : others) {
      const bool near_x = within(other.x, x_radius), near_y = within(other.y, y_radius), near_z = z.series == 0 || within(other.z, z_radius);
      out[0] += near_x && near_y && near_z;
      out[1] += near_x && near_z;
      out[2] += near_y && near_z;
      out[3] += near_z;
    }
    if (z.series == 0) out[3] = static_cast<int32_t>(kernel ? n : n - 1);
    if (!kernel) out[0] = static_cast<int32_t>(rule.neighbours);
  }

  double value(const std::vector<int32_t>& order) const {
    const InformationTables tables = information_tables(rule, y.length, z.series > 0);
    int64_t sum = 0;
    for (int64_t i = 0; i < y.length; ++i) {
      int32_t c[4];
      counts(order, i, c);
      sum += tables.point(c[0], c[1], c[2], c[3]);
    }
    return tables.value(sum, y.length);
  }
};

}  // namespace corrente::check
