// Correlation on the device: the session of every method. A rectangle is computed by correlation_tile.cuh and goes where
// tile_destination.cuh takes it; what the kernels do stands in pearson_prepare.cuh, pearson_complete.cuh and
// pearson_masked.cuh, and for methods that walk pairs in series_order.cuh, spearman.cuh, kendall.cuh and distance.cuh.
#include "correlation_tile.cuh"

#include <mutex>

#include "../common/status.h"

namespace corrente {

namespace cuda {

namespace {

// Work of a tile, in pairs of panels and chunks of rows.
int64_t work_of(const Rectangle& rectangle, int64_t rows, bool upper) {
  int64_t pairs = 0;
  for (const Band& band : plan_bands(rectangle, panel_series, panels_per_band, upper)) pairs += static_cast<int64_t>(band.pairs.size());
  return pairs * std::max<int64_t>(1, divide_up(rows, chunk_rows));
}

PanelContent content_of(CorrelationMethod method) {
  const bool by_pair = method == CorrelationMethod::kendall || method == CorrelationMethod::distance;
  return {method == CorrelationMethod::spearman || method == CorrelationMethod::kendall, by_pair};
}

// The first pairs that the strongest are sought among are few, so that there is a threshold before most cross the bus.
std::vector<Rectangle> from_few_to_many(const Rectangle& all, const PairSelection& selection) {
  constexpr int64_t few_rows = panel_series, few_cols = 8 * panel_series;
  const int64_t row = std::min(all.row_to, (all.row_from / few_rows + 1) * few_rows);
  const int64_t col = std::min(all.col_to, (std::max(all.row_from, all.col_from) / few_rows + 1) * few_rows + few_cols);
  if (selection.top < 0 || row == all.row_to || col >= all.col_to) return {all};
  return {{all.row_from, row, all.col_from, col}, {all.row_from, row, col, all.col_to}, {row, all.row_to, all.col_from, all.col_to}};
}

class DeviceSession final : public CorrelationSession {
 public:
  DeviceSession(const Columns& columns, const CorrelationRequest& request, Precision precision, const Control& control)
      : columns_(columns), request_(request), precision_(precision), store_(columns, precision, content_of(request.method), control) {}

  bool complete() const override { return store_.complete(); }

  Status tile(const Rectangle& rectangle, void* r, int32_t* n, const Control& control) override {
    if (Status range = check_tile(columns_, rectangle); !range) return range;
    return guarded("correlation tile", [&] {
      begin(rectangle, false, control);
      if (rectangle.empty()) return;
      if (n != nullptr && store_.complete()) std::fill_n(n, rectangle.rows() * rectangle.cols(), static_cast<int32_t>(columns_.length));
      if (precision_ == Precision::f64) {
        HostTile<double> host(r, n, rectangle);
        run<double>({rectangle}, host, control);
      } else {
        HostTile<float> host(r, n, rectangle);
        run<float>({rectangle}, host, control);
      }
    });
  }

  Status strongest(const Rectangle& rectangle, const PairSelection& selection, std::vector<SelectedPair>& pairs, const Control& control) override {
    if (Status range = check_tile(columns_, rectangle); !range) return range;
    return guarded("strongest pairs", [&] {
      begin(rectangle, true, control);
      pairs.clear();
      if (rectangle.empty() || selection.top == 0) return;
      const std::vector<Rectangle> parts = from_few_to_many(rectangle, selection);
      if (precision_ == Precision::f64) {
        StrongestTile<double> strongest(selection, columns_.length);
        run<double>(parts, strongest, control);
        pairs = strongest.pairs();
      } else {
        StrongestTile<float> strongest(selection, columns_.length);
        run<float>(parts, strongest, control);
        pairs = strongest.pairs();
      }
    });
  }

 private:
  void begin(const Rectangle& rectangle, bool upper, const Control& control) const {
    stop_if_cancelled(control);
    control.total->store(std::max<int64_t>(1, work_of(rectangle, columns_.length, upper)));
  }

  template <class Real>
  void run(const std::vector<Rectangle>& parts, TileDestination<Real>& destination, const Control& control) {
    use_device();
    // One tile at a time: they share the slots of the panels.
    std::lock_guard lock(mutex_);
    const BorrowedLanes lanes;
    for (const Rectangle& part : parts) {
      if constexpr (sizeof(Real) == sizeof(float)) {
        if (store_.floats()) {
          TileRun<float, float>(store_, columns_, request_, destination, *lanes, control).run(part);
          continue;
        }
      }
      TileRun<double, Real>(store_, columns_, request_, destination, *lanes, control).run(part);
    }
    // Parts of a tile that did not fit at once may share pairs.
    control.done->store(control.total->load());
  }

  const Columns columns_;
  const CorrelationRequest request_;
  const Precision precision_;
  PanelStore store_;
  std::mutex mutex_;
};

}  // namespace

}  // namespace cuda

Status open_correlation(const Columns& columns, const CorrelationRequest& request, Precision precision, const Control& control,
                        std::unique_ptr<CorrelationSession>& session) {
  if (Status shape = check_columns("correlation", columns); !shape) return shape;
  if (request.ddof < 0) return invalid("correlation: ddof is " + std::to_string(request.ddof) + ", expected at least 0");
  return cuda::guarded("correlation", [&] {
    cuda::stop_if_cancelled(control);
    control.total->store(std::max<int64_t>(1, columns.series * columns.length));
    cuda::use_device();
    session = std::make_unique<cuda::DeviceSession>(columns, request, precision, control);
  });
}

}  // namespace corrente
