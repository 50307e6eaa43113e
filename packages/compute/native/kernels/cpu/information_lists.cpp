#include "information_lists.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace corrente {

namespace {

constexpr int kYZBuckets = 256, kZBuckets = 64;
constexpr double kGrowth = 1.5;
// The next point's neighbours are about as far as this one's.
constexpr double kMargin = 1.15;

template <class Real>
constexpr Real kInfinity = std::numeric_limits<Real>::infinity();

// Buckets of equal width from 0 to a limit; what lies beyond is in the last one. Ascending with the distance.
template <class Real>
class Buckets {
 public:
  Buckets(int count, Real limit) : last_(count - 1), scale_(static_cast<Real>(count) / limit) {
    if (!std::isfinite(scale_)) scale_ = 0;
  }
  int operator()(Real d) const { return static_cast<int>(std::min(d * scale_, static_cast<Real>(last_))); }

 private:
  const int last_;
  Real scale_;
};

template <class Real>
Real finite_limit(Real radius, const Real* distance, int64_t count) {
  if (radius < kInfinity<Real>) return radius;
  return count == 0 ? 0 : *std::max_element(distance, distance + count);
}

int64_t whole_chunks(int64_t count) { return (count + kChunk - 1) / kChunk * kChunk; }

}  // namespace

template <class Real>
void LeafLists<Real>::bind() {
  for (size_t r = 0; r < rows.size(); ++r) {
    NeighbourRow<Real>& row = rows[r];
    const Offsets& from = offsets[r];
    row.yz = reals.data() + from.yz;
    row.yz_bound = reals.data() + from.yz_bound;
    row.y = reals.data() + from.y;
    row.z = reals.data() + from.z;
    row.yz_place = places.data() + from.yz_place;
    row.base = reals.data() + from.base;
    row.base_bound = reals.data() + from.base_bound;
    row.base_place = places.data() + from.base_place;
  }
}

template <class Real>
ListBuilder<Real>::ListBuilder(const NeighbourSpace<Real>& space, const InformationKernels<Real>& kernels, bool parts)
    : space_(space), kernels_(kernels), parts_(parts) {
  const auto room = static_cast<size_t>(space.stride) + 1;
  base_.resize(room);
  y_.resize(room);
  yz_.resize(room);
  place_.resize(room);
  bucket_.resize(room);
}

// All points near enough; returns the radius they are complete up to.
template <class Real>
Real ListBuilder<Real>::find(int64_t place, const Reach<Real>& reach) {
  Real radius = reach.wanted == 0 ? reach.radius : guess_;
  while (true) {
    count_ = kernels_.near(space_, place, radius, {base_.data(), y_.data(), place_.data()});
    int64_t within = 0;
    for (int64_t e = 0; e < count_; ++e) {
      yz_[e] = std::max(base_[e], y_[e]);
      within += yz_[e] <= radius;
    }
    if (reach.wanted == 0 || within >= reach.wanted || radius == kInfinity<Real>) return radius;
    const Real next = static_cast<Real>(radius * kGrowth);
    // Where so few are found that growing would take long, or does nothing, all are taken.
    radius = next > radius && within * 64 > reach.wanted ? next : kInfinity<Real>;
  }
}

// The least radius, of those between the buckets, with enough neighbours in YZ.
template <class Real>
Real ListBuilder<Real>::choose(int64_t wanted, Real radius) {
  const Buckets<Real> bucket(kYZBuckets, finite_limit(radius, yz_.data(), count_));
  from_.assign(kYZBuckets, 0);
  for (int64_t e = 0; e < count_; ++e)
    if (yz_[e] <= radius) ++from_[bucket(yz_[e])];
  int last = 0;
  for (int64_t sum = from_[0]; last < kYZBuckets - 1 && sum < wanted;) sum += from_[++last];
  if (last == kYZBuckets - 1) return radius;
  Real chosen = 0;
  for (int64_t e = 0; e < count_; ++e)
    if (bucket(yz_[e]) <= last) chosen = std::max(chosen, yz_[e]);
  return chosen;
}

// Appends the entries up to a radius, by buckets. Leaves where each went in bucket_ (or -1); returns how many.
template <class Real>
int32_t ListBuilder<Real>::put(const Real* distance, Real radius, int buckets, LeafLists<Real>& lists, size_t& at,
                               size_t& bound, size_t& places) {
  const Buckets<Real> bucket(buckets, finite_limit(radius, distance, count_));
  from_.assign(static_cast<size_t>(buckets) + 1, 0);
  int32_t kept = 0;
  for (int64_t e = 0; e < count_; ++e) {
    const bool keep = distance[e] <= radius;
    bucket_[e] = keep ? bucket(distance[e]) : -1;
    if (keep) ++from_[bucket_[e] + 1];
    kept += keep;
  }
  for (int b = 0; b < buckets; ++b) from_[b + 1] += from_[b];
  const auto room = static_cast<size_t>(whole_chunks(kept));
  at = lists.reals.size();
  bound = at + room;
  places = lists.places.size();
  lists.reals.resize(bound + room / kChunk, kInfinity<Real>);
  lists.places.resize(places + room, 0);
  Real* const to = lists.reals.data() + at;
  for (int64_t e = 0; e < count_; ++e) {
    if (bucket_[e] < 0) continue;
    const int32_t where = from_[bucket_[e]]++;
    to[where] = distance[e];
    lists.places[places + where] = place_[e];
    bucket_[e] = where;
  }
  Real least = kInfinity<Real>;
  for (int64_t first = static_cast<int64_t>(room) - kChunk; first >= 0; first -= kChunk) {
    for (int64_t e = first; e < first + kChunk; ++e) least = std::min(least, to[e]);
    lists.reals[bound + first / kChunk] = least;
  }
  return kept;
}

template <class Real>
void ListBuilder<Real>::row(int64_t place, const Reach<Real>& reach, LeafLists<Real>& lists) {
  Real radius = find(place, reach);
  if (reach.wanted > 0) {
    const Real found = radius;
    radius = choose(reach.wanted, radius);
    guess_ = static_cast<Real>((radius < kInfinity<Real> ? radius : finite_limit(found, yz_.data(), count_)) * kMargin);
  }
  NeighbourRow<Real> row{};
  typename LeafLists<Real>::Offsets offsets{};
  row.radius = radius;
  row.yz_count = put(yz_.data(), radius, kYZBuckets, lists, offsets.yz, offsets.yz_bound, offsets.yz_place);
  if (parts_) {
    const auto room = static_cast<size_t>(whole_chunks(row.yz_count));
    offsets.y = lists.reals.size();
    offsets.z = offsets.y + room;
    lists.reals.resize(offsets.z + room, kInfinity<Real>);
    const bool conditional = space_.y_dims > 0;
    for (int64_t e = 0; e < count_; ++e) {
      if (bucket_[e] < 0) continue;
      lists.reals[offsets.y + bucket_[e]] = conditional ? y_[e] : base_[e];
      lists.reals[offsets.z + bucket_[e]] = conditional ? base_[e] : 0;
    }
  }
  if (space_.y_dims > 0)
    row.base_count = put(base_.data(), radius, kZBuckets, lists, offsets.base, offsets.base_bound, offsets.base_place);
  lists.rows.push_back(row);
  lists.offsets.push_back(offsets);
}

template <class Real>
void ListBuilder<Real>::build(int64_t leaf, const Reach<Real>& reach, LeafLists<Real>& lists) {
  lists.rows.clear();
  lists.reals.clear();
  lists.places.clear();
  lists.offsets.clear();
  guess_ = reach.radius;
  const int64_t from = leaf * kLeaf, to = std::min(from + kLeaf, space_.points);
  for (int64_t place = from; place < to; ++place) row(place, reach, lists);
  lists.bind();
}

template struct LeafLists<double>;
template struct LeafLists<float>;
template class ListBuilder<double>;
template class ListBuilder<float>;

}  // namespace corrente
