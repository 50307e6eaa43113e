// Indicators on the device: the launcher. The kernels are in indicators.cuh.
//
// Series come in spans, as rolling statistics' do: one span is on its way to the device, one in the kernels, one on its
// way back. A series that the device cannot hold comes in stretches of rows, and its indicators take up where the
// stretch before left them.
#include <array>
#include <vector>

#include "../common/indicator_shapes.h"
#include "../common/status.h"
#include "device.cuh"
#include "indicators.cuh"
#include "memory.cuh"
#include "spans.h"
#include "streams.cuh"

namespace corrente {

namespace cuda {

namespace {

constexpr size_t ring = 3;  // spans under way
constexpr size_t side_streams = 8;
#ifdef CORRENTE_EMULATED
constexpr int64_t most_span_values = 1024;
#else
constexpr int64_t most_span_values = 1 << 23;  // of one block; the fewer, the fewer threads there are
#endif

// An indicator as the launcher knows it.
struct DeviceIndicator {
  const char* name;
  int64_t state_bytes;
  int64_t (*table_size)(const indicator::Parameters&);
  void (*fill)(const indicator::Parameters&, double*);
  int64_t (*memory)(const indicator::Parameters&);  // places of one series
  void (*launch)(const IndicatorRun&, cudaStream_t);
};

template <class Indicator>
DeviceIndicator device_indicator() {
  DeviceIndicator one{};
  one.name = Indicator::name;
  one.state_bytes = sizeof(Indicator);
  one.table_size = [](const indicator::Parameters& parameters) -> int64_t {
    if constexpr (requires { Indicator::table_size(parameters); }) return Indicator::table_size(parameters);
    return 0;
  };
  one.fill = [](const indicator::Parameters& parameters, double* table) {
    if constexpr (requires { Indicator::fill(parameters, table); }) Indicator::fill(parameters, table);
  };
  one.memory = [](const indicator::Parameters& parameters) {
    indicator::Arena<SeriesMachine> arena({nullptr, 0});
    const Indicator indicator(parameters, arena);
    return arena.taken();
  };
  one.launch = [](const IndicatorRun& run, cudaStream_t stream) {
    launch("indicators", walk_indicator<Indicator>, divide_up(run.series, indicator_threads), indicator_threads, 0, stream, run);
  };
  return one;
}

const std::vector<DeviceIndicator>& device_indicators() {
  static const auto* const all = [] {
    auto* const list = new std::vector<DeviceIndicator>;
    indicator::for_each_indicator<SeriesMachine>([&]<class Indicator>() { list->push_back(device_indicator<Indicator>()); });
    return list;
  }();
  return *all;
}

// A request with what is the same for every span.
struct Prepared {
  const IndicatorRequest* request;
  const DeviceIndicator* indicator;
  indicator::Parameters parameters;
  std::vector<double> table;
  int64_t places;  // of memory, for each series
};

std::vector<Prepared> prepare(std::span<const IndicatorRequest> requests) {
  std::vector<Prepared> prepared;
  for (const IndicatorRequest& request : requests) {
    const auto& all = device_indicators();
    const auto one = std::find_if(all.begin(), all.end(), [&](const DeviceIndicator& known) { return request.name == known.name; });
    Prepared ready{&request, &*one, indicator_parameters(request), {}, 0};
    ready.table.resize(static_cast<size_t>(one->table_size(ready.parameters)));
    one->fill(ready.parameters, ready.table.data());
    ready.places = one->memory(ready.parameters);
    prepared.push_back(std::move(ready));
  }
  return prepared;
}

// Blocks that some request reads, ascending.
std::vector<int32_t> blocks_read(std::span<const IndicatorRequest> requests) {
  std::vector<int32_t> blocks;
  for (const IndicatorRequest& request : requests) blocks.insert(blocks.end(), request.inputs.begin(), request.inputs.end());
  std::sort(blocks.begin(), blocks.end());
  blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
  return blocks;
}

// How much of a block is taken at a time: so many series, or so many rows of one.
struct Portion {
  int64_t series, rows;
};

// What all spans under way hold is within half of what is free.
Portion portion_for(const Columns& shape, std::span<const Prepared> requests, size_t blocks, size_t real_bytes) {
  size_t outputs = 0;
  int64_t kept = 0;
  for (const Prepared& one : requests) {
    outputs += one.request->out.size();
    kept += one.places * static_cast<int64_t>(sizeof(double)) + one.indicator->state_bytes;
  }
  const auto per_value = static_cast<int64_t>(sizeof(double) * (blocks * (ring + 1) + outputs) + real_bytes * outputs * ring);
  const int64_t budget = free_device_bytes() / 2;
  const int64_t fitting = std::min(budget / (shape.length * per_value + kept), std::max<int64_t>(1, most_span_values / shape.length));
  if (fitting >= 1) return {std::min(fitting, shape.series), shape.length};
  return {1, std::clamp<int64_t>((budget - kept) / per_value, std::min<int64_t>(shape.length, 256), shape.length)};
}

template <class Real>
class IndicatorSpans {
 public:
  IndicatorSpans(std::span<const Columns> blocks, std::span<const IndicatorRequest> requests)
      : columns_(blocks), prepared_(prepare(requests)), read_(blocks_read(requests)) {
    const Portion portion = portion_for(blocks[0], prepared_, read_.size(), sizeof(Real));
    spans_ = cut_spans(0, shape().series, shape().length, portion.series * portion.rows, false);
    int64_t values = 0, series = 0;
    for (const Span& span : spans_) {
      values = std::max(values, span.values());
      series = std::max(series, span.series());
    }
    for (size_t b = 0; b < read_.size(); b++) {
      turned_.emplace_back(values);
      for (auto& slot : raw_) slot.emplace_back(values);
    }
    for (const Prepared& one : prepared_) {
      tables_.emplace_back(static_cast<int64_t>(std::max<size_t>(1, one.table.size())));
      memory_.emplace_back(std::max<int64_t>(1, one.places * series));
      states_.emplace_back(one.indicator->state_bytes * series);
      first_output_.push_back(walked_.size());
      for (size_t o = 0; o < one.request->out.size(); o++) {
        walked_.emplace_back(values);
        for (auto& slot : results_) slot.emplace_back(values);
      }
    }
  }

  void run(Lanes& lanes, const Control& control) {
    // Declared here: what leaves this scope early waits for the streams before the arrays go back to the pool.
    struct Ended {
      std::array<Stream, side_streams>& streams;
      ~Ended() {
        for (Stream& stream : streams) cudaStreamSynchronize(stream);
      }
    } ended{side_};
    for (size_t r = 0; r < prepared_.size(); r++) {
      const std::vector<double>& table = prepared_[r].table;
      prepared_[r].parameters.table = tables_[r].data();
      if (!table.empty())
        check(cudaMemcpyAsync(tables_[r].data(), table.data(), sizeof(double) * table.size(), cudaMemcpyHostToDevice, lanes.compute), "copying weights to the device");
    }
    std::array<Event, ring> uploaded, turned, computed, downloaded;
    for (size_t i = 0; i < spans_.size(); i++) {
      const size_t slot = i % ring;
      if (i >= ring) finish(spans_[i - ring], downloaded[slot], control);
      stop_if_cancelled(control);
      const Span& span = spans_[i];
      const int64_t first = span.series_from * shape().length + span.from;
      for (size_t b = 0; b < read_.size(); b++)
        lanes.uploader.upload(raw_[slot][b].data(), columns_[static_cast<size_t>(read_[b])], first, first + span.values(), lanes.to_device, control);
      uploaded[slot].record(lanes.to_device);
      uploaded[slot].hold_back(lanes.compute);
      for (size_t b = 0; b < read_.size(); b++) turn_over(raw_[slot][b].data(), span.series(), span.rows(), turned_[b].data(), lanes.compute);
      turned[slot].record(lanes.compute);
      walk(span, turned[slot], lanes.compute);
      for (size_t o = 0; o < walked_.size(); o++) turn_over(walked_[o].data(), span.rows(), span.series(), results_[slot][o].data(), lanes.compute);
      computed[slot].record(lanes.compute);
      computed[slot].hold_back(lanes.to_host);
      download(span, slot, first, lanes.to_host);
      downloaded[slot].record(lanes.to_host);
    }
    const size_t left = std::min(ring, spans_.size());
    for (size_t i = spans_.size() - left; i < spans_.size(); i++) finish(spans_[i], downloaded[i % ring], control);
  }

 private:
  const Columns& shape() const { return columns_[0]; }

  template <class To>
  static void turn_over(const double* from, int64_t rows, int64_t columns, To* to, cudaStream_t stream) {
    launch("turning blocks over", turn<To>, divide_up(rows, turn_side) * divide_up(columns, turn_side), turn_threads, turn_bytes, stream, from, rows, columns, to);
  }

  // All requests, side by side; `compute` goes on when all are through.
  void walk(const Span& span, const Event& turned, cudaStream_t compute) {
    const size_t streams = std::min(side_streams, prepared_.size());
    for (size_t r = 0; r < prepared_.size(); r++) {
      if (r < streams) turned.hold_back(side_[r]);
      const Prepared& one = prepared_[r];
      IndicatorRun run{one.parameters, {}, {}, memory_[r].data(), states_[r].data(), span.series(), span.rows(), span.from == 0};
      for (size_t i = 0; i < one.request->inputs.size(); i++) {
        const auto place = std::lower_bound(read_.begin(), read_.end(), one.request->inputs[i]) - read_.begin();
        run.in[i] = turned_[static_cast<size_t>(place)].data();
      }
      for (size_t o = 0; o < one.request->out.size(); o++) run.out[o] = walked_[first_output_[r] + o].data();
      one.indicator->launch(run, side_[r % streams]);
    }
    for (size_t s = 0; s < streams; s++) {
      walked_through_[s].record(side_[s]);
      walked_through_[s].hold_back(compute);
    }
  }

  void download(const Span& span, size_t slot, int64_t first, cudaStream_t stream) {
    for (size_t r = 0; r < prepared_.size(); r++) {
      const auto& out = prepared_[r].request->out;
      for (size_t o = 0; o < out.size(); o++)
        check(cudaMemcpyAsync(static_cast<Real*>(out[o]) + first, results_[slot][first_output_[r] + o].data(), sizeof(Real) * static_cast<size_t>(span.values()), cudaMemcpyDeviceToHost, stream),
              "copying results from the device");
    }
  }

  void finish(const Span& span, const Event& downloaded, const Control& control) {
    downloaded.wait();
    control.done->fetch_add(span.values() * static_cast<int64_t>(prepared_.size()));
  }

  std::span<const Columns> columns_;
  std::vector<Prepared> prepared_;
  std::vector<int32_t> read_;
  std::vector<Span> spans_;
  std::array<std::vector<DeviceArray<double>>, ring> raw_;    // [series × rows] of each block that is read
  std::vector<DeviceArray<double>> turned_;                   // [rows × series]
  std::vector<DeviceArray<double>> tables_, memory_;          // of each request
  std::vector<DeviceArray<unsigned char>> states_;
  std::vector<size_t> first_output_;
  std::vector<DeviceArray<double>> walked_;                   // of each output, [rows × series]
  std::array<std::vector<DeviceArray<Real>>, ring> results_;  // [series × rows]
  std::array<Stream, side_streams> side_;
  std::array<Event, side_streams> walked_through_;
};

template <class Real>
void run_spans(std::span<const Columns> blocks, std::span<const IndicatorRequest> requests, const Control& control) {
  IndicatorSpans<Real> spans(blocks, requests);
  const BorrowedLanes lanes;
  spans.run(*lanes, control);
}

}  // namespace

}  // namespace cuda

Status indicators(std::span<const Columns> blocks, std::span<const IndicatorRequest> requests, Precision precision, const Control& control) {
  if (Status arguments = check_indicators(blocks, requests); !arguments) return arguments;
  return cuda::guarded("indicators", [&] {
    cuda::stop_if_cancelled(control);
    if (requests.empty()) return;
    control.total->store(std::max<int64_t>(1, blocks[0].series * blocks[0].length * static_cast<int64_t>(requests.size())));
    if (blocks[0].series == 0 || blocks[0].length == 0) return;
    cuda::use_device();
    if (precision == Precision::f64) {
      cuda::run_spans<double>(blocks, requests, control);
    } else {
      cuda::run_spans<float>(blocks, requests, control);
    }
  });
}

}  // namespace corrente
