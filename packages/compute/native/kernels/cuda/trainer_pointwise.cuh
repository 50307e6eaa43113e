// The kernels that look at each value by itself: samples gathered from the block, dropout, the way back through an
// activation, the last step, remainder and trend.
#pragma once

#include "../common/random.h"
#include "trainer_product.cuh"
#include "trainer_state.cuh"

namespace corrente::cuda {

constexpr int pointwise_threads = 256;

// The block on the device, and what of it a sample is.
struct WindowBlock {
  const double* values;
  int64_t length;
  const int32_t* inputs;    // [groups × features]
  const int32_t* foretold;  // [groups × targets]
  int steps, features, targets, horizon;
  bool anchored;

  __device__ double anchor(int group, int target, int64_t origin) const { return anchored ? values[foretold[group * targets + target] * length + origin - 1] : 0; }
};

// Inputs [samples × steps × features] of samples [first, first + samples), the last value of each target taken off where
// the model is anchored. The difference is taken in double, and rounded once.
template <class Real>
__global__ void gather_samples(WindowBlock block, Batch batch, int64_t first, int64_t samples, Real* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  const int64_t size = static_cast<int64_t>(block.steps) * block.features;
  if (at >= samples * size) return;
  const int64_t sample = first + at / size;
  const int group = static_cast<int>(sample % batch.groups), feature = static_cast<int>(at % block.features);
  const int64_t origin = batch.origin(sample), row = origin - block.steps + at % size / block.features;
  const double value = block.values[block.inputs[group * block.features + feature] * block.length + row];
  out[at] = static_cast<Real>(feature < block.targets ? value - block.anchor(group, feature, origin) : value);
}

// gradient[i] = from[i] · mask · act'(y[i]), the derivative by way of y = act(z) itself. Forwards it applies a mask alone:
// act is linear, and y is not read. Value 0 of the slab is value `first` of the batch.
template <class Real>
struct Pointwise {
  const Real* from;
  const Real* y;
  Activation activation;
  Dropout dropout;
  int64_t first, count;
  Real* out;
};

template <class Real>
__device__ Real slope(Real y, Activation activation) {
  switch (activation) {
    case Activation::relu: return y > 0 ? Real(1) : Real(0);
    case Activation::tanh: return 1 - y * y;
    case Activation::sigmoid: return y * (1 - y);
    default: return 1;
  }
}

// A thread takes the four values whose words one draw of Philox gives.
template <class Real>
__global__ void mask_and_slope(Pointwise<Real> p, const TrainingState* state) {
  const int64_t block = p.first / 4 + static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  const bool masked = p.dropout.threshold > 0;
  PhiloxBlock words{};
  if (masked && 4 * block < p.first + p.count) words = random_words(p.dropout.stream, static_cast<uint32_t>(state->epoch.batch), static_cast<uint32_t>(block));
#pragma unroll
  for (int w = 0; w < 4; w++) {
    const int64_t i = 4 * block + w - p.first;
    if (i < 0 || i >= p.count) continue;
    Real value = p.from[i];
    if (masked) value *= words.word[w] < p.dropout.threshold ? Real(0) : static_cast<Real>(p.dropout.kept);
    if (p.activation != Activation::linear) value *= slope(p.y[i], p.activation);
    p.out[i] = value;
  }
}

template <class Real>
void launch_pointwise(const char* action, const Pointwise<Real>& p, const TrainingState* state, cudaStream_t stream) {
  if (p.count == 0) return;
  const int64_t draws = (p.first + p.count - 1) / 4 - p.first / 4 + 1;
  launch(action, mask_and_slope<Real>, divide_up(draws, pointwise_threads), pointwise_threads, 0, stream, p, state);
}

// The last step of each sample; backwards its gradient, with 0 at all other steps.
template <class Real>
__global__ void take_last(const Real* from, int64_t samples, int steps, int features, Real* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  if (at < samples * features) out[at] = from[((at / features + 1) * steps - 1) * features + at % features];
}

template <class Real>
__global__ void put_last(const Real* gradient, int64_t samples, int steps, int features, Real* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  if (at >= samples * steps * features) return;
  const int64_t row = at / features;
  out[at] = row % steps == steps - 1 ? gradient[row / steps * features + at % features] : Real(0);
}

// Remainder and trend of each feature; each window is summed by itself, in double.
template <class Real>
__global__ void split_trend(const Real* from, int64_t samples, int steps, int features, int window, Real* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  if (at >= samples * steps * features) return;
  const int64_t row = at / features;
  const int t = static_cast<int>(row % steps), half = window / 2;
  const Real* const sample = from + row / steps * steps * features + at % features;
  double sum = 0;
  for (int k = t - half; k <= t + half; k++) sum += sample[static_cast<int64_t>(k < 0 ? 0 : k >= steps ? steps - 1 : k) * features];
  const double trend = sum / window;
  out[2 * at] = static_cast<Real>(sample[static_cast<int64_t>(t) * features] - trend);
  out[2 * at + 1] = static_cast<Real>(trend);
}

// out = relu(a + b)
template <class Real>
__global__ void add_and_rectify(const Real* a, const Real* b, int64_t count, Real* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  if (at < count) out[at] = activate(a[at] + b[at], Activation::relu);
}

// out [cols × rows] = in [rows × cols] transposed.
template <class Real>
__global__ void transpose(const Real* in, int rows, int cols, Real* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  if (at < static_cast<int64_t>(rows) * cols) out[at] = in[at % rows * cols + at / rows];
}

}  // namespace corrente::cuda
