// The session: what depends on Y and Z alone stays on the device, and serves every X and every surrogate.
#pragma once

#include <map>
#include <mutex>

#include "../common/information_tables.h"
#include "../common/status.h"
#include "information_run.cuh"
#include "information_session.h"

namespace corrente::cuda {

template <class Real>
class DeviceInformation final : public InformationSession {
 public:
  DeviceInformation(const Columns& target, const Columns& condition, const NeighbourRule& rule)
      : points_(target.length), rule_(rule), z_dimensions_(condition.series), dimensions_(condition.series + target.series),
        tables_(information_tables(rule, target.length, condition.series > 0)), columns_(dimensions_ * points_), terms_(4 * (points_ + 1)), lists_(rule, points_) {
    gather_columns(target, z_dimensions_ > 0 ? gather_columns(condition, columns_.host()) : columns_.host());
    int64_t* to = terms_.host();
    for (const auto* table : {&tables_.joint, &tables_.xz, &tables_.yz, &tables_.z}) to = std::copy_n(table->begin(), points_ + 1, to);
    const BorrowedLanes lanes;
    columns_.send(lanes->compute);
    terms_.send(lanes->compute);
    lanes->compute.wait();
  }

  Status estimate(std::span<const InformationRequest> requests, const Control& control) override {
    if (Status shape = check_requests(requests, points_); !shape) return shape;
    return guarded("information", [&] {
      stop_if_cancelled(control);
      int64_t total = 0;
      std::map<int64_t, std::vector<const InformationRequest*>> by_dimensions;
      for (const InformationRequest& request : requests) {
        total += (1 + request.surrogates) * points_;
        by_dimensions[request.source.series].push_back(&request);
      }
      control.total->store(std::max<int64_t>(1, total));
      for (const auto& [dimensions, some] : by_dimensions) {
        const std::vector<int64_t> sums = sum(some, nullptr, control);
        size_t lane = 0;
        for (const InformationRequest* request : some) {
          for (int64_t s = 0; s <= request->surrogates; s++) request->out[s] = tables_.value(sums[lane++], points_);
        }
      }
    });
  }

  Status counts(const Columns& source, int32_t* out, const Control& control) override {
    if (Status shape = check_source(source, points_); !shape) return shape;
    return guarded("information", [&] {
      stop_if_cancelled(control);
      control.total->store(points_);
      const InformationRequest request{source, 0, nullptr, {}, nullptr};
      sum({&request}, out, control);
    });
  }

 private:
  // Sums over points, request after request. `counts`: where those of the first request's X go; or null.
  std::vector<int64_t> sum(const std::vector<const InformationRequest*>& requests, int32_t* counts, const Control& control) {
    use_device();
    // One at a time: they share the lists.
    std::lock_guard lock(mutex_);
    const BorrowedLanes lanes;
    Pacer pacer(control);
    const DeviceArray<int32_t> device_counts(counts == nullptr ? 0 : 4 * points_);
    const int64_t* terms = terms_.device();
    const int64_t table = points_ + 1;
    const Session<Real> session{
        {columns_.device(), static_cast<int>(z_dimensions_), static_cast<int>(dimensions_), static_cast<int>(points_), static_cast<int>(std::min(rule_.theiler, points_))},
        rule_,
        {terms, terms + table, terms + 2 * table, terms + 3 * table},
        lists_};
    EstimateRun<Real> run(session, requests, lanes->compute, pacer);
    const Settled settled(*lanes);
    const std::vector<int64_t> sums = run.run(counts == nullptr ? nullptr : device_counts.data());
    if (counts != nullptr) {
      check(cudaMemcpyAsync(counts, device_counts.data(), device_counts.bytes(), cudaMemcpyDeviceToHost, lanes->compute), "reading counts");
      lanes->compute.wait();
    }
    return sums;
  }

  const int64_t points_;
  const NeighbourRule rule_;
  const int64_t z_dimensions_, dimensions_;
  const InformationTables tables_;
  const Staged<Real> columns_;
  const Staged<int64_t> terms_;
  ListStore<Real> lists_;
  std::mutex mutex_;
};

template <class Real>
std::unique_ptr<InformationSession> open_session(const Columns& target, const Columns& condition, const NeighbourRule& rule) {
  return std::make_unique<DeviceInformation<Real>>(target, condition, rule);
}

}  // namespace corrente::cuda
