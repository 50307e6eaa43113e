// Indicators on the device: a thread for each series, walking down its rows.
//
// Series lie side by side, [rows × series], so that the threads of a warp read and write one line of memory at each
// row; so do the windows that an indicator remembers. A thread passes over the rows where an input is missing: threads
// of a warp may be at different rows of their own, which costs only that their windows lie apart.
//
// Work and bytes, per value: 8 bytes read for each input and 8 written for each output, twice more to turn the blocks
// over. With fewer series than the device has threads, what counts is the time of one row: a chain of a few operations
// and a load that does not wait for it. Requests run side by side on streams of their own then.
#pragma once

#include "../common/indicators/all.h"
#include "runtime.cuh"

namespace corrente::cuda {

// One series. Products and sums are rounded each by itself, as on the CPU.
struct SeriesLane {
  double v;

  __host__ __device__ static SeriesLane broadcast(double x) { return {x}; }
};

#ifdef __CUDA_ARCH__
__device__ inline SeriesLane operator+(SeriesLane a, SeriesLane b) { return {__dadd_rn(a.v, b.v)}; }
__device__ inline SeriesLane operator-(SeriesLane a, SeriesLane b) { return {__dsub_rn(a.v, b.v)}; }
__device__ inline SeriesLane operator*(SeriesLane a, SeriesLane b) { return {__dmul_rn(a.v, b.v)}; }
#else
__host__ __device__ inline SeriesLane operator+(SeriesLane a, SeriesLane b) { return {a.v + b.v}; }
__host__ __device__ inline SeriesLane operator-(SeriesLane a, SeriesLane b) { return {a.v - b.v}; }
__host__ __device__ inline SeriesLane operator*(SeriesLane a, SeriesLane b) { return {a.v * b.v}; }
#endif
__host__ __device__ inline SeriesLane operator/(SeriesLane a, SeriesLane b) { return {a.v / b.v}; }
__host__ __device__ inline SeriesLane min(SeriesLane a, SeriesLane b) { return a.v < b.v ? a : b; }
__host__ __device__ inline SeriesLane max(SeriesLane a, SeriesLane b) { return a.v > b.v ? a : b; }
__host__ __device__ inline SeriesLane sqrt(SeriesLane a) { return {::sqrt(a.v)}; }
__host__ __device__ inline SeriesLane magnitude(SeriesLane a) { return {::fabs(a.v)}; }
__host__ __device__ inline SeriesLane arctangent(SeriesLane a) { return {::atan(a.v)}; }
__host__ __device__ inline bool less(SeriesLane a, SeriesLane b) { return a.v < b.v; }
__host__ __device__ inline bool at_most(SeriesLane a, SeriesLane b) { return a.v <= b.v; }
__host__ __device__ inline bool equal(SeriesLane a, SeriesLane b) { return a.v == b.v; }
__host__ __device__ inline SeriesLane select(bool mask, SeriesLane a, SeriesLane b) { return mask ? a : b; }

struct SeriesMachine {
  using Lane = SeriesLane;
  // `base` is this series' first place; places of a series lie as far apart as there are series.
  struct Memory {
    double* base;
    int64_t series;

    __host__ __device__ Lane get(int64_t i) const { return {base[i * series]}; }
    __host__ __device__ void set(int64_t i, Lane x) const { base[i * series] = x.v; }
    __host__ __device__ Memory from(int64_t i) const { return {base == nullptr ? nullptr : base + i * series, series}; }
  };
};

constexpr int indicator_threads = 64;

// One request over a stretch of rows, blocks of [rows × series].
struct IndicatorRun {
  indicator::Parameters parameters;
  const double* in[indicator::kMostInputs];
  double* out[indicator::kMostOutputs];
  double* memory;         // [places × series]
  unsigned char* states;  // one for each series
  int64_t series, rows;
  bool begins;  // with the first row of the series
};

// Grid: series.
template <class Indicator>
__global__ void __launch_bounds__(indicator_threads) walk_indicator(IndicatorRun run) {
  const int64_t s = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (s >= run.series) return;
  indicator::Arena<SeriesMachine> arena({run.memory + s, run.series});
  auto* const state = reinterpret_cast<Indicator*>(run.states) + s;
  Indicator indicator = run.begins ? Indicator(run.parameters, arena) : *state;
  for (int64_t at = s; at < run.rows * run.series; at += run.series) {
    SeriesLane x[Indicator::inputs], y[Indicator::outputs];
    bool present = true;
    for (int i = 0; i < Indicator::inputs; i++) {
      x[i] = {run.in[i][at]};
      present = present && x[i].v == x[i].v;
    }
    for (SeriesLane& value : y) value = {NAN};
    if (present) indicator.step(x, y);
    for (int i = 0; i < Indicator::outputs; i++) run.out[i][at] = y[i].v;
  }
  *state = indicator;
}

constexpr int turn_side = 32, turn_threads = 256;
constexpr size_t turn_bytes = turn_side * (turn_side + 1) * sizeof(double);

// to[column * rows + row] = from[row * columns + column]. Grid: squares of 32 × 32. A column of the square lies over as
// many banks of shared memory as a row, as each row is one value longer.
template <class To>
__global__ void __launch_bounds__(turn_threads) turn(const double* from, int64_t rows, int64_t columns, To* to) {
  auto* square = reinterpret_cast<double*>(dynamic_shared());
  const int64_t across = divide_up(columns, turn_side);
  const int64_t row = blockIdx.x / across * turn_side, column = blockIdx.x % across * turn_side;
  const int i = static_cast<int>(threadIdx.x) % turn_side;
  for (int j = static_cast<int>(threadIdx.x) / turn_side; j < turn_side; j += turn_threads / turn_side) {
    if (row + j < rows && column + i < columns) square[j * (turn_side + 1) + i] = from[(row + j) * columns + column + i];
  }
  __syncthreads();
  for (int j = static_cast<int>(threadIdx.x) / turn_side; j < turn_side; j += turn_threads / turn_side) {
    if (column + j < columns && row + i < rows) to[(column + j) * rows + row + i] = static_cast<To>(square[i * (turn_side + 1) + j]);
  }
}

}  // namespace corrente::cuda
