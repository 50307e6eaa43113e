#include "information_lanes.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "threads.h"

namespace corrente {

std::vector<Lane> lanes_of(std::span<const InformationRequest> requests) {
  std::vector<const InformationRequest*> order;
  for (const InformationRequest& request : requests) order.push_back(&request);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->source.series < b->source.series; });
  std::vector<Lane> lanes;
  for (const InformationRequest* request : order)
    for (int64_t draw = -1; draw < request->surrogates; ++draw) lanes.push_back({request, draw});
  return lanes;
}

template <class Real>
size_t LaneGroup<Real>::fitting(std::span<const Lane> lanes, const NeighbourSpace<Real>& space, int vector_lanes, size_t most_bytes) {
  size_t bytes = 0, count = 0;
  while (count < lanes.size()) {
    bytes += static_cast<size_t>(2 * lanes[count].request->source.series * space.stride) * sizeof(Real);
    if (bytes > most_bytes && count >= static_cast<size_t>(vector_lanes)) break;
    ++count;
  }
  return count;
}

template <class Real>
LaneGroup<Real>::LaneGroup(std::span<const Lane> lanes, const NeighbourSpace<Real>& space, const InformationKernels<Real>& kernels)
    : lanes_(lanes), space_(space), kernels_(kernels) {
  size_t values = 0;
  for (int64_t first = 0; first < lane_count();) {
    const int64_t dims = lanes_[first].request->source.series;
    int64_t count = 1;
    while (count < kernels_.lanes && first + count < lane_count() && lanes_[first + count].request->source.series == dims) ++count;
    blocks_.push_back({first, count, static_cast<int>(dims), values});
    values += static_cast<size_t>(2 * dims * space.stride * kernels_.lanes);
    first += count;
  }
  x_ = Block(values * sizeof(Real));
  offsets_.resize(blocks_.size() * static_cast<size_t>(kernels_.lanes));
  if (space.y_dims > 0) return;

  size_t sorted = 0;
  for (int64_t block = 0; block < blocks(); ++block)
    for (int64_t l = 0; l < kernels_.lanes; ++l) {
      const Plan& plan = blocks_[block];
      const InformationRequest* const source = lanes_[plan.first + (l < plan.count ? l : 0)].request;
      // Fillers come back to the first lane's request, which is among the last few.
      auto known = std::find(sources_.rbegin(), sources_.rend(), source);
      if (known == sources_.rend()) {
        sources_.push_back(source);
        sorted_at_.push_back(sorted);
        sorted += static_cast<size_t>(plan.dims * space.points);
        known = sources_.rbegin();
      }
      offsets_[block * kernels_.lanes + l] = static_cast<int64_t>(sorted_at_[sources_.rend() - known - 1]);
    }
  // Vectors are read whole at the end.
  sorted_ = Block((sorted + static_cast<size_t>(kernels_.lanes)) * sizeof(Real));
}

template <class Real>
LaneBlock<Real> LaneGroup<Real>::block(int64_t block) const {
  const Plan& plan = blocks_[block];
  const Real* const x = x_.as<Real>() + plan.x;
  return {plan.dims, x, x + plan.dims * space_.stride * kernels_.lanes, sorted_.as<Real>(), offsets_.data() + block * kernels_.lanes};
}

template <class Real>
void LaneGroup<Real>::fill(const Control& control) {
  ThreadPool& pool = thread_pool();
  pool.parallel_for(static_cast<int64_t>(sources_.size()), 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t s = begin; s < end; ++s) sort_source(*sources_[s], sorted_.as<Real>() + sorted_at_[s]);
  });
  std::vector<std::vector<int32_t>> orders(static_cast<size_t>(pool.threads()));
  pool.parallel_for(blocks(), 1, control, [&](int64_t begin, int64_t end, int worker) {
    for (int64_t block = begin; block < end; ++block) fill_block(block, orders[worker]);
  });
}

template <class Real>
void LaneGroup<Real>::sort_source(const InformationRequest& request, Real* to) const {
  const Columns& source = request.source;
  std::vector<int32_t> order(static_cast<size_t>(space_.points));
  std::iota(order.begin(), order.end(), 0);
  const double* const first = source.row(0);
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return first[a] < first[b]; });
  for (int64_t d = 0; d < source.series; ++d)
    for (int64_t i = 0; i < space_.points; ++i) to[d * space_.points + i] = static_cast<Real>(source.row(d)[order[i]]);
}

template <class Real>
void LaneGroup<Real>::fill_block(int64_t block, std::vector<int32_t>& orders) {
  const Plan& plan = blocks_[block];
  const int64_t points = space_.points, width = kernels_.lanes;
  orders.resize(static_cast<size_t>(points * width));
  std::vector<uint32_t> draws(static_cast<size_t>(width));
  std::vector<std::array<uint32_t, 4>> streams(static_cast<size_t>(width));
  bool drawn = false;
  const auto lane_at = [&](int64_t l) -> const Lane& { return lanes_[plan.first + (l < plan.count ? l : 0)]; };
  for (int64_t l = 0; l < width; ++l) {
    const Lane& lane = lane_at(l);
    std::copy_n(lane.request->stream, 4, streams[l].begin());
    draws[l] = static_cast<uint32_t>(std::max<int64_t>(lane.draw, 0));
    drawn = drawn || (lane.draw >= 0 && lane.request->orderings == nullptr);
  }
  if (drawn) kernels_.permute(reinterpret_cast<const uint32_t(*)[4]>(streams.data()), draws.data(), points, orders.data());

  Real* const x = x_.as<Real>() + plan.x;
  Real* const by_lane = x + plan.dims * space_.stride * width;
  std::fill_n(x + points * plan.dims * width, (space_.stride - points) * plan.dims * width, Real{0});
  for (int64_t row = 0; row < width * plan.dims; ++row)
    std::fill(by_lane + row * space_.stride + points, by_lane + (row + 1) * space_.stride, Real{0});
  // Lane after lane for a leaf at a time, whose part of x stays in the first cache.
  for (int64_t from = 0; from < points; from += kLeaf)
    for (int64_t l = 0; l < width; ++l) {
      const Lane& lane = lane_at(l);
      const int64_t to = std::min(from + kLeaf, points);
      const int32_t* const given = lane.draw < 0 || lane.request->orderings == nullptr ? nullptr : lane.request->orderings + lane.draw * points;
      for (int64_t d = 0; d < plan.dims; ++d) {
        const double* const source = lane.request->source.row(d);
        Real* const row = by_lane + (l * plan.dims + d) * space_.stride;
        const auto take = [&](auto&& taken) {
          for (int64_t p = from; p < to; ++p) row[p] = x[(p * plan.dims + d) * width + l] = static_cast<Real>(source[taken(space_.point[p])]);
        };
        if (lane.draw < 0) {
          take([](int64_t point) { return point; });
        } else if (given != nullptr) {
          take([&](int64_t point) { return given[point]; });
        } else {
          take([&](int64_t point) { return orders[point * width + l]; });
        }
      }
    }
}

template class LaneGroup<double>;
template class LaneGroup<float>;

}  // namespace corrente
