// The session of I(X; Y | Z) of the CPU engine; how it works stands in information.cpp.
#pragma once

#include <atomic>
#include <vector>

#include "../common/block_pool.h"
#include "../common/information_tables.h"
#include "information_lanes.h"
#include "information_lists.h"
#include "information_space.h"
#include "kernels.h"

namespace corrente {

struct InformationLimits {
  // Of the realisations of X that are worked on together.
  size_t group_bytes = size_t{256} << 20;
  // Lists that take more are made anew for each group of lanes: that costs less than the first touch of their memory.
  int64_t kept_bytes = int64_t{128} << 20;
};

template <class Real>
class CpuInformation final : public InformationSession {
 public:
  CpuInformation(const Columns& target, const Columns& condition, const NeighbourRule&, const InformationKernels<Real>&,
                 const InformationLimits& = {});

  Status estimate(std::span<const InformationRequest>, const Control&) override;
  Status counts(const Columns& source, int32_t* out, const Control&) override;

 private:
  // What a thread works with.
  struct Worker {
    Worker(const CpuInformation&);
    ListBuilder<Real> builder;
    GrowingLists<Real> lists;  // of a leaf whose lists are not kept
    Block scratch;
    std::vector<int32_t> counts, beyond;
    std::vector<int64_t> sums;
  };

  int64_t leaf_from(int64_t leaf) const { return leaf * kLeaf; }
  int64_t leaf_to(int64_t leaf) const { return std::min((leaf + 1) * kLeaf, space_->points); }

  // Decides how far lists reach, from a sample of points and lanes.
  void sound(const LaneGroup<Real>&, const Control&);
  void make_lists(const Control&);
  const NeighbourRow<Real>* rows_of(int64_t leaf, Worker&);
  NeighbourWalk<Real> walk_of(int64_t leaf, const LaneBlock<Real>&, Worker&) const;
  // The counts of a leaf's points by all lanes of a block, in worker.counts.
  void count(int64_t leaf, const NeighbourRow<Real>* rows, const LaneBlock<Real>&, Worker&);
  void add(int64_t leaf, const LaneGroup<Real>&, int64_t block, Worker&) const;
  void run(LaneGroup<Real>&, const Control&);
  void widen();

  template <class Use>
  void each_leaf(const LaneGroup<Real>&, const Control&, Use&&);

  const NeighbourRule rule_;
  const InformationKernels<Real>& kernels_;
  const InformationLimits limits_;
  const InformationSpace<Real> space_;
  const InformationTables tables_;
  Reach<Real> reach_{};
  bool sounded_ = false;
  std::vector<KeptLists<Real>> kept_;
  std::atomic<int64_t> kept_bytes_ = 0;
  std::atomic<int64_t> beyond_ = 0;  // pairs of point and lane, since the lists were made
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace corrente
