// Splits of a random forest by Gini impurity, for three classes or more. The score of a split is the sum over both
// sides of Σ (weight of class k)² / weight, which is greatest where the impurity is least.
#include <algorithm>
#include <span>

#include "forest_tree.h"
#include "occupied_bins.h"

namespace corrente {

namespace {

class GiniSearch final : public ForestSearch {
 public:
  explicit GiniSearch(const ForestSetting& setting)
      : setting_(setting), classes_(setting.request.classes), histogram_(static_cast<size_t>(kMostCodes * classes_)), all_(static_cast<size_t>(classes_)), left_(all_.size()) {}

  void begin_tree(const int32_t* weights) override { weights_ = weights; }

  void begin_node(const ForestNode& node) override {
    node_ = node;
    std::fill(all_.begin(), all_.end(), 0);
    weight_ = 0;
    for (int64_t i = 0; i < node.count; ++i) {
      all_[class_of(node.rows[i])] += weights_[node.rows[i]];
      weight_ += weights_[node.rows[i]];
    }
    squares_ = 0;
    for (const double one : all_) squares_ += one * one;
  }

  bool pure() const override { return std::count(all_.begin(), all_.end(), 0.0) == classes_ - 1; }

  ForestSplit best(int32_t feature) override {
    const int missing = setting_.table.bins(feature);
    const uint8_t* const codes = setting_.table.codes(feature);
    for (int64_t i = 0; i < node_.count; ++i) {
      const int32_t row = node_.rows[i];
      histogram_[static_cast<size_t>(codes[row] * classes_) + class_of(row)] += weights_[row];
      ++row_counts_[codes[row]];
      occupied_.add(codes[row]);
    }
    const bool some_missing = row_counts_[missing] > 0;
    ForestSplit split;
    // Missing values to the right; then to the left, their class weights being on the left from the beginning.
    passes_ = some_missing ? 2 : 1;
    int bins[kMostCodes], count = 0;
    occupied_.drain([&](int code) { bins[count++] = code; });
    for (int pass = 0; pass < passes_; ++pass) cut_between(std::span(bins, static_cast<size_t>(count)), feature, missing, pass == 1, split);
    for (int i = 0; i < count; ++i) {
      std::fill_n(histogram_.begin() + bins[i] * classes_, classes_, 0.0);
      row_counts_[bins[i]] = 0;
    }
    return split;
  }

  double gain(double score) const override { return std::max(0.0, score - squares_ / weight_); }

  void values(double* out) const override {
    for (size_t k = 0; k < all_.size(); ++k) out[k] = all_[k] / weight_;
  }

 private:
  size_t class_of(int32_t row) const { return static_cast<size_t>(setting_.target[static_cast<size_t>(row)]); }

  struct Side {
    double weight = 0, squares = 0;
    int64_t rows = 0;
  };

  // Moves the rows of a bin from the right to the left. All numbers are whole, and the sums of squares exact.
  void move(int code, Side& left, Side& right) {
    for (int64_t k = 0; k < classes_; ++k) {
      const double moved = histogram_[static_cast<size_t>(code * classes_ + k)];
      if (moved == 0) continue;
      double& on_left = left_[static_cast<size_t>(k)];
      const double on_right = all_[static_cast<size_t>(k)] - on_left;
      left.squares += moved * (2 * on_left + moved);
      right.squares -= moved * (2 * on_right - moved);
      on_left += moved;
      left.weight += moved;
      right.weight -= moved;
    }
    left.rows += row_counts_[code];
    right.rows -= row_counts_[code];
  }

  void cut_between(std::span<const int> bins, int32_t feature, int missing, bool missing_left, ForestSplit& best) {
    std::fill(left_.begin(), left_.end(), 0);
    Side left, right{weight_, squares_, node_.count};
    if (missing_left) move(missing, left, right);
    const bool some_missing = passes_ == 2;
    for (size_t i = 0; i + 1 < bins.size(); ++i) {
      const int bin = bins[i], next = bins[i + 1];
      move(bin, left, right);
      if (next == missing && missing_left) break;
      if (left.rows < setting_.request.min_leaf || right.rows < setting_.request.min_leaf) continue;
      const double score = left.squares / left.weight + right.squares / right.weight;
      const int cut = next == missing ? bin : bin + (next - 1 - bin) / 2;
      if (score < best.score || (score == best.score && cut >= best.bin)) continue;
      best = {score, feature, cut, some_missing ? missing_left : 2 * left.weight >= weight_};
    }
  }

  const ForestSetting& setting_;
  const int64_t classes_;
  const int32_t* weights_ = nullptr;
  ForestNode node_{};
  std::vector<double> histogram_;  // [bins × classes], zeros between two searches
  int32_t row_counts_[kMostCodes] = {};
  OccupiedBins occupied_;
  std::vector<double> all_, left_;
  double weight_ = 0, squares_ = 0;
  int passes_ = 1;
};

}  // namespace

std::unique_ptr<ForestSearch> gini_search(const ForestSetting& setting) { return std::make_unique<GiniSearch>(setting); }

}  // namespace corrente
