// Splits of a random forest by variance: regression, and two classes as 0 and 1.
#include <algorithm>
#include <cstdint>

#include "forest_tree.h"
#include "occupied_bins.h"

namespace corrente {

namespace {

// Up to as many rows are put in the order of their bins; up to as many more, the bins that they are in are looked at,
// rather than all.
constexpr int64_t kVeryFewRows = 32;
constexpr int64_t kFewRows = 128;

// Sorts keys that all differ, by counting for each how many are below it: no branch depends on them. Lanes past `count`
// hold the greatest number.
template <int kLanes>
void sort_by_rank(const int16_t* keys, int count, int16_t* sorted) {
  int16_t rank[kLanes] = {};
  for (int j = 0; j < count; ++j) {
    const int16_t other = keys[j];
    for (int i = 0; i < kLanes; ++i) rank[i] = static_cast<int16_t>(rank[i] + (keys[i] > other ? 1 : 0));
  }
  for (int i = 0; i < count; ++i) sorted[rank[i]] = keys[i];
}

class VarianceSearch final : public ForestSearch {
 public:
  explicit VarianceSearch(const ForestSetting& setting)
      : setting_(setting), least_rows_(setting.request.min_leaf), counted_(setting.request.bootstrap && least_rows_ > 1), of_row_(setting.target.size()) {}

  void begin_tree(const int32_t* weights) override {
    weights_ = weights;
    for (size_t row = 0; row < of_row_.size(); ++row) of_row_[row] = {weights[row] * setting_.fixed[row], static_cast<double>(weights[row])};
  }

  void begin_node(const ForestNode& node) override {
    node_ = node;
    sums_ = {{}, static_cast<double>(node.count)};
    pure_ = true;
    const double first = setting_.fixed[static_cast<size_t>(node.rows[0])];
    for (int64_t i = 0; i < node.count; ++i) {
      const auto row = static_cast<size_t>(node.rows[i]);
      sums_.sums.g += of_row_[row].g;
      sums_.sums.h += of_row_[row].h;
      pure_ = pure_ && setting_.fixed[row] == first;
      if (i < kFewRows) few_[i] = of_row_[row];
    }
  }

  bool pure() const override { return pure_; }

  ForestSplit best(int32_t feature) override {
    if (node_.count <= kVeryFewRows) return best_of_very_few(feature);
    return node_.count <= kFewRows ? best_of_few(feature) : best_of_many(feature);
  }

  double gain(double score) const override {
    return std::max(0.0, score - sums_.sums.g * sums_.sums.g / sums_.sums.h) * setting_.factor / setting_.scale / setting_.scale;
  }

  // From the targets themselves, not what fixed point left of them.
  void values(double* out) const override {
    const double first = setting_.target[static_cast<size_t>(node_.rows[0])];
    double sum = 0;
    for (int64_t i = 0; i < node_.count; ++i) {
      const auto row = static_cast<size_t>(node_.rows[i]);
      sum += weights_[row] * (setting_.target[row] - first);
    }
    const double mean = first + sum / sums_.sums.h;
    if (setting_.request.classes == 0) {
      out[0] = mean;
    } else {
      out[0] = 1 - mean;
      out[1] = mean;
    }
  }

 private:
  ForestSplit best_of_many(int32_t feature) {
    const int bins = setting_.table.bins(feature);
    const uint8_t* const codes = setting_.table.codes(feature);
    Sums* const sums = histogram_;
    int32_t* const row_counts = row_counts_;
    setting_.kernels.accumulate(&codes, 1, node_.rows, node_.count, of_row_.data(), &sums, counted_ ? &row_counts : nullptr);
    const SplitRule rule{0, counted_ ? 1 : static_cast<double>(least_rows_), static_cast<double>(least_rows_)};
    BestBin found;
    setting_.kernels.best_bin({histogram_, counted_ ? row_counts_ : nullptr, bins}, sums_, rule, found);
    ForestSplit split;
    if (found.score >= 0) {
      int next = found.bin + 1;
      while (next < bins && histogram_[next].h == 0) ++next;
      split = {found.score, feature, next < bins ? found.bin + (next - 1 - found.bin) / 2 : found.bin, side_of_missing(histogram_[bins].h, found.missing_left, found.left.sums.h)};
    }
    std::fill_n(histogram_, bins + 1, Sums{});
    std::fill_n(row_counts_, bins + 1, 0);
    return split;
  }

  // A node without missing values sends them to where more rows go.
  bool side_of_missing(double missing, bool chosen, double left) const { return missing > 0 ? chosen : 2 * left >= sums_.sums.h; }

  ForestSplit best_of_very_few(int32_t feature) const {
    const int missing = setting_.table.bins(feature), count = static_cast<int>(node_.count);
    const uint8_t* const codes = setting_.table.codes(feature);
    // The code, and the place in the node.
    int16_t keys[kVeryFewRows], sorted[kVeryFewRows];
    std::fill_n(keys, kVeryFewRows, INT16_MAX);
    for (int i = 0; i < count; ++i) keys[i] = static_cast<int16_t>(codes[node_.rows[i]] * kVeryFewRows + i);
    if (count <= 8) {
      sort_by_rank<8>(keys, count, sorted);
    } else if (count <= 16) {
      sort_by_rank<16>(keys, count, sorted);
    } else {
      sort_by_rank<32>(keys, count, sorted);
    }
    NodeSums without;
    for (int i = count - 1; i >= 0 && sorted[i] / kVeryFewRows == missing; --i) add(few_[sorted[i] % kVeryFewRows], without);
    ForestSplit split;
    NodeSums left;
    for (int i = 0; i + 1 < count; ++i) {
      add(few_[sorted[i] % kVeryFewRows], left);
      const int code = sorted[i] / static_cast<int>(kVeryFewRows), next = sorted[i + 1] / static_cast<int>(kVeryFewRows);
      if (next != code) cut_between(code, next, missing, left, feature, without, split);
    }
    return split;
  }

  static void add(const Sums& row, NodeSums& to) {
    to.sums.g += row.g;
    to.sums.h += row.h;
    ++to.rows;
  }

  ForestSplit best_of_few(int32_t feature) {
    const int missing = setting_.table.bins(feature);
    const uint8_t* const codes = setting_.table.codes(feature);
    for (int64_t i = 0; i < node_.count; ++i) {
      const int code = codes[node_.rows[i]];
      histogram_[code].g += few_[i].g;
      histogram_[code].h += few_[i].h;
      ++row_counts_[code];
      occupied_.add(code);
    }
    const NodeSums without{histogram_[missing], static_cast<double>(row_counts_[missing])};
    ForestSplit split;
    NodeSums left;
    int last = -1;
    occupied_.drain([&](int code) {
      if (last >= 0) cut_between(last, code, missing, left, feature, without, split);
      last = code;
      left.sums.g += histogram_[code].g;
      left.sums.h += histogram_[code].h;
      left.rows += row_counts_[code];
      histogram_[code] = {};
      row_counts_[code] = 0;
    });
    return split;
  }

  // Between two bins that hold rows of the node, with missing values on the right, and on the left.
  void cut_between(int code, int next, int missing, const NodeSums& left, int32_t feature, const NodeSums& without, ForestSplit& split) const {
    const int cut = next == missing ? code : code + (next - 1 - code) / 2;
    consider(left, false, cut, feature, without, split);
    if (without.rows > 0 && next != missing) consider({{left.sums.g + without.sums.g, left.sums.h + without.sums.h}, left.rows + without.rows}, true, cut, feature, without, split);
  }

  void consider(const NodeSums& left, bool missing_left, int cut, int32_t feature, const NodeSums& missing, ForestSplit& best) const {
    const double least = static_cast<double>(least_rows_);
    if (left.rows < least || sums_.rows - left.rows < least) return;
    const double right_g = sums_.sums.g - left.sums.g, right_h = sums_.sums.h - left.sums.h;
    const double score = (left.sums.g * left.sums.g * right_h + right_g * right_g * left.sums.h) / (left.sums.h * right_h);
    if (score > best.score) best = {score, feature, cut, side_of_missing(missing.rows, missing_left, left.sums.h)};
  }

  const ForestSetting& setting_;
  const int64_t least_rows_;
  const bool counted_;  // rows are not as many as their weights
  std::vector<Sums> of_row_;
  const int32_t* weights_ = nullptr;
  ForestNode node_{};
  NodeSums sums_;
  bool pure_ = false;
  Sums few_[kFewRows];  // of the node's rows, the first of them
  // Zeros between two searches.
  Sums histogram_[kMostCodes] = {};
  int32_t row_counts_[kMostCodes] = {};
  OccupiedBins occupied_;
};

}  // namespace

std::unique_ptr<ForestSearch> variance_search(const ForestSetting& setting) { return std::make_unique<VarianceSearch>(setting); }

}  // namespace corrente
