// I(X; Y | Z) from neighbours. What depends on Y and Z alone is made once: the points in the order of a k-d tree, and
// for each of them lists of its neighbours in YZ and in Z up to about the radius that is needed. Then, leaf by leaf of
// the tree, every block of realisations of X walks the lists (generic/information_walk.h): a leaf's lists and what they
// read of X stay in the first caches meanwhile. The few points whose list ends too early for a lane are looked at among
// all points (generic/exhaust.h). No answer depends on how far lists reach.
#include "information.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../common/status.h"
#include "isa.h"
#include "threads.h"

namespace corrente {

namespace {

// How many pairs of point and lane the sounding looks at.
constexpr int64_t kSoundedPoints = 48, kSoundedBlocks = 4;
// Shares of them that lists may reach far enough for; the cheapest is taken, and some more for the rest.
constexpr double kShares[] = {0.9, 0.95, 0.98, 0.99, 0.995, 0.998};
constexpr double kFurther = 1.2;
// About what they cost, in cycles: a neighbour in YZ, with those in Z that come along, to list; a point to look at
// among all of them.
constexpr double kEntryCost = 40, kPointCost = 5;
constexpr int64_t kTasksPerThread = 8;
// Of X in the second cache, which it shares with the lists; and how many blocks are worth reading those once more.
constexpr int64_t kCachedBytes = int64_t{1} << 20;
constexpr int64_t kLeastTogether = 8;
// Making a point's lists takes about as long as walking them with so many lanes: for the progress.
constexpr int64_t kListsAsLanes = 32;

}  // namespace

template <class Real>
CpuInformation<Real>::Worker::Worker(const CpuInformation& session)
    : builder(session.space_, session.kernels_, session.rule_.estimator == NeighbourEstimator::ksg2),
      scratch(static_cast<size_t>(2 * session.rule_.neighbours * session.kernels_.lanes + 1) * sizeof(Real)),
      counts(static_cast<size_t>(kLeaf * kSpaces * session.kernels_.lanes)),
      beyond(static_cast<size_t>(kLeaf * session.kernels_.lanes)) {}

template <class Real>
CpuInformation<Real>::CpuInformation(const Columns& target, const Columns& condition, const NeighbourRule& rule,
                                     const InformationKernels<Real>& kernels, const InformationLimits& limits)
    : rule_(rule),
      kernels_(kernels),
      limits_(limits),
      space_(target, condition, rule.theiler, kernels.lanes),
      tables_(information_tables(rule, target.length, condition.series > 0)),
      kept_(static_cast<size_t>(space_->leaves)),
      workers_(static_cast<size_t>(thread_pool().threads())) {
  if (rule.estimator == NeighbourEstimator::kernel) {
    reach_ = {0, static_cast<Real>(rule.width)};
    sounded_ = true;
  }
}

template <class Real>
NeighbourWalk<Real> CpuInformation<Real>::walk_of(int64_t leaf, const LaneBlock<Real>& block, Worker& worker) const {
  NeighbourWalk<Real> walk{};
  walk.space = &static_cast<const NeighbourSpace<Real>&>(space_);
  walk.estimator = rule_.estimator;
  walk.neighbours = rule_.neighbours;
  walk.width = static_cast<Real>(rule_.width);
  walk.from = leaf_from(leaf);
  walk.to = leaf_to(leaf);
  walk.block = block;
  walk.scratch = worker.scratch.template as<Real>();
  walk.counts = worker.counts.data();
  walk.beyond = worker.beyond.data();
  return walk;
}

template <class Real>
void CpuInformation<Real>::sound(const LaneGroup<Real>& group, const Control& control) {
  if (sounded_) return;
  const int64_t points = std::min(kSoundedPoints, space_->points), blocks = std::min(kSoundedBlocks, group.blocks());
  struct Seen {
    int64_t in_yz;
    Real radius;
  };
  std::vector<Seen> seen(static_cast<size_t>(points * kernels_.lanes));
  thread_pool().parallel_for(points, 1, control, [&](int64_t begin, int64_t end, int index) {
    if (workers_[index] == nullptr) workers_[index] = std::make_unique<Worker>(*this);
    for (int64_t s = begin; s < end; ++s) {
      const int64_t place = (2 * s + 1) * space_->points / (2 * points), block = s % blocks * group.blocks() / blocks;
      const NeighbourWalk<Real> walk = walk_of(place / kLeaf, group.block(block), *workers_[index]);
      for (int lane = 0; lane < kernels_.lanes; ++lane) {
        int32_t counts[kSpaces];
        const Real radius = kernels_.exhaust(walk, place, lane, counts);
        seen[s * kernels_.lanes + lane] = {counts[kInYZ], radius};
      }
    }
  });
  if (control.cancelled()) return;
  const auto rank = [&](double share) { return seen.begin() + static_cast<int64_t>(share * static_cast<double>(seen.size() - 1)); };
  std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) { return a.in_yz < b.in_yz; });
  int64_t wanted = 0;
  double least = std::numeric_limits<double>::infinity();
  for (const double share : kShares) {
    const double entries = kFurther * static_cast<double>(rank(share)->in_yz);
    const double cost = entries * kEntryCost / static_cast<double>(group.lane_count()) + (1 - share) * static_cast<double>(space_->points) * kPointCost;
    if (cost > least) continue;
    least = cost;
    wanted = static_cast<int64_t>(entries) + rule_.neighbours + kChunk;
  }
  std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) { return a.radius < b.radius; });
  // Not 0, which would be no guess to grow from, unless ties leave nothing else.
  const Real guess = rank(0.5)->radius > 0 ? rank(0.5)->radius : seen.back().radius;
  reach_ = {std::min(wanted, space_->points), guess};
  sounded_ = true;
}

template <class Real>
void CpuInformation<Real>::make_lists(const Control& control) {
  thread_pool().parallel_for(space_->leaves, 1, control, [&](int64_t begin, int64_t end, int index) {
    if (workers_[index] == nullptr) workers_[index] = std::make_unique<Worker>(*this);
    for (int64_t leaf = begin; leaf < end; ++leaf) {
      if (!kept_[leaf].rows.empty() || kept_bytes_ >= limits_.kept_bytes) continue;
      Worker& worker = *workers_[index];
      worker.builder.build(leaf, reach_, worker.lists);
      kept_[leaf] = KeptLists<Real>(worker.lists);
      kept_bytes_ += static_cast<int64_t>(kept_[leaf].memory.bytes());
      control.done->fetch_add((leaf_to(leaf) - leaf_from(leaf)) * kListsAsLanes, std::memory_order_relaxed);
    }
  });
}

template <class Real>
const NeighbourRow<Real>* CpuInformation<Real>::rows_of(int64_t leaf, Worker& worker) {
  if (!kept_[leaf].rows.empty()) return kept_[leaf].rows.data();
  worker.builder.build(leaf, reach_, worker.lists);
  return worker.lists.rows.data();
}

template <class Real>
void CpuInformation<Real>::count(int64_t leaf, const NeighbourRow<Real>* rows, const LaneBlock<Real>& block, Worker& worker) {
  NeighbourWalk<Real> walk = walk_of(leaf, block, worker);
  walk.rows = rows;
  const int64_t beyond = kernels_.walk(walk);
  for (int64_t b = 0; b < beyond; ++b) {
    const int64_t at = worker.beyond[b] / kernels_.lanes, lane = worker.beyond[b] % kernels_.lanes;
    int32_t counts[kSpaces];
    kernels_.exhaust(walk, walk.from + at, static_cast<int>(lane), counts);
    for (int space = kInXZ; space < kSpaces; ++space) worker.counts[(at * kSpaces + space) * kernels_.lanes + lane] = counts[space];
  }
  beyond_.fetch_add(beyond, std::memory_order_relaxed);
}

// Deals out pairs of some blocks and a leaf; use(leaf, block, worker) has the counts. Blocks are taken together as far as
// their X stays in the second cache while leaf after leaf reads it; lists that are not kept are made for all blocks.
template <class Real>
template <class Use>
void CpuInformation<Real>::each_leaf(const LaneGroup<Real>& group, const Control& control, Use&& use) {
  const bool kept = std::none_of(kept_.begin(), kept_.end(), [](const auto& lists) { return lists.rows.empty(); });
  const int64_t for_threads = (kTasksPerThread * thread_pool().threads() + space_->leaves - 1) / space_->leaves;
  const int64_t for_cache = std::min((group.bytes() + kCachedBytes - 1) / kCachedBytes, group.blocks() / kLeastTogether);
  const int64_t parts = kept ? std::clamp<int64_t>(std::max(for_threads, for_cache), 1, group.blocks()) : 1;
  thread_pool().parallel_for(space_->leaves * parts, 1, control, [&](int64_t begin, int64_t end, int index) {
    if (workers_[index] == nullptr) workers_[index] = std::make_unique<Worker>(*this);
    Worker& worker = *workers_[index];
    for (int64_t task = begin; task < end; ++task) {
      const int64_t part = task / space_->leaves, leaf = task % space_->leaves;
      const NeighbourRow<Real>* const rows = rows_of(leaf, worker);
      for (int64_t block = part * group.blocks() / parts; block < (part + 1) * group.blocks() / parts; ++block) {
        if (control.cancelled()) return;
        count(leaf, rows, group.block(block), worker);
        use(leaf, block, worker);
        control.done->fetch_add((leaf_to(leaf) - leaf_from(leaf)) * static_cast<int64_t>(group.lanes(block).size()), std::memory_order_relaxed);
      }
    }
  });
}

template <class Real>
void CpuInformation<Real>::add(int64_t leaf, const LaneGroup<Real>& group, int64_t block, Worker& worker) const {
  const int64_t width = kernels_.lanes, lanes = static_cast<int64_t>(group.lanes(block).size());
  int64_t* const sums = worker.sums.data() + group.first(block);
  const bool kernel = rule_.estimator == NeighbourEstimator::kernel;
  const int64_t *const joint = tables_.joint.data(), *const xz = tables_.xz.data(), *const yz = tables_.yz.data(), *const z = tables_.z.data();
  for (int64_t at = 0; at < leaf_to(leaf) - leaf_from(leaf); ++at) {
    const int32_t* const counts = worker.counts.data() + at * kSpaces * width;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      sums[lane] += xz[counts[kInXZ * width + lane]] + yz[counts[kInYZ * width + lane]] + z[counts[kInZ * width + lane]];
      if (kernel) sums[lane] += joint[counts[kJoint * width + lane]];
    }
  }
}

template <class Real>
void CpuInformation<Real>::run(LaneGroup<Real>& group, const Control& control) {
  group.fill(control);
  if (control.cancelled()) return;
  sound(group, control);
  if (control.cancelled()) return;
  make_lists(control);
  for (auto& worker : workers_)
    if (worker != nullptr) worker->sums.assign(static_cast<size_t>(group.lane_count()), 0);
  each_leaf(group, control, [&](int64_t leaf, int64_t block, Worker& worker) {
    worker.sums.resize(static_cast<size_t>(group.lane_count()));
    add(leaf, group, block, worker);
  });
  if (control.cancelled()) return;
  for (int64_t l = 0; l < group.lane_count(); ++l) {
    int64_t sum = 0;
    for (const auto& worker : workers_)
      if (worker != nullptr && !worker->sums.empty()) sum += worker->sums[l];
    group.lane(l).request->out[group.lane(l).draw + 1] = tables_.value(sum, space_->points);
  }
}

// Lists that turned out too short, so that going beyond them has cost more than longer ones would have, are made anew
// for what comes next.
template <class Real>
void CpuInformation<Real>::widen() {
  if (reach_.wanted == 0 || reach_.wanted >= space_->points) return;
  const int64_t wanted = std::min(2 * reach_.wanted, space_->points);
  if (static_cast<double>(beyond_) * kPointCost <= static_cast<double>(wanted) * kEntryCost) return;
  reach_.wanted = wanted;
  kept_.clear();
  kept_.resize(static_cast<size_t>(space_->leaves));
  kept_bytes_ = beyond_ = 0;
}

template <class Real>
Status CpuInformation<Real>::estimate(std::span<const InformationRequest> requests, const Control& control) {
  return guarded("information", [&]() -> Status {
    if (Status arguments = check_requests(requests, space_->points); !arguments) return arguments;
    const std::vector<Lane> all = lanes_of(requests);
    control.total->store((static_cast<int64_t>(all.size()) + (kept_[0].rows.empty() ? kListsAsLanes : 0)) * space_->points,
                         std::memory_order_relaxed);
    for (std::span<const Lane> left(all); !left.empty() && !control.cancelled();) {
      const size_t count = LaneGroup<Real>::fitting(left, space_, kernels_.lanes, limits_.group_bytes);
      LaneGroup<Real> group(left.first(count), space_, kernels_);
      run(group, control);
      widen();
      left = left.subspan(count);
    }
    return control.cancelled() ? cancelled("information") : Status{};
  });
}

template <class Real>
Status CpuInformation<Real>::counts(const Columns& source, int32_t* out, const Control& control) {
  return guarded("information", [&]() -> Status {
    const int64_t points = space_->points;
    if (Status arguments = check_source(source, points); !arguments) return arguments;
    const InformationRequest request{source, 0, nullptr, {}, nullptr};
    const std::vector<Lane> lanes = lanes_of({&request, 1});
    control.total->store((1 + (kept_[0].rows.empty() ? kListsAsLanes : 0)) * points, std::memory_order_relaxed);
    LaneGroup<Real> group(lanes, space_, kernels_);
    group.fill(control);
    if (!control.cancelled()) sound(group, control);
    if (!control.cancelled()) make_lists(control);
    const bool kernel = rule_.estimator == NeighbourEstimator::kernel;
    if (!control.cancelled())
      each_leaf(group, control, [&](int64_t leaf, int64_t, Worker& worker) {
        for (int64_t place = leaf_from(leaf); place < leaf_to(leaf); ++place)
          for (int space = 0; space < kSpaces; ++space)
            out[space * points + space_->point[place]] =
                space == kJoint && !kernel ? static_cast<int32_t>(rule_.neighbours)
                                           : worker.counts[((place - leaf_from(leaf)) * kSpaces + space) * kernels_.lanes];
      });
    return control.cancelled() ? cancelled("information") : Status{};
  });
}

template class CpuInformation<double>;
template class CpuInformation<float>;

Status open_information(const Columns& target, const Columns& condition, const NeighbourRule& rule, Precision precision,
                        const Control& control, std::unique_ptr<InformationSession>& session) {
  return guarded("information", [&]() -> Status {
    if (Status arguments = check_information(target, condition, rule); !arguments) return arguments;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("information: " + chosen.why_not);
    if (control.cancelled()) return cancelled("information");
    if (precision == Precision::f32) {
      // Floats tell apart so many points.
      if (rule.estimator == NeighbourEstimator::ksg2 && target.length > int64_t{1} << 24)
        return invalid("information: " + std::to_string(target.length) + " points for ksg2 under f32, expected at most 16777216");
      session = std::make_unique<CpuInformation<float>>(target, condition, rule, chosen.kernels->information_f32);
    } else {
      session = std::make_unique<CpuInformation<double>>(target, condition, rule, chosen.kernels->information_f64);
    }
    return {};
  });
}

}  // namespace corrente
