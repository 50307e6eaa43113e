// What every file here stands on: the CUDA runtime, its errors as ours, kernel launches, dynamic shared memory.
//
// With CORRENTE_EMULATED the sources are plain C++: emulated/cuda_runtime.h stands in for the toolkit's header and runs
// each kernel on the CPU, thread by thread. Only this file and warp.cuh know of the difference.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "../ops.h"
#include "trace.h"

namespace corrente::cuda {

// Thrown inside, turned into a Status where an operation ends.
struct Failure {
  Code code;
  std::string message;
};

struct Cancelled {};

// Throws what the runtime says about a call, in words; a lack of device memory is Code::out_of_memory.
inline void check(cudaError_t error, const char* action) {
  if (error == cudaSuccess) return;
  const Code code = error == cudaErrorMemoryAllocation ? Code::out_of_memory : Code::device;
  throw Failure{code, std::string(action) + ": " + cudaGetErrorString(error)};
}

// Runs the body of an operation, which waits for its work; its failure becomes a Status that begins with the operation.
template <class Body>
Status guarded(const char* operation, Body&& body) {
  struct Traced {
    ~Traced() { trace_write(); }
  } traced;
  try {
    body();
    return {};
  } catch (const Cancelled&) {
    return {Code::cancelled, std::string(operation) + ": cancelled"};
  } catch (const Failure& failure) {
    return {failure.code, std::string(operation) + ": " + failure.message};
  } catch (const std::bad_alloc&) {
    return {Code::out_of_memory, std::string(operation) + ": the host has no memory left"};
  }
}

inline void stop_if_cancelled(const Control& control) {
  if (control.cancelled()) throw Cancelled{};
}

__host__ __device__ constexpr int64_t divide_up(int64_t n, int64_t by) { return (n + by - 1) / by; }

constexpr size_t default_shared_bytes = 48 * 1024;  // more has to be asked for, per kernel

#ifdef CORRENTE_EMULATED

inline unsigned char* dynamic_shared() { return emulated::dynamic_shared(); }

template <class... Parameters, class... Arguments>
void launch(const char* action, void (*kernel)(Parameters...), int64_t blocks, int threads, size_t shared, cudaStream_t stream, Arguments... arguments) {
  if (blocks == 0) return;
  const bool traced = tracing();
  if (traced) trace_begin(action, stream);
  emulated::launch(blocks, threads, shared, stream, [=] { kernel(Parameters(arguments)...); });
  if (traced) trace_end(stream);
}

#else

__device__ inline unsigned char* dynamic_shared() {
  extern __shared__ __align__(16) unsigned char shared_bytes[];
  return shared_bytes;
}

// `action` in words, for the error message. A grid of no blocks is no launch.
template <class... Parameters, class... Arguments>
void launch(const char* action, void (*kernel)(Parameters...), int64_t blocks, int threads, size_t shared, cudaStream_t stream, Arguments... arguments) {
  if (blocks == 0) return;
  if (shared > default_shared_bytes) {
    check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared)), action);
  }
  const bool traced = tracing();
  if (traced) trace_begin(action, stream);
  kernel<<<static_cast<unsigned>(blocks), threads, shared, stream>>>(Parameters(arguments)...);
  check(cudaGetLastError(), action);
  if (traced) trace_end(stream);
}

#endif

}  // namespace corrente::cuda
