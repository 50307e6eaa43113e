// What 32 threads do together: shuffles of whole structs, votes, asynchronous copies into shared memory, and the
// double-precision matrix product of the tensor cores.
#pragma once

#include "runtime.cuh"

namespace corrente::cuda {

constexpr int warp_size = 32;
constexpr unsigned whole_warp = 0xffffffffu;

__device__ inline int lane_index() { return static_cast<int>(threadIdx.x) % warp_size; }
__device__ inline int warp_index() { return static_cast<int>(threadIdx.x) / warp_size; }

#ifdef CORRENTE_EMULATED

template <class T>
T shuffle_from(T value, int lane) { return emulated::exchange(value, lane); }

inline unsigned vote(bool yes) { return emulated::vote(yes); }

template <int bytes>
void copy_async(void* shared, const void* global) { emulated::copy_async(shared, global, bytes); }
inline void commit_copies() { emulated::commit_copies(); }
template <int pending>
void wait_for_copies() { emulated::wait_for_copies(pending); }

#else

// The value that `lane` holds. Every lane of the warp takes part.
template <class T>
__device__ T shuffle_from(T value, int lane) {
  static_assert(sizeof(T) % sizeof(int) == 0);
  constexpr int words = sizeof(T) / sizeof(int);
  int parts[words];
  memcpy(parts, &value, sizeof(T));
#pragma unroll
  for (int i = 0; i < words; i++) parts[i] = __shfl_sync(whole_warp, parts[i], lane);
  memcpy(&value, parts, sizeof(T));
  return value;
}

// Bit i is lane i's answer.
__device__ inline unsigned vote(bool yes) { return __ballot_sync(whole_warp, yes); }

// Copies 16 bytes into shared memory without passing through registers; before sm_80 it is a plain copy.
template <int bytes>
__device__ void copy_async(void* shared, const void* global) {
  static_assert(bytes == 16);
#if __CUDA_ARCH__ >= 800
  const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(address), "l"(global) : "memory");
#else
  *static_cast<int4*>(shared) = *static_cast<const int4*>(global);
#endif
}

// Closes a group of copies.
__device__ inline void commit_copies() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// Waits until at most `pending` of this thread's groups are under way.
template <int pending>
__device__ void wait_for_copies() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(pending) : "memory");
#endif
}

#endif

// Fragments of D[16×8] += A[16×8] B[8×8] over a warp, as mma.sync.m16n8k8 lays them out. With g = lane / 4 and
// t = lane % 4: a = {A(g, t), A(g+8, t), A(g, t+4), A(g+8, t+4)}, b = {B(t, g), B(t+4, g)},
// d = {D(g, 2t), D(g, 2t+1), D(g+8, 2t), D(g+8, 2t+1)}.
struct ProductFragments {
  double a[4], b[2];
};

// The product without tensor cores: every lane sees the fragments of those of its rows and columns. `of_lane(lane, k)`
// gives {a[2k], a[2k+1], b[k]} of a lane.
template <class OfLane>
__device__ inline void multiply_add_by_lanes(double (&d)[4], OfLane of_lane) {
  const int g = lane_index() / 4, t = lane_index() % 4;
#pragma unroll 1
  for (int k = 0; k < 2; k++) {
#pragma unroll 1
    for (int from = 0; from < 4; from++) {
      const auto row = of_lane(4 * g + from, k), left = of_lane(8 * t + from, k), right = of_lane(8 * t + 4 + from, k);
      d[0] = fma(row.upper, left.col, d[0]);
      d[1] = fma(row.upper, right.col, d[1]);
      d[2] = fma(row.lower, left.col, d[2]);
      d[3] = fma(row.lower, right.col, d[3]);
    }
  }
}

struct LaneElements {
  double upper, lower, col;
};

#ifdef CORRENTE_EMULATED

inline void multiply_add(double (&d)[4], const double (&a)[4], const double (&b)[2]) {
  const auto lanes = emulated::gather(ProductFragments{{a[0], a[1], a[2], a[3]}, {b[0], b[1]}});
  multiply_add_by_lanes(d, [&lanes](int lane, int k) {
    const ProductFragments& f = lanes[lane];
    return LaneElements{f.a[2 * k], f.a[2 * k + 1], f.b[k]};
  });
}

#else

// Not inlined: kernels hold dozens of products, and the double-precision units of such chips are slower than the calls.
__device__ __noinline__ inline void multiply_add_by_shuffles(double (&d)[4], ProductFragments mine) {
  multiply_add_by_lanes(d, [&mine](int lane, int k) {
    const LaneElements elements = k == 0 ? LaneElements{mine.a[0], mine.a[1], mine.b[0]} : LaneElements{mine.a[2], mine.a[3], mine.b[1]};
    return shuffle_from(elements, lane);
  });
}

// sm_90 and later have the shape in hardware, sm_80 its quarter (m8n8k4).
__device__ inline void multiply_add(double (&d)[4], const double (&a)[4], const double (&b)[2]) {
#if __CUDA_ARCH__ >= 900
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f64.f64.f64.f64 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
               : "+d"(d[0]), "+d"(d[1]), "+d"(d[2]), "+d"(d[3])
               : "d"(a[0]), "d"(a[1]), "d"(a[2]), "d"(a[3]), "d"(b[0]), "d"(b[1]));
#elif __CUDA_ARCH__ >= 800
#pragma unroll
  for (int k = 0; k < 2; k++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0, %1}, {%2}, {%3}, {%0, %1};"
                   : "+d"(d[2 * half]), "+d"(d[2 * half + 1])
                   : "d"(a[2 * k + half]), "d"(b[k]));
    }
  }
#else
  multiply_add_by_shuffles(d, {{a[0], a[1], a[2], a[3]}, {b[0], b[1]}});
#endif
}

#endif

}  // namespace corrente::cuda
