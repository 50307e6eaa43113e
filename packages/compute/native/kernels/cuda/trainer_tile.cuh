// A square tile of a product, over a block of threads that hold 4 × 4 places each: both operands pass through shared
// memory, `depth_tile` of the inner dimension at a time. While one stage is multiplied the next is on its way into
// registers, 4 to 16 loads of each thread in flight, and one barrier parts the stages.
//
// Each place adds up its products in the order of the inner dimension, whatever the tile's side: the same bits. The
// arithmetic is plain fused multiply-adds. TF32 tensor cores would be off by 1e-3 where float32 promises 1e-4.
#pragma once

#include "runtime.cuh"

namespace corrente::cuda {

constexpr int depth_tile = 16;
constexpr int micro = 4;

template <int side>
constexpr int tile_threads = side * side / (micro * micro);

// Four values that are read at once.
template <class Real>
struct alignas(16) Quad {
  Real v[4];
};

// A row of a stage in shared memory: 4 values more, against bank conflicts, and still aligned for Quad.
template <int side>
constexpr int tile_stride = side + micro;

template <class Real, int side>
constexpr size_t tile_bytes = 2 * 2 * depth_tile * tile_stride<side> * sizeof(Real);

// What a thread loads of one operand's stage. `along_depth`: neighbouring threads load neighbours of the inner dimension.
template <class Real, int side>
struct TileLoad {
  static constexpr int loads = depth_tile * side / tile_threads<side>;
  Real held[loads];
  bool along_depth;

  __device__ int depth(int i) const {
    const int at = i * tile_threads<side> + static_cast<int>(threadIdx.x);
    return along_depth ? at % depth_tile : at / side;
  }
  __device__ int place(int i) const {
    const int at = i * tile_threads<side> + static_cast<int>(threadIdx.x);
    return along_depth ? at / depth_tile : at % side;
  }

  // at(d, p): the value at depth d and place p of the tile; 0 beyond either end.
  template <class At>
  __device__ void load(int64_t from, At at) {
#pragma unroll
    for (int i = 0; i < loads; i++) held[i] = at(from + depth(i), place(i));
  }

  __device__ void store(Real* stage) const {
#pragma unroll
    for (int i = 0; i < loads; i++) stage[depth(i) * tile_stride<side> + place(i)] = held[i];
  }
};

// sum[i][j] = Σ left(d, row + i) right(d, col + j) over d below `depth`, for this thread's rows and columns.
template <class Real, int side, class Left, class Right>
__device__ void multiply_tile(int64_t depth, bool left_along_depth, Left left, bool right_along_depth, Right right, Real (&sum)[micro][micro]) {
  constexpr int stage = depth_tile * tile_stride<side>;
  auto* const shared = reinterpret_cast<Real*>(dynamic_shared());
  Real* const lefts = shared;
  Real* const rights = shared + 2 * stage;
  const int row = static_cast<int>(threadIdx.x) / (side / micro) * micro, col = static_cast<int>(threadIdx.x) % (side / micro) * micro;
  TileLoad<Real, side> next_left, next_right;
  next_left.along_depth = left_along_depth;
  next_right.along_depth = right_along_depth;
  next_left.load(0, left);
  next_right.load(0, right);
  for (int64_t from = 0, turn = 0; from < depth; from += depth_tile, turn ^= 1) {
    next_left.store(lefts + turn * stage);
    next_right.store(rights + turn * stage);
    __syncthreads();
    if (from + depth_tile < depth) {
      next_left.load(from + depth_tile, left);
      next_right.load(from + depth_tile, right);
    }
    const Real* a = lefts + turn * stage + row;
    const Real* b = rights + turn * stage + col;
#pragma unroll
    for (int d = 0; d < depth_tile; d++, a += tile_stride<side>, b += tile_stride<side>) {
      const Quad<Real> x = *reinterpret_cast<const Quad<Real>*>(a), y = *reinterpret_cast<const Quad<Real>*>(b);
#pragma unroll
      for (int i = 0; i < micro; i++) {
#pragma unroll
        for (int j = 0; j < micro; j++) sum[i][j] += x.v[i] * y.v[j];
      }
    }
  }
}

}  // namespace corrente::cuda
