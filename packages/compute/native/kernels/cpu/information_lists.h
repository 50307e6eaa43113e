// Lists of each point's neighbours in YZ and in Z, complete up to a radius of its own: what all X and all surrogates
// share. They are put into buckets by distance rather than sorted; a bound for each chunk of entries says when a walk
// may stop.
#pragma once

#include <vector>

#include "../common/block_pool.h"
#include "information_kernels.h"

namespace corrente {

// The lists of the points of one leaf, as they grow.
template <class Real>
struct GrowingLists {
  // Where the parts of a row begin.
  struct Offsets {
    size_t yz, yz_bound, y, z, yz_place, base, base_bound, base_place;
  };

  std::vector<NeighbourRow<Real>> rows;
  std::vector<Offsets> offsets;
  std::vector<Real> reals;
  std::vector<int32_t> places;

  // Points rows to their parts, which lie in these or in a copy of them.
  void bind(std::vector<NeighbourRow<Real>>&, const Real* reals, const int32_t* places) const;
};

// A copy that takes no more memory than it needs.
template <class Real>
struct KeptLists {
  std::vector<NeighbourRow<Real>> rows;  // empty where they are not made
  Block memory;

  KeptLists() = default;
  explicit KeptLists(const GrowingLists<Real>&);
};

// How far lists reach: to the wanted number of neighbours in YZ, at least; or, where that is 0, exactly to a radius.
template <class Real>
struct Reach {
  int64_t wanted;
  Real radius;  // where `wanted` is given, a guess to begin with
};

// One thread's.
template <class Real>
class ListBuilder {
 public:
  // `parts`: the distances in Y and in Z are kept beside those in YZ.
  ListBuilder(const NeighbourSpace<Real>&, const InformationKernels<Real>&, bool parts);

  void build(int64_t leaf, const Reach<Real>&, GrowingLists<Real>&);

 private:
  // Of the survey's entries, those found up to a radius and put into buckets.
  struct Entries {
    int32_t count = 0;
    size_t reals = 0, bounds = 0, places = 0;  // where they begin in the lists
  };

  void survey(int64_t place, Real radius);
  Real choose(int64_t place, int64_t wanted);
  Entries put(const Real* distance, Real radius, GrowingLists<Real>&);
  void put_parts(int64_t place, const Entries&, GrowingLists<Real>&, typename GrowingLists<Real>::Offsets&);
  void row(int64_t place, const Reach<Real>&, GrowingLists<Real>&);

  const NeighbourSpace<Real>& space_;
  const InformationKernels<Real>& kernels_;
  const bool parts_;
  const double dims_;  // of YZ
  Real guess_ = 0;
  // The survey, and the radius its leaves are complete up to.
  int64_t surveyed_ = 0;
  Real complete_ = 0;
  std::vector<Real> base_, yz_, found_;
  std::vector<int32_t> leaf_, entry_, bucket_, from_;
};

}  // namespace corrente
