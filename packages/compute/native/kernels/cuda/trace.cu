#include "trace.h"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <vector>

namespace corrente::cuda {

namespace {

struct Launch {
  const char* kernel;
  cudaEvent_t begin, end;
};

thread_local std::vector<Launch> launches;

// What cannot be measured is left out: a trace must not fail an operation that succeeds.
cudaEvent_t mark(cudaStream_t stream) {
  cudaEvent_t event = nullptr;
  if (cudaEventCreateWithFlags(&event, 0) == cudaSuccess) cudaEventRecord(event, stream);
  return event;
}

}  // namespace

bool tracing() {
  const char* file = std::getenv("CORRENTE_CUDA_TRACE");
  return file != nullptr && *file != '\0';
}

void trace_begin(const char* kernel, cudaStream_t stream) { launches.push_back({kernel, mark(stream), nullptr}); }

void trace_end(cudaStream_t stream) { launches.back().end = mark(stream); }

void trace_write() {
  if (launches.empty()) return;
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  const char* name = std::getenv("CORRENTE_CUDA_TRACE");
  std::FILE* file = name == nullptr ? nullptr : std::fopen(name, "a");
  for (const Launch& launch : launches) {
    float milliseconds = 0;
    const bool measured = launch.begin != nullptr && launch.end != nullptr && cudaEventElapsedTime(&milliseconds, launch.begin, launch.end) == cudaSuccess;
    if (measured && file != nullptr) std::fprintf(file, "{\"kernel\": \"%s\", \"milliseconds\": %.6f}\n", launch.kernel, static_cast<double>(milliseconds));
    if (launch.begin != nullptr) cudaEventDestroy(launch.begin);
    if (launch.end != nullptr) cudaEventDestroy(launch.end);
  }
  if (file != nullptr) std::fclose(file);
  launches.clear();
}

}  // namespace corrente::cuda
