// A table in bins: one byte for each row and feature, feature by feature.
#pragma once

#include <span>
#include <vector>

#include "../../common/block_pool.h"
#include "crew.h"
#include "tree_kernels.h"

namespace corrente {

class BinnedTable {
 public:
  // The rows of `train` and then those of `others`, by their places in these lists. Bins are of the training rows
  // alone: of as nearly the same number of rows as their values allow, one for each value where there are no more
  // than `most`; two neighbouring bins meet midway between two neighbouring values. Besides the codes, each thread
  // takes 24 bytes for each training row while they are made.
  BinnedTable(const Columns&, std::span<const int32_t> train, std::span<const int32_t> others, int most, Crew&, const Control&);

  int64_t features() const { return static_cast<int64_t>(cuts_.size()); }
  // Codes of a feature: 0 … bins - 1, and `bins` where it is missing.
  const uint8_t* codes(int64_t feature) const { return codes_.as<uint8_t>() + feature * stride_; }
  int bins(int64_t feature) const { return static_cast<int>(cuts_[static_cast<size_t>(feature)].size()) + 1; }
  // Values up to it have codes up to `bin`; after the last bin comes nothing but missing values.
  double threshold(int64_t feature, int bin) const;

 private:
  void bin_feature(const double* values, std::span<const int32_t> train, std::span<const int32_t> others, int most, int64_t feature, std::vector<uint64_t>& scratch);

  int64_t stride_;
  std::vector<std::vector<double>> cuts_;
  Block codes_;
};

// The places where bins of sorted values meet.
std::vector<double> bin_cuts(std::span<const double> sorted, int most);

}  // namespace corrente
