#include "information_lists.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace corrente {

namespace {

constexpr int kBuckets = 32;
// The next point's neighbours are about as far as this one's.
constexpr double kMargin = 1.2;
// Up to this many times as many neighbours as are wanted will do.
constexpr double kSurplus = 1.25;
constexpr int kMostTrials = 16;

template <class Real>
constexpr Real kInfinity = std::numeric_limits<Real>::infinity();

int64_t whole_chunks(int64_t count) { return (count + kChunk - 1) / kChunk * kChunk; }

}  // namespace

template <class Real>
void GrowingLists<Real>::bind(std::vector<NeighbourRow<Real>>& bound, const Real* real, const int32_t* place) const {
  for (size_t r = 0; r < bound.size(); ++r) {
    NeighbourRow<Real>& row = bound[r];
    const Offsets& from = offsets[r];
    row.yz = real + from.yz;
    row.yz_bound = real + from.yz_bound;
    row.y = real + from.y;
    row.z = real + from.z;
    row.yz_place = place + from.yz_place;
    row.base = real + from.base;
    row.base_bound = real + from.base_bound;
    row.base_place = place + from.base_place;
  }
}

template <class Real>
KeptLists<Real>::KeptLists(const GrowingLists<Real>& lists)
    : rows(lists.rows), memory(lists.reals.size() * sizeof(Real) + lists.places.size() * sizeof(int32_t)) {
  auto* const reals = memory.as<Real>();
  auto* const places = reinterpret_cast<int32_t*>(reals + lists.reals.size());
  std::copy(lists.reals.begin(), lists.reals.end(), reals);
  std::copy(lists.places.begin(), lists.places.end(), places);
  lists.bind(rows, reals, places);
}

template <class Real>
ListBuilder<Real>::ListBuilder(const NeighbourSpace<Real>& space, const InformationKernels<Real>& kernels, bool parts)
    : space_(space), kernels_(kernels), parts_(parts), dims_(space.base_dims + space.y_dims), from_(kBuckets + 1) {
  const auto all = static_cast<size_t>(space.stride), more = all + static_cast<size_t>(kernels.lanes);
  base_.resize(all);
  yz_.resize(all);
  leaf_.resize(static_cast<size_t>(space.leaves));
  found_.resize(more);
  entry_.resize(more);
  bucket_.resize(more);
}

template <class Real>
void ListBuilder<Real>::survey(int64_t place, Real radius) {
  surveyed_ = kLeaf * kernels_.survey(space_, place, radius, {base_.data(), yz_.data(), leaf_.data()});
  complete_ = surveyed_ == space_.stride ? kInfinity<Real> : radius;
}

// A radius with at least `wanted` neighbours in YZ, and hardly more; infinite where there are no more. Numbers of
// neighbours grow about as the radius to the power of the dimensions, which says where to look next.
template <class Real>
Real ListBuilder<Real>::choose(int64_t place, int64_t wanted) {
  const auto factor = [&](int64_t count) {
    const double aim = static_cast<double>(wanted) * (1 + kSurplus) / 2;
    return std::pow(aim / static_cast<double>(std::max<int64_t>(count, 1)), 1 / dims_);
  };
  survey(place, guess_);
  Real radius = guess_, low = 0, high = kInfinity<Real>;
  for (int trial = 0; trial < kMostTrials; ++trial) {
    const int64_t count = kernels_.count_within(yz_.data(), surveyed_, radius);
    if (count < wanted) {
      low = radius;
    } else {
      high = radius;
      if (static_cast<double>(count) <= static_cast<double>(wanted) * kSurplus) return radius;
    }
    auto next = static_cast<Real>(radius * std::clamp(factor(count), 0.5, 2.0));
    if (!(next > low && next < high)) next = high < kInfinity<Real> ? low + (high - low) / 2 : 2 * low;
    if (!(next > low && next < high)) break;
    radius = next;
    if (radius > complete_) survey(place, static_cast<Real>(radius * kMargin));
  }
  if (high == kInfinity<Real>) survey(place, high);
  return high;
}

// Appends the entries up to a radius, by buckets of equal width.
template <class Real>
typename ListBuilder<Real>::Entries ListBuilder<Real>::put(const Real* distance, Real radius, GrowingLists<Real>& lists) {
  const int64_t count = kernels_.find_within(distance, surveyed_, radius, {found_.data(), entry_.data()});
  const Real most = radius < kInfinity<Real> ? radius : count == 0 ? 0 : *std::max_element(found_.begin(), found_.begin() + count);
  Real scale = static_cast<Real>(kBuckets) / most;
  if (!(scale < kInfinity<Real>)) scale = 0;
  std::fill(from_.begin(), from_.end(), 0);
  for (int64_t e = 0; e < count; ++e) bucket_[e] = static_cast<int32_t>(std::min(found_[e] * scale, static_cast<Real>(kBuckets - 1)));
  for (int64_t e = 0; e < count; ++e) ++from_[bucket_[e] + 1];
  for (int b = 0; b < kBuckets; ++b) from_[b + 1] += from_[b];

  const auto room = static_cast<size_t>(whole_chunks(count));
  Entries entries{static_cast<int32_t>(count), lists.reals.size(), lists.reals.size() + room, lists.places.size()};
  lists.reals.resize(entries.bounds + room / kChunk);
  lists.places.resize(entries.places + room);
  Real* const to = lists.reals.data() + entries.reals;
  int32_t* const places = lists.places.data() + entries.places;
  for (int64_t e = 0; e < count; ++e) {
    const int32_t where = from_[bucket_[e]]++;
    to[where] = found_[e];
    places[where] = static_cast<int32_t>(leaf_[entry_[e] / kLeaf] * kLeaf + entry_[e] % kLeaf);
    bucket_[e] = where;
  }
  std::fill(to + count, to + room, kInfinity<Real>);
  std::fill(places + count, places + room, 0);
  Real least = kInfinity<Real>;
  for (int64_t first = static_cast<int64_t>(room) - kChunk; first >= 0; first -= kChunk) {
    for (int64_t e = first; e < first + kChunk; ++e) least = std::min(least, to[e]);
    lists.reals[entries.bounds + first / kChunk] = least;
  }
  return entries;
}

template <class Real>
void ListBuilder<Real>::row(int64_t place, const Reach<Real>& reach, GrowingLists<Real>& lists) {
  Real radius = reach.radius;
  if (reach.wanted > 0) {
    radius = choose(place, reach.wanted);
    if (radius > 0 && radius < kInfinity<Real>) guess_ = static_cast<Real>(radius * kMargin);
  } else {
    survey(place, radius);
  }
  NeighbourRow<Real> row{};
  typename GrowingLists<Real>::Offsets offsets{};
  row.radius = radius;
  const Entries yz = put(yz_.data(), radius, lists);
  row.yz_count = yz.count;
  offsets.yz = yz.reals;
  offsets.yz_bound = yz.bounds;
  offsets.yz_place = yz.places;
  if (parts_) put_parts(place, yz, lists, offsets);
  if (space_.y_dims > 0) {
    const Entries base = put(base_.data(), radius, lists);
    row.base_count = base.count;
    offsets.base = base.reals;
    offsets.base_bound = base.bounds;
    offsets.base_place = base.places;
  }
  lists.rows.push_back(row);
  lists.offsets.push_back(offsets);
}

// The distances in Y and in Z of the entries that were put last.
template <class Real>
void ListBuilder<Real>::put_parts(int64_t place, const Entries& yz, GrowingLists<Real>& lists, typename GrowingLists<Real>::Offsets& offsets) {
  const auto room = static_cast<size_t>(whole_chunks(yz.count));
  offsets.y = lists.reals.size();
  offsets.z = offsets.y + room;
  lists.reals.resize(offsets.z + room);
  std::fill(lists.reals.begin() + static_cast<int64_t>(offsets.y), lists.reals.end(), kInfinity<Real>);
  const bool conditional = space_.y_dims > 0;
  for (int32_t e = 0; e < yz.count; ++e) {
    Real y = found_[e];
    if (conditional) {
      const int32_t other = lists.places[yz.places + bucket_[e]];
      y = 0;
      for (int d = 0; d < space_.y_dims; ++d)
        y = std::max(y, std::fabs(space_.y[d * space_.stride + place] - space_.y[d * space_.stride + other]));
    }
    lists.reals[offsets.y + bucket_[e]] = y;
    lists.reals[offsets.z + bucket_[e]] = conditional ? base_[entry_[e]] : 0;
  }
}

template <class Real>
void ListBuilder<Real>::build(int64_t leaf, const Reach<Real>& reach, GrowingLists<Real>& lists) {
  lists.rows.clear();
  lists.reals.clear();
  lists.places.clear();
  lists.offsets.clear();
  guess_ = reach.radius;
  const int64_t from = leaf * kLeaf, to = std::min(from + kLeaf, space_.points);
  for (int64_t place = from; place < to; ++place) row(place, reach, lists);
  lists.bind(lists.rows, lists.reals.data(), lists.places.data());
}

template struct GrowingLists<double>;
template struct GrowingLists<float>;
template struct KeptLists<double>;
template struct KeptLists<float>;
template class ListBuilder<double>;
template class ListBuilder<float>;

}  // namespace corrente
