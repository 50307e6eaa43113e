// Streams, events and memory of the emulated device.
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>

#include "cuda_runtime.h"
#include "order.h"

namespace emulated {

struct Event {
  uint64_t recorded = 0;  // times it was asked for
  uint64_t reached = 0;   // times a stream came to it
};

struct Work {
  std::function<void()> run;
  Event* needs = nullptr;
  uint64_t needs_count = 0;
};

struct Graph {
  std::vector<Work> works;
};

struct Stream {
  std::deque<Work> queue;
  Graph* capturing = nullptr;
};

namespace {

int64_t setting(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == '\0' ? otherwise : std::strtoll(text, nullptr, 10);
}

struct Device {
  std::recursive_mutex mutex;
  std::vector<Stream*> streams;
  std::map<const void*, size_t> memory, pinned;
  size_t used = 0;
  uint64_t seed = static_cast<uint64_t>(setting("CORRENTE_EMULATED_SEED", 0));
  uint64_t state = seed;
};

Device& device() {
  static auto* const one = new Device;
  return *one;
}

bool present() { return setting("CORRENTE_EMULATED_DEVICES", 1) > 0; }
size_t capacity() { return static_cast<size_t>(setting("CORRENTE_EMULATED_MEMORY", int64_t{1} << 30)); }

// Runs the stream's next work if it waits for nothing.
bool advance(Stream& stream) {
  if (stream.queue.empty()) return false;
  const Work& next = stream.queue.front();
  if (next.needs != nullptr && next.needs->reached < next.needs_count) return false;
  const Work work = std::move(stream.queue.front());
  stream.queue.pop_front();
  if (work.run) work.run();
  return true;
}

bool advance_any() {
  auto& streams = device().streams;
  if (streams.empty()) return false;
  const int first = draw(static_cast<int>(streams.size()));
  for (size_t i = 0; i < streams.size(); i++) {
    if (advance(*streams[(static_cast<size_t>(first) + i) % streams.size()])) return true;
  }
  return false;
}

// Work is put off until something waits for it, or, with a seed, until chance takes it up.
void enqueue(Stream* stream, Work work) {
  if (stream->capturing != nullptr) {
    stream->capturing->works.push_back(std::move(work));
    return;
  }
  stream->queue.push_back(std::move(work));
  if (device().seed == 0) return;
  if (draw(4) > 0) return;
  for (int more = draw(12); more > 0; more--) advance_any();
}

void fail(const char* what) {
  std::fprintf(stderr, "emulated device: %s\n", what);
  std::abort();
}

// No more than needed: other streams move only where this one waits for them.
template <class Done>
void run_until(Done done) {
  while (!done()) {
    if (!advance_any()) fail("a stream waits for an event that nothing will reach");
  }
}

}  // namespace

int draw(int count) {
  uint64_t& state = device().state;
  if (device().seed == 0 || count < 2) return 0;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return static_cast<int>((state >> 33) % static_cast<uint64_t>(count));
}

std::vector<int> shuffled(int count) {
  std::vector<int> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (int i = count - 1; i > 0 && device().seed != 0; i--) std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(draw(i + 1))]);
  return order;
}

void launch(int64_t blocks, int threads, size_t shared, cudaStream_t stream, std::function<void()> body) {
  std::lock_guard lock(device().mutex);
  enqueue(stream, {[=] { run_kernel(blocks, threads, shared, body); }});
}

}  // namespace emulated

using namespace emulated;

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess: return "no error";
    case cudaErrorMemoryAllocation: return "out of memory";
    case cudaErrorNoDevice: return "no CUDA-capable device is detected";
    default: return "invalid argument";
  }
}
cudaError_t cudaGetLastError() { return cudaSuccess; }

cudaError_t cudaGetDeviceCount(int* count) {
  *count = present() ? 1 : 0;
  return present() ? cudaSuccess : cudaErrorNoDevice;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  *properties = {"Emulated device", 0, 0, capacity()};
  return cudaSuccess;
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int) {
  // One slow multiprocessor, so that launches are cut small.
  *value = attribute == cudaDevAttrMultiProcessorCount ? 1 : attribute == cudaDevAttrClockRate ? 50'000 : 160 * 1024;
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int* version) {
  *version = 13000;
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int* version) { return cudaDriverGetVersion(version); }
cudaError_t cudaSetDevice(int) { return present() ? cudaSuccess : cudaErrorNoDevice; }
cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
  std::lock_guard lock(device().mutex);
  *total = capacity();
  *free = *total - std::min(*total, device().used);
  return cudaSuccess;
}

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  std::lock_guard lock(device().mutex);
  if (device().used + bytes > capacity()) return cudaErrorMemoryAllocation;
  *memory = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
  if (*memory == nullptr) return cudaErrorMemoryAllocation;
  std::memset(*memory, 0xff, bytes);
  device().used += bytes;
  device().memory[*memory] = bytes;
  return cudaSuccess;
}
cudaError_t cudaFree(void* memory) {
  std::lock_guard lock(device().mutex);
  const auto found = device().memory.find(memory);
  if (found == device().memory.end()) fail("cudaFree of memory that is not the device's");
  device().used -= found->second;
  // Whatever still reads it reads NaN, until the allocator hands it out again.
  std::memset(memory, 0xff, found->second);
  device().memory.erase(found);
  std::free(memory);
  return cudaSuccess;
}
cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned) {
  if (!present()) return cudaErrorNoDevice;
  std::lock_guard lock(device().mutex);
  *memory = std::aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (*memory == nullptr) return cudaErrorMemoryAllocation;
  device().pinned[*memory] = bytes;
  return cudaSuccess;
}
cudaError_t cudaFreeHost(void* memory) {
  std::lock_guard lock(device().mutex);
  if (device().pinned.erase(memory) == 0) fail("cudaFreeHost of memory that is not pinned");
  std::free(memory);
  return cudaSuccess;
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* memory) {
  std::lock_guard lock(device().mutex);
  const auto& pinned = device().pinned;
  auto after = pinned.upper_bound(memory);
  const bool inside = after != pinned.begin() && static_cast<const char*>(memory) < static_cast<const char*>(std::prev(after)->first) + std::prev(after)->second;
  attributes->type = inside ? cudaMemoryTypeHost : cudaMemoryTypeUnregistered;
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  std::lock_guard lock(device().mutex);
  device().streams.push_back(*stream = new Stream);
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  cudaStreamSynchronize(stream);
  std::lock_guard lock(device().mutex);
  std::erase(device().streams, stream);
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  std::lock_guard lock(device().mutex);
  run_until([&] { return stream->queue.empty() || (advance(*stream), stream->queue.empty()); });
  return cudaSuccess;
}
cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  std::lock_guard lock(device().mutex);
  stream->capturing = new Graph;
  return cudaSuccess;
}
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  std::lock_guard lock(device().mutex);
  *graph = std::exchange(stream->capturing, nullptr);
  return cudaSuccess;
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long) {
  *executable = new Graph(*graph);
  return cudaSuccess;
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t graph, cudaStream_t stream) {
  std::lock_guard lock(device().mutex);
  for (const Work& work : graph->works) enqueue(stream, work);
  return cudaSuccess;
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  delete graph;
  return cudaSuccess;
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t graph) { return cudaGraphDestroy(graph); }

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = new Event;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  std::lock_guard lock(device().mutex);
  // Work may still name it.
  run_until([&] { return event->reached >= event->recorded; });
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  std::lock_guard lock(device().mutex);
  const uint64_t mark = ++event->recorded;
  enqueue(stream, {[=] { event->reached = mark; }});
  return cudaSuccess;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  std::lock_guard lock(device().mutex);
  enqueue(stream, {{}, event, event->recorded});
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  std::lock_guard lock(device().mutex);
  const uint64_t mark = event->recorded;
  run_until([&] { return event->reached >= mark; });
  return cudaSuccess;
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t, cudaEvent_t) {
  *milliseconds = 0;  // time here says nothing of a device
  return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  return cudaMemcpy2DAsync(to, bytes, from, bytes, bytes, 1, kind, stream);
}
cudaError_t cudaMemcpy2DAsync(void* to, size_t to_pitch, const void* from, size_t from_pitch, size_t width, size_t height, cudaMemcpyKind, cudaStream_t stream) {
  if (to_pitch < width || from_pitch < width) return cudaErrorInvalidValue;
  std::lock_guard lock(device().mutex);
  enqueue(stream, {[=] {
            for (size_t row = 0; row < height && width > 0; row++) {
              std::memcpy(static_cast<char*>(to) + row * to_pitch, static_cast<const char*>(from) + row * from_pitch, width);
            }
          }});
  return cudaSuccess;
}
cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t stream) {
  std::lock_guard lock(device().mutex);
  enqueue(stream, {[=] { std::memset(memory, value, bytes); }});
  return cudaSuccess;
}
