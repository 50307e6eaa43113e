// A weighted sum over each window: a finite impulse response.
//
// The value that tap i of one vector of windows takes is the one that tap i - lanes of the next vector takes. So taps
// are taken by their remainder after division by the lanes: a few taps of one remainder by a few vectors of windows
// share most of their loads, and the multipliers are the limit, not the loads. Taps are added up in chunks that the
// first cache holds, and chunk sums one by one, so that rounding does not grow with long windows.
#pragma once

#include "rolling_sink.h"
#include "scan.h"

namespace corrente::ISA {

namespace {

constexpr int64_t kWindowVectors = F64::lanes == 8 ? 8 : 4;  // as many accumulators as leave registers for the values
constexpr int64_t kTaps = 4;
constexpr int64_t kWindowRows = kWindowVectors * F64::lanes;
constexpr int64_t kTapChunk = 2048;
static_assert(kWindowRows <= Sink<double>::kRoom);

inline int64_t weighted_scratch(int64_t window) { return window + kWindowRows; }

// Adds taps i, i + lanes, … (kCount of them) of kWindowVectors vectors of windows, whose values begin at x.
template <int64_t kCount>
inline void add_taps(const double* x, const double* weights, int64_t i, F64 (&sum)[kWindowVectors]) {
  F64 value[kWindowVectors + kCount - 1];
  for (int64_t m = 0; m < kWindowVectors + kCount - 1; ++m) value[m] = F64::load(x + i + m * F64::lanes);
  for (int64_t q = 0; q < kCount; ++q) {
    const F64 weight = F64::broadcast(weights[i + q * F64::lanes]);
    for (int64_t r = 0; r < kWindowVectors; ++r) sum[r] = fma(value[r + q], weight, sum[r]);
  }
}

// The windows whose first values are x[0], x[1], …: kWindowRows of them.
inline bool weigh(const double* x, const double* weights, int64_t window, const int32_t* cancel, F64 (&total)[kWindowVectors]) {
  for (F64& one : total) one = F64::zero();
  for (int64_t chunk = 0; chunk < window; chunk += kTapChunk) {
    if (stopped(cancel)) return false;
    const int64_t end = chunk + kTapChunk < window ? chunk + kTapChunk : window;
    F64 sum[kWindowVectors];
    for (F64& one : sum) one = F64::zero();
    for (int64_t first = chunk; first < chunk + F64::lanes && first < end; ++first) {
      int64_t i = first;
      for (; i + (kTaps - 1) * F64::lanes < end; i += kTaps * F64::lanes) add_taps<kTaps>(x, weights, i, sum);
      for (; i < end; i += F64::lanes) add_taps<1>(x, weights, i, sum);
    }
    for (int64_t r = 0; r < kWindowVectors; ++r) total[r] = total[r] + sum[r];
  }
  return true;
}

template <class Out>
void rolling_weighted(const RollingRows& rows, const RollingRequest& request, Out* out, double* scratch) {
  const int64_t window = request.window, to = rows.to < rows.length ? rows.to : rows.length;
  int64_t t = rows.from;
  for (; t < to && t < window - 1; ++t) out[t] = static_cast<Out>(kNaN);
  Sink<Out> sink(out, t, rows.stream);
  F64 total[kWindowVectors];
  for (; t < to; t += kWindowRows) {
    const double* x = rows.x + t - window + 1;
    if (t + kWindowRows > rows.length) {
      // The last windows, followed by such as the series has no values for.
      const int64_t there = rows.length - (t - window + 1);
      for (int64_t i = 0; i < there; ++i) scratch[i] = x[i];
      fill(scratch + there, window - 1 + kWindowRows - there, 0);
      x = scratch;
    }
    if (!weigh(x, request.weights, window, rows.cancel, total)) return;
    for (int64_t r = 0; r < kWindowVectors; ++r) {
      const int64_t at = t + r * F64::lanes;
      if (at + F64::lanes <= to) {
        sink.put(total[r], at);
      } else if (at < to) {
        sink.put_first(total[r], at, to - at);
      }
    }
    sink.flush(t + kWindowRows < to ? t + kWindowRows : to);
  }
  sink.finish(to);
}

}  // namespace

}  // namespace corrente::ISA
