// What one instruction set offers for indicators: every indicator of kernels/common/indicators over a vector of series,
// and the turning of series into tiles. Everything that decides (threads, missing rows, cancel) is in indicators.cpp.
#pragma once

#include <cstdint>

#include "../common/indicators/machine.h"

namespace corrente {

// The most rows of a tile. Five inputs of 8 series take 40 KiB.
constexpr int64_t kIndicatorTileRows = 128;

// One indicator on one instruction set. Its state goes on from call to call, so that a series may come in stretches.
struct IndicatorKernel {
  const char* name;
  int64_t state_bytes;
  int64_t (*table_size)(const indicator::Parameters&);
  void (*fill)(const indicator::Parameters&, double* table);
  int64_t (*memory)(const indicator::Parameters&);  // in vectors of doubles
  void (*begin)(const indicator::Parameters&, double* memory, void* state);
  // Tiles are [rows × lanes]; rows without a value become NaN.
  void (*run)(void* state, const double* const* in, int64_t rows, double* const* out);
};

struct IndicatorKernels {
  int lanes;  // series of a tile
  const IndicatorKernel* all;
  int count;
  int64_t (*count_present)(const double* x, int64_t length);
  // tile[row * lanes + lane] = series[lane][row], and back: past the caches, or through them.
  void (*gather)(const double* const* series, int64_t rows, double* tile);
  void (*scatter_f64)(const double* tile, int64_t rows, double* const* series, bool past_caches);
  void (*scatter_f32)(const double* tile, int64_t rows, float* const* series, bool past_caches);
  // Others see what went past the caches after this.
  void (*fence)();
};

namespace baseline {
extern const IndicatorKernels indicator_kernels;
}
namespace avx2 {
extern const IndicatorKernels indicator_kernels;
}
namespace avx512 {
extern const IndicatorKernels indicator_kernels;
}

}  // namespace corrente
