// Rolling statistics on the device: the launcher. Whole windows of means, sums, spreads, extremes and linear weights are
// scanned (rolling_window.cuh), so are exponential averages (rolling_ema.cuh); the other families have launchers of their
// own (rolling_run.cuh).
//
// The values go up once, whatever the number of requests. Three streams work at once on three spans of about a million
// values: one is on its way to the device, one in the kernels, one on its way back.
#include <array>
#include <vector>

#include "../common/status.h"
#include "device.cuh"
#include "memory.cuh"
#include "rolling_ema.cuh"
#include "rolling_run.cuh"
#include "spans.h"

namespace corrente {

namespace cuda {

namespace {

constexpr size_t ring = 3;  // spans under way

enum class Family { scan, ema, ewm, tree, order, weighted };

Family family_of(const RollingRequest& request) {
  switch (request.kind) {
    case RollingKind::ema: return Family::ema;
    case RollingKind::ewm_mean:
    case RollingKind::ewm_var:
    case RollingKind::ewm_std: return Family::ewm;
    case RollingKind::median:
    case RollingKind::quantile:
    case RollingKind::rank: return Family::order;
    case RollingKind::weighted: return Family::weighted;
    case RollingKind::skew:
    case RollingKind::kurtosis:
    case RollingKind::autocorrelation: return Family::tree;
    default: return request.min_periods < 0 ? Family::scan : Family::tree;
  }
}

// Whether some rows of a window are in no pair of its autocorrelation, though one that is missing takes the window with
// it all the same.
bool leaves_rows_unpaired(const RollingRequest& request) {
  return request.kind == RollingKind::autocorrelation && 2 * request.parameter > static_cast<double>(request.window);
}

bool is_long_scan(const RollingRequest& request) {
  switch (request.kind) {
    case RollingKind::min:
    case RollingKind::max: return !is_short_window<Extreme<true>>(request.window);
    case RollingKind::wma: return !is_short_window<LinearlyWeighted>(request.window);
    case RollingKind::var:
    case RollingKind::std:
    case RollingKind::zscore: return !is_short_window<SecondMoment>(request.window);
    default: return !is_short_window<Sum>(request.window);
  }
}

// Rows of the longest window.
int64_t reach_of(const RollingRequest& request, int64_t length) {
  if (request.begins == nullptr) return std::min(request.window, length);
  int64_t reach = 1;
  for (int64_t t = 0; t < length; t++) reach = std::max(reach, t - request.begins[t] + 1);
  return reach;
}

// A request with what is the same for every span.
struct Prepared {
  const RollingRequest* request;
  Family family;
  int64_t reach;
  bool whole_series;  // its spans are not cut

  Prepared(const RollingRequest& one, int64_t length) : request(&one), family(family_of(one)), reach(reach_of(one, length)) {
    whole_series = family == Family::scan ? is_long_scan(one) : family == Family::tree && (reach > shortest_span_values || (leaves_rows_unpaired(one) && is_long_scan(one)));
  }
};

// Where the exponential averages of one request stand, series by series of a group.
struct Progress {
  DeviceArray<EmaSeed> seeds;
  DeviceArray<double> next;
  DeviceArray<unsigned char> ewm;
};

// What one request reads besides the values.
struct Tables {
  DeviceArray<double> weights;
  const int32_t* begins = nullptr;
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

// Of the statistics that are scanned, the state that takes most.
constexpr int64_t largest_state = sizeof(SecondMoment::State);

// Pieces are at least this long, and no block of w values has more than one that is shorter.
constexpr int64_t shortest_piece = window_items<SecondMoment>;

int64_t scratch_bytes(const Span& span, const Prepared& prepared, bool whole_series) {
  // With windows longer than half a piece there are at most two pieces to half a piece of values, and two left over.
  const int64_t long_windows = whole_series ? 3 * largest_state * span.series() * (4 * divide_up(span.rows(), shortest_piece) + 2) : 0;
  switch (prepared.family) {
    case Family::ema: return largest_state * span.series() * divide_up(span.rows(), ema_items);
    case Family::ewm: return ewm_bytes(span.series(), span.rows());
    case Family::scan: return long_windows;
    // Pairs are mended by a scan.
    case Family::tree: return std::max(long_windows, tree_bytes(span.series(), span.from, span.to, prepared.reach));
    default: return 0;
  }
}

// One scanned request over one span.
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
  Group(const Columns& columns, std::span<const Prepared> requests, int64_t series_from, int64_t series_to, int64_t values_per_span)
      : columns_(columns), requests_(requests), series_from_(series_from) {
    const bool whole_series = std::any_of(requests.begin(), requests.end(), [](const Prepared& one) { return one.whole_series; });
    spans_ = cut_spans(series_from, series_to, columns.length, values_per_span, whole_series);
    int64_t largest = 0, scratch = 1;
    for (const Span& span : spans_) {
      largest = std::max(largest, span.values());
      for (const Prepared& one : requests) scratch = std::max(scratch, scratch_bytes(span, one, whole_series));
    }
    const int64_t series = series_to - series_from;
    values_ = DeviceArray<double>(series * columns.length);
    scratch_.bytes = DeviceArray<unsigned char>(scratch);
    for (auto& slot : results_) {
      for (size_t r = 0; r < requests.size(); r++) slot.emplace_back(largest);
    }
    for (const Prepared& one : requests) {
      const int64_t averages = one.family == Family::ema ? series : 0, weighted = one.family == Family::ewm ? series : 0;
      progress_.push_back({DeviceArray<EmaSeed>(averages), DeviceArray<double>(averages), DeviceArray<unsigned char>(weighted * ewm_progress_bytes)});
    }
  }

  void run(Lanes& lanes, const Control& control) {
    std::array<Event, ring> uploaded, computed, downloaded;
    Pace pace(control);
    bring_tables(lanes.compute);
    for (size_t i = 0; i < spans_.size(); i++) {
      const size_t slot = i % ring;
      if (i >= ring) finish(spans_[i - ring], downloaded[slot], control);
      stop_if_cancelled(control);
      const Span& span = spans_[i];
      const int64_t first = flat(span.series_from, span.from);
      lanes.uploader.upload(values_.data() + first - flat(series_from_, 0), columns_, first, first + span.values(), lanes.to_device, control);
      uploaded[slot].record(lanes.to_device);
      uploaded[slot].hold_back(lanes.compute);
      for (size_t r = 0; r < requests_.size(); r++) compute(span, r, slot, lanes.compute, pace);
      computed[slot].record(lanes.compute);
      computed[slot].hold_back(lanes.to_host);
      for (size_t r = 0; r < requests_.size(); r++) {
        Real* to = static_cast<Real*>(requests_[r].request->out) + first;
        check(cudaMemcpyAsync(to, results_[slot][r].data(), sizeof(Real) * static_cast<size_t>(span.values()), cudaMemcpyDeviceToHost, lanes.to_host), "copying results from the device");
      }
      downloaded[slot].record(lanes.to_host);
    }
    const size_t left = std::min(ring, spans_.size());
    for (size_t i = spans_.size() - left; i < spans_.size(); i++) finish(spans_[i], downloaded[i % ring], control);
  }

 private:
  int64_t flat(int64_t series, int64_t row) const { return series * columns_.length + row; }

  // Several requests may have windows that begin at the same rows: those are brought once.
  void bring_tables(cudaStream_t stream) {
    std::vector<const int32_t*> sources;
    for (const Prepared& one : requests_) {
      Tables tables;
      if (one.family == Family::weighted && one.request->window <= columns_.length) {
        tables.weights = DeviceArray<double>(one.request->window);
        check(cudaMemcpyAsync(tables.weights.data(), one.request->weights, tables.weights.bytes(), cudaMemcpyHostToDevice, stream), "copying weights to the device");
      }
      if (const int32_t* const begins = one.request->begins; begins != nullptr) {
        const auto known = std::find(sources.begin(), sources.end(), begins);
        const auto place = static_cast<size_t>(known - sources.begin());
        if (known == sources.end()) {
          sources.push_back(begins);
          begins_.emplace_back(columns_.length);
          check(cudaMemcpyAsync(begins_.back().data(), begins, begins_.back().bytes(), cudaMemcpyHostToDevice, stream), "copying windows to the device");
        }
        tables.begins = begins_[place].data();
      }
      tables_.push_back(std::move(tables));
    }
  }

  void compute(const Span& span, size_t r, size_t slot, cudaStream_t stream, Pace& pace) {
    const Prepared& prepared = requests_[r];
    const RollingRequest& request = *prepared.request;
    const int64_t series = span.series_from - series_from_;
    const WindowSpan<Real> window{values_.data() + series * columns_.length, columns_.length, span.from, span.to, results_[slot][r].data()};
    const double least = request.min_periods < 0 ? static_cast<double>(request.window) : static_cast<double>(std::max<int64_t>(1, request.min_periods));
    const WindowRows rows{tables_[r].begins, request.window, least};
    const RollingRun<Real> run{request, window, span.series(), rows, prepared.reach, tables_[r].weights.data(), scratch_.bytes.data(), stream, pace};
    const RequestLaunch<Real> scans{request, window, span.series(), scratch_, stream};
    switch (prepared.family) {
      case Family::scan: return scan(scans);
      case Family::ema: return scans.ema(progress_[r].seeds.data() + series, progress_[r].next.data() + series);
      case Family::ewm: return roll_ewm(run, progress_[r].ewm.data() + series * ewm_progress_bytes);
      case Family::order: return roll_order(run);
      case Family::weighted: return roll_weighted(run);
      case Family::tree:
        roll_tree(run);
        if (leaves_rows_unpaired(request)) mend(scans);
    }
  }

  static void scan(const RequestLaunch<Real>& launch) {
    switch (launch.request.kind) {
      case RollingKind::mean: return launch.template window<Mean>();
      case RollingKind::sum: return launch.template window<Total>();
      case RollingKind::var: return launch.template window<Variance>();
      case RollingKind::std: return launch.template window<Deviation>();
      case RollingKind::zscore: return launch.template window<Score>();
      case RollingKind::min: return launch.template window<Extreme<true>>();
      case RollingKind::max: return launch.template window<Extreme<false>>();
      case RollingKind::wma: return launch.template window<LinearlyWeighted>();
      default: throw Failure{Code::invalid, "a kind that is not scanned"};
    }
  }

  // Takes the windows away that have a missing value: the sum of such a window is missing.
  static void mend(RequestLaunch<Real> launch) {
    launch.span.only_missing = true;
    launch.template window<Total>();
  }

  void finish(const Span& span, const Event& downloaded, const Control& control) {
    downloaded.wait();
    control.done->fetch_add(span.values() * static_cast<int64_t>(requests_.size()));
  }

  const Columns& columns_;
  std::span<const Prepared> requests_;
  int64_t series_from_;
  std::vector<Span> spans_;
  DeviceArray<double> values_;
  Scratch scratch_;
  std::array<std::vector<DeviceArray<Real>>, ring> results_;
  std::vector<Progress> progress_;
  std::vector<DeviceArray<int32_t>> begins_;
  std::vector<Tables> tables_;
};

// How many series and requests are taken at a time: their values and three spans' results fit half of what is free.
struct Batch {
  int64_t series, requests, span_values;
};

Batch batch_for(const Columns& columns, std::span<const Prepared> requests, int64_t real_bytes) {
  const int64_t share = free_device_bytes() / 4;
  // With many requests the spans are shorter, so that their results take no more of the device.
  const int64_t values = std::max<int64_t>(shortest_span_values, span_values / std::max<int64_t>(1, static_cast<int64_t>(requests.size()) / 8));
  const bool whole_series = std::any_of(requests.begin(), requests.end(), [](const Prepared& one) { return one.whole_series; });
  const int64_t span = std::max(values, whole_series ? columns.length : 0);
  return {std::max<int64_t>(1, share / (columns.length * static_cast<int64_t>(sizeof(double)))),
          std::max<int64_t>(1, share / (static_cast<int64_t>(ring) * span * real_bytes)), values / ema_items * ema_items};
}

template <class Real>
void run_groups(const Columns& columns, std::span<const RollingRequest> requests, const Control& control) {
  std::vector<Prepared> prepared;
  for (const RollingRequest& request : requests) prepared.emplace_back(request, columns.length);
  const std::span<const Prepared> all(prepared);
  const Batch batch = batch_for(columns, all, sizeof(Real));
  for (int64_t from = 0; from < columns.series; from += batch.series) {
    for (size_t first = 0; first < all.size(); first += static_cast<size_t>(batch.requests)) {
      const auto some = all.subspan(first, std::min(all.size() - first, static_cast<size_t>(batch.requests)));
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
