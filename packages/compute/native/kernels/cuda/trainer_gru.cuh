// gru: [z r] = σ(x W + b + h U), g = tanh(x W + b + (r h) U), h' = z h + (1 - z) g. As trainer_lstm.cuh, but a step has two
// products, one after the other: first the columns of z and r are at work, then those of g.
#pragma once

#include "trainer_recurrent.cuh"

namespace corrente::cuda {

constexpr int gru_gates = 3;

template <class Real, class Shape>
__global__ void __launch_bounds__(most_recurrent_threads<Real, Shape>) gru_forward(Recurrent<Real> layer) {
  constexpr int carried = Shape::carried;
  const int units = layer.units, wide = gru_gates * units, padded = Shape::padded(units);
  const int thread = static_cast<int>(threadIdx.x), threads = static_cast<int>(blockDim.x);
  const int64_t first = static_cast<int64_t>(blockIdx.x) * carried;
  auto* const h = reinterpret_cast<Real*>(dynamic_shared());  // [padded][carried]
  Real* const reset = h + padded * carried;                   // [padded][carried]: r h
  Real* const update = reset + padded * carried;              // [carried][units]: z
  for (int i = thread; i < 2 * padded * carried; i += threads) h[i] = 0;
  const Column<Real, Shape> own(layer.recurrent + thread, wide, units, thread < wide);
  __syncthreads();
  // The sums of columns [from, to) at step t, each handed to `take(s, place, unit, sum)` for every sample there is.
  const auto columns = [&](int t, int from, int to, const Real* vector, auto take) {
    for (int col = thread; col < to; col += threads) {
      if (col < from) continue;
      Real from_input[carried], sum[carried];
#pragma unroll
      for (int s = 0; s < carried; s++) from_input[s] = first + s < layer.samples ? layer.gates[((first + s) * layer.steps + t) * wide + col] : Real(0);
      if constexpr (Shape::held > 0) own.times(vector, sum);
      else Column<Real, Shape>(layer.recurrent + col, wide, units, true).times(vector, sum);
#pragma unroll
      for (int s = 0; s < carried; s++) {
        if (first + s < layer.samples) take(s, col, col % units, from_input[s] + sum[s]);
      }
    }
    __syncthreads();
  };
  for (int t = 0; t < layer.steps; t++) {
    columns(t, 0, 2 * units, h, [&](int s, int col, int u, Real z) {
      const Real gate = sigmoid(z);
      const int64_t row = (first + s) * layer.steps + t;
      layer.gates[row * wide + col] = gate;
      if (col < units) {
        update[s * units + u] = gate;
      } else {
        const Real kept = gate * h[u * carried + s];
        reset[u * carried + s] = kept;
        layer.inner[row * units + u] = kept;
      }
    });
    columns(t, 2 * units, wide, reset, [&](int s, int col, int u, Real z) {
      const Real candidate = squash(z), share = update[s * units + u];
      const Real state = share * h[u * carried + s] + (1 - share) * candidate;
      const int64_t row = (first + s) * layer.steps + t;
      layer.gates[row * wide + col] = candidate;
      layer.states[row * units + u] = state;
      h[u * carried + s] = state;
      if (!layer.sequences && t == layer.steps - 1) layer.last[(first + s) * units + u] = state;
    });
  }
}

template <class Real>
struct GruSaved {
  Real update, reset, candidate, before, gradient;

  GruSaved() = default;
  __device__ GruSaved(const Recurrent<Real>& layer, int64_t sample, int t, int u) {
    const int64_t row = sample * layer.steps + t;
    const Real* gate = layer.gates + row * gru_gates * layer.units + u;
    update = gate[0];
    reset = gate[layer.units];
    candidate = gate[2 * layer.units];
    before = t == 0 ? Real(0) : layer.states[(row - 1) * layer.units + u];
    gradient = layer.sequences ? layer.gradient[row * layer.units + u] : t == layer.steps - 1 ? layer.gradient[sample * layer.units + u] : Real(0);
  }
};

// Turns the gates into the gradients before them.
template <class Real, class Shape>
__global__ void __launch_bounds__(most_recurrent_threads<Real, Shape>) gru_backward(Recurrent<Real> layer) {
  constexpr int carried = Shape::carried;
  const int units = layer.units, wide = gru_gates * units, padded = Shape::padded(units), items = carried * units;
  const int thread = static_cast<int>(threadIdx.x), threads = static_cast<int>(blockDim.x);
  const int64_t first = static_cast<int64_t>(blockIdx.x) * carried;
  auto* const dz = reinterpret_cast<Real*>(dynamic_shared());  // [gates][padded][carried]
  Real* const parts = dz + gru_gates * padded * carried;       // [gates][carried][units]: of dz Uᵀ
  Real* const carry = parts + gru_gates * items;               // [carried][units]: of h, past all products
  for (int i = thread; i < gru_gates * padded * carried; i += threads) dz[i] = 0;
  for (int i = thread; i < (gru_gates + 1) * items; i += threads) parts[i] = 0;
  const auto column = [&](int col) { return Column<Real, Shape>(layer.recurrent + col % units * layer.of_unit + col / units * units * layer.of_column, layer.of_column, units, col < wide); };
  const Column<Real, Shape> own = column(thread);
  __syncthreads();
  // parts of the gates that are asked for.
  const auto multiply = [&](bool of_reset) {
    for (int col = thread; col < wide; col += threads) {
      const int g = col / units;
      if ((g == 1) != of_reset) continue;
      Real sum[carried];
      if constexpr (Shape::held > 0) own.times(dz + g * padded * carried, sum);
      else column(col).times(dz + g * padded * carried, sum);
#pragma unroll
      for (int s = 0; s < carried; s++) parts[(g * carried + s) * units + col % units] = sum[s];
    }
    __syncthreads();
  };
  // Calls take(item, sample, s, unit, what was saved) for each item of this thread.
  const auto each = [&](int t, const GruSaved<Real>(&saved)[prefetched], auto take) {
    for (int item = thread, i = 0; item < items; item += threads, i++) {
      const int s = item / units, u = item % units;
      if (first + s >= layer.samples) continue;
      take(item, (first + s) * layer.steps + t, s, u, i == 0 ? saved[0] : i == 1 ? saved[1] : GruSaved<Real>(layer, first + s, t, u));
    }
    __syncthreads();
  };
  for (int t = layer.steps - 1; t >= 0; t--) {
    GruSaved<Real> saved[prefetched] = {};
#pragma unroll
    for (int i = 0; i < prefetched; i++) {
      const int item = thread + i * threads;
      if (item < items && first + item / units < layer.samples) saved[i] = GruSaved<Real>(layer, first + item / units, t, item % units);
    }
    if (t < layer.steps - 1) multiply(true);  // of the step after
    each(t, saved, [&](int item, int64_t row, int s, int u, const GruSaved<Real>& at) {
      const Real dh = at.gradient + carry[item] + parts[item] + parts[items + item];
      const Real of_update = dh * (at.before - at.candidate) * at.update * (1 - at.update);
      const Real of_candidate = dh * (1 - at.update) * (1 - at.candidate * at.candidate);
      carry[item] = dh * at.update;
      dz[u * carried + s] = of_update;
      dz[(2 * padded + u) * carried + s] = of_candidate;
      // The gates themselves are read once more below, where they were not kept.
      parts[items + item] = of_candidate;
      layer.gates[row * wide + u] = of_update;
    });
    multiply(false);
    each(t, saved, [&](int item, int64_t row, int s, int u, const GruSaved<Real>& at) {
      const Real d = parts[2 * items + item];
      const Real of_reset = d * at.before * at.reset * (1 - at.reset);
      carry[item] += d * at.reset;
      dz[(padded + u) * carried + s] = of_reset;
      layer.gates[row * wide + units + u] = of_reset;
      layer.gates[row * wide + 2 * units + u] = parts[items + item];
    });
  }
}

template <class Real>
void launch_gru_forward(const Recurrent<Real>& layer, cudaStream_t stream) {
  with_recurrent_shape<Real>(gru_gates, layer.units, layer.samples, [&](auto shape) {
    using Shape = decltype(shape);
    launch("gru, forward", gru_forward<Real, Shape>, divide_up(layer.samples, Shape::carried), recurrent_threads(gru_gates * layer.units), recurrent_bytes<Real, Shape>(gru_gates, layer.units), stream, layer);
  });
}

template <class Real>
void launch_gru_backward(const Recurrent<Real>& layer, cudaStream_t stream) {
  with_recurrent_shape<Real>(gru_gates, layer.units, layer.samples, [&](auto shape) {
    using Shape = decltype(shape);
    launch("gru, backward", gru_backward<Real, Shape>, divide_up(layer.samples, Shape::carried), recurrent_threads(gru_gates * layer.units), recurrent_bytes<Real, Shape>(gru_gates, layer.units), stream, layer);
  });
}

}  // namespace corrente::cuda
