// The k nearest neighbours that a lane has met so far: in registers up to 16 of them, else in a heap in device memory.
#pragma once

#include <climits>
#include <cmath>

#include "information_space.cuh"

namespace corrente::cuda {

template <class Real>
__device__ constexpr Real endless() {
  return static_cast<Real>(INFINITY);
}

// How far a neighbour is, where that is all that counts.
template <class Real>
struct Distance {
  Real distance;

  __device__ static Distance of(Real distance, int) { return {distance}; }
  __device__ static Distance none() { return {endless<Real>()}; }
  __device__ static Distance before_all() { return {-endless<Real>()}; }
  __device__ bool before(const Distance& other) const { return distance < other.distance; }
};

// Which neighbour: of those at the same distance the one of lowest index comes first.
template <class Real>
struct Neighbour {
  Real distance;
  int32_t index;

  __device__ static Neighbour of(Real distance, int index) { return {distance, index}; }
  __device__ static Neighbour none() { return {endless<Real>(), INT_MAX}; }
  __device__ static Neighbour before_all() { return {-endless<Real>(), -1}; }
  __device__ bool before(const Neighbour& other) const { return distance < other.distance || (distance == other.distance && index < other.index); }
};

// In ascending order. With fewer than `room` wanted the first places are taken by entries that precede everything, so
// that the k-th nearest is always the last one and every place has a fixed register.
template <class Entry, int room>
class NearestInRegisters {
 public:
  // What a lane of the grid has in device memory for it.
  struct Scratch {};

  __device__ NearestInRegisters(int k, Scratch) : fillers_(room - k) {
#pragma unroll
    for (int place = 0; place < room; place++) best_[place] = place < fillers_ ? Entry::before_all() : Entry::none();
  }

  __device__ Entry farthest() const { return best_[room - 1]; }

  __device__ void offer(const Entry& entry) {
    if (!entry.before(best_[room - 1])) return;
#pragma unroll
    for (int place = room - 1; place > 0; place--) {
      if (entry.before(best_[place - 1])) {
        best_[place] = best_[place - 1];
      } else if (entry.before(best_[place])) {
        best_[place] = entry;
      }
    }
    if (entry.before(best_[0])) best_[0] = entry;
  }

  template <class Visit>
  __device__ void for_each(Visit visit) const {
#pragma unroll
    for (int place = 0; place < room; place++) {
      if (place >= fillers_) visit(best_[place]);
    }
  }

 private:
  Entry best_[room];
  int fillers_;
};

// A heap whose root is the farthest; the places of a warp's 32 heaps alternate, so that equal steps are coalesced.
template <class Entry>
class NearestInMemory {
 public:
  struct Scratch {
    Entry* heaps;  // [warp of the grid][k][lane]
  };

  __device__ NearestInMemory(int k, Scratch scratch) : k_(k) {
    const int64_t warp = int64_t{blockIdx.x} * (blockDim.x / warp_size) + warp_index();
    heap_ = scratch.heaps + warp * k * warp_size + lane_index();
  }

  __device__ Entry farthest() const { return size_ < k_ ? Entry::none() : at(0); }

  __device__ void offer(const Entry& entry) {
    if (size_ < k_) {
      int place = size_++;
      for (; place > 0 && at((place - 1) / 2).before(entry); place = (place - 1) / 2) at(place) = at((place - 1) / 2);
      at(place) = entry;
    } else if (entry.before(at(0))) {
      int place = 0;
      for (int child = 1; child < k_; child = 2 * place + 1) {
        if (child + 1 < k_ && at(child).before(at(child + 1))) child++;
        if (!entry.before(at(child))) break;
        at(place) = at(child);
        place = child;
      }
      at(place) = entry;
    }
  }

  template <class Visit>
  __device__ void for_each(Visit visit) const {
    for (int place = 0; place < size_; place++) visit(at(place));
  }

 private:
  __device__ Entry& at(int place) const { return heap_[int64_t{place} * warp_size]; }

  Entry* heap_;
  int k_;
  int size_ = 0;
};

}  // namespace corrente::cuda
