// Rolling statistics on the device: the launcher. The kernels are in rolling_window.cuh and rolling_ema.cuh.
//
// The values go up once, whatever the number of requests. Three streams work at once on three spans of about a million
// values: one is on its way to the device, one in the kernels, one on its way back.
#include <array>
#include <optional>
#include <vector>

#include "../common/status.h"
#include "device.cuh"
#include "memory.cuh"
#include "rolling_ema.cuh"
#include "rolling_window.cuh"
#include "spans.h"
#include "streams.cuh"

namespace corrente {

namespace cuda {

namespace {

constexpr size_t ring = 3;  // spans under way

bool is_long(const RollingRequest& request) {
  switch (request.kind) {
    case RollingKind::mean: return !is_short_window<Mean>(request.window);
    case RollingKind::std: return !is_short_window<SecondMoment>(request.window);
    case RollingKind::min: return !is_short_window<Extreme<true>>(request.window);
    case RollingKind::max: return !is_short_window<Extreme<false>>(request.window);
    case RollingKind::wma: return !is_short_window<LinearlyWeighted>(request.window);
    default: return false;
  }
}

// Kinds that have kernels here, over whole windows of rows.
bool is_computed(const RollingRequest& request) {
  if (request.min_periods >= 0 || request.begins != nullptr) return false;
  switch (request.kind) {
    case RollingKind::mean:
    case RollingKind::std:
    case RollingKind::min:
    case RollingKind::max:
    case RollingKind::wma:
    case RollingKind::ema: return true;
    default: return false;
  }
}

// Where an exponential average stands, series by series of a group.
struct EmaProgress {
  DeviceArray<EmaSeed> seeds;
  DeviceArray<double> next;
};

// What the kernels of one request write to besides the results; reused, because they follow each other in one stream.
struct Scratch {
  DeviceArray<unsigned char> bytes;

  // States of `parts` equal parts, one after the other.
  template <class State>
  State* states(int64_t count, int64_t part) const {
    return reinterpret_cast<State*>(bytes.data()) + part * count;
  }
};

// Of all statistics, the state that takes most.
constexpr size_t largest_state = sizeof(SecondMoment::State);

// Pieces are at least this long, and no block of w values has more than one that is shorter.
constexpr int64_t shortest_piece = window_items<SecondMoment>;

int64_t scratch_bytes(const Span& span, bool any_long) {
  const int64_t tiles = span.series() * divide_up(span.rows(), ema_items);
  // With windows longer than half a piece there are at most two pieces to half a piece of values, and two left over.
  const int64_t pieces = any_long ? span.series() * (4 * divide_up(span.rows(), shortest_piece) + 2) : 0;
  return static_cast<int64_t>(largest_state) * std::max<int64_t>(1, std::max(tiles, 3 * pieces));
}

// One request over one span.
template <class Real>
struct RequestLaunch {
  const RollingRequest& request;
  WindowSpan<Real> span;  // of the series that the span begins with
  int64_t series;
  const Scratch& scratch;
  cudaStream_t stream;

  template <class Statistic>
  void window() const {
    if (span.to <= span.from) return;
    // A window that no row completes: cut as if it were one row longer than the series, so that numbers stay small.
    const int64_t window = std::min(request.window, span.length + 1);
    if (is_short_window<Statistic>(window)) {
      const int64_t rows = short_window_blocks<Statistic>(window) * window;
      const int64_t first = span.from / rows, tiles = divide_up(span.to, rows) - first;
      launch("short windows", short_windows<Statistic, Real>, series * tiles, window_threads, WindowShared<Statistic>::bytes, stream, span, window, request.ddof, first, tiles);
      return;
    }
    using State = typename Statistic::State;
    const LongWindow<Statistic> cut{window, span.length};
    const int64_t count = series * cut.pieces();
    auto* pieces = scratch.template states<State>(count, 0);
    auto* before = scratch.template states<State>(count, 1);
    auto* after = scratch.template states<State>(count, 2);
    constexpr size_t scan_bytes = window_threads / warp_size * (sizeof(Segment<Statistic>) + sizeof(State));
    launch("merging pieces of windows", merge_pieces<Statistic>, count, window_threads, WindowShared<Statistic>::bytes, stream, span.values, cut, pieces);
    launch("scanning pieces of windows", scan_pieces<Statistic>, series * cut.blocks(), window_threads, scan_bytes, stream, cut, pieces, before, after);
    launch("long windows", long_windows<Statistic, Real>, count, window_threads, WindowShared<Statistic>::bytes, stream, span, cut, request.ddof, before, after);
  }

  void ema(EmaSeed* seeds, double* next) const {
    const int64_t tiles = divide_up(span.to - span.from, ema_items), threads = window_threads;
    auto* composed = scratch.template states<Affine::State>(series * tiles, 0);
    constexpr size_t warps = window_threads / warp_size;
    constexpr size_t seed_bytes = warps * (sizeof(Segment<Count>) + sizeof(Sum::State) + sizeof(Count::State));
    constexpr size_t scan_bytes = warps * (sizeof(Segment<Affine>) + sizeof(Affine::State));
    if (span.from == 0) launch("beginning averages", begin_ema, divide_up(series, threads), window_threads, 0, stream, seeds, series);
    launch("finding seeds of averages", find_seed, series, window_threads, seed_bytes, stream, span.values, span.length, span.from, span.to, request.window, seeds);
    launch("composing averages", compose_ema, series * tiles, window_threads, warps * sizeof(Affine::State), stream, span.values, span.length, span.from, span.to,
           request.window, tiles, seeds, composed);
    launch("chaining averages", chain_ema, series, window_threads, scan_bytes, stream, tiles, composed);
    launch("exponential averages", ema_averages<Real>, series * tiles, window_threads, warps * sizeof(Segment<Affine>) + ema_items * sizeof(double), stream, span,
           request.window, tiles, seeds, composed, next);
    launch("advancing averages", advance_ema, divide_up(series, threads), window_threads, 0, stream, seeds, next, series);
  }
};

// One group of series: as many as the device holds at once.
template <class Real>
class Group {
 public:
  Group(const Columns& columns, std::span<const RollingRequest> requests, int64_t series_from, int64_t series_to, int64_t values_per_span)
      : columns_(columns), requests_(requests), series_from_(series_from) {
    const bool any_long = std::any_of(requests.begin(), requests.end(), is_long);
    spans_ = cut_spans(series_from, series_to, columns.length, values_per_span, any_long);
    int64_t largest = 0, scratch = 0;
    for (const Span& span : spans_) {
      largest = std::max(largest, span.values());
      scratch = std::max(scratch, scratch_bytes(span, any_long));
    }
    values_ = DeviceArray<double>((series_to - series_from) * columns.length);
    scratch_.bytes = DeviceArray<unsigned char>(scratch);
    for (auto& slot : results_) {
      for (size_t r = 0; r < requests.size(); r++) slot.emplace_back(largest);
    }
    for (const RollingRequest& request : requests) {
      const int64_t averages = request.kind == RollingKind::ema ? series_to - series_from : 0;
      ema_.push_back({DeviceArray<EmaSeed>(averages), DeviceArray<double>(averages)});
    }
  }

  void run(Lanes& lanes, const Control& control) {
    std::array<Event, ring> uploaded, computed, downloaded;
    for (size_t i = 0; i < spans_.size(); i++) {
      const size_t slot = i % ring;
      if (i >= ring) finish(spans_[i - ring], downloaded[slot], control);
      stop_if_cancelled(control);
      const Span& span = spans_[i];
      const int64_t first = flat(span.series_from, span.from);
      lanes.uploader.upload(values_.data() + first - flat(series_from_, 0), columns_, first, first + span.values(), lanes.to_device, control);
      uploaded[slot].record(lanes.to_device);
      uploaded[slot].hold_back(lanes.compute);
      for (size_t r = 0; r < requests_.size(); r++) compute(span, r, slot, lanes.compute);
      computed[slot].record(lanes.compute);
      computed[slot].hold_back(lanes.to_host);
      for (size_t r = 0; r < requests_.size(); r++) {
        Real* to = static_cast<Real*>(requests_[r].out) + first;
        check(cudaMemcpyAsync(to, results_[slot][r].data(), sizeof(Real) * static_cast<size_t>(span.values()), cudaMemcpyDeviceToHost, lanes.to_host), "copying results from the device");
      }
      downloaded[slot].record(lanes.to_host);
    }
    const size_t left = std::min(ring, spans_.size());
    for (size_t i = spans_.size() - left; i < spans_.size(); i++) finish(spans_[i], downloaded[i % ring], control);
  }

 private:
  int64_t flat(int64_t series, int64_t row) const { return series * columns_.length + row; }

  void compute(const Span& span, size_t r, size_t slot, cudaStream_t stream) {
    const RollingRequest& request = requests_[r];
    const int64_t series = span.series_from - series_from_;
    const double* values = values_.data() + series * columns_.length;
    const RequestLaunch<Real> launch{request, {values, columns_.length, span.from, span.to, results_[slot][r].data()}, span.series(), scratch_, stream};
    switch (request.kind) {
      case RollingKind::mean: return launch.template window<Mean>();
      case RollingKind::std: return launch.template window<SecondMoment>();
      case RollingKind::min: return launch.template window<Extreme<true>>();
      case RollingKind::max: return launch.template window<Extreme<false>>();
      case RollingKind::wma: return launch.template window<LinearlyWeighted>();
      case RollingKind::ema: return launch.ema(ema_[r].seeds.data() + series, ema_[r].next.data() + series);
      default: throw Failure{Code::unsupported, "the cuda engine has no kernels for this kind"};
    }
  }

  void finish(const Span& span, const Event& downloaded, const Control& control) {
    downloaded.wait();
    control.done->fetch_add(span.values() * static_cast<int64_t>(requests_.size()));
  }

  const Columns& columns_;
  std::span<const RollingRequest> requests_;
  int64_t series_from_;
  std::vector<Span> spans_;
  DeviceArray<double> values_;
  Scratch scratch_;
  std::array<std::vector<DeviceArray<Real>>, ring> results_;
  std::vector<EmaProgress> ema_;
};

// How many series and requests are taken at a time: their values and three spans' results fit half of what is free.
struct Batch {
  int64_t series, requests, span_values;
};

Batch batch_for(const Columns& columns, std::span<const RollingRequest> requests, int64_t real_bytes) {
  const int64_t share = free_device_bytes() / 4;
  // With many requests the spans are shorter, so that their results take no more of the device.
  const int64_t values = std::max<int64_t>(shortest_span_values, span_values / std::max<int64_t>(1, static_cast<int64_t>(requests.size()) / 8));
  const bool any_long = std::any_of(requests.begin(), requests.end(), is_long);
  const int64_t span = std::max(values, any_long ? columns.length : 0);
  return {std::max<int64_t>(1, share / (columns.length * static_cast<int64_t>(sizeof(double)))),
          std::max<int64_t>(1, share / (static_cast<int64_t>(ring) * span * real_bytes)), values / ema_items * ema_items};
}

template <class Real>
void run_groups(const Columns& columns, std::span<const RollingRequest> requests, const Control& control) {
  const Batch batch = batch_for(columns, requests, sizeof(Real));
  for (int64_t from = 0; from < columns.series; from += batch.series) {
    for (size_t first = 0; first < requests.size(); first += static_cast<size_t>(batch.requests)) {
      const auto some = requests.subspan(first, std::min(requests.size() - first, static_cast<size_t>(batch.requests)));
      Group<Real> group(columns, some, from, std::min(columns.series, from + batch.series), batch.span_values);
      const BorrowedLanes lanes;
      group.run(*lanes, control);
    }
  }
}

}  // namespace

}  // namespace cuda

Status rolling(const Columns& columns, std::span<const RollingRequest> requests, Precision precision, const Control& control) {
  if (Status arguments = check_rolling(columns, requests); !arguments) return arguments;
  if (!std::all_of(requests.begin(), requests.end(), cuda::is_computed))
    return unsupported("rolling: the cuda engine computes mean, std, min, max, wma and ema, of whole windows of rows");
  return cuda::guarded("rolling", [&] {
    cuda::stop_if_cancelled(control);
    control.total->store(std::max<int64_t>(1, columns.series * columns.length * static_cast<int64_t>(requests.size())));
    if (columns.series == 0 || columns.length == 0 || requests.empty()) return;
    cuda::use_device();
    if (precision == Precision::f64) {
      cuda::run_groups<double>(columns, requests, control);
    } else {
      cuda::run_groups<float>(columns, requests, control);
    }
  });
}

}  // namespace corrente
