#include "streams.cuh"

#include <mutex>
#include <thread>

namespace corrente::cuda {

namespace {

// Values [from, to) of the columns, end to end.
void gather(double* to_values, const Columns& columns, int64_t from, int64_t to) {
  while (from < to) {
    const int64_t series = from / columns.length, time = from % columns.length;
    const int64_t count = std::min(to - from, columns.length - time);
    memcpy(to_values, columns.row(series) + time, sizeof(double) * static_cast<size_t>(count));
    to_values += count;
    from += count;
  }
}

// One core copies at a fraction of what the bus takes.
void gather_in_parallel(double* to_values, const Columns& columns, int64_t from, int64_t to) {
  constexpr int64_t values_worth_a_thread = 1 << 18;
  const int64_t cores = std::max(1u, std::thread::hardware_concurrency() / 2);
  const int64_t parts = std::clamp<int64_t>((to - from) / values_worth_a_thread, 1, std::min<int64_t>(cores, 4));
  std::vector<std::jthread> helpers;
  for (int64_t part = 1; part < parts; part++) {
    const int64_t begin = from + (to - from) * part / parts, end = from + (to - from) * (part + 1) / parts;
    helpers.emplace_back([=, &columns] { gather(to_values + (begin - from), columns, begin, end); });
  }
  gather(to_values, columns, from, from + (to - from) / parts);
}

bool is_pinned(const void* memory) {
  cudaPointerAttributes attributes;
  check(cudaPointerGetAttributes(&attributes, memory), "asking where the values lie");
  return attributes.type == cudaMemoryTypeHost;
}

constexpr auto copying_in = "copying values to the device";

}  // namespace

Uploader::Uploader() {
  for (double*& stage : stage_) {
    void* memory = nullptr;
    check(cudaHostAlloc(&memory, sizeof(double) * stage_values, cudaHostAllocPortable), "pinning a stage of host memory");
    stage = static_cast<double*>(memory);
  }
}

Uploader::~Uploader() {
  for (double* stage : stage_) {
    if (stage != nullptr) cudaFreeHost(stage);
  }
}

void Uploader::upload(double* device, const Columns& columns, int64_t from, int64_t to, cudaStream_t stream, const Control& control) {
  if (from == to) return;
  if (columns.stride == columns.length && is_pinned(columns.values)) {
    check(cudaMemcpyAsync(device, columns.values + from, sizeof(double) * static_cast<size_t>(to - from), cudaMemcpyHostToDevice, stream), copying_in);
    return;
  }
  for (int64_t at = from; at < to; at += stage_values) {
    stop_if_cancelled(control);
    const int64_t end = std::min(to, at + stage_values);
    Event& free_again = free_again_[static_cast<size_t>(next_)];
    double* stage = stage_[static_cast<size_t>(next_)];
    next_ = (next_ + 1) % stages;
    free_again.wait();
    gather_in_parallel(stage, columns, at, end);
    check(cudaMemcpyAsync(device + (at - from), stage, sizeof(double) * static_cast<size_t>(end - at), cudaMemcpyHostToDevice, stream), copying_in);
    free_again.record(stream);
  }
}

namespace {

struct IdleLanes {
  std::mutex mutex;
  std::vector<std::unique_ptr<Lanes>> lanes;
};

// Never destroyed: the runtime may be gone when static objects are.
IdleLanes& idle_lanes() {
  static auto* const idle = new IdleLanes;
  return *idle;
}

}  // namespace

BorrowedLanes::BorrowedLanes() {
  {
    std::lock_guard lock(idle_lanes().mutex);
    if (!idle_lanes().lanes.empty()) {
      lanes_ = std::move(idle_lanes().lanes.back());
      idle_lanes().lanes.pop_back();
    }
  }
  if (lanes_ == nullptr) lanes_ = std::make_unique<Lanes>();
}

BorrowedLanes::~BorrowedLanes() {
  // An operation that succeeded has waited already, and one that failed has told why.
  try {
    lanes_->wait();
    std::lock_guard lock(idle_lanes().mutex);
    idle_lanes().lanes.push_back(std::move(lanes_));
  } catch (const Failure&) {
    lanes_.reset();
  }
}

Settled::~Settled() {
  try {
    lanes_.wait();
  } catch (const Failure&) {
    // The device has failed: nothing is under way, and the next call tells.
  }
}

void Pacer::launched(cudaStream_t stream, int64_t work) {
  Launch launch{{}, work};
  launch.ended.record(stream);
  under_way_.push_back(std::move(launch));
  if (under_way_.size() > 2) finish_oldest();
  stop_if_cancelled(control_);
}

void Pacer::drain() {
  while (!under_way_.empty()) finish_oldest();
}

void Pacer::finish_oldest() {
  under_way_.front().ended.wait();
  control_.done->fetch_add(under_way_.front().work);
  under_way_.pop_front();
}

}  // namespace corrente::cuda
