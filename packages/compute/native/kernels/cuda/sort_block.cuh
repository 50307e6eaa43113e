// Sorting and bisecting by all threads of a block, in whatever memory the values are.
#pragma once

#include "runtime.cuh"

namespace corrente::cuda {

// Places of the first key not below `key`, and of the first one above it.
template <class Key>
__device__ int64_t lower_bound(const Key* keys, int64_t count, Key key) {
  int64_t from = 0;
  while (count > 0) {
    const int64_t half = count / 2;
    const bool right = keys[from + half] < key;
    from += right ? half + 1 : 0;
    count = right ? count - half - 1 : half;
  }
  return from;
}

template <class Key>
__device__ int64_t upper_bound(const Key* keys, int64_t count, Key key) {
  int64_t from = 0;
  while (count > 0) {
    const int64_t half = count / 2;
    const bool right = !(key < keys[from + half]);
    from += right ? half + 1 : 0;
    count = right ? count - half - 1 : half;
  }
  return from;
}

// Sorts ascending with all threads of the block; exchange(i, j) swaps two places where the first holds more. Places from
// `count` on are as if they held what is larger than all: every comparison puts the smaller one in front.
template <class Exchange>
__device__ void sort_block(int64_t count, Exchange exchange) {
  const int64_t threads = blockDim.x;
  int64_t places = 1;
  while (places < count) places *= 2;
  for (int64_t run = 2; run <= places; run *= 2) {
    for (int64_t p = threadIdx.x; p < places / 2; p += threads) {
      const int64_t begin = p / (run / 2) * run, at = p % (run / 2);
      if (begin + run - 1 - at < count) exchange(begin + at, begin + run - 1 - at);
    }
    __syncthreads();
    for (int64_t apart = run / 4; apart > 0; apart /= 2) {
      for (int64_t p = threadIdx.x; p < places / 2; p += threads) {
        const int64_t at = p / apart * 2 * apart + p % apart;
        if (at + apart < count) exchange(at, at + apart);
      }
      __syncthreads();
    }
  }
}

}  // namespace corrente::cuda
