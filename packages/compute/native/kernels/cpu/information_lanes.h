// Realisations of X as lanes: X itself and its surrogates, of all requests, in blocks of as many as a vector holds.
#pragma once

#include <span>
#include <vector>

#include "../common/block_pool.h"
#include "information_kernels.h"

namespace corrente {

struct Lane {
  const InformationRequest* request;
  int64_t draw;  // -1: X itself
};

// All lanes of some requests: first those of the fewest dimensions, so that lanes of equal dimensions stand together.
std::vector<Lane> lanes_of(std::span<const InformationRequest>);

// Some lanes, laid out for the kernels.
template <class Real>
class LaneGroup {
 public:
  // `lanes` may be of several dimensions; blocks are not.
  LaneGroup(std::span<const Lane> lanes, const NeighbourSpace<Real>&, const InformationKernels<Real>&);

  // Permutes and lays out; returns once done or cancelled.
  void fill(const Control&);

  int64_t blocks() const { return static_cast<int64_t>(blocks_.size()); }
  // The last lanes of a block may be fillers: copies of its first.
  std::span<const Lane> lanes(int64_t block) const { return lanes_.subspan(blocks_[block].first, blocks_[block].count); }
  // Of its first lane, in all lanes.
  int64_t first(int64_t block) const { return blocks_[block].first; }
  // Of X by place, in all blocks.
  int64_t bytes() const { return static_cast<int64_t>(x_.bytes()) / 2; }
  int64_t lane_count() const { return static_cast<int64_t>(lanes_.size()); }
  const Lane& lane(int64_t index) const { return lanes_[index]; }
  LaneBlock<Real> block(int64_t block) const;

  // How many of the lanes from the first on fit into so much memory; at least a block.
  static size_t fitting(std::span<const Lane> lanes, const NeighbourSpace<Real>&, int vector_lanes, size_t most_bytes);

 private:
  struct Plan {
    int64_t first, count;
    int dims;
    size_t x;  // where its values begin
  };

  void sort_source(const InformationRequest&, Real* to) const;
  void fill_block(int64_t block, std::vector<int32_t>& orders);

  const std::span<const Lane> lanes_;
  const NeighbourSpace<Real>& space_;
  const InformationKernels<Real>& kernels_;
  std::vector<Plan> blocks_;
  Block x_, sorted_;
  std::vector<const InformationRequest*> sources_;  // of the lanes, each once
  std::vector<size_t> sorted_at_;                   // of each source
  std::vector<int64_t> offsets_;                    // [blocks × lanes of a vector], into sorted_
};

}  // namespace corrente
