// Y and Z in the order of a k-d tree (Bentley 1975), whose leaves are runs of kLeaf places: near points lie near each
// other in memory, and far leaves are passed over.
#pragma once

#include <vector>

#include "information_kernels.h"

namespace corrente {

template <class Real>
class InformationSpace {
 public:
  // `lanes` divides the padding of the leaves' boxes. Z may have no series.
  InformationSpace(const Columns& target, const Columns& condition, int64_t theiler, int lanes);
  InformationSpace(const InformationSpace&) = delete;
  InformationSpace& operator=(const InformationSpace&) = delete;

  operator const NeighbourSpace<Real>&() const { return space_; }
  const NeighbourSpace<Real>* operator->() const { return &space_; }

 private:
  void order(const Columns& base);
  void box(const Columns& base);
  std::vector<Real> by_place(const Columns&) const;

  NeighbourSpace<Real> space_{};
  std::vector<int32_t> point_, place_;
  std::vector<Real> base_, y_, low_, high_;
};

}  // namespace corrente
