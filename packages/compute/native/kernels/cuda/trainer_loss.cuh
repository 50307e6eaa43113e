// What forecasts are worth: the loss and its slope, sums of errors, and forecasts with their anchors put back. Differences
// are taken in double, from the series' own values.
#pragma once

#include "block.cuh"
#include "trainer_pointwise.cuh"

namespace corrente::cuda {

struct Sum {
  using State = double;
  __device__ static double merge(double a, double b) { return a + b; }
};

// One value foretold: its sample, target and step.
struct Place {
  int64_t sample, origin;
  int group, target, step;

  __device__ Place(const WindowBlock& block, const Batch& batch, int64_t first, int64_t at) {
    const int64_t size = static_cast<int64_t>(block.targets) * block.horizon;
    sample = first + at / size;
    origin = batch.origin(sample);
    group = static_cast<int>(sample % batch.groups);
    target = static_cast<int>(at % size / block.horizon);
    step = static_cast<int>(at % block.horizon);
  }

  __device__ double value(const WindowBlock& block) const { return block.values[block.foretold[group * block.targets + target] * block.length + origin + step]; }
};

__device__ inline double loss_of(TrainingLoss loss, double d) {
  const double size = d < 0 ? -d : d;
  if (loss == TrainingLoss::mse) return d * d;
  if (loss == TrainingLoss::mae) return size;
  return size <= 1 ? 0.5 * d * d : size - 0.5;
}

__device__ inline double slope_of(TrainingLoss loss, double d) {
  if (loss == TrainingLoss::mse) return 2 * d;
  if (loss == TrainingLoss::mae) return d > 0 ? 1 : d < 0 ? -1 : 0;
  return d > 1 ? 1 : d < -1 ? -1 : d;
}

// slopes[i]: the derivative of the mean over `values` by output i of the slab; losses[block]: the sum over the block's.
template <class Real>
__global__ void measure_loss(WindowBlock block, Batch batch, int64_t first, int64_t count, int64_t values, TrainingLoss loss, const Real* outputs, Real* slopes, double* losses) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  double mine = 0;
  if (at < count) {
    const Place place(block, batch, first, at);
    const double difference = outputs[at] - (place.value(block) - block.anchor(place.group, place.target, place.origin));
    mine = loss_of(loss, difference);
    slopes[at] = static_cast<Real>(slope_of(loss, difference) / static_cast<double>(values));
  }
  const double all = merge_block<Sum>(mine, reinterpret_cast<double*>(dynamic_shared()));
  if (threadIdx.x == 0) losses[blockIdx.x] = all;
}

// Adds to squared and absolute [groups × targets × horizon], a thread for each place, sample after sample.
template <class Real>
__global__ void add_errors(WindowBlock block, Batch batch, int64_t first, int64_t samples, const Real* outputs, double* squared, double* absolute) {
  const int64_t size = static_cast<int64_t>(block.targets) * block.horizon, at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  if (at >= batch.groups * size) return;
  const int64_t group = at / size, within = at % size;
  double squares = squared[at], sizes = absolute[at];
  for (int64_t sample = first + (group - first % batch.groups + batch.groups) % batch.groups; sample < first + samples; sample += batch.groups) {
    const int64_t from = (sample - first) * size + within;
    const Place place(block, batch, first, from);
    const double difference = outputs[from] - (place.value(block) - block.anchor(place.group, place.target, place.origin));
    squares += difference * difference;
    sizes += difference < 0 ? -difference : difference;
  }
  squared[at] = squares;
  absolute[at] = sizes;
}

template <class Real>
__global__ void put_anchors_back(WindowBlock block, Batch batch, int64_t first, int64_t count, const Real* outputs, Real* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  if (at >= count) return;
  const Place place(block, batch, first, at);
  out[at] = static_cast<Real>(outputs[at] + block.anchor(place.group, place.target, place.origin));
}

}  // namespace corrente::cuda
