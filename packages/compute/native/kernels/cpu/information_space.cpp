#include "information_space.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace corrente {

namespace {

int64_t round_up(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

// The dimension in which some points spread the most.
int64_t widest(const Columns& columns, const int32_t* first, const int32_t* last) {
  int64_t best = 0;
  double most = -1;
  for (int64_t d = 0; d < columns.series; ++d) {
    const auto [low, high] = std::minmax_element(first, last, [&](int32_t a, int32_t b) { return columns.row(d)[a] < columns.row(d)[b]; });
    const double spread = columns.row(d)[*high] - columns.row(d)[*low];
    if (spread > most) {
      most = spread;
      best = d;
    }
  }
  return best;
}

// Cuts at whole leaves.
void cut(const Columns& columns, int32_t* first, int32_t* last) {
  while (last - first > kLeaf) {
    const double* const values = columns.row(widest(columns, first, last));
    const int64_t leaves = (last - first + kLeaf - 1) / kLeaf;
    int32_t* const middle = first + (leaves + 1) / 2 * kLeaf;
    if (middle < last)
      std::nth_element(first, middle, last, [&](int32_t a, int32_t b) { return values[a] < values[b]; });
    cut(columns, first, middle);
    first = middle;
  }
}

}  // namespace

template <class Real>
InformationSpace<Real>::InformationSpace(const Columns& target, const Columns& condition, int64_t theiler, int lanes) {
  const bool conditional = condition.series > 0;
  const Columns& base = conditional ? condition : target;
  space_.points = target.length;
  space_.leaves = (target.length + kLeaf - 1) / kLeaf;
  space_.stride = round_up(target.length, kLeaf);
  space_.leaf_stride = round_up(space_.leaves, lanes);
  space_.base_dims = static_cast<int>(base.series);
  space_.y_dims = conditional ? static_cast<int>(target.series) : 0;
  space_.theiler = theiler;
  order(base);
  base_ = by_place(base);
  if (conditional) y_ = by_place(target);
  box(base);
  space_.base = base_.data();
  space_.y = y_.data();
  space_.low = low_.data();
  space_.high = high_.data();
  space_.point = point_.data();
  space_.place = place_.data();
}

template <class Real>
void InformationSpace<Real>::order(const Columns& base) {
  point_.resize(static_cast<size_t>(space_.stride));
  std::iota(point_.begin(), point_.begin() + space_.points, 0);
  cut(base, point_.data(), point_.data() + space_.points);
  place_.resize(static_cast<size_t>(space_.points));
  for (int64_t p = 0; p < space_.points; ++p) place_[point_[p]] = static_cast<int32_t>(p);
}

template <class Real>
std::vector<Real> InformationSpace<Real>::by_place(const Columns& columns) const {
  std::vector<Real> values(static_cast<size_t>(columns.series * space_.stride));
  for (int64_t d = 0; d < columns.series; ++d)
    for (int64_t p = 0; p < space_.points; ++p) values[d * space_.stride + p] = static_cast<Real>(columns.row(d)[point_[p]]);
  return values;
}

template <class Real>
void InformationSpace<Real>::box(const Columns& base) {
  low_.assign(static_cast<size_t>(base.series * space_.leaf_stride), std::numeric_limits<Real>::infinity());
  high_.assign(low_.size(), -std::numeric_limits<Real>::infinity());
  for (int64_t d = 0; d < base.series; ++d)
    for (int64_t p = 0; p < space_.points; ++p) {
      const int64_t at = d * space_.leaf_stride + p / kLeaf;
      const Real value = base_[d * space_.stride + p];
      low_[at] = std::min(low_[at], value);
      high_[at] = std::max(high_[at], value);
    }
}

template class InformationSpace<double>;
template class InformationSpace<float>;

}  // namespace corrente
