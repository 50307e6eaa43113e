// The part of the CUDA runtime that the kernels here use, on the CPU: what a machine without a GPU tests them with.
// Found instead of the toolkit's header of the same name. It is slow, and it is strict where a GPU is lenient:
//
// - Streams are queues of work. What is not ordered by an event or a synchronisation runs in an order drawn from a seed
//   (CORRENTE_EMULATED_SEED), so a missing dependency shows as a wrong number.
// - The threads of a block are fibers, resumed in such an order too, and each runs alone until it waits for others, so
//   a missing __syncthreads shows as well.
// - Asynchronous copies into shared memory happen when they are waited for, not before.
// - What a stream captures does not run until the graph is launched, which runs it in its order.
// - Device memory and shared memory begin as NaN, and a barrier that part of a block never reaches ends the process.
//
// CORRENTE_EMULATED_DEVICES=0 takes the device away; CORRENTE_EMULATED_MEMORY sets its bytes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <type_traits>

#define __global__
#define __device__
#define __host__
#define __restrict__
#define __launch_bounds__(...)

using std::fma;

struct alignas(16) double2 {
  double x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};

enum cudaError_t {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorMemoryAllocation = 2,
  cudaErrorInsufficientDriver = 35,
  cudaErrorNoDevice = 100,
  cudaErrorNoKernelImageForDevice = 209,
};
enum cudaMemcpyKind { cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice };
enum cudaMemoryType { cudaMemoryTypeUnregistered, cudaMemoryTypeHost, cudaMemoryTypeDevice };
enum cudaDeviceAttr {
  cudaDevAttrMultiProcessorCount,
  cudaDevAttrClockRate,
  cudaDevAttrMaxSharedMemoryPerBlockOptin,
};

struct cudaDeviceProp {
  char name[256];
  int major, minor;
  size_t totalGlobalMem;
};
struct cudaPointerAttributes {
  cudaMemoryType type;
};
struct cudaFuncAttributes {
  int numRegs;
};

namespace emulated {
struct Stream;
struct Event;
struct Graph;
}  // namespace emulated
using cudaStream_t = emulated::Stream*;
using cudaEvent_t = emulated::Event*;
using cudaGraph_t = emulated::Graph*;
using cudaGraphExec_t = emulated::Graph*;

enum cudaStreamCaptureMode { cudaStreamCaptureModeThreadLocal };

constexpr unsigned cudaStreamNonBlocking = 1;
constexpr unsigned cudaEventDisableTiming = 2;
constexpr unsigned cudaHostAllocPortable = 1;

const char* cudaGetErrorString(cudaError_t);
cudaError_t cudaGetLastError();
cudaError_t cudaGetDeviceCount(int* count);
cudaError_t cudaGetDeviceProperties(cudaDeviceProp*, int device);
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr, int device);
cudaError_t cudaDriverGetVersion(int* version);
cudaError_t cudaRuntimeGetVersion(int* version);
cudaError_t cudaSetDevice(int device);
cudaError_t cudaMemGetInfo(size_t* free, size_t* total);
cudaError_t cudaMalloc(void** memory, size_t bytes);
cudaError_t cudaFree(void* memory);
cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned flags);
cudaError_t cudaFreeHost(void* memory);
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes*, const void* memory);
cudaError_t cudaStreamCreateWithFlags(cudaStream_t*, unsigned flags);
cudaError_t cudaStreamDestroy(cudaStream_t);
cudaError_t cudaStreamSynchronize(cudaStream_t);
cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t, unsigned flags = 0);
cudaError_t cudaStreamBeginCapture(cudaStream_t, cudaStreamCaptureMode);
cudaError_t cudaStreamEndCapture(cudaStream_t, cudaGraph_t*);
cudaError_t cudaGraphInstantiate(cudaGraphExec_t*, cudaGraph_t, unsigned long long flags = 0);
cudaError_t cudaGraphLaunch(cudaGraphExec_t, cudaStream_t);
cudaError_t cudaGraphDestroy(cudaGraph_t);
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t);
cudaError_t cudaEventCreateWithFlags(cudaEvent_t*, unsigned flags);
cudaError_t cudaEventDestroy(cudaEvent_t);
cudaError_t cudaEventRecord(cudaEvent_t, cudaStream_t);
cudaError_t cudaEventSynchronize(cudaEvent_t);
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t from, cudaEvent_t to);
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind, cudaStream_t);
cudaError_t cudaMemcpy2DAsync(void* to, size_t to_pitch, const void* from, size_t from_pitch, size_t width, size_t height, cudaMemcpyKind, cudaStream_t);
cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t);
template <class Kernel>
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, Kernel) {
  attributes->numRegs = 0;
  return cudaSuccess;
}

namespace emulated {

struct Index {
  unsigned x;
};

// Who is running: set before a fiber is resumed. Whoever runs a kernel holds the device's lock, so there is one of each.
extern Index thread_index, block_index, block_size, grid_size;

// Queues the kernel on the stream. `body` is one thread's work.
void launch(int64_t blocks, int threads, size_t shared, cudaStream_t, std::function<void()> body);

unsigned char* dynamic_shared();
void barrier();
void warp_barrier();

void copy_async(void* shared, const void* global, int bytes);
void commit_copies();
void wait_for_copies(int pending);

// A place per lane of this thread's warp, for what lanes show each other. There are two sets, used in turn: a lane cannot
// be more than one exchange ahead of another.
constexpr int mailbox_bytes = 64;
unsigned char* mailboxes();
void swap_mailboxes();

// What every lane showed; valid until the next exchange but one.
template <class T>
struct Shown {
  const unsigned char* mailboxes;
  const T& operator[](int lane) const { return *reinterpret_cast<const T*>(mailboxes + lane * mailbox_bytes); }
};

template <class T>
Shown<T> gather(const T& value) {
  static_assert(sizeof(T) <= mailbox_bytes && std::is_trivially_copyable_v<T>);
  unsigned char* const all = mailboxes();
  std::memcpy(all + thread_index.x % 32 * mailbox_bytes, &value, sizeof(T));
  warp_barrier();
  swap_mailboxes();
  return {all};
}

template <class T>
T exchange(const T& value, int from) {
  return gather(value)[from];
}

inline unsigned vote(bool yes) {
  const auto answers = gather(yes);
  unsigned bits = 0;
  for (int i = 0; i < 32; i++) bits |= static_cast<unsigned>(answers[i]) << i;
  return bits;
}

}  // namespace emulated

#define threadIdx (::emulated::thread_index)
#define blockIdx (::emulated::block_index)
#define blockDim (::emulated::block_size)
#define gridDim (::emulated::grid_size)

inline void __syncthreads() { emulated::barrier(); }
inline void __syncwarp() { emulated::warp_barrier(); }
inline int __popc(unsigned bits) { return __builtin_popcount(bits); }
inline int atomicAdd(int* place, int more) {
  const int before = *place;
  *place = before + more;
  return before;
}
inline uint32_t atomicOr(uint32_t* place, uint32_t more) {
  const uint32_t before = *place;
  *place = before | more;
  return before;
}
inline unsigned long long atomicAdd(unsigned long long* place, unsigned long long more) {
  const unsigned long long before = *place;
  *place = before + more;
  return before;
}
