// Rolling statistics: every series is cut into segments that stay in the second cache while all requests pass over
// them; segments and series are dealt out to the threads. What belongs to a segment does not depend on who computes it.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "../common/block_pool.h"
#include "../common/status.h"
#include "isa.h"
#include "rolling_order.h"
#include "rolling_spans.h"
#include "threads.h"

namespace corrente {

namespace {

constexpr int64_t kSegment = 32768;
// Exponential averages of fewer series than this, each longer than this, are cut across time as well.
constexpr int64_t kFewSeries = 8;
constexpr int64_t kLongSeries = 32 * kSegment;
// Results larger than this are not in the second cache when somebody reads them, and are written past the caches.
constexpr int64_t kStreamedBytes = 4 << 20;
constexpr int kMostLanes = 8;
static_assert(sizeof(std::atomic<int32_t>) == sizeof(int32_t));

template <class Real>
struct Rolling {
  const Columns& columns;
  std::span<const RollingRequest> requests;
  const Control& control;
  const Kernels& kernels;
  const int64_t segments = (columns.length + kSegment - 1) / kSegment;

  Real* out(const RollingRequest& request, int64_t s) const { return static_cast<Real*>(request.out) + s * columns.length; }
  bool streams() const { return columns.series * columns.length * static_cast<int64_t>(sizeof(Real)) > kStreamedBytes; }
  int64_t segment_end(int64_t segment) const { return std::min((segment + 1) * kSegment, columns.length); }

  void windows() const;
  void window(const RollingRequest&, int64_t s, int64_t from, int64_t to, double* scratch) const;

  void mend_autocorrelation(const RollingRequest&) const;

  void weighted_averages(const RollingRequest&) const;
  void weighted_averages(const RollingRequest&, int64_t series_from, int64_t series_to) const;

  void averages(const RollingRequest&) const;
  void average(const RollingRequest&, int64_t s) const;
  void segmented_average(const RollingRequest&, int64_t s) const;
  int64_t seed(const RollingRequest&, int64_t s, double& average) const;
  double run(const RollingRequest&, int64_t s, int64_t from, int64_t to, double average, Real* to_out) const;
};

bool is_window(RollingKind kind) {
  return kind != RollingKind::ema && kind != RollingKind::ewm_mean && kind != RollingKind::ewm_var && kind != RollingKind::ewm_std;
}

// Whether no window can have a result.
bool is_empty(const RollingRequest& request, int64_t length) {
  if (request.window > length) return true;
  switch (request.kind) {
    case RollingKind::std:
    case RollingKind::var:
    case RollingKind::zscore:
    case RollingKind::ewm_var:
    case RollingKind::ewm_std: return request.ddof >= request.window;
    case RollingKind::skew: return request.window < 3;
    case RollingKind::kurtosis: return request.window < 4;
    case RollingKind::autocorrelation: return request.parameter > static_cast<double>(request.window - 2);
    default: return false;
  }
}

// All kinds of windows, of all requests in one pass.
template <class Real>
void Rolling<Real>::windows() const {
  int64_t scratch_size = 0, kinds = 0;
  for (const RollingRequest& request : requests) {
    if (!is_window(request.kind)) continue;
    ++kinds;
    if (!is_empty(request, columns.length)) scratch_size = std::max(scratch_size, kernels.rolling_scratch(request));
  }
  if (kinds == 0) return;
  ThreadPool& pool = thread_pool();
  std::vector<Block> scratch(static_cast<size_t>(pool.threads()));
  const int64_t grain = std::max<int64_t>(1, kSegment / 4 / std::max<int64_t>(1, columns.length));
  pool.parallel_for(columns.series * segments, grain, control, [&](int64_t begin, int64_t end, int worker) {
    if (scratch[worker].data() == nullptr && scratch_size > 0)
      scratch[worker] = Block(static_cast<size_t>(scratch_size) * sizeof(double));
    for (int64_t task = begin; task < end; ++task) {
      const int64_t s = task / segments, from = task % segments * kSegment, to = segment_end(task % segments);
      for (const RollingRequest& request : requests)
        if (is_window(request.kind) && !control.cancelled()) window(request, s, from, to, scratch[worker].template as<double>());
      control.done->fetch_add((to - from) * kinds, std::memory_order_relaxed);
    }
  });
}

template <class Real>
void Rolling<Real>::window(const RollingRequest& request, int64_t s, int64_t from, int64_t to, double* scratch) const {
  Real* const values = out(request, s);
  if (is_empty(request, columns.length)) {
    std::fill(values + from, values + to, std::numeric_limits<Real>::quiet_NaN());
    return;
  }
  const RollingRows rows{columns.row(s), columns.length, from, to, streams(), reinterpret_cast<const int32_t*>(control.cancel)};
  if constexpr (sizeof(Real) == sizeof(float)) {
    kernels.rolling_f32(rows, request, values, scratch);
  } else {
    kernels.rolling_f64(rows, request, values, scratch);
  }
}

// Where the lag is longer than the values that it pairs, some rows of a window are in no pair; one that is missing takes
// the window with it all the same.
template <class Real>
void Rolling<Real>::mend_autocorrelation(const RollingRequest& request) const {
  if (is_empty(request, columns.length) || 2 * request.parameter <= static_cast<double>(request.window)) return;
  thread_pool().parallel_for(columns.series, 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t s = begin; s < end; ++s) {
      const double* const x = columns.row(s);
      Real* const values = out(request, s);
      int64_t missing = -request.window;
      for (int64_t t = 0; t < columns.length; ++t) {
        if (std::isnan(x[t])) missing = t;
        if (t - missing < request.window) values[t] = std::numeric_limits<Real>::quiet_NaN();
      }
    }
  });
}

// The exponentially weighted kinds: lanes are series, in groups small enough for every thread to have some.
template <class Real>
void Rolling<Real>::weighted_averages(const RollingRequest& request) const {
  const int64_t threads = thread_pool().threads();
  const int64_t group = std::clamp<int64_t>((columns.series + threads - 1) / threads, 1, kernels.doubles);
  const int64_t groups = (columns.series + group - 1) / group;
  thread_pool().parallel_for(groups, 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t one = begin; one < end; ++one) weighted_averages(request, one * group, std::min((one + 1) * group, columns.series));
  });
}

template <class Real>
void Rolling<Real>::weighted_averages(const RollingRequest& request, int64_t series_from, int64_t series_to) const {
  const auto live = static_cast<int>(series_to - series_from);
  std::array<const double*, kMostLanes> series{};
  std::array<Real*, kMostLanes> values{};
  for (int lane = 0; lane < live; ++lane) {
    series[lane] = columns.row(series_from + lane);
    values[lane] = out(request, series_from + lane);
  }
  std::vector<double> state(static_cast<size_t>(kernels.ewm_state));
  for (int64_t from = 0; from < columns.length && !control.cancelled(); from += kSegment) {
    const int64_t to = std::min(from + kSegment, columns.length);
    if (is_empty(request, columns.length)) {
      for (int lane = 0; lane < live; ++lane) std::fill(values[lane] + from, values[lane] + to, std::numeric_limits<Real>::quiet_NaN());
    } else if constexpr (sizeof(Real) == sizeof(float)) {
      kernels.ewm_f32(series.data(), live, from, to, request, values.data(), state.data());
    } else {
      kernels.ewm_f64(series.data(), live, from, to, request, values.data(), state.data());
    }
    control.done->fetch_add((to - from) * live, std::memory_order_relaxed);
  }
}

template <class Real>
void Rolling<Real>::averages(const RollingRequest& request) const {
  // Decided by the shape alone: the two ways differ in their last bits.
  if (columns.series < kFewSeries && columns.length >= kLongSeries) {
    for (int64_t s = 0; s < columns.series && !control.cancelled(); ++s) segmented_average(request, s);
    return;
  }
  const int64_t grain = std::max<int64_t>(1, kSegment / 4 / std::max<int64_t>(1, columns.length));
  thread_pool().parallel_for(columns.series, grain, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t s = begin; s < end; ++s) average(request, s);
  });
}

template <class Real>
double Rolling<Real>::run(const RollingRequest& request, int64_t s, int64_t from, int64_t to, double average,
                          Real* to_out) const {
  const double alpha = 2 / (static_cast<double>(request.window) + 1);
  Real* const values = to_out == nullptr ? nullptr : to_out + from;
  if constexpr (sizeof(Real) == sizeof(float)) {
    return kernels.ema_f32(columns.row(s) + from, to - from, alpha, average, values);
  } else {
    return kernels.ema_f64(columns.row(s) + from, to - from, alpha, average, values);
  }
}

// Writes the rows up to and with the seed, the mean of the first `window` present values; returns the row after it, or
// the length where there are not that many.
template <class Real>
int64_t Rolling<Real>::seed(const RollingRequest& request, int64_t s, double& average) const {
  const double* const x = columns.row(s);
  Real* const values = out(request, s);
  double sum = 0, rest = 0;  // rest: what rounding took from the sum (Kahan)
  int64_t present = 0;
  for (int64_t t = 0; t < columns.length; ++t) {
    values[t] = std::numeric_limits<Real>::quiet_NaN();
    if (std::isnan(x[t])) continue;
    const double next = x[t] - rest, larger = sum + next;
    rest = (larger - sum) - next;
    sum = larger;
    if (++present < request.window) continue;
    average = sum / static_cast<double>(request.window);
    values[t] = static_cast<Real>(average);
    return t + 1;
  }
  return columns.length;
}

template <class Real>
void Rolling<Real>::average(const RollingRequest& request, int64_t s) const {
  double average = 0;
  int64_t t = seed(request, s, average);
  control.done->fetch_add(t, std::memory_order_relaxed);
  while (t < columns.length && !control.cancelled()) {
    const int64_t to = std::min(t + kSegment, columns.length);
    average = run(request, s, t, to, average, out(request, s));
    control.done->fetch_add(to - t, std::memory_order_relaxed);
    t = to;
  }
}

// A segment maps the average before it to the average after it by y → keep y + end, where end is what it makes of 0
// and keep = (1 - alpha)^present. First all maps, then the averages before each segment, then the values.
template <class Real>
void Rolling<Real>::segmented_average(const RollingRequest& request, int64_t s) const {
  double average = 0;
  const int64_t start = seed(request, s, average);
  control.done->fetch_add(start, std::memory_order_relaxed);
  const int64_t count = (columns.length - start + kSegment - 1) / kSegment;
  const auto from = [&](int64_t segment) { return start + segment * kSegment; };
  const auto to = [&](int64_t segment) { return std::min(start + (segment + 1) * kSegment, columns.length); };
  const double alpha = 2 / (static_cast<double>(request.window) + 1);

  std::vector<double> keep(static_cast<size_t>(count)), end(static_cast<size_t>(count)), before(static_cast<size_t>(count));
  ThreadPool& pool = thread_pool();
  pool.parallel_for(count, 1, control, [&](int64_t first, int64_t last, int) {
    for (int64_t segment = first; segment < last; ++segment) {
      const int64_t rows = to(segment) - from(segment);
      const auto present = static_cast<double>(kernels.extent(columns.row(s) + from(segment), rows).present);
      keep[segment] = alpha < 1 ? std::exp(present * std::log1p(-alpha)) : (present > 0 ? 0 : 1);
      end[segment] = run(request, s, from(segment), to(segment), 0, nullptr);
    }
  });
  for (int64_t segment = 0; segment < count; ++segment) {
    before[segment] = average;
    average = keep[segment] * average + end[segment];
  }
  pool.parallel_for(count, 1, control, [&](int64_t first, int64_t last, int) {
    for (int64_t segment = first; segment < last; ++segment) {
      run(request, s, from(segment), to(segment), before[segment], out(request, s));
      control.done->fetch_add(to(segment) - from(segment), std::memory_order_relaxed);
    }
  });
}

template <class Real>
Status roll(const Columns& columns, std::span<const RollingRequest> requests, const Control& control,
            const Kernels& kernels) {
  // Windows of varying length, and order statistics, have ways of their own.
  std::vector<RollingRequest> full;
  for (const RollingRequest& request : requests) {
    if (control.cancelled()) break;
    if (request.min_periods >= 0) {
      roll_spans<Real>(columns, request, control, kernels);
    } else if (is_order(request.kind)) {
      roll_order<Real>(columns, request, control, kernels);
    } else {
      full.push_back(request);
    }
  }
  const Rolling<Real> rolling{columns, full, control, kernels};
  rolling.windows();
  for (const RollingRequest& request : full) {
    if (control.cancelled()) break;
    if (request.kind == RollingKind::autocorrelation) {
      rolling.mend_autocorrelation(request);
    } else if (request.kind == RollingKind::ema) {
      rolling.averages(request);
    } else if (!is_window(request.kind)) {
      rolling.weighted_averages(request);
    }
  }
  return control.cancelled() ? cancelled("rolling") : Status{};
}

}  // namespace

Status rolling(const Columns& columns, std::span<const RollingRequest> requests, Precision precision,
               const Control& control) {
  return guarded("rolling", [&]() -> Status {
    if (Status arguments = check_rolling(columns, requests); !arguments) return arguments;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("rolling: " + chosen.why_not);
    control.total->store(columns.series * columns.length * static_cast<int64_t>(requests.size()),
                         std::memory_order_relaxed);
    return precision == Precision::f32 ? roll<float>(columns, requests, control, *chosen.kernels)
                                       : roll<double>(columns, requests, control, *chosen.kernels);
  });
}

}  // namespace corrente
