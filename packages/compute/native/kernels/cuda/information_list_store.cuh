// The lists of a session on the device: of all points where they fit, else of a stretch of points at a time.
#pragma once

#include <cmath>

#include "device.cuh"
#include "information_lists.cuh"
#include "memory.cuh"
#include "streams.cuh"

namespace corrente::cuda {

// How many of its nearest neighbours a point's list holds, and how many are sorted to find them.
struct ListLength {
  int64_t stride, sorted;
};

// The box that holds k of N points is k / N of the joint space, and so about (k / N)^(held / dimensions) of the space of
// the `held` dimensions alone.
inline double expected_neighbours(double points, double k, double held, double dimensions) { return points * std::pow(k / points, held / dimensions); }

template <class Real>
class ListStore {
 public:
  ListStore(const NeighbourRule& rule, int64_t points) : rule_(rule), points_(points) {}

  bool all() const { return points_ <= most_listed; }

  // Neighbours in YZ and in Z that lanes are expected to look at, for X of so many dimensions.
  struct Expected {
    double yz, z;
  };

  Expected expected(const Space<Real>& space, int64_t x_dimensions) const {
    const auto points = static_cast<double>(points_);
    if (rule_.estimator == NeighbourEstimator::kernel) return {points / 4, points / 4};
    const auto k = static_cast<double>(rule_.neighbours), joint = static_cast<double>(space.dimensions + x_dimensions);
    return {expected_neighbours(points, k, space.dimensions, joint), space.z_dimensions == 0 ? 0 : expected_neighbours(points, k, space.z_dimensions, joint)};
  }

  // Lists long enough for X of so many dimensions, by what is expected. Lists that are there stay if they are.
  void require(const Space<Real>& space, int64_t x_dimensions) {
    const Expected neighbours = expected(space, x_dimensions);
    lengthen(yz_, 4 * neighbours.yz);
    lengthen(z_, 4 * neighbours.z);
  }

  // Twice as long, where they can be: too many lanes have come to their ends.
  void lengthen() {
    lengthen(yz_, static_cast<double>(2 * yz_.length.stride));
    lengthen(z_, static_cast<double>(2 * z_.length.stride));
  }

  // Lists of points from `first` on; how many points, which depends on what memory is free.
  int64_t list(const Space<Real>& space, int64_t first, cudaStream_t stream, Pacer& pacer) {
    if (first == first_ && count_ > 0) return count_;
    // What still reads the lists that go.
    check(cudaStreamSynchronize(stream), "waiting for the device");
    count_ = 0;
    yz_.free();
    z_.free();
    const bool has_z = space.z_dimensions > 0;
    const int64_t bytes = yz_.bytes_per_point() + (has_z ? z_.bytes_per_point() : 0);
    const int64_t count = std::clamp<int64_t>(free_device_bytes() / 2 / bytes, 1, points_ - first);
    fill(yz_, space, space.dimensions, first, count, stream, pacer);
    if (has_z) fill(z_, space, space.z_dimensions, first, count, stream, pacer);
    first_ = first;
    return count_ = count;
  }

  Lists<Real> yz() const { return yz_.view(); }
  Lists<Real> z() const { return z_.view(); }

 private:
  struct Listed {
    ListLength length{};
    DeviceArray<Real> distance;
    DeviceArray<int32_t> index, lengths;

    Lists<Real> view() const { return {distance.data(), index.data(), lengths.data(), static_cast<int>(length.stride)}; }
    int64_t bytes_per_point() const { return length.stride * static_cast<int64_t>(sizeof(Real) + sizeof(int32_t)) + static_cast<int64_t>(sizeof(int32_t)); }
    void free() {
      distance = {};
      index = {};
      lengths = {};
    }
  };

  void lengthen(Listed& listed, double entries) {
    ListLength length{points_, power_of_two(points_)};
    if (!all()) {
      length.stride = std::clamp<int64_t>(power_of_two(static_cast<int64_t>(std::min(entries, 1e9))), shortest_list, most_listed);
      length.sorted = std::clamp<int64_t>(2 * length.stride, most_listed / 4, most_listed);
    }
    if (length.stride <= listed.length.stride) return;
    listed.length = length;
    count_ = 0;
  }

  void fill(Listed& listed, const Space<Real>& space, int dimensions, int64_t first, int64_t count, cudaStream_t stream, Pacer& pacer) {
    listed.distance = DeviceArray<Real>(count * listed.length.stride);
    listed.index = DeviceArray<int32_t>(count * listed.length.stride);
    listed.lengths = DeviceArray<int32_t>(count);
    const int size = static_cast<int>(listed.length.sorted);
    // Distances, from the cache; and the stages of sorting.
    const double stages = std::pow(std::log2(static_cast<double>(size)), 2) / 2;
    const double operations = 16.0 * (static_cast<double>(points_) * dimensions + stages * size);
    const int64_t most = std::max<int64_t>(1, static_cast<int64_t>(launch_seconds * use_device().f64_rate / operations));
    const bool box = rule_.estimator == NeighbourEstimator::kernel;
    for (int64_t from = 0; from < count; from += most) {
      const int64_t some = std::min(most, count - from);
      Lists<Real> lists = listed.view();
      lists.distance += from * lists.stride;
      lists.index += from * lists.stride;
      lists.length += from;
      if (all()) {
        launch("listing all neighbours", list_all<Real>, some, list_threads, list_bytes<Real>(size), stream, space, dimensions, first + from, lists);
      } else {
        launch("listing near neighbours", list_nearest<Real>, some, list_threads, list_bytes<Real>(size), stream, space, dimensions, first + from, size,
               static_cast<Real>(box ? rule_.width : -1), lists);
      }
      pacer.launched(stream, 0);
    }
  }

  const NeighbourRule rule_;
  const int64_t points_;
  Listed yz_, z_;
  int64_t first_ = 0, count_ = 0;  // points that are listed now
};

}  // namespace corrente::cuda
