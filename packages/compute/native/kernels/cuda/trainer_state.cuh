// What changes from batch to batch stays on the device, so that a batch is the same sequence of kernels every time.
#pragma once

#include "runtime.cuh"

namespace corrente::cuda {

struct TrainingState {
  // Of an epoch; all 0 where it begins.
  struct {
    int64_t batch;
    double loss;      // sum over the origins of the batches so far
    int64_t stopped;  // 1: a batch had a loss that is not finite, and nothing changes any more
  } epoch;
  int64_t steps;         // of the optimiser, since the beginning
  double clip;           // what the gradient is multiplied by
  double first, second;  // corrections of the moments
};

// The batch that a slab of samples is part of. Sample s is of origin ⌊s / groups⌋ and group s mod groups.
struct Batch {
  const TrainingState* state;
  const int32_t* origins;  // of all batches, on the device
  int64_t origins_per_batch;
  int groups;

  __device__ int64_t origin(int64_t sample) const { return origins[state->epoch.batch * origins_per_batch + sample / groups]; }
};

// Dropout draws from the words that the mask's rule names (shared/portable/trainer/dropout-mask.ts).
struct Dropout {
  uint32_t stream[4];  // the fourth word already has the dropout's number
  double threshold;    // rate · 2³²; 0: nothing is dropped
  double kept;         // 1 / (1 - rate)
};

}  // namespace corrente::cuda
