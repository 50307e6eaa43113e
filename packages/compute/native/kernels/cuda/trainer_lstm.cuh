// lstm: [i f g o] = [σ σ tanh σ](x W + b + h U), c' = f c + i g, h' = o tanh(c'). The input's part, x W + b, is there for
// all steps at once; these kernels walk the steps.
#pragma once

#include "trainer_recurrent.cuh"

namespace corrente::cuda {

constexpr int lstm_gates = 4;

template <class Real, class Shape>
__global__ void __launch_bounds__(most_recurrent_threads<Real, Shape>) lstm_forward(Recurrent<Real> layer) {
  constexpr int carried = Shape::carried;
  const int units = layer.units, wide = lstm_gates * units, padded = Shape::padded(units);
  const int thread = static_cast<int>(threadIdx.x), threads = static_cast<int>(blockDim.x);
  const int64_t first = static_cast<int64_t>(blockIdx.x) * carried;
  auto* const h = reinterpret_cast<Real*>(dynamic_shared());  // [padded][carried]
  Real* const open = h + padded * carried;                    // [carried][gates]
  Real* const c = open + carried * wide;                      // [carried][units]
  for (int i = thread; i < padded * carried; i += threads) h[i] = 0;
  for (int i = thread; i < units * carried; i += threads) c[i] = 0;
  const Column<Real, Shape> own(layer.recurrent + thread, wide, units, thread < wide);
  __syncthreads();
  for (int t = 0; t < layer.steps; t++) {
    for (int col = thread; col < wide; col += threads) {
      Real from_input[carried], sum[carried];
#pragma unroll
      for (int s = 0; s < carried; s++) from_input[s] = first + s < layer.samples ? layer.gates[((first + s) * layer.steps + t) * wide + col] : Real(0);
      if constexpr (Shape::held > 0) own.times(h, sum);
      else Column<Real, Shape>(layer.recurrent + col, wide, units, true).times(h, sum);
#pragma unroll
      for (int s = 0; s < carried; s++) {
        const Real z = from_input[s] + sum[s];
        const Real gate = col / units == 2 ? squash(z) : sigmoid(z);
        open[s * wide + col] = gate;
        if (first + s < layer.samples) layer.gates[((first + s) * layer.steps + t) * wide + col] = gate;
      }
    }
    __syncthreads();
    for (int item = thread; item < carried * units; item += threads) {
      const int s = item / units, u = item % units;
      const Real* gate = open + s * wide + u;
      const Real cell = gate[0] * gate[2 * units] + gate[units] * c[item];
      const Real state = gate[3 * units] * squash(cell);
      c[item] = cell;
      h[u * carried + s] = state;
      if (first + s < layer.samples) {
        const int64_t to = ((first + s) * layer.steps + t) * units + u;
        layer.inner[to] = cell;
        layer.states[to] = state;
        if (!layer.sequences && t == layer.steps - 1) layer.last[(first + s) * units + u] = state;
      }
    }
    __syncthreads();
  }
}

// What the way back reads of one sample, unit and step.
template <class Real>
struct LstmSaved {
  Real input, forget, candidate, output, cell, before, gradient;

  LstmSaved() = default;
  __device__ LstmSaved(const Recurrent<Real>& layer, int64_t sample, int t, int u) {
    const int64_t row = sample * layer.steps + t;
    const Real* gate = layer.gates + row * lstm_gates * layer.units + u;
    input = gate[0];
    forget = gate[layer.units];
    candidate = gate[2 * layer.units];
    output = gate[3 * layer.units];
    cell = layer.inner[row * layer.units + u];
    before = t == 0 ? Real(0) : layer.inner[(row - 1) * layer.units + u];
    gradient = layer.sequences ? layer.gradient[row * layer.units + u] : t == layer.steps - 1 ? layer.gradient[sample * layer.units + u] : Real(0);
  }
};

// Turns the gates into the gradients before them.
template <class Real, class Shape>
__global__ void __launch_bounds__(most_recurrent_threads<Real, Shape>) lstm_backward(Recurrent<Real> layer) {
  constexpr int carried = Shape::carried;
  const int units = layer.units, wide = lstm_gates * units, padded = Shape::padded(units), items = carried * units;
  const int thread = static_cast<int>(threadIdx.x), threads = static_cast<int>(blockDim.x);
  const int64_t first = static_cast<int64_t>(blockIdx.x) * carried;
  auto* const dz = reinterpret_cast<Real*>(dynamic_shared());  // [gates][padded][carried]
  Real* const parts = dz + lstm_gates * padded * carried;      // [gates][carried][units]: of dz Uᵀ
  Real* const dc = parts + lstm_gates * items;                 // [carried][units]
  for (int i = thread; i < lstm_gates * padded * carried; i += threads) dz[i] = 0;
  for (int i = thread; i < items; i += threads) dc[i] = 0;
  const auto column = [&](int col) { return Column<Real, Shape>(layer.recurrent + col % units * layer.of_unit + col / units * units * layer.of_column, layer.of_column, units, col < wide); };
  const Column<Real, Shape> own = column(thread);
  __syncthreads();
  for (int t = layer.steps - 1; t >= 0; t--) {
    LstmSaved<Real> saved[prefetched] = {};
#pragma unroll
    for (int i = 0; i < prefetched; i++) {
      const int item = thread + i * threads;
      if (item < items && first + item / units < layer.samples) saved[i] = LstmSaved<Real>(layer, first + item / units, t, item % units);
    }
    if (t < layer.steps - 1) {
      for (int col = thread; col < wide; col += threads) {
        Real sum[carried];
        const Real* gate = dz + col / units * padded * carried;
        if constexpr (Shape::held > 0) own.times(gate, sum);
        else column(col).times(gate, sum);
#pragma unroll
        for (int s = 0; s < carried; s++) parts[(col / units * carried + s) * units + col % units] = sum[s];
      }
    }
    __syncthreads();
    for (int item = thread, i = 0; item < items; item += threads, i++) {
      const int s = item / units, u = item % units;
      const int64_t sample = first + s;
      if (sample >= layer.samples) continue;
      const LstmSaved<Real> at = i == 0 ? saved[0] : i == 1 ? saved[1] : LstmSaved<Real>(layer, sample, t, u);
      Real dh = at.gradient;
      if (t < layer.steps - 1) dh += (parts[item] + parts[items + item]) + (parts[2 * items + item] + parts[3 * items + item]);
      const Real level = squash(at.cell);
      const Real of_cell = dc[item] + dh * at.output * (1 - level * level);
      dc[item] = of_cell * at.forget;
      const Real before[lstm_gates] = {of_cell * at.candidate * at.input * (1 - at.input), of_cell * at.before * at.forget * (1 - at.forget),
                                       of_cell * at.input * (1 - at.candidate * at.candidate), dh * level * at.output * (1 - at.output)};
      Real* to = layer.gates + (sample * layer.steps + t) * wide + u;
#pragma unroll
      for (int g = 0; g < lstm_gates; g++) {
        dz[(g * padded + u) * carried + s] = before[g];
        to[g * units] = before[g];
      }
    }
    __syncthreads();
  }
}

template <class Real>
void launch_lstm_forward(const Recurrent<Real>& layer, cudaStream_t stream) {
  with_recurrent_shape<Real>(lstm_gates, layer.units, layer.samples, [&](auto shape) {
    using Shape = decltype(shape);
    launch("lstm, forward", lstm_forward<Real, Shape>, divide_up(layer.samples, Shape::carried), recurrent_threads(lstm_gates * layer.units), recurrent_bytes<Real, Shape>(lstm_gates, layer.units), stream, layer);
  });
}

template <class Real>
void launch_lstm_backward(const Recurrent<Real>& layer, cudaStream_t stream) {
  with_recurrent_shape<Real>(lstm_gates, layer.units, layer.samples, [&](auto shape) {
    using Shape = decltype(shape);
    launch("lstm, backward", lstm_backward<Real, Shape>, divide_up(layer.samples, Shape::carried), recurrent_threads(lstm_gates * layer.units), recurrent_bytes<Real, Shape>(lstm_gates, layer.units), stream, layer);
  });
}

}  // namespace corrente::cuda
