// One estimate on the device: X of equally many dimensions, with their surrogates, from the first copy to the sums.
//
//     sources ──▶ sorted (Z empty)
//        └──────▶ permuted, a batch of groups ──▶ counted, launch by launch ──▶ sums
//                          lists of a stretch of points ──┘   └─▶ pairs left ──▶ counted directly
#pragma once

#include <vector>

#include "../common/block_pool.h"
#include "information_count.cuh"
#include "information_list_store.cuh"
#include "information_permute.cuh"

namespace corrente::cuda {

template <class Entry>
using Nearest4 = NearestInRegisters<Entry, 4>;
template <class Entry>
using Nearest8 = NearestInRegisters<Entry, 8>;
template <class Entry>
using Nearest16 = NearestInRegisters<Entry, 16>;
constexpr int64_t most_in_registers = 16;

// Pinned memory holds what is on its way to the device; it is let go when that has arrived.
template <class T>
class Staged {
 public:
  explicit Staged(int64_t count) : host_(sizeof(T) * static_cast<size_t>(std::max<int64_t>(1, count))), device_(count) {}

  T* host() const { return host_.as<T>(); }
  T* device() const { return device_.data(); }
  void send(cudaStream_t stream) const {
    check(cudaMemcpyAsync(device_.data(), host_.data(), device_.bytes(), cudaMemcpyHostToDevice, stream), "copying values to the device");
  }

 private:
  Block host_;
  DeviceArray<T> device_;
};

// Dimension after dimension, in the session's precision.
template <class Real>
Real* gather_columns(const Columns& columns, Real* to) {
  for (int64_t d = 0; d < columns.series; d++) {
    for (int64_t i = 0; i < columns.length; i++) *to++ = static_cast<Real>(columns.row(d)[i]);
  }
  return to;
}

inline bool is_permutation(const int32_t* ordering, int64_t points) {
  std::vector<bool> seen(static_cast<size_t>(points));
  for (int64_t i = 0; i < points; i++) {
    if (seen[static_cast<size_t>(ordering[i])]) return false;
    seen[static_cast<size_t>(ordering[i])] = true;
  }
  return true;
}

// Declared after arrays that the stream works on: however their scope is left, they go back to the pool only after that
// work has ended.
class StreamSettled {
 public:
  explicit StreamSettled(cudaStream_t stream) : stream_(stream) {}
  StreamSettled(const StreamSettled&) = delete;
  StreamSettled& operator=(const StreamSettled&) = delete;
  ~StreamSettled() { cudaStreamSynchronize(stream_); }  // a failure shows at the next call

 private:
  const cudaStream_t stream_;
};

// What the session keeps on the device.
template <class Real>
struct Session {
  Space<Real> space;
  NeighbourRule rule;
  Terms terms;
  ListStore<Real>& lists;
};

template <class Real>
class EstimateRun {
 public:
  EstimateRun(const Session<Real>& session, std::vector<const InformationRequest*> requests, cudaStream_t stream, Pacer& pacer)
      : device_(use_device()), session_(session), requests_(std::move(requests)), stream_(stream), pacer_(pacer), points_(session.space.points),
        dimensions_(requests_.front()->source.series), sources_(static_cast<int64_t>(requests_.size()) * dimensions_ * points_) {
    list_draws();
    sums_ = DeviceArray<int64_t>(lanes());
    left_count_ = DeviceArray<int>(1);
    session_.lists.require(session_.space, dimensions_);
  }

  // Sums over points of what counts are worth, request after request, X itself before its surrogates. `counts`: of the
  // first lane at each point, on the device; or null.
  std::vector<int64_t> run(int32_t* counts) {
    send_sources();
    check(cudaMemsetAsync(sums_.data(), 0, sums_.bytes(), stream_), "clearing sums");
    const int64_t groups = divide_up(lanes(), warp_size), together = groups_at_once(groups);
    values_ = DeviceArray<Real>(together * warp_size * dimensions_ * points_);
    if (orders_in_memory()) orders_ = DeviceArray<int32_t>(together * warp_size * points_);
    for (int64_t first = 0; first < groups; first += together) run_batch(first, std::min(groups, first + together), counts);
    std::vector<int64_t> sums(static_cast<size_t>(lanes()));
    check(cudaMemcpyAsync(sums.data(), sums_.data(), sums_.bytes(), cudaMemcpyDeviceToHost, stream_), "reading sums");
    pacer_.drain();
    check(cudaStreamSynchronize(stream_), "waiting for the device");
    return sums;
  }

 private:
  int64_t lanes() const { return static_cast<int64_t>(draws_.size()); }
  bool has_z() const { return session_.space.z_dimensions > 0; }
  // An ordering that is drawn in shared memory leaves nothing behind; one that is given has to be sent.
  bool orders_in_memory() const { return any_given_ || shared_points() == 0; }
  int64_t shared_points() const {
    const auto most = std::min<int64_t>(order_shared_bytes, static_cast<int64_t>(device_.shared_bytes));
    return static_cast<int64_t>(permute_bytes(points_)) <= most ? points_ : 0;
  }

  void list_draws() {
    for (size_t r = 0; r < requests_.size(); r++) {
      const InformationRequest& request = *requests_[r];
      for (int64_t s = 0; s <= request.surrogates; s++) {
        Draw draw{static_cast<int64_t>(r) * dimensions_ * points_, s > 0, request.orderings != nullptr, static_cast<uint32_t>(std::max<int64_t>(0, s - 1)), {}, static_cast<int32_t>(r)};
        std::copy_n(request.stream, 4, draw.stream);
        draws_.push_back(draw);
      }
      if (request.orderings == nullptr) continue;
      any_given_ = any_given_ || request.surrogates > 0;
      for (int64_t s = 0; s < request.surrogates && !has_z() && same_values_; s++) same_values_ = is_permutation(request.orderings + s * points_, points_);
    }
  }

  void send_sources() {
    Real* to = sources_.host();
    for (const InformationRequest* request : requests_) to = gather_columns(request->source, to);
    sources_.send(stream_);
    if (has_z() || !same_values_) return;
    const auto count = static_cast<int64_t>(requests_.size());
    const int64_t values = dimensions_ * points_, blocks = divide_up(points_, rank_threads);
    sorted_ = DeviceArray<Real>(count * values);
    const double comparisons = 4.0 * static_cast<double>(points_) * static_cast<double>(points_);
    const int64_t most = std::max<int64_t>(1, static_cast<int64_t>(launch_seconds * device_.f64_rate / 8 / comparisons));
    for (int64_t r = 0; r < count; r += most) {
      const int64_t some = std::min(most, count - r);
      launch("sorting sources", sort_sources<Real>, some * blocks, rank_threads, sizeof(Real) * rank_threads, stream_, sources_.device() + r * values, dimensions_, points_,
             sorted_.data() + r * values);
      pacer_.launched(stream_, 0);
    }
  }

  int64_t groups_at_once(int64_t groups) const {
    const int64_t bytes = warp_size * points_ * (dimensions_ * static_cast<int64_t>(sizeof(Real)) + (orders_in_memory() ? static_cast<int64_t>(sizeof(int32_t)) : 0));
    return std::clamp<int64_t>(free_device_bytes() / 4 / bytes, 1, groups);
  }

  void run_batch(int64_t first_group, int64_t last_group, int32_t* counts) {
    const int64_t first_lane = first_group * warp_size, places = (last_group - first_group) * warp_size;
    const Staged<Draw> draws(places);
    const Staged<int32_t> request_of(places);
    const StreamSettled settled(stream_);
    for (int64_t lane = 0; lane < places; lane++) {
      // Lanes that no value is wanted of look at the first X.
      draws.host()[lane] = first_lane + lane < lanes() ? draws_[static_cast<size_t>(first_lane + lane)] : Draw{};
      request_of.host()[lane] = draws.host()[lane].request;
    }
    draws.send(stream_);
    request_of.send(stream_);
    send_orderings(first_lane, std::min(lanes(), first_lane + places));
    launch("permuting sources", permute_sources<Real>, places, warp_size, permute_bytes(orders_in_memory() ? 0 : points_), stream_, sources_.device(), draws.device(), dimensions_,
           points_, orders_.data(), values_.data());
    pacer_.launched(stream_, 0);
    const bool first_of_all = first_group == 0;
    for (int64_t from = 0, listed = 0; from < points_; from += listed) {
      listed = session_.lists.list(session_.space, from, stream_, pacer_);
      const Scan<Real> scan{session_.space,
                            {values_.data(), sorted_.data(), request_of.device(), static_cast<int>(dimensions_)},
                            session_.lists.yz(),
                            session_.lists.z(),
                            session_.terms,
                            static_cast<int>(from),
                            lanes() - first_lane,
                            sums_.data() + first_lane,
                            first_of_all ? counts : nullptr,
                            nullptr,
                            left_count_.data()};
      with_rule([&](const auto& rule, int64_t most_warps) { count(scan, rule, most_warps, last_group - first_group, from, listed); });
      if (wants_longer_) session_.lists.lengthen();
      wants_longer_ = false;
    }
  }

  void send_orderings(int64_t from, int64_t to) {
    for (int64_t lane = from; lane < to; lane++) {
      const Draw& draw = draws_[static_cast<size_t>(lane)];
      if (!draw.given || !draw.permuted) continue;
      const int32_t* ordering = requests_[static_cast<size_t>(draw.request)]->orderings + int64_t{draw.draw} * points_;
      check(cudaMemcpyAsync(orders_.data() + (lane - from) * points_, ordering, sizeof(int32_t) * static_cast<size_t>(points_), cudaMemcpyHostToDevice, stream_),
            "copying orderings to the device");
    }
  }

  // Calls body(rule, most warps of a launch).
  template <class Body>
  void with_rule(Body body) {
    switch (session_.rule.estimator) {
      case NeighbourEstimator::kernel: return body(BoxKernel<Real>{static_cast<Real>(session_.rule.width)}, no_limit);
      case NeighbourEstimator::ksg1: return with_nearest<Ksg1>(body);
      case NeighbourEstimator::ksg2: return with_nearest<Ksg2>(body);
    }
  }

  template <template <class, template <class> class> class Ksg, class Body>
  void with_nearest(Body body) {
    const int64_t k = session_.rule.neighbours;
    const int neighbours = static_cast<int>(k);
    if (k <= 4) return body(Ksg<Real, Nearest4>{neighbours, {}}, no_limit);
    if (k <= 8) return body(Ksg<Real, Nearest8>{neighbours, {}}, no_limit);
    if (k <= most_in_registers) return body(Ksg<Real, Nearest16>{neighbours, {}}, no_limit);
    using Heaped = Ksg<Real, NearestInMemory>;
    using Entry = typename Heaped::Entry;
    const int64_t bytes = k * warp_size * static_cast<int64_t>(sizeof(Entry));
    const int64_t warps = std::clamp<int64_t>(free_device_bytes() / 8 / bytes, 1, int64_t{device_.multiprocessors} * 64);
    if (heaps_.count() == 0) heaps_ = DeviceArray<unsigned char>(warps * bytes);
    return body(Heaped{neighbours, {reinterpret_cast<Entry*>(heaps_.data())}}, heaps_.count() / bytes);
  }

  // Instructions of a warp for one pair of point and group, times its lanes.
  double operations_by_lists() const {
    const auto neighbours = session_.lists.expected(session_.space, dimensions_);
    return warp_size * (2 * neighbours.yz + neighbours.z + 16) * (12 + 4.0 * static_cast<double>(dimensions_));
  }
  double operations_directly() const {
    return warp_size * 2.0 * static_cast<double>(points_) * (12 + 4.0 * static_cast<double>(dimensions_ + session_.space.dimensions));
  }

  // As many pairs as last launch_seconds, but enough to keep the device busy. What waits for loads and compares reaches
  // about a sixteenth of the peak.
  int64_t pairs_per_launch(double operations, int64_t most_warps) const {
    constexpr int64_t most_pairs = 1 << 22;
    const auto timely = static_cast<int64_t>(launch_seconds * device_.f64_rate / 16 / operations);
    return std::min({std::max<int64_t>(timely, int64_t{device_.multiprocessors} * 16), most_pairs, most_warps});
  }

  template <class Rule>
  void count(Scan<Real> scan, const Rule& rule, int64_t most_warps, int64_t groups, int64_t first, int64_t points) {
    const int64_t most = pairs_per_launch(operations_by_lists(), most_warps);
    const bool may_end_early = !session_.lists.all() || (!has_z() && !same_values_);
    const int64_t groups_together = std::clamp<int64_t>(most / points, 1, groups), points_together = std::min(most, points);
    if (may_end_early && left_.count() < groups_together * points_together) {
      check(cudaStreamSynchronize(stream_), "waiting for the device");  // what still reads the array that goes
      left_ = DeviceArray<Pair>(groups_together * points_together);
    }
    scan.left = left_.data();
    for (int64_t g = 0; g < groups; g += groups_together) {
      for (int64_t p = 0; p < points; p += points_together) {
        const int64_t some_groups = std::min(groups_together, groups - g), some_points = std::min(points_together, points - p);
        const int64_t each = std::clamp<int64_t>(some_groups * some_points / (int64_t{device_.multiprocessors} * 128), 1, points_per_warp);
        const Cut cut{static_cast<int>(g), static_cast<int>(some_groups), static_cast<int>(first + p), static_cast<int>(some_points), static_cast<int>(each)};
        if (may_end_early) check(cudaMemsetAsync(left_count_.data(), 0, sizeof(int), stream_), "clearing a count");
        const int64_t blocks = divide_up(cut.warps(), scan_threads / warp_size);
        if (dimensions_ == 1) {
          launch("counting by lists", count_by_lists<Rule, Real, true>, blocks, scan_threads, 0, stream_, scan, rule, cut);
        } else {
          launch("counting by lists", count_by_lists<Rule, Real, false>, blocks, scan_threads, 0, stream_, scan, rule, cut);
        }
        pacer_.launched(stream_, some_points * std::min(some_groups * warp_size, scan.lanes - g * warp_size));
        if (may_end_early) count_left(scan, rule, most_warps, some_groups * some_points);
      }
    }
  }

  // How many there are only the device knows.
  template <class Rule>
  void count_left(const Scan<Real>& scan, const Rule& rule, int64_t most_warps, int64_t pairs) {
    int count = 0;
    check(cudaMemcpyAsync(&count, left_count_.data(), sizeof(int), cudaMemcpyDeviceToHost, stream_), "reading a count");
    check(cudaStreamSynchronize(stream_), "waiting for the device");
    wants_longer_ = wants_longer_ || count > pairs / 32;
    const int64_t most = pairs_per_launch(operations_directly(), most_warps);
    for (int64_t from = 0; from < count; from += most) {
      const auto some = static_cast<int>(std::min<int64_t>(most, count - from));
      launch("counting directly", count_directly<Rule, Real>, divide_up(some, scan_threads / warp_size), scan_threads, 0, stream_, scan, rule, left_.data() + from, some);
      pacer_.launched(stream_, 0);
    }
  }

  static constexpr int64_t no_limit = INT64_MAX;

  const Profile& device_;
  const Session<Real>& session_;
  const std::vector<const InformationRequest*> requests_;
  const cudaStream_t stream_;
  Pacer& pacer_;
  const int64_t points_, dimensions_;
  std::vector<Draw> draws_;  // of all lanes
  bool any_given_ = false, same_values_ = true, wants_longer_ = false;
  Staged<Real> sources_;
  DeviceArray<Real> sorted_, values_;
  DeviceArray<int32_t> orders_;
  DeviceArray<int64_t> sums_;
  DeviceArray<Pair> left_;
  DeviceArray<int> left_count_;
  DeviceArray<unsigned char> heaps_;
};

}  // namespace corrente::cuda
