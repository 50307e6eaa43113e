// Lead and lag on the device: the session. The kernel is in lead_lag.cuh.
#include "lead_lag.cuh"

#include <mutex>

#include "../common/check_pairs.h"
#include "../common/status.h"

namespace corrente {

namespace cuda {

namespace {

constexpr int64_t most_places = int64_t{1} << 22;  // of one launch

class DeviceLeadLag final : public LeadLagSession {
 public:
  DeviceLeadLag(const Columns& columns, const LeadLagRequest& request, Precision precision, const Control& control)
      : columns_(columns), request_(request), precision_(precision), bands_(columns, control) {}

  Status tile(const Rectangle& rectangle, void* r, int32_t* lag, int32_t* n, const Control& control) override {
    if (Status range = check_rectangle("lead-lag tile", columns_, rectangle); !range) return range;
    return guarded("lead-lag tile", [&] {
      stop_if_cancelled(control);
      control.total->store(std::max<int64_t>(1, rectangle.empty() ? 0 : rectangle.rows() * rectangle.cols()));
      if (rectangle.empty()) return;
      use_device();
      std::lock_guard lock(mutex_);
      const BorrowedLanes lanes;
      for (const Rectangle& part : bands_.cut(rectangle)) {
        if (precision_ == Precision::f64) {
          compute(rectangle, part, LagOutput<double>{static_cast<double*>(r), lag, n, nullptr, nullptr}, *lanes, control);
        } else {
          compute(rectangle, part, LagOutput<float>{static_cast<float*>(r), lag, n, nullptr, nullptr}, *lanes, control);
        }
      }
    });
  }

  Status profile(int64_t a, int64_t b, void* r, int32_t* n, const Control& control) override {
    const Rectangle one{a, a + 1, b, b + 1};
    if (Status range = check_rectangle("lead-lag profile", columns_, one); !range) return range;
    return guarded("lead-lag profile", [&] {
      stop_if_cancelled(control);
      control.total->store(1);
      use_device();
      std::lock_guard lock(mutex_);
      const BorrowedLanes lanes;
      if (precision_ == Precision::f64) {
        compute_profile(one, static_cast<double*>(r), n, *lanes, control);
      } else {
        compute_profile(one, static_cast<float*>(r), n, *lanes, control);
      }
      control.done->store(1);
    });
  }

 private:
  // Lags without a row in common are known without looking.
  int64_t lags_with_rows() const { return std::clamp<int64_t>(columns_.length - 1, 0, request_.max_lag); }

  template <class Real>
  void launch_lags(const LagPairs& pairs, int64_t first, int64_t last, const LagOutput<Real>& output, cudaStream_t stream) const {
    constexpr int many = 4;
    const auto kernel = 2 * pairs.max_lag + 1 <= warp_size ? correlate_lags<Real, 1> : correlate_lags<Real, many>;
    launch("correlating lags", kernel, divide_up(last - first, lag_warps), lag_threads, 0, stream, pairs, first, last, output);
  }

  // Rows of the part at a time: as many as a launch may last, and as there is room for.
  template <class Real>
  void compute(const Rectangle& whole, const Rectangle& part, const LagOutput<Real>& host, Lanes& lanes, const Control& control) {
    const LagPairs pairs{bands_.bring_in(part, lanes, control), part, lags_with_rows(), request_.min_periods};
    const int64_t width = part.cols();
    const double operations = 30.0 * static_cast<double>(columns_.length + 100) * static_cast<double>(2 * pairs.max_lag + 1 + warp_size);
    const double fit = std::min(1e9, launch_seconds * use_device().f64_rate / 10 / (operations * static_cast<double>(width)));
    const int64_t rows = std::clamp<int64_t>(std::min(static_cast<int64_t>(fit), most_places / width), 1, part.rows());
    const DeviceArray<Real> r(rows * width);
    const DeviceArray<int32_t> lag(rows * width), n(rows * width);
    const Settled settled(lanes);
    Pacer pacer(control);
    for (int64_t row = 0; row < part.rows(); row += rows) {
      stop_if_cancelled(control);
      const int64_t some = std::min(rows, part.rows() - row), first = row * width;
      launch_lags<Real>(pairs, first, first + some * width, {r.data(), lag.data(), n.data(), nullptr, nullptr}, lanes.compute);
      pacer.launched(lanes.compute, some * width);
      const int64_t at = (part.row_from + row - whole.row_from) * whole.cols() + (part.col_from - whole.col_from);
      const auto bring_home = [&](auto* to, const auto* from) {
        constexpr size_t bytes = sizeof(*from);
        check(cudaMemcpy2DAsync(to + at, bytes * static_cast<size_t>(whole.cols()), from, bytes * static_cast<size_t>(width), bytes * static_cast<size_t>(width),
                                static_cast<size_t>(some), cudaMemcpyDeviceToHost, lanes.compute),
              "copying lags from the device");
      };
      bring_home(host.r, r.data());
      bring_home(host.lag, lag.data());
      bring_home(host.n, n.data());
    }
    pacer.drain();
    lanes.wait();
  }

  template <class Real>
  void compute_profile(const Rectangle& one, Real* r, int32_t* n, Lanes& lanes, const Control& control) {
    const int64_t most = request_.max_lag, lags = lags_with_rows(), count = 2 * lags + 1;
    const LagPairs pairs{bands_.bring_in(one, lanes, control), one, lags, request_.min_periods};
    const DeviceArray<Real> profile_r(count);
    const DeviceArray<int32_t> profile_n(count);
    const Settled settled(lanes);
    launch_lags<Real>(pairs, 0, 1, {nullptr, nullptr, nullptr, profile_r.data(), profile_n.data()}, lanes.compute);
    std::fill_n(r, 2 * most + 1, static_cast<Real>(NAN));
    std::fill_n(n, 2 * most + 1, 0);
    check(cudaMemcpyAsync(r + most - lags, profile_r.data(), profile_r.bytes(), cudaMemcpyDeviceToHost, lanes.compute), "copying a profile from the device");
    check(cudaMemcpyAsync(n + most - lags, profile_n.data(), profile_n.bytes(), cudaMemcpyDeviceToHost, lanes.compute), "copying a profile from the device");
    lanes.wait();
  }

  const Columns columns_;
  const LeadLagRequest request_;
  const Precision precision_;
  SeriesBands bands_;
  std::mutex mutex_;
};

}  // namespace

}  // namespace cuda

Status open_lead_lag(const Columns& columns, const LeadLagRequest& request, Precision precision, const Control& control,
                     std::unique_ptr<LeadLagSession>& session) {
  if (Status arguments = check_lead_lag(columns, request); !arguments) return arguments;
  return cuda::guarded("lead-lag", [&] {
    cuda::stop_if_cancelled(control);
    control.total->store(1);
    cuda::use_device();
    session = std::make_unique<cuda::DeviceLeadLag>(columns, request, precision, control);
    control.done->store(1);
  });
}

}  // namespace corrente
