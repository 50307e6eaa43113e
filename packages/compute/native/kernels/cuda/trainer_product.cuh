// The two products of a layer: rows by weights (forwards, and back to the inputs), and inputs by gradients over all rows
// (the gradient of weights), whose parts over chunks of rows are added up in their order by trainer_update.cuh.
#pragma once

#include "device.cuh"
#include "trainer_operand.cuh"
#include "trainer_tile.cuh"

namespace corrente::cuda {

__device__ inline float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }
__device__ inline double sigmoid(double x) { return 1.0 / (1.0 + exp(-x)); }
__device__ inline float squash(float x) { return tanhf(x); }
__device__ inline double squash(double x) { return tanh(x); }

template <class Real>
__device__ Real activate(Real x, Activation activation) {
  switch (activation) {
    case Activation::relu: return x > 0 || x != x ? x : Real(0);
    case Activation::tanh: return squash(x);
    case Activation::sigmoid: return sigmoid(x);
    default: return x;
  }
}

// out[r][n] = act(Σₖ rows(r, k) weights(k, n) + bias[n] + addend[r][n]); bias and addend may be null, addend may be out.
template <class Real>
struct Product {
  LaggedRows<Real> rows;
  Weights<Real> weights;
  int64_t row_count;
  int inner, cols;
  const Real* bias;
  const Real* addend;
  Activation activation;
  Real* out;
};

template <class Real, int side>
__global__ void __launch_bounds__(tile_threads<side>) multiply_rows(Product<Real> p) {
  const int64_t tiles = divide_up(p.cols, side);
  const int64_t first_row = static_cast<int64_t>(blockIdx.x) / tiles * side;
  const int first_col = static_cast<int>(static_cast<int64_t>(blockIdx.x) % tiles) * side;
  Real sum[micro][micro] = {};
  multiply_tile<Real, side>(
      p.inner, true, [&](int64_t k, int r) { return k < p.inner && first_row + r < p.row_count ? p.rows.at(first_row + r, static_cast<int>(k)) : Real(0); },
      p.weights.of_col != 1, [&](int64_t k, int n) { return k < p.inner && first_col + n < p.cols ? p.weights.at(static_cast<int>(k), first_col + n) : Real(0); }, sum);
  const int row = static_cast<int>(threadIdx.x) / (side / micro) * micro, col = first_col + static_cast<int>(threadIdx.x) % (side / micro) * micro;
#pragma unroll
  for (int i = 0; i < micro; i++) {
    const int64_t r = first_row + row + i;
    if (r >= p.row_count) break;
#pragma unroll
    for (int j = 0; j < micro; j++) {
      const int n = col + j;
      if (n >= p.cols) break;
      const int64_t to = r * p.cols + n;
      Real value = sum[i][j];
      if (p.bias != nullptr) value += p.bias[n];
      if (p.addend != nullptr) value += p.addend[to];
      p.out[to] = activate(value, p.activation);
    }
  }
}

// part[chunk][k][n] = Σ inputs(r, k) gradients[r][n] over the chunk's rows.
template <class Real>
struct OuterProduct {
  GradientInputs<Real> inputs;
  const Real* gradients;
  int64_t gradient_stride;
  int64_t row_count, chunk_rows;
  int cols;
  Real* parts;
};

template <class Real, int side>
__global__ void __launch_bounds__(tile_threads<side>) multiply_inputs(OuterProduct<Real> p) {
  const int inner = p.inputs.count();
  const int64_t wide = divide_up(p.cols, side), tiles = wide * divide_up(inner, side);
  const int64_t chunk = static_cast<int64_t>(blockIdx.x) / tiles, tile = static_cast<int64_t>(blockIdx.x) % tiles;
  const int first_k = static_cast<int>(tile / wide) * side, first_col = static_cast<int>(tile % wide) * side;
  const int64_t first_row = chunk * p.chunk_rows;
  const int64_t rows = p.row_count - first_row < p.chunk_rows ? p.row_count - first_row : p.chunk_rows;
  Real sum[micro][micro] = {};
  multiply_tile<Real, side>(
      rows, false, [&](int64_t r, int k) { return r < rows && first_k + k < inner ? p.inputs.at(first_row + r, first_k + k) : Real(0); }, false,
      [&](int64_t r, int n) { return r < rows && first_col + n < p.cols ? p.gradients[(first_row + r) * p.gradient_stride + first_col + n] : Real(0); }, sum);
  const int row = first_k + static_cast<int>(threadIdx.x) / (side / micro) * micro, col = first_col + static_cast<int>(threadIdx.x) % (side / micro) * micro;
#pragma unroll
  for (int i = 0; i < micro; i++) {
#pragma unroll
    for (int j = 0; j < micro; j++) {
      if (row + i < inner && col + j < p.cols) p.parts[(chunk * inner + row + i) * p.cols + col + j] = sum[i][j];
    }
  }
}

// Large tiles where they fill the device, as each value then serves more products; otherwise more and smaller ones.
inline bool large_tiles(int64_t rows, int64_t cols, int64_t chunks) {
  return rows > 32 && cols > 32 && divide_up(rows, 64) * divide_up(cols, 64) * chunks >= use_device().multiprocessors;
}

template <class Real>
void launch_product(const char* action, const Product<Real>& p, cudaStream_t stream) {
  const bool large = large_tiles(p.row_count, p.cols, 1);
  const int side = large ? 64 : 32;
  const int64_t blocks = divide_up(p.row_count, side) * divide_up(p.cols, side);
  if (large) launch(action, multiply_rows<Real, 64>, blocks, tile_threads<64>, tile_bytes<Real, 64>, stream, p);
  else launch(action, multiply_rows<Real, 32>, blocks, tile_threads<32>, tile_bytes<Real, 32>, stream, p);
}

template <class Real>
void launch_outer_product(const char* action, const OuterProduct<Real>& p, cudaStream_t stream) {
  const int64_t chunks = divide_up(p.row_count, p.chunk_rows);
  const bool large = large_tiles(p.inputs.count(), p.cols, chunks);
  const int side = large ? 64 : 32;
  const int64_t blocks = divide_up(p.inputs.count(), side) * divide_up(p.cols, side) * chunks;
  if (large) launch(action, multiply_inputs<Real, 64>, blocks, tile_threads<64>, tile_bytes<Real, 64>, stream, p);
  else launch(action, multiply_inputs<Real, 32>, blocks, tile_threads<32>, tile_bytes<Real, 32>, stream, p);
}

}  // namespace corrente::cuda
