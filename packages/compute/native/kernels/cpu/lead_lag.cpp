// Opening a lead-lag session: what is done once for each series.
#include "lead_lag.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../common/check_pairs.h"
#include "../common/status.h"
#include "isa.h"
#include "threads.h"

namespace corrente {

namespace {

// Coefficients are rounded to multiples of 2^-44 or, under float32, 2^-24: above what a transform's rounding leaves.
constexpr double kLift = 384, kLiftSingle = 402653184;

// A sum of squares about the mean over common rows keeps 13 digits above this share of the norm of all squares.
constexpr double kWeakSquares = 1.0 / 256;

// What a value costs beside another: a point that is multiplied for each chunk, and a point that passes a stage of radix 4
// (half of one of radix 2, and so on). Estimates, from counting multiply-adds and loads of a vector. On AVX-512 cores that
// had other work too, a stage took 1.5 to 2.5 ns, and a product 1 ns while the spectra lay in the second cache and 3 ns
// beyond: the proportion is between those, and a choice by it seldom far from the best. Other numbers here choose other
// transforms, which round otherwise: they would be another version of the engine.
constexpr double kMultiplyCost = 5, kStageCost = 6;

double transform_cost(int64_t points) {
  return kStageCost * static_cast<double>(points) * std::log2(static_cast<double>(points) + 1) / 2;
}

int64_t useful_lags(const Columns& columns, const LeadLagRequest& request) {
  return std::max<int64_t>(-1, std::min(request.max_lag, columns.length - request.min_periods));
}

}  // namespace

LagTransform choose_transform(int64_t rows, int64_t lags, int64_t series) {
  LagTransform best{1, 1, 0};
  if (lags < 0) return best;
  double least = 0;
  const auto offer = [&](int64_t points) {
    // All rows in one chunk need a place for the lags on one side only: what is missing there meets zeros.
    const bool whole = 2 * points >= rows + lags;
    const int64_t chunk = whole ? rows : 2 * (points - lags);
    if (chunk < 1) return whole;
    const int64_t chunks = (rows + chunk - 1) / chunk;
    const double forward = transform_cost(points) * static_cast<double>(chunks) * (whole ? 1 : 2);
    const double cost = kMultiplyCost * static_cast<double>(points * chunks) + transform_cost(points) +
                        2 * forward / static_cast<double>(std::max<int64_t>(1, series));
    if (best.chunks == 0 || cost < least) {
      best = {points, chunk, chunks};
      least = cost;
    }
    return whole;
  };
  for (const int64_t odd : {1, 3, 5, 9, 15})
    for (int64_t points = odd; !offer(points); points *= 2) {
    }
  return best;
}

CpuLeadLag::CpuLeadLag(const Columns& columns, const LeadLagRequest& request, Precision precision, const Kernels& kernels)
    : columns_(columns),
      request_(request),
      precision_(precision),
      kernels_(kernels),
      lags_(useful_lags(columns, request)),
      lift_(precision == Precision::f32 ? kLiftSingle : kLift),
      transform_(choose_transform(columns.length, lags_, columns.series)),
      fft_(transform_.points),
      series_(static_cast<size_t>(columns.series)) {}

bool CpuLeadLag::prepare(const Control& control) {
  // Standardising, and then overlaps and transforms, which count as much as they take next to it, by and large.
  control.total->store(3 * columns_.series, std::memory_order_relaxed);
  std::vector<char> gaps(static_cast<size_t>(columns_.series));
  thread_pool().parallel_for(columns_.series, 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t s = begin; s < end; ++s) gaps[s] = standardise(s);
    control.done->fetch_add(end - begin, std::memory_order_relaxed);
  });
  if (control.cancelled()) return false;
  panels_ = SeriesPanels(gaps, lanes());
  if (panels_.gap_slot < panels_.slots()) channels_ = kChannels;
  if (lags_ < 0 || columns_.series == 0) return true;

  overlaps_ = Block(static_cast<size_t>(panels_.gap_slot * (lags_ + 1) * kOverlaps) * sizeof(double));
  thread_pool().parallel_for(panels_.gap_slot, 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t slot = begin; slot < end; ++slot) put_overlaps(slot);
    control.done->fetch_add(end - begin, std::memory_order_relaxed);
  });
  // A pair of which one has gaps needs this of the other as well.
  if (channels_ > 1)
    thread_pool().parallel_for(columns_.series, 1, control, [&](int64_t begin, int64_t end, int) {
      for (int64_t s = begin; s < end; ++s) put_weak(s);
    });
  return transform_panels(control);
}

// Whether the series has gaps.
bool CpuLeadLag::standardise(int64_t s) {
  const Extent extent = kernels_.extent(columns_.row(s), columns_.length);
  Series& series = series_[s];
  const bool gaps = extent.present < columns_.length;
  series.constant = !(extent.least < extent.most);
  if (series.constant) {
    series.standard = {1, 0, 0, 0};
    return gaps;
  }
  Standard& standard = series.standard;
  standard.scale = unit_scale(extent.least, extent.most);
  kernels_.standardise(columns_.row(s), columns_.length, extent.present, standard);
  return gaps;
}

// What rounding leaves of a sum of squares over common rows grows with the norm of all squares.
void CpuLeadLag::put_weak(int64_t s) {
  const Standard& standard = series_[s].standard;
  const double* const x = columns_.row(s);
  double fourth = 0;
  for (int64_t t = 0; t < columns_.length; ++t) {
    const double z = (x[t] * standard.scale - standard.mean - standard.shift) * standard.gain;
    if (!std::isnan(z)) fourth += z * z * z * z;
  }
  series_[s].weak = std::sqrt(fourth * static_cast<double>(columns_.length)) * kWeakSquares;
}

void CpuLeadLag::panel_rows(int64_t panel, const double** rows, Standard* standards) const {
  for (int64_t lane = 0; lane < lanes(); ++lane) {
    const int64_t s = panels_.series[panel * lanes() + lane];
    rows[lane] = columns_.row(std::max<int64_t>(0, s));
    standards[lane] = s < 0 ? Standard{0, 0, 0, 0} : series_[s].standard;
  }
}

bool CpuLeadLag::transform_panels(const Control& control) {
  const int64_t panels = panels_.panels();
  const auto bytes = static_cast<size_t>(panels * spectrum()) * sizeof(double);
  for (int64_t channel = 0; channel < channels_; ++channel) {
    spectra_a_[channel] = Block(bytes);
    if (transform_.chunks > 1) spectra_b_[channel] = Block(bytes);
  }
  ThreadPool& pool = thread_pool();
  std::vector<Block> scratch(static_cast<size_t>(pool.threads()));
  const int64_t tasks = panels * channels_ * transform_.chunks;
  std::atomic<int64_t> done = 0;
  pool.parallel_for(tasks, 1, control, [&](int64_t begin, int64_t end, int worker) {
    for (int64_t task = begin; task < end; ++task) {
      const int64_t part = task % (channels_ * transform_.chunks);
      transform_chunk(task / (channels_ * transform_.chunks), static_cast<Channel>(part / transform_.chunks),
                      part % transform_.chunks, scratch[worker]);
      const int64_t before = done.fetch_add(1, std::memory_order_relaxed);
      control.done->fetch_add(columns_.series * (before + 1) / tasks - columns_.series * before / tasks,
                              std::memory_order_relaxed);
    }
  });
  return !control.cancelled();
}

void CpuLeadLag::transform_chunk(int64_t panel, Channel channel, int64_t chunk, Block& scratch) {
  const auto bytes = static_cast<size_t>(size() * lanes()) * sizeof(double);
  if (scratch.bytes() < bytes) scratch = Block(bytes);
  auto* const points = scratch.as<double>();
  const double* rows[kMostLanes];
  Standard standards[kMostLanes];
  panel_rows(panel, rows, standards);

  const LeadLagKernels& kernels = kernels_.lead_lag;
  const int64_t begin = chunk * transform_.chunk_rows;
  const auto run = [&](int64_t from, int64_t to, Block& out) {
    from = std::max<int64_t>(0, from);
    to = std::min(to, columns_.length);
    std::memset(points, 0, bytes);
    // Rows before the chunk stand at the end: a transform is a circle.
    if (from < begin) kernels.load(rows, standards, channel, from, begin, size() + from - begin, fft_.plan(), points);
    kernels.load(rows, standards, channel, begin, to, 0, fft_.plan(), points);
    kernels.transform(fft_.plan(), points);
    kernels.split(fft_.plan(), points, out.as<double>() + panel * spectrum() + chunk * 2 * lanes(), transform_.chunks * 2 * lanes());
  };
  const int64_t end = begin + transform_.chunk_rows;
  run(begin, end, spectra_a_[channel]);
  if (transform_.chunks > 1) run(begin - lags_, end + lags_, spectra_b_[channel]);
}

Status open_lead_lag(const Columns& columns, const LeadLagRequest& request, Precision precision, const Control& control,
                     std::unique_ptr<LeadLagSession>& session) {
  return guarded("lead-lag", [&]() -> Status {
    if (Status arguments = check_lead_lag(columns, request); !arguments) return arguments;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("lead-lag: " + chosen.why_not);
    auto opened = std::make_unique<CpuLeadLag>(columns, request, precision, *chosen.kernels);
    if (!opened->prepare(control)) return cancelled("lead-lag");
    session = std::move(opened);
    return {};
  });
}

}  // namespace corrente
