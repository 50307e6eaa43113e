// Indicators over vectors: a lane is a series, a step is a row of all of them.
#pragma once

#include <cmath>
#include <new>

#include "../../common/indicators/all.h"

namespace corrente::ISA {

// The arctangent of each lane, by the mathematical library.
inline F64 arctangent(F64 a) {
  double lane[F64::lanes];
  a.store(lane);
  for (double& x : lane) x = ::atan(x);
  return F64::load(lane);
}

namespace {

struct Machine {
  using Lane = F64;
  struct Memory {
    double* base;

    F64 get(int64_t i) const { return F64::load(base + i * F64::lanes); }
    void set(int64_t i, F64 v) const { v.store(base + i * F64::lanes); }
    // Of no memory too: its size is asked for by building an indicator over it.
    Memory from(int64_t i) const { return {base == nullptr ? nullptr : base + i * F64::lanes}; }
  };
};

constexpr int count_indicators() {
  int count = 0;
  indicator::for_each_indicator<Machine>([&]<class>() { ++count; });
  return count;
}

template <class Indicator>
void run(void* state, const double* const* in, int64_t rows, double* const* out) {
  // A copy that nothing points to: its averages and counts stay in registers.
  Indicator indicator = *static_cast<Indicator*>(state);
  const double* from[Indicator::inputs];
  double* to[Indicator::outputs];
  for (int i = 0; i < Indicator::inputs; ++i) from[i] = in[i];
  for (int i = 0; i < Indicator::outputs; ++i) to[i] = out[i];
  const F64 missing = F64::broadcast(__builtin_nan(""));
  for (int64_t at = 0; at < rows * F64::lanes; at += F64::lanes) {
    F64 x[Indicator::inputs], y[Indicator::outputs];
    for (int i = 0; i < Indicator::inputs; ++i) x[i] = F64::load(from[i] + at);
    for (F64& value : y) value = missing;
    indicator.step(x, y);
    for (int i = 0; i < Indicator::outputs; ++i) y[i].store(to[i] + at);
  }
  *static_cast<Indicator*>(state) = indicator;
}

template <class Indicator>
constexpr IndicatorKernel kernel_of() {
  using indicator::Arena;
  using indicator::Parameters;
  IndicatorKernel kernel{};
  kernel.name = Indicator::name;
  kernel.state_bytes = sizeof(Indicator);
  kernel.table_size = [](const Parameters& parameters) -> int64_t {
    if constexpr (requires { Indicator::table_size(parameters); }) return Indicator::table_size(parameters);
    return 0;
  };
  kernel.fill = [](const Parameters& parameters, double* values) {
    if constexpr (requires { Indicator::fill(parameters, values); }) Indicator::fill(parameters, values);
  };
  kernel.memory = [](const Parameters& parameters) {
    Arena<Machine> arena({nullptr});
    const Indicator indicator(parameters, arena);
    return arena.taken();
  };
  kernel.begin = [](const Parameters& parameters, double* memory, void* state) {
    Arena<Machine> arena({memory});
    new (state) Indicator(parameters, arena);
  };
  kernel.run = run<Indicator>;
  return kernel;
}

inline int64_t count_present(const double* x, int64_t length) {
  int64_t present = length;
  int64_t t = 0;
  for (; t + F64::lanes <= length; t += F64::lanes) present -= count(is_nan(F64::load(x + t)));
  if (t < length) present -= count(is_nan(F64::load_first(x + t, length - t, 0)));
  return present;
}

void gather_tile(const double* const* series, int64_t rows, double* tile) {
  constexpr int lanes = F64::lanes;
  int64_t t = 0;
  for (; t + lanes <= rows; t += lanes) {
    F64 square[lanes];
    for (int i = 0; i < lanes; ++i) square[i] = F64::load(series[i] + t);
    transpose(square);
    for (int i = 0; i < lanes; ++i) square[i].store(tile + (t + i) * lanes);
  }
  for (; t < rows; ++t)
    for (int i = 0; i < lanes; ++i) tile[t * lanes + i] = series[i][t];
}

template <class Real>
void turn_tile(const double* tile, int64_t rows, Real* const* series) {
  constexpr int lanes = F64::lanes;
  int64_t t = 0;
  for (; t + lanes <= rows; t += lanes) {
    F64 square[lanes];
    for (int i = 0; i < lanes; ++i) square[i] = F64::load(tile + (t + i) * lanes);
    transpose(square);
    for (int i = 0; i < lanes; ++i) square[i].store(series[i] + t);
  }
  for (; t < rows; ++t)
    for (int i = 0; i < lanes; ++i) series[i][t] = static_cast<Real>(tile[t * lanes + i]);
}

// Past the caches, values leave by whole lines; those at both ends, which may belong to others in part, do not.
template <class Real>
void stream_values(const Real* from, int64_t count, Real* to) {
  constexpr int64_t line = 64 / sizeof(Real);
  const auto place = static_cast<int64_t>(reinterpret_cast<uintptr_t>(to) % 64 / sizeof(Real));
  int64_t i = 0;
  for (; i < count && (place + i) % line != 0; ++i) to[i] = from[i];
  for (; i + line <= count; i += line) stream_line(to + i, from + i);
  for (; i < count; ++i) to[i] = from[i];
}

template <class Real>
void scatter_tile(const double* tile, int64_t rows, Real* const* series, bool past_caches) {
  if (!past_caches) return turn_tile(tile, rows, series);
  alignas(64) Real stage[F64::lanes * kIndicatorTileRows];
  Real* staged[F64::lanes];
  for (int i = 0; i < F64::lanes; ++i) staged[i] = stage + i * kIndicatorTileRows;
  turn_tile(tile, rows, staged);
  for (int i = 0; i < F64::lanes; ++i) stream_values(staged[i], rows, series[i]);
}

}  // namespace

}  // namespace corrente::ISA
