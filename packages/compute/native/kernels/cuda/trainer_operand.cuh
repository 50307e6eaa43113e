// What products read. A row is one step of one sample: row r is step r mod `steps` of sample ⌊r / steps⌋.
#pragma once

#include "runtime.cuh"

namespace corrente::cuda {

// For each row, values of that row and of rows before it in the same sample: place k = (tap, f) is value f of the step
// `lag(tap)` before, and 0 where the sample has no such step. One tap without lag is the rows themselves; one at lag 1
// the states before each step; several are what a convolution sees. Negative lags look ahead: the way back through one.
template <class Real>
struct LaggedRows {
  const Real* values = nullptr;
  int64_t stride = 0;
  int width = 0, taps = 1, steps = 1;
  int lag_of_last = 0, dilation = 0;

  __host__ __device__ int count() const { return width * taps; }
  __host__ __device__ bool lagged() const { return taps > 1 || lag_of_last != 0; }

  __device__ Real at(int64_t row, int k) const {
    if (!lagged()) return values[row * stride + k];
    const int tap = taps == 1 ? 0 : k / width;
    const int64_t lag = lag_of_last + static_cast<int64_t>(taps - 1 - tap) * dilation;
    // 32 bits: a slab has fewer rows, and they divide in a third of the time.
    const int64_t step = static_cast<int64_t>(static_cast<uint32_t>(row) % static_cast<uint32_t>(steps)) - lag;
    return step < 0 || step >= steps ? Real(0) : values[(row - lag) * stride + (k - tap * width)];
  }
};

template <class Real>
LaggedRows<Real> plain_rows(const Real* values, int64_t width) {
  return {values, width, static_cast<int>(width), 1, 1, 0, 0};
}

// Weights: of k = (tap, i), with i below `width`, and column n.
template <class Real>
struct Weights {
  const Real* values;
  int width;
  int64_t of_tap, of_inner, of_col;

  __device__ Real at(int k, int n) const {
    const int tap = k < width ? 0 : k / width;
    return values[tap * of_tap + (k - tap * width) * of_inner + n * of_col];
  }
};

template <class Real>
Weights<Real> plain_weights(const Real* values, int64_t inner, int64_t cols) {
  return {values, static_cast<int>(inner), 0, cols, 1};
}

// Of weights [cols × inner] the transposed.
template <class Real>
Weights<Real> transposed_weights(const Real* values, int64_t inner, int64_t cols) {
  return {values, static_cast<int>(inner), 0, 1, inner};
}

// A row of inputs as the gradient of weights sees it: those of the layer before, states if there are any, and a 1 that
// the bias belongs to. Parameters lie in that order.
template <class Real>
struct GradientInputs {
  LaggedRows<Real> first, second;
  int ones = 0;

  __host__ __device__ int count() const { return first.count() + second.count() + ones; }

  __device__ Real at(int64_t row, int k) const {
    if (k < first.count()) return first.at(row, k);
    k -= first.count();
    return k < second.count() ? second.at(row, k) : Real(1);
  }
};

}  // namespace corrente::cuda
