// Counting neighbours. A warp has a point and a group of 32 lanes; what each lane finds it adds to the lane's sum.
//
//     YZ list of point i, nearest first          Z list of point i, nearest first
//     |. .. . . ... .|.. . .  . .                |.. .. . ..... ... . .|. ... .
//                    ^ the k-th nearest of the                         ^ farther in Z than the
//                      joint space is nearer                             k-th nearest
//
// A distance in the joint space is at least that in YZ: the YZ list is read until, for each lane, the k-th nearest so
// far is no farther than the entry, 13 entries at N = 1,000 and dimensions 1, 1 | 3. n_yz and n_z are places in the
// lists, found by bisection. For n_xz the Z list is read up to the radius.
//
// Arithmetic, of a lane at a point: 8 d_x bytes and some 3 d_x + 12 instructions an entry. At N = 1,000 some 30 entries
// of YZ (the slowest of 32 lanes) and 100 of Z: 2,000 instructions, 2 · 10⁶ an estimate. An H200 issues 2.9 · 10¹³ a
// second: 0.07 µs. The X of a group takes 256 d_x bytes a point: from L1 and L2 it comes at 6 TB/s or more, 1 MB an
// estimate is 0.17 µs. So 70,000 estimates take some 15 ms, and what bounds a network is the number of launches.
//
// directly     reads all points instead of lists: 2 N entries a lane. It needs no preparation; here it does the pairs
//              of point and group whose lists ended too early.
// by lists     as above.
#pragma once

#include "information_lists.cuh"

namespace corrente::cuda {

struct Counts {
  int joint, xz, yz, z;
};

// [N + 1] each, in fixed point (kernels/common/information_tables.h).
struct Terms {
  const int64_t *joint, *xz, *yz, *z;

  __device__ int64_t of(const Counts& n) const { return joint[n.joint] + xz[n.xz] + yz[n.yz] + z[n.z]; }
};

// A point and a group whose lists ended too early.
struct Pair {
  int32_t point, group;
};

template <class Real>
struct Scan {
  Space<Real> space;
  Sources<Real> sources;
  Lists<Real> yz, z;
  Terms terms;
  int first_listed;   // the point that the lists begin with
  int64_t lanes;      // of all groups; the last group may have fewer than 32
  int64_t* sums;      // [lane]
  int32_t* counts;    // of lane 0, [4 × points]; or null
  Pair* left;         // pairs to be done directly
  int* left_count;
};

// Calls visit(j, distance) with the entries of a list in turn, four at a time so that their loads overlap, until
// passed(distance) says for every lane that no farther entry matters. False if the list ended before that.
template <class Real, class Visit, class Passed>
__device__ bool read_list(const List<Real>& list, int& read, Visit visit, Passed passed) {
  bool all_passed = false;
  int at = 0;
  while (at < list.length && !all_passed) {
    const int last = at + 3 < list.length ? at + 3 : list.length - 1;
#pragma unroll
    for (int e = 0; e < 4; e++) {
      if (at + e <= last) visit(list.index[at + e], list.distance[at + e]);
    }
    all_passed = vote(!passed(list.distance[last])) == 0;
    at = last + 1;
  }
  read = at;
  return all_passed || list.complete;
}

// Calls visit(j) with every point that may be a neighbour of i, in order.
template <class Real, class Visit>
__device__ void read_all(const Space<Real>& space, int i, Visit visit) {
  for (int j = 0; j < space.first_excluded(i); j++) visit(j);
  for (int j = space.last_excluded(i) + 1; j < space.points; j++) visit(j);
}

// Of one lane at one point: everything but the rule.
template <class Real, bool one_dimension>
struct Place {
  const Scan<Real>& scan;
  const LaneSource<Real, one_dimension> x;
  const int i, request;

  __device__ Place(const Scan<Real>& all, int group, int point)
      : scan(all), x(all.sources, all.space, group, point), i(point), request(all.sources.request_of[int64_t{group} * warp_size + lane_index()]) {}

  __device__ bool has_z() const { return scan.space.z_dimensions > 0; }
  __device__ List<Real> yz() const { return List<Real>(scan.yz, i - scan.first_listed); }
  __device__ List<Real> z() const { return List<Real>(scan.z, i - scan.first_listed); }
  // Where Z is empty, X alone can be counted only if all lanes have the same values of it.
  __device__ bool can_use_lists() const { return has_z() || scan.sources.sorted != nullptr; }

  template <bool inclusive>
  __device__ int count_x(Real radius) const { return count_in_source<inclusive>(x, scan.sources, scan.space, request, radius); }
};

// Kraskov, Stögbauer and Grassberger's first algorithm: counts strictly within the distance of the k-th neighbour.
template <class Real, template <class> class Nearest>
struct Ksg1 {
  using Entry = Distance<Real>;
  int neighbours;
  typename Nearest<Entry>::Scratch scratch;

  template <bool one>
  __device__ bool by_lists(const Place<Real, one>& place, Counts& n) const {
    if (!place.can_use_lists()) return false;
    Nearest<Entry> nearest(neighbours, scratch);
    const List<Real> yz = place.yz();
    int read = 0;
    const bool closed = read_list(
        yz, read, [&](int j, Real distance) { nearest.offer({larger(distance, place.x.distance(j))}); },
        [&](Real distance) { return nearest.farthest().distance <= distance; });
    if (!closed) return false;
    const Real radius = nearest.farthest().distance;
    n = {neighbours, 0, yz.template within_radius<false>(read, radius), place.scan.space.points - 1};
    if (!place.has_z()) {
      n.xz = place.template count_x<false>(radius);
      return true;
    }
    const List<Real> z = place.z();
    const bool passed = read_list(
        z, read, [&](int j, Real distance) { n.xz += distance < radius && place.x.distance(j) < radius; }, [&](Real distance) { return distance >= radius; });
    n.z = z.template within_radius<false>(read, radius);
    return passed;
  }

  __device__ void directly(const Place<Real, false>& place, Counts& n) const {
    const Space<Real>& space = place.scan.space;
    Nearest<Entry> nearest(neighbours, scratch);
    read_all(space, place.i, [&](int j) { nearest.offer({larger(space.distance(0, space.dimensions, place.i, j), place.x.distance(j))}); });
    const Real radius = nearest.farthest().distance;
    n = {neighbours, 0, 0, place.has_z() ? 0 : space.points - 1};
    read_all(space, place.i, [&](int j) {
      if (place.has_z() && !(space.in_z(place.i, j) < radius)) return;
      n.z += place.has_z();
      n.xz += place.x.distance(j) < radius;
      n.yz += space.in_y(place.i, j) < radius;
    });
  }
};

// The second algorithm: counts up to the largest distance in X, in Y and in Z among the k neighbours.
template <class Real, template <class> class Nearest>
struct Ksg2 {
  using Entry = Neighbour<Real>;
  int neighbours;
  typename Nearest<Entry>::Scratch scratch;

  struct Radii {
    Real x = 0, y = 0, z = 0;
  };

  template <bool one>
  __device__ static Radii radii(const Place<Real, one>& place, const Nearest<Entry>& nearest) {
    Radii radii;
    nearest.for_each([&](const Entry& entry) {
      radii.x = larger(radii.x, place.x.distance(entry.index));
      radii.y = larger(radii.y, place.scan.space.in_y(place.i, entry.index));
      radii.z = larger(radii.z, place.scan.space.in_z(place.i, entry.index));
    });
    return radii;
  }

  template <bool one>
  __device__ bool by_lists(const Place<Real, one>& place, Counts& n) const {
    if (!place.can_use_lists()) return false;
    Nearest<Entry> nearest(neighbours, scratch);
    const List<Real> yz = place.yz();
    int read = 0;
    // A neighbour at the same distance may have a lower index.
    const bool closed = read_list(
        yz, read, [&](int j, Real distance) { nearest.offer({larger(distance, place.x.distance(j)), j}); },
        [&](Real distance) { return nearest.farthest().distance < distance; });
    if (!closed) return false;
    const Radii radius = radii(place, nearest);
    n = {neighbours, 0, 0, place.scan.space.points - 1};
    if (!place.has_z()) {
      n.yz = yz.template within_radius<true>(read, radius.y);
      n.xz = place.template count_x<true>(radius.x);
      return true;
    }
    const List<Real> z = place.z();
    const bool passed = read_list(
        z, read,
        [&](int j, Real distance) {
          if (distance > radius.z) return;
          n.xz += place.x.distance(j) <= radius.x;
          n.yz += place.scan.space.in_y(place.i, j) <= radius.y;
        },
        [&](Real distance) { return distance > radius.z; });
    n.z = z.template within_radius<true>(read, radius.z);
    return passed;
  }

  __device__ void directly(const Place<Real, false>& place, Counts& n) const {
    const Space<Real>& space = place.scan.space;
    Nearest<Entry> nearest(neighbours, scratch);
    read_all(space, place.i, [&](int j) { nearest.offer({larger(space.distance(0, space.dimensions, place.i, j), place.x.distance(j)), j}); });
    const Radii radius = radii(place, nearest);
    n = {neighbours, 0, 0, place.has_z() ? 0 : space.points - 1};
    read_all(space, place.i, [&](int j) {
      if (space.in_z(place.i, j) > radius.z) return;
      n.z += place.has_z();
      n.xz += place.x.distance(j) <= radius.x;
      n.yz += space.in_y(place.i, j) <= radius.y;
    });
  }
};

// The box kernel: counts up to its width, the point itself among them.
template <class Real>
struct BoxKernel {
  Real width;

  template <bool one>
  __device__ bool by_lists(const Place<Real, one>& place, Counts& n) const {
    if (!place.can_use_lists()) return false;
    const List<Real> yz = place.yz();
    n = {1, 1, 1, place.scan.space.points};
    int read = 0;
    const auto passed = [&](Real distance) { return distance > width; };
    if (!read_list(yz, read, [&](int j, Real distance) { n.joint += distance <= width && place.x.distance(j) <= width; }, passed)) return false;
    n.yz += yz.template within_radius<true>(read, width);
    if (!place.has_z()) {
      n.xz += place.template count_x<true>(width);
      return true;
    }
    const List<Real> z = place.z();
    if (!read_list(z, read, [&](int j, Real distance) { n.xz += distance <= width && place.x.distance(j) <= width; }, passed)) return false;
    n.z = 1 + z.template within_radius<true>(read, width);
    return true;
  }

  __device__ void directly(const Place<Real, false>& place, Counts& n) const {
    const Space<Real>& space = place.scan.space;
    n = {1, 1, 1, place.has_z() ? 1 : space.points};
    read_all(space, place.i, [&](int j) {
      if (space.in_z(place.i, j) > width) return;
      const bool x = place.x.distance(j) <= width, y = space.in_y(place.i, j) <= width;
      n.joint += x && y;
      n.xz += x;
      n.yz += y;
      n.z += place.has_z();
    });
  }
};

template <class Real>
__device__ void store_counts(const Scan<Real>& scan, int group, int i, const Counts& n) {
  if (scan.counts == nullptr || group != 0 || lane_index() != 0) return;
  const int of_point[4] = {n.joint, n.xz, n.yz, n.z};
  for (int space = 0; space < 4; space++) scan.counts[int64_t{space} * scan.space.points + i] = of_point[space];
}

// Integers: no order of adding changes the sum.
template <class Real>
__device__ void add_to_sum(const Scan<Real>& scan, int group, int64_t sum) {
  const int64_t lane = int64_t{group} * warp_size + lane_index();
  if (lane < scan.lanes) atomicAdd(reinterpret_cast<unsigned long long*>(scan.sums + lane), static_cast<unsigned long long>(sum));
}

// Which warp does which pairs: groups from `first_group` on, each with points [first, first + count), `each` to a warp.
struct Cut {
  int first_group, groups, first, count, each;

  __host__ __device__ int64_t warps() const { return groups * divide_up(count, each); }
};

template <class Rule, class Real, bool one_dimension>
__global__ void __launch_bounds__(scan_threads) count_by_lists(Scan<Real> scan, Rule rule, Cut cut) {
  const int64_t warp = int64_t{blockIdx.x} * (scan_threads / warp_size) + warp_index();
  if (warp >= cut.warps()) return;
  const int64_t parts = divide_up(cut.count, cut.each);
  const int group = cut.first_group + static_cast<int>(warp / parts);
  const int from = cut.first + static_cast<int>(warp % parts) * cut.each;
  const int to = from + cut.each < cut.first + cut.count ? from + cut.each : cut.first + cut.count;
  int64_t sum = 0;
  for (int i = from; i < to; i++) {
    Counts n{};
    if (rule.by_lists(Place<Real, one_dimension>(scan, group, i), n)) {
      sum += scan.terms.of(n);
      store_counts(scan, group, i, n);
    } else if (lane_index() == 0) {
      scan.left[atomicAdd(scan.left_count, 1)] = {i, group};
    }
  }
  add_to_sum(scan, group, sum);
}

template <class Rule, class Real>
__global__ void __launch_bounds__(scan_threads) count_directly(Scan<Real> scan, Rule rule, const Pair* pairs, int count) {
  const int64_t warp = int64_t{blockIdx.x} * (scan_threads / warp_size) + warp_index();
  if (warp >= count) return;
  const Pair pair = pairs[warp];
  Counts n{};
  rule.directly(Place<Real, false>(scan, pair.group, pair.point), n);
  add_to_sum(scan, pair.group, scan.terms.of(n));
  store_counts(scan, pair.group, pair.point, n);
}

}  // namespace corrente::cuda
