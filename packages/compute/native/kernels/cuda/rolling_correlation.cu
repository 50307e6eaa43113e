// Rolling and exponentially weighted correlation on the device: the session. The kernels are in rolling_correlation.cuh.
#include "rolling_correlation.cuh"

#include <mutex>

#include "../common/check_pairs.h"
#include "../common/status.h"

namespace corrente {

namespace cuda {

namespace {

constexpr int64_t most_result_bytes = int64_t{256} << 20;

class DeviceRollingCorrelation final : public RollingCorrelationSession {
 public:
  DeviceRollingCorrelation(const Columns& columns, const RollingCorrelationRequest& request, Precision precision, const Control& control)
      : columns_(columns), request_(request), precision_(precision), bands_(columns, control) {}

  int64_t windows() const override { return count_windows(columns_, request_); }

  Status tile(const Rectangle& rectangle, void* r, const Control& control) override {
    if (Status range = check_rectangle("rolling correlation tile", columns_, rectangle); !range) return range;
    return guarded("rolling correlation tile", [&] {
      stop_if_cancelled(control);
      control.total->store(std::max<int64_t>(1, rectangle.empty() ? 0 : rectangle.rows() * rectangle.cols()));
      if (rectangle.empty() || windows() == 0) return;
      use_device();
      std::lock_guard lock(mutex_);
      const BorrowedLanes lanes;
      for (const Rectangle& part : bands_.cut(rectangle)) {
        if (precision_ == Precision::f64) {
          compute(rectangle, part, static_cast<double*>(r), *lanes, control);
        } else {
          compute(rectangle, part, static_cast<float*>(r), *lanes, control);
        }
      }
    });
  }

 private:
  // As many rows of the part at a time as a launch and the memory for results allow.
  template <class Real>
  void compute(const Rectangle& whole, const Rectangle& part, Real* host, Lanes& lanes, const Control& control) {
    const BandPair bands = bands_.bring_in(part, lanes, control);
    const int64_t count = windows(), width = part.cols() * count;
    const RollingPairs pairs{bands, part, count, first_window_end(request_), request_.step, request_.window, request_.min_periods, request_.alpha};
    const bool decaying = request_.alpha > 0;
    const double operations = decaying ? 400.0 * static_cast<double>(columns_.length) : 30.0 * static_cast<double>(count) * static_cast<double>(request_.window);
    const double fit = launch_seconds * use_device().f64_rate / 10 / (operations * static_cast<double>(part.cols()));
    const int64_t room = std::min(most_result_bytes, free_device_bytes() / 4) / (width * static_cast<int64_t>(sizeof(Real)));
    const int64_t rows = std::clamp<int64_t>(std::min(static_cast<int64_t>(std::min(fit, 1e9)), room), 1, part.rows());
    const DeviceArray<Real> out(rows * width);
    const Settled settled(lanes);
    Pacer pacer(control);
    for (int64_t row = 0; row < part.rows(); row += rows) {
      stop_if_cancelled(control);
      const int64_t some = std::min(rows, part.rows() - row), first = row * part.cols(), last = first + some * part.cols();
      if (decaying) {
        launch("correlating under decaying weights", correlate_decaying<Real>, divide_up(last - first, rolling_pair_threads), rolling_pair_threads, 0, lanes.compute, pairs, first,
               last, out.data());
      } else {
        launch("correlating windows", correlate_windows<Real>, divide_up((last - first) * count, rolling_pair_threads), rolling_pair_threads, 0, lanes.compute, pairs, first, last,
               out.data());
      }
      pacer.launched(lanes.compute, last - first);
      Real* const to = host + ((part.row_from + row - whole.row_from) * whole.cols() + (part.col_from - whole.col_from)) * count;
      check(cudaMemcpy2DAsync(to, sizeof(Real) * static_cast<size_t>(whole.cols() * count), out.data(), sizeof(Real) * static_cast<size_t>(width),
                              sizeof(Real) * static_cast<size_t>(width), static_cast<size_t>(some), cudaMemcpyDeviceToHost, lanes.compute),
            "copying windows from the device");
    }
    pacer.drain();
    lanes.wait();
  }

  const Columns columns_;
  const RollingCorrelationRequest request_;
  const Precision precision_;
  SeriesBands bands_;
  std::mutex mutex_;
};

}  // namespace

}  // namespace cuda

Status open_rolling_correlation(const Columns& columns, const RollingCorrelationRequest& request, Precision precision, const Control& control,
                                std::unique_ptr<RollingCorrelationSession>& session) {
  if (Status arguments = check_rolling_correlation(columns, request); !arguments) return arguments;
  return cuda::guarded("rolling correlation", [&] {
    cuda::stop_if_cancelled(control);
    control.total->store(1);
    cuda::use_device();
    session = std::make_unique<cuda::DeviceRollingCorrelation>(columns, request, precision, control);
    control.done->store(1);
  });
}

}  // namespace corrente
