#include "rolling_correlation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../common/check_pairs.h"
#include "../common/status.h"
#include "isa.h"
#include "threads.h"

namespace corrente {

namespace {

// Groups of windows that make one task.
constexpr int64_t kTaskGroups = 32;
// Windows under decaying weights that are handed over at a time.
constexpr int64_t kDecayWindows = 128;
// Values within these bounds have squares, and products of squares, that are normal numbers: they keep their scale, and
// a huge one takes no digits from windows it is not in.
constexpr double kLeastUnscaled = 1e-60, kMostUnscaled = 1e60;

double* of_size(Block& block, int64_t doubles) {
  const auto bytes = static_cast<size_t>(doubles) * sizeof(double);
  if (block.bytes() < bytes) block = Block(bytes);
  return block.as<double>();
}

int64_t windows_of_group(const RollingCorrelationRequest& request) {
  return request.window > 0 ? (request.window - 1) / request.step + 1 : 1;
}

}  // namespace

CpuRollingCorrelation::CpuRollingCorrelation(const Columns& columns, const RollingCorrelationRequest& request,
                                             Precision precision, const Kernels& kernels)
    : columns_(columns),
      request_(request),
      precision_(precision),
      kernels_(kernels),
      windows_(count_windows(columns, request)),
      group_windows_(windows_of_group(request)),
      groups_((windows_ + group_windows_ - 1) / group_windows_),
      scales_(static_cast<size_t>(columns.series), 1) {}

// The seam is the last row of the first window, so that the group is as large as it can be.
WindowGroup CpuRollingCorrelation::group(int64_t index) const {
  const int64_t first = index * group_windows_, begin = first * request_.step;
  return {begin, begin + request_.window - 1, request_.step, std::min(group_windows_, windows_ - first)};
}

bool CpuRollingCorrelation::prepare(const Control& control) {
  if (windows_ == 0 || columns_.series == 0 || never()) return true;
  control.total->store(2 * columns_.series, std::memory_order_relaxed);
  std::vector<char> gaps(static_cast<size_t>(columns_.series));
  thread_pool().parallel_for(columns_.series, 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t s = begin; s < end; ++s) gaps[s] = survey(s);
    control.done->fetch_add(end - begin, std::memory_order_relaxed);
  });
  if (control.cancelled()) return false;

  panels_ = SeriesPanels(gaps, lanes());
  const auto doubles = [&](int64_t count) { return Block(static_cast<size_t>(count) * sizeof(double)); };
  values_ = doubles(panels_.slots() * columns_.length);
  if (request_.window > 0) {
    statistics_ = doubles(panels_.gap_slot * windows_ * kWindowStatistics);
  } else {
    deviations_ = doubles(panels_.gap_slot * columns_.length);
    inverses_ = doubles(panels_.gap_slot * columns_.length);
  }
  thread_pool().parallel_for(panels_.panels(), 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t panel = begin; panel < end; ++panel) prepare_panel(panel);
    control.done->fetch_add((end - begin) * lanes(), std::memory_order_relaxed);
  });
  return !control.cancelled();
}

// Sets the scale; whether the series has gaps.
bool CpuRollingCorrelation::survey(int64_t s) {
  const Extent extent = kernels_.extent(columns_.row(s), columns_.length);
  if (extent.present > 0) {
    const double largest = std::max(std::fabs(extent.least), std::fabs(extent.most));
    if (largest < kLeastUnscaled || largest > kMostUnscaled) scales_[s] = unit_scale(extent.least, extent.most);
  }
  return extent.present < columns_.length;
}

void CpuRollingCorrelation::prepare_panel(int64_t panel) {
  const RollingCorrelationKernels& kernels = kernels_.rolling_correlation;
  const double* rows[kMostLanes];
  double scales[kMostLanes];
  for (int64_t lane = 0; lane < lanes(); ++lane) {
    const int64_t s = std::max<int64_t>(0, panels_.series[panel * lanes() + lane]);
    rows[lane] = columns_.row(s);
    scales[lane] = scales_[s];
  }
  const int64_t packed = columns_.length * lanes();
  double* const x = values_.as<double>() + panel * packed;
  kernels.pack(rows, scales, columns_.length, x);
  if (panels_.has_gaps(panel * lanes())) return;
  if (request_.window > 0) {
    for (int64_t i = 0; i < groups_; ++i)
      kernels.statistics(x, group(i), statistics_.as<double>() + (panel * windows_ + i * group_windows_) * kWindowStatistics * lanes());
  } else {
    kernels.decay(x, columns_.length, 1 - request_.alpha, deviations_.as<double>() + panel * packed, inverses_.as<double>() + panel * packed);
  }
}

Status CpuRollingCorrelation::tile(const Rectangle& tile, void* r, const Control& control) {
  return guarded("rolling correlation tile", [&]() -> Status {
    if (Status range = check_rectangle("rolling correlation tile", columns_, tile); !range) return range;
    const int64_t values = tile.rows() * tile.cols() * windows_;
    if (never()) {
      if (precision_ == Precision::f32) std::fill_n(static_cast<float*>(r), values, std::numeric_limits<float>::quiet_NaN());
      else std::fill_n(static_cast<double*>(r), values, std::numeric_limits<double>::quiet_NaN());
      return {};
    }
    if (values == 0) return {};
    const std::vector<Slice> slices = panels_.slices(tile, kernels_.rolling_correlation.a_slice);
    const int64_t parts = request_.window > 0 ? (groups_ + kTaskGroups - 1) / kTaskGroups : 1;
    const int64_t tasks = static_cast<int64_t>(slices.size()) * parts;
    control.total->store(tasks, std::memory_order_relaxed);

    const Output out{tile, r};
    ThreadPool& pool = thread_pool();
    std::vector<Scratch> scratch(static_cast<size_t>(pool.threads()));
    pool.parallel_for(tasks, 1, control, [&](int64_t begin, int64_t end, int worker) {
      for (int64_t task = begin; task < end; ++task) {
        const Slice& slice = slices[task / parts];
        const int64_t from = task % parts * kTaskGroups, to = std::min(from + kTaskGroups, groups_);
        if (request_.window == 0) correlate_decaying(slice, out, scratch[worker], control);
        else if (gaps(slice)) correlate_gaps(slice, from, to, out, scratch[worker], control);
        else correlate(slice, from, to, out, scratch[worker], control);
        control.done->fetch_add(1, std::memory_order_relaxed);
      }
    });
    return control.cancelled() ? cancelled("rolling correlation tile") : Status{};
  });
}

void CpuRollingCorrelation::correlate(const Slice& slice, int64_t from, int64_t to, const Output& out, Scratch& scratch,
                                      const Control& control) const {
  double* const r = of_size(scratch.r, slice.count * group_windows_ * lanes());
  const int64_t panel_a = slice.a / lanes();
  for (int64_t i = from; i < to && !control.cancelled(); ++i) {
    const WindowGroup windows = group(i);
    const int64_t first = i * group_windows_;
    kernels_.rolling_correlation.correlate(values(panel_a), static_cast<int>(slice.a % lanes()), static_cast<int>(slice.count),
                                           values(slice.b), windows, statistics(panel_a, first), statistics(slice.b, first), r);
    for (int64_t j = 0; j < slice.count; ++j)
      put(out, slice.a + j, slice.b, r + j * windows.windows * lanes(), first, windows.windows);
  }
}

void CpuRollingCorrelation::correlate_gaps(const Slice& slice, int64_t from, int64_t to, const Output& out,
                                           Scratch& scratch, const Control& control) const {
  double* const r = of_size(scratch.r, group_windows_ * lanes());
  double* const sums = of_size(scratch.sums, 5 * group_windows_ * lanes());
  for (int64_t i = from; i < to; ++i) {
    const WindowGroup windows = group(i);
    for (int64_t a = slice.a; a < slice.a + slice.count && !control.cancelled(); ++a) {
      const bool weak = kernels_.rolling_correlation.correlate_gaps(values(a / lanes()), static_cast<int>(a % lanes()), values(slice.b),
                                                                    windows, static_cast<double>(request_.min_periods), sums, r);
      for (int64_t window = 0; weak && window < windows.windows; ++window)
        for (int64_t lane = 0; lane < lanes(); ++lane) {
          double& value = r[window * lanes() + lane];
          const int64_t slot = slice.b * lanes() + lane, b = panels_.series[slot];
          if (value == kWindowToBeSummed && slot >= a && b >= 0)
            value = exact(panels_.series[a], b, windows.begin + window * windows.step);
        }
      put(out, a, slice.b, r, i * group_windows_, windows.windows);
    }
  }
}

// Of a window that begins at a row and has enough rows in common.
double CpuRollingCorrelation::exact(int64_t a, int64_t b, int64_t begin) const {
  const Standard of_a{scales_[a], 0, 0, 1}, of_b{scales_[b], 0, 0, 1};
  const PairMoments m = kernels_.pair_moments(columns_.row(a) + begin, of_a, columns_.row(b) + begin, of_b, request_.window);
  if (m.constant) return std::nan("");
  return std::clamp(m.xy / (std::sqrt(m.xx) * std::sqrt(m.yy)), -1.0, 1.0);
}

void CpuRollingCorrelation::correlate_decaying(const Slice& slice, const Output& out, Scratch& scratch, const Control& control) const {
  const RollingCorrelationKernels& kernels = kernels_.rolling_correlation;
  const bool with_gaps = gaps(slice);
  const double decay = 1 - request_.alpha;
  const int64_t state = (with_gaps ? static_cast<int64_t>(kDecayStates) : 1) * lanes();
  double* const sums = of_size(scratch.sums, slice.count * state);
  std::fill_n(sums, slice.count * state, 0);
  const int64_t most = std::min(kDecayWindows, windows_);
  double* const r = of_size(scratch.r, slice.count * most * lanes());
  double latest[kMostLanes * kMostLanes];
  const int64_t panel_a = slice.a / lanes();
  const auto lane = static_cast<int>(slice.a % lanes());

  int64_t row = 0;
  for (int64_t first = 0; first < windows_ && !control.cancelled(); first += most) {
    const int64_t count = std::min(most, windows_ - first);
    for (int64_t window = 0; window < count; ++window) {
      const int64_t end = first_window_end(request_) + (first + window) * request_.step;
      if (with_gaps) {
        for (int64_t j = 0; j < slice.count; ++j) {
          kernels.add_decaying_gaps(values(panel_a), lane + static_cast<int>(j), values(slice.b), row, end + 1, decay, sums + j * state);
          kernels.decayed_gaps(sums + j * state, static_cast<double>(request_.min_periods), latest + j * lanes());
        }
      } else {
        kernels.add_decaying(deviations(panel_a), lane, static_cast<int>(slice.count), deviations(slice.b), row, end + 1, decay, sums);
        kernels.decayed(sums, static_cast<int>(slice.count), inverses(panel_a) + end * lanes(), lane, inverses(slice.b) + end * lanes(), latest);
      }
      row = end + 1;
      for (int64_t j = 0; j < slice.count; ++j)
        std::copy_n(latest + j * lanes(), lanes(), r + (j * most + window) * lanes());
    }
    for (int64_t j = 0; j < slice.count; ++j) put(out, slice.a + j, slice.b, r + j * most * lanes(), first, count);
  }
}

void CpuRollingCorrelation::put(const Output& out, int64_t a, int64_t panel, double* r, int64_t first, int64_t windows) const {
  if (a / lanes() == panel)
    for (int64_t window = 0; window < windows; ++window) {
      double& self = r[window * lanes() + a % lanes()];
      if (!std::isnan(self)) self = 1;
    }
  if (precision_ == Precision::f32) {
    spread<float>(out, a, panel, r, first, windows);
  } else {
    spread<double>(out, a, panel, r, first, windows);
  }
}

template <class Real>
void CpuRollingCorrelation::spread(const Output& out, int64_t a, int64_t panel, const double* r, int64_t first, int64_t windows) const {
  Real *there[kMostLanes] = {}, *back[kMostLanes] = {};
  bool some_there = false, some_back = false;
  const auto place = [&](int64_t row, int64_t col) -> Real* {
    const Rectangle& tile = out.tile;
    if (row < tile.row_from || row >= tile.row_to || col < tile.col_from || col >= tile.col_to) return nullptr;
    return static_cast<Real*>(out.r) + ((row - tile.row_from) * tile.cols() + col - tile.col_from) * windows_ + first;
  };
  for (int64_t lane = 0; lane < lanes(); ++lane) {
    const int64_t slot = panel * lanes() + lane, b = panels_.series[slot];
    if (b < 0 || slot < a) continue;
    there[lane] = place(panels_.series[a], b);
    if (slot != a) back[lane] = place(b, panels_.series[a]);
    some_there = some_there || there[lane] != nullptr;
    some_back = some_back || back[lane] != nullptr;
  }
  const auto run = [&](Real* const* rows) {
    if constexpr (sizeof(Real) == sizeof(float)) kernels_.rolling_correlation.spread_f32(r, windows, rows);
    else kernels_.rolling_correlation.spread_f64(r, windows, rows);
  };
  if (some_there) run(there);
  if (some_back) run(back);
}

Status open_rolling_correlation(const Columns& columns, const RollingCorrelationRequest& request, Precision precision,
                                const Control& control, std::unique_ptr<RollingCorrelationSession>& session) {
  return guarded("rolling correlation", [&]() -> Status {
    if (Status arguments = check_rolling_correlation(columns, request); !arguments) return arguments;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("rolling correlation: " + chosen.why_not);
    auto opened = std::make_unique<CpuRollingCorrelation>(columns, request, precision, *chosen.kernels);
    if (!opened->prepare(control)) return cancelled("rolling correlation");
    session = std::move(opened);
    return {};
  });
}

}  // namespace corrente
