// Indicators: series are taken by as many as a vector has lanes, and dealt out to the threads in such groups. Of each
// group, the rows where the inputs are present are gathered into tiles that stay in the cache, all indicators that read
// the same rows run over a tile, and what they give is put back to where the rows came from.
//
// A single series takes one lane of a vector; only its indicators are then dealt out to the threads.
#include <algorithm>
#include <limits>
#include <vector>

#include "../common/block_pool.h"
#include "../common/indicator_shapes.h"
#include "../common/status.h"
#include "indicators.h"
#include "isa.h"
#include "threads.h"

namespace corrente {

namespace {

constexpr int kMostLanes = 8;
constexpr int64_t kTileRows = kIndicatorTileRows;
// Outputs of more than this are in no cache when they are read again: they are written past the caches.
constexpr int64_t kCached = int64_t{16} << 20;

const IndicatorKernels* kernels_of(const Kernels& chosen) {
#if defined(__x86_64__)
  if (&chosen == &avx512::kernels) return &avx512::indicator_kernels;
  if (&chosen == &avx2::kernels) return &avx2::indicator_kernels;
#endif
  return &baseline::indicator_kernels;
}

// A request with what is the same for every series.
struct Prepared {
  const IndicatorRequest* request;
  const IndicatorKernel* kernel;
  indicator::Parameters parameters;
  std::vector<double> table;
  int64_t memory;  // in vectors
};

// Indicators that are computed over the same rows: those where all of `blocks` are present.
struct Rows {
  std::vector<int32_t> blocks;     // ascending
  std::vector<size_t> requests;
};

std::vector<Prepared> prepare(std::span<const IndicatorRequest> requests, const IndicatorKernels& kernels) {
  std::vector<Prepared> prepared;
  for (const IndicatorRequest& request : requests) {
    const auto* const kernel = std::find_if(kernels.all, kernels.all + kernels.count, [&](const IndicatorKernel& one) { return request.name == one.name; });
    Prepared& one = prepared.emplace_back(Prepared{&request, kernel, indicator_parameters(request), {}, 0});
    one.table.resize(static_cast<size_t>(kernel->table_size(one.parameters)));
    kernel->fill(one.parameters, one.table.data());
    one.parameters.table = one.table.data();
    one.memory = kernel->memory(one.parameters);
  }
  return prepared;
}

// What the requests [from, to) of the prepared ones read, rows by rows.
std::vector<Rows> rows_of(std::span<const Prepared> prepared, size_t from, size_t to) {
  std::vector<Rows> all;
  for (size_t r = from; r < to; ++r) {
    std::vector<int32_t> blocks = prepared[r].request->inputs;
    std::sort(blocks.begin(), blocks.end());
    blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
    const auto same = std::find_if(all.begin(), all.end(), [&](const Rows& rows) { return rows.blocks == blocks; });
    if (same == all.end()) {
      all.push_back({blocks, {r}});
    } else {
      same->requests.push_back(r);
    }
  }
  return all;
}

// Everything that the sets of rows read.
Rows merged(std::span<const Rows> all) {
  Rows whole;
  for (const Rows& rows : all) {
    whole.blocks.insert(whole.blocks.end(), rows.blocks.begin(), rows.blocks.end());
    whole.requests.insert(whole.requests.end(), rows.requests.begin(), rows.requests.end());
  }
  std::sort(whole.blocks.begin(), whole.blocks.end());
  whole.blocks.erase(std::unique(whole.blocks.begin(), whole.blocks.end()), whole.blocks.end());
  return whole;
}

// The next rows of one series where all inputs are present.
struct Cursor {
  bool complete;  // no row is missing
  int64_t next = 0;
  int64_t count = 0;
  bool together = true;  // the rows lie side by side, from `first` on
  int64_t first = 0;
  int64_t rows[kTileRows];
};

// What one thread works in.
struct Workplace {
  Block memory;
  std::vector<int64_t> memory_at, state_at;  // of each request, in doubles
  std::vector<double*> tiles;                // of each block
  double* out[indicator::kMostOutputs];
  Cursor cursors[kMostLanes];

  Workplace(std::span<const Prepared> prepared, size_t blocks, int lanes) {
    int64_t doubles = 0;
    const auto take = [&](int64_t count) {
      const int64_t at = doubles;
      doubles += (count + 7) / 8 * 8;  // whole cache lines
      return at;
    };
    for (const Prepared& one : prepared) {
      memory_at.push_back(take(one.memory * lanes));
      state_at.push_back(take((one.kernel->state_bytes + 7) / 8));
    }
    const int64_t tiles_at = take((static_cast<int64_t>(blocks) + indicator::kMostOutputs) * kTileRows * lanes);
    memory = Block(static_cast<size_t>(doubles) * sizeof(double));
    double* const base = memory.as<double>();
    for (size_t i = 0; i < blocks + indicator::kMostOutputs; ++i) {
      double* const tile = base + tiles_at + static_cast<int64_t>(i) * kTileRows * lanes;
      if (i < blocks) {
        tiles.push_back(tile);
      } else {
        out[i - blocks] = tile;
      }
    }
  }
};

template <class Real>
struct Indicators {
  std::span<const Columns> blocks;
  std::span<const Prepared> prepared;
  const IndicatorKernels& kernels;
  const Control& control;
  const bool past_caches;
  const int64_t series = blocks[0].series, length = blocks[0].length;

  void group(int64_t first, std::span<const Rows>, Workplace&) const;
  void pass(int64_t first, int count, const Rows&, Workplace&) const;
  bool same_rows(int64_t s, std::span<const int32_t> of) const;
  void advance(int64_t s, std::span<const int32_t> of, Cursor&) const;
  void gather(int64_t first, int count, int32_t block, int64_t rows, Workplace&) const;
  void scatter(int64_t first, int count, void* out, const double* tile, const Workplace&) const;
};

// Whether these blocks are missing in the same rows of a series, if in any.
template <class Real>
bool Indicators<Real>::same_rows(int64_t s, std::span<const int32_t> of) const {
  int64_t fewest = length;
  bool alike = true;
  for (size_t i = 0; i < of.size(); ++i) {
    const int64_t present = kernels.count_present(blocks[of[i]].row(s), length);
    alike = alike && (i == 0 || present == fewest);
    fewest = std::min(fewest, present);
  }
  if (fewest == length || !alike) return alike;
  int64_t common = 0;
  for (int64_t t = 0; t < length; ++t)
    common += std::all_of(of.begin(), of.end(), [&](int32_t b) { return blocks[b].row(s)[t] == blocks[b].row(s)[t]; });
  return common == fewest;
}

template <class Real>
void Indicators<Real>::group(int64_t first, std::span<const Rows> rows, Workplace& place) const {
  const int count = static_cast<int>(std::min<int64_t>(kernels.lanes, series - first));
  const Rows whole = merged(rows);
  bool alike = rows.size() == 1;
  if (!alike) {
    alike = true;
    for (int i = 0; i < count && alike; ++i) alike = same_rows(first + i, whole.blocks);
  }
  // Where the same rows are present in all blocks, each is gathered once for all indicators.
  if (alike) return pass(first, count, whole, place);
  for (const Rows& one : rows) pass(first, count, one, place);
}

template <class Real>
void Indicators<Real>::advance(int64_t s, std::span<const int32_t> of, Cursor& cursor) const {
  cursor.first = cursor.next;
  cursor.together = true;
  if (cursor.complete) {
    cursor.count = std::min(kTileRows, length - cursor.next);
    cursor.next += cursor.count;
    return;
  }
  cursor.count = 0;
  for (; cursor.next < length && cursor.count < kTileRows; ++cursor.next) {
    const int64_t t = cursor.next;
    if (std::all_of(of.begin(), of.end(), [&](int32_t b) { return blocks[b].row(s)[t] == blocks[b].row(s)[t]; })) cursor.rows[cursor.count++] = t;
  }
  if (cursor.count == 0) return;
  cursor.first = cursor.rows[0];
  cursor.together = cursor.rows[cursor.count - 1] - cursor.rows[0] == cursor.count - 1;
}

template <class Real>
void Indicators<Real>::pass(int64_t first, int count, const Rows& rows, Workplace& place) const {
  for (int i = 0; i < count; ++i) {
    Cursor& cursor = place.cursors[i];
    cursor.next = 0;
    cursor.complete = std::all_of(rows.blocks.begin(), rows.blocks.end(), [&](int32_t b) { return kernels.count_present(blocks[b].row(first + i), length) == length; });
    if (cursor.complete) continue;
    for (const size_t r : rows.requests)
      for (void* const out : prepared[r].request->out) {
        Real* const values = static_cast<Real*>(out) + (first + i) * length;
        std::fill(values, values + length, std::numeric_limits<Real>::quiet_NaN());
      }
  }
  double* const base = place.memory.as<double>();
  for (const size_t r : rows.requests) prepared[r].kernel->begin(prepared[r].parameters, base + place.memory_at[r], base + place.state_at[r]);

  const auto per_row = static_cast<int64_t>(rows.requests.size()) * count;
  int64_t done = 0;
  while (!control.cancelled()) {
    int64_t most = 0;
    for (int i = 0; i < count; ++i) {
      advance(first + i, rows.blocks, place.cursors[i]);
      most = std::max(most, place.cursors[i].count);
    }
    if (most == 0) break;
    for (const int32_t b : rows.blocks) gather(first, count, b, most, place);
    for (const size_t r : rows.requests) {
      const IndicatorRequest& request = *prepared[r].request;
      const double* in[indicator::kMostInputs];
      for (size_t i = 0; i < request.inputs.size(); ++i) in[i] = place.tiles[request.inputs[i]];
      prepared[r].kernel->run(base + place.state_at[r], in, most, place.out);
      for (size_t i = 0; i < request.out.size(); ++i) scatter(first, count, request.out[i], place.out[i], place);
    }
    control.done->fetch_add(most * per_row, std::memory_order_relaxed);
    done += most;
  }
  control.done->fetch_add((length - done) * per_row, std::memory_order_relaxed);
}

// Lanes without a series, and rows beyond a series' last, hold what no one reads.
template <class Real>
void Indicators<Real>::gather(int64_t first, int count, int32_t block, int64_t rows, Workplace& place) const {
  const int lanes = kernels.lanes;
  double* const tile = place.tiles[block];
  const double* series_at[kMostLanes];
  int64_t together = rows;
  for (int i = 0; i < lanes; ++i) {
    const int lane = i < count ? i : 0;
    const Cursor& cursor = place.cursors[lane];
    together = cursor.together ? std::min(together, cursor.count) : 0;
    series_at[i] = blocks[block].row(first + lane) + cursor.first;
    if (together == 0) break;
  }
  if (together > 0) kernels.gather(series_at, together, tile);
  if (together == rows) return;
  for (int i = 0; i < lanes; ++i) {
    const Cursor& cursor = place.cursors[i < count ? i : 0];
    const double* const x = blocks[block].row(first + (i < count ? i : 0));
    for (int64_t t = together; t < rows; ++t) tile[t * lanes + i] = t < cursor.count ? x[cursor.complete ? cursor.first + t : cursor.rows[t]] : 1;
  }
}

template <class Real>
void Indicators<Real>::scatter(int64_t first, int count, void* out, const double* tile, const Workplace& place) const {
  const int lanes = kernels.lanes;
  Real* const values = static_cast<Real*>(out);
  Real* series_at[kMostLanes];
  int64_t together = count == lanes ? kTileRows : 0;
  for (int i = 0; i < count && together > 0; ++i) {
    const Cursor& cursor = place.cursors[i];
    together = cursor.together ? std::min(together, cursor.count) : 0;
    series_at[i] = values + (first + i) * length + cursor.first;
  }
  if (together > 0) {
    if constexpr (sizeof(Real) == sizeof(float)) {
      kernels.scatter_f32(tile, together, series_at, past_caches);
    } else {
      kernels.scatter_f64(tile, together, series_at, past_caches);
    }
  }
  for (int i = 0; i < count; ++i) {
    const Cursor& cursor = place.cursors[i];
    Real* const to = values + (first + i) * length;
    for (int64_t t = together; t < cursor.count; ++t) to[cursor.complete ? cursor.first + t : cursor.rows[t]] = static_cast<Real>(tile[t * lanes + i]);
  }
}

template <class Real>
void compute(std::span<const Columns> blocks, std::span<const IndicatorRequest> requests, const Control& control, const IndicatorKernels& kernels) {
  const std::vector<Prepared> prepared = prepare(requests, kernels);
  int64_t output_bytes = 0;
  for (const IndicatorRequest& request : requests)
    output_bytes += static_cast<int64_t>(request.out.size() * sizeof(Real)) * blocks[0].series * blocks[0].length;
  const Indicators<Real> indicators{blocks, prepared, kernels, control, output_bytes > kCached};
  ThreadPool& pool = thread_pool();

  // With few series, the indicators of a group are dealt out one by one.
  const int64_t groups = (indicators.series + kernels.lanes - 1) / kernels.lanes;
  const int64_t parts = groups >= 4 * pool.threads() ? 1 : static_cast<int64_t>(requests.size());
  std::vector<std::vector<Rows>> rows;
  for (int64_t part = 0; part < parts; ++part) {
    const auto from = static_cast<size_t>(part);
    rows.push_back(parts == 1 ? rows_of(prepared, 0, prepared.size()) : rows_of(prepared, from, from + 1));
  }
  std::vector<std::unique_ptr<Workplace>> places(static_cast<size_t>(pool.threads()));
  pool.parallel_for(groups * parts, 1, control, [&](int64_t begin, int64_t end, int worker) {
    auto& place = places[static_cast<size_t>(worker)];
    if (place == nullptr) place = std::make_unique<Workplace>(prepared, blocks.size(), kernels.lanes);
    for (int64_t task = begin; task < end; ++task) indicators.group(task / parts * kernels.lanes, rows[static_cast<size_t>(task % parts)], *place);
    if (indicators.past_caches) kernels.fence();
  });
}

}  // namespace

Status indicators(std::span<const Columns> blocks, std::span<const IndicatorRequest> requests, Precision precision, const Control& control) {
  return guarded("indicators", [&]() -> Status {
    if (Status arguments = check_indicators(blocks, requests); !arguments) return arguments;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("indicators: " + chosen.why_not);
    if (requests.empty() || blocks[0].series == 0 || blocks[0].length == 0) return {};
    control.total->store(blocks[0].series * blocks[0].length * static_cast<int64_t>(requests.size()), std::memory_order_relaxed);
    const IndicatorKernels& kernels = *kernels_of(*chosen.kernels);
    if (precision == Precision::f32) {
      compute<float>(blocks, requests, control, kernels);
    } else {
      compute<double>(blocks, requests, control, kernels);
    }
    return control.cancelled() ? cancelled("indicators") : Status{};
  });
}

}  // namespace corrente
