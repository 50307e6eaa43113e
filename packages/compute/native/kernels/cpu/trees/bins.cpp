#include "bins.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sort_values.h"

namespace corrente {

namespace {

// Midway between two neighbouring values; the lower one is at most it, the upper one is not.
double midway(double lower, double upper) {
  const double middle = lower / 2 + upper / 2;
  return middle >= lower && middle < upper ? middle : lower;
}

// How many cuts lie below a value: its code. A search of eight steps without a branch, over cuts filled up to 255.
class Coder {
 public:
  explicit Coder(std::span<const double> cuts) {
    std::fill(std::copy(cuts.begin(), cuts.end(), cuts_), std::end(cuts_), std::numeric_limits<double>::infinity());
    missing_ = static_cast<uint8_t>(cuts.size() + 1);
  }

  uint8_t operator()(double value) const {
    int code = 0;
    for (int step = 128; step > 0; step /= 2) code += cuts_[code + step - 1] < value ? step : 0;
    return std::isnan(value) ? missing_ : static_cast<uint8_t>(code);
  }

 private:
  double cuts_[kMostCodes];
  uint8_t missing_;
};

}  // namespace

std::vector<double> bin_cuts(std::span<const double> sorted, int most) {
  struct Run {
    double value;
    int64_t count;
  };
  std::vector<Run> runs;
  for (const double value : sorted) {
    if (runs.empty() || runs.back().value != value) runs.push_back({value, 0});
    ++runs.back().count;
  }
  std::vector<double> cuts;
  const bool one_each = runs.size() <= static_cast<size_t>(most);
  // Each bin takes its share of what is left to the bins that are left, up to the value with which it is nearest to it.
  int64_t left = static_cast<int64_t>(sorted.size()), held = 0;
  int64_t bins_left = most;
  for (size_t i = 0; i + 1 < runs.size() && bins_left > 1; ++i) {
    held += runs[i].count;
    if (!one_each && static_cast<double>(2 * held + runs[i + 1].count) * static_cast<double>(bins_left) < 2 * static_cast<double>(left)) continue;
    cuts.push_back(midway(runs[i].value, runs[i + 1].value));
    left -= held;
    held = 0;
    --bins_left;
  }
  return cuts;
}

double BinnedTable::threshold(int64_t feature, int bin) const {
  const std::vector<double>& cuts = cuts_[static_cast<size_t>(feature)];
  return static_cast<size_t>(bin) < cuts.size() ? cuts[static_cast<size_t>(bin)] : std::numeric_limits<double>::max();
}

void BinnedTable::bin_feature(const double* values, std::span<const int32_t> train, std::span<const int32_t> others, int most, int64_t feature, std::vector<uint64_t>& scratch) {
  std::vector<double> present;
  present.reserve(train.size());
  for (const int32_t row : train)
    if (!std::isnan(values[row])) present.push_back(values[row]);
  sort_values(present, scratch);
  std::vector<double>& cuts = cuts_[static_cast<size_t>(feature)];
  cuts = bin_cuts(present, most);
  const Coder code(cuts);
  uint8_t* next = codes_.as<uint8_t>() + feature * stride_;
  for (const int32_t row : train) *next++ = code(values[row]);
  for (const int32_t row : others) *next++ = code(values[row]);
}

BinnedTable::BinnedTable(const Columns& table, std::span<const int32_t> train, std::span<const int32_t> others, int most, Crew& crew, const Control& control)
    : stride_((static_cast<int64_t>(train.size() + others.size()) + 63) / 64 * 64),
      cuts_(static_cast<size_t>(table.series)),
      codes_(static_cast<size_t>(stride_) * static_cast<size_t>(table.series)) {
  std::vector<std::vector<uint64_t>> scratch(static_cast<size_t>(crew.threads()));
  crew.run(table.series, [&](int64_t feature, int worker) {
    if (!control.cancelled()) bin_feature(table.row(feature), train, others, most, feature, scratch[static_cast<size_t>(worker)]);
  });
}

}  // namespace corrente
