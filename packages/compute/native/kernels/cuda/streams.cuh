// Three streams that work at once: to the device, on it, and back. And the pinned stage that values pass through.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <vector>

#include "runtime.cuh"
#include "sizes.h"

namespace corrente::cuda {

class Event {
 public:
  Event() { check(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), "making an event"); }
  Event(Event&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {}
  Event& operator=(Event&&) = delete;
  ~Event() {
    if (event_ != nullptr) cudaEventDestroy(event_);
  }

  void record(cudaStream_t stream) { check(cudaEventRecord(event_, stream), "recording an event"); }
  void hold_back(cudaStream_t stream) const { check(cudaStreamWaitEvent(stream, event_), "waiting for an event"); }
  // What the device failed at since shows here.
  void wait() const { check(cudaEventSynchronize(event_), "waiting for the device"); }

 private:
  cudaEvent_t event_ = nullptr;
};

class Stream {
 public:
  Stream() { check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream"); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { cudaStreamDestroy(stream_); }

  operator cudaStream_t() const { return stream_; }
  void wait() const { check(cudaStreamSynchronize(stream_), "waiting for the device"); }

 private:
  cudaStream_t stream_ = nullptr;
};

// Copies columns to the device. Values that are not pinned are first gathered in a ring of pinned stages, by several
// threads, while the stage before is crossing the bus.
class Uploader {
 public:
  Uploader();
  ~Uploader();

  // Values [from, to) of the columns, counted as if the series lay end to end, to `device` in that order. Looks at
  // `control` between stages.
  void upload(double* device, const Columns&, int64_t from, int64_t to, cudaStream_t, const Control& control);

 private:
  static constexpr int stages = 4;

  std::array<double*, stages> stage_{};
  std::array<Event, stages> free_again_;
  int next_ = 0;
};

struct Lanes {
  Stream to_device, compute, to_host;
  Uploader uploader;

  void wait() const {
    to_device.wait();
    compute.wait();
    to_host.wait();
  }
};

// Declared after arrays that the lanes work on: when a failure or a cancellation leaves their scope, they go back to the
// pool only after the work on them has ended.
class Settled {
 public:
  explicit Settled(const Lanes& lanes) : lanes_(lanes) {}
  Settled(const Settled&) = delete;
  Settled& operator=(const Settled&) = delete;
  ~Settled();

 private:
  const Lanes& lanes_;
};

// Lanes for one operation. At its end, however it came, nothing is under way any more.
class BorrowedLanes {
 public:
  BorrowedLanes();
  BorrowedLanes(const BorrowedLanes&) = delete;
  BorrowedLanes& operator=(const BorrowedLanes&) = delete;
  ~BorrowedLanes();

  Lanes* operator->() const { return lanes_.get(); }
  Lanes& operator*() const { return *lanes_; }

 private:
  std::unique_ptr<Lanes> lanes_;
};

// Keeps at most two launches under way, so that cancelling need not wait for more; reports those that ended as done.
class Pacer {
 public:
  explicit Pacer(const Control& control) : control_(control) {}

  void add_total(int64_t work) { control_.total->fetch_add(work); }
  void launched(cudaStream_t stream, int64_t work);
  void drain();

 private:
  struct Launch {
    Event ended;
    int64_t work;
  };

  void finish_oldest();

  const Control& control_;
  std::deque<Launch> under_way_;
};

}  // namespace corrente::cuda
