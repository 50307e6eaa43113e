// I(X; Y | Z) from neighbours on the device: the session. What depends on Y and Z alone, the lists of neighbours, stays on
// the device and serves every X and every surrogate.
//
//   information_space.cuh       where points lie, what a lane and a group are, counts in X alone
//   information_lists.cuh       neighbours in YZ and in Z, nearest first
//   information_permute.cuh     surrogates, sorted sources
//   information_nearest.cuh     the k nearest so far
//   information_count.cuh       the estimators; the arithmetic of a scan
//   information_list_store.cuh  lists as memory allows
//   information_run.cuh         an estimate, launch by launch
//
// The ladder, for one value of dimensions 1, 1 | 3 and k = 4 (instructions of a lane; N² = 10⁶ at N = 1,000):
//   directly        every lane looks at every point twice            2 N² · 28   5.6 · 10⁷    2 µs
//   by lists        shared lists, read until the k-th closes         see information_count.cuh: 2 · 10⁶, 0.2 µs
// Beside that stands what is done once for all values of a session: distances, 5 N² operations, and sorting, 55 stages of
// N² / 2 exchanges in shared memory, 15 µs in all; and per value its permutation, N exchanges, 25 µs a draw but thousands
// of draws at once. Values cross the bus once (8 N bytes a source); a sum of 8 bytes comes back for each value.
//
// The counts are those of the CPU engine: the same subtractions in the same precision, compared in the same way. They
// become integers by the same table, so their sums do not depend on any order, and neither does a bit of the result.
#include <map>
#include <mutex>

#include "../common/information_tables.h"
#include "../common/status.h"
#include "information_run.cuh"

namespace corrente {

namespace cuda {

namespace {

constexpr auto operation = "information";

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
    return guarded(operation, [&] {
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
    return guarded(operation, [&] {
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

}  // namespace

}  // namespace cuda

Status open_information(const Columns& target, const Columns& condition, const NeighbourRule& rule, Precision precision, const Control& control,
                        std::unique_ptr<InformationSession>& session) {
  if (Status arguments = check_information(target, condition, rule); !arguments) return arguments;
  return cuda::guarded(cuda::operation, [&] {
    cuda::stop_if_cancelled(control);
    control.total->store(1);
    cuda::use_device();
    if (precision == Precision::f64) {
      session = std::make_unique<cuda::DeviceInformation<double>>(target, condition, rule);
    } else {
      session = std::make_unique<cuda::DeviceInformation<float>>(target, condition, rule);
    }
  });
}

}  // namespace corrente
