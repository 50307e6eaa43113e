// predict_trees: rows walk down the trees, a block of rows at a time, for which the block's values and a tree's nodes
// stay in the caches. A row's sum is over the trees in their order, whatever the blocks and threads.
#include <algorithm>
#include <memory>

#include "../../common/status.h"
#include "../threads.h"
#include "check.h"

namespace corrente {

namespace {

constexpr int64_t kBlock = 256;
// Rows that walk side by side: each waits for memory, and the others use the time.
constexpr int kAbreast = 8;

// 24 bytes: what a step of a walk reads. A leaf leads to itself.
struct WalkNode {
  double threshold;
  int32_t feature;
  int32_t child[2];  // right, left
  int32_t missing;   // 1 where a missing value goes left
};

class Walker {
 public:
  Walker(const Columns& table, const TreeEnsemble& ensemble) : table_(table), ensemble_(ensemble), nodes_(ensemble.feature.size()) {
    for (size_t i = 0; i < nodes_.size(); ++i) {
      const auto self = static_cast<int32_t>(i);
      const bool leaf = ensemble.feature[i] < 0;
      const int32_t left = leaf ? self : ensemble.left[i], right = leaf ? self : ensemble.right[i];
      nodes_[i] = {ensemble.threshold[i], leaf ? 0 : ensemble.feature[i], {right, left}, ensemble.missing_left[i] != 0};
    }
  }

  int64_t features() const { return table_.series; }

  // Rows [from, to), at most kBlock; `values` holds kBlock rows of features.
  void predict(int64_t from, int64_t to, double* values, double* out) const {
    for (int64_t feature = 0; feature < table_.series; ++feature) {
      const double* const column = table_.row(feature);
      for (int64_t row = from; row < to; ++row) values[(row - from) * table_.series + feature] = column[row];
    }
    for (int64_t k = 0; k < ensemble_.outputs; ++k) std::fill(out + k * table_.length + from, out + k * table_.length + to, ensemble_.mean ? 0 : ensemble_.baseline[static_cast<size_t>(k)]);
    const auto trees = static_cast<int64_t>(ensemble_.first.size()) - 1;
    for (int64_t tree = 0; tree < trees; ++tree) {
      for (int64_t row = from; row < to; row += kAbreast) {
        const int abreast = static_cast<int>(std::min<int64_t>(kAbreast, to - row));
        int32_t at[kAbreast];
        walk(ensemble_.first[static_cast<size_t>(tree)], values + (row - from) * table_.series, abreast, at);
        for (int i = 0; i < abreast; ++i) add(tree, at[i], row + i, out);
      }
    }
    if (!ensemble_.mean) return;
    for (int64_t k = 0; k < ensemble_.outputs; ++k)
      for (int64_t row = from; row < to; ++row) out[k * table_.length + row] /= static_cast<double>(trees);
  }

 private:
  // No branch depends on a value: which way rows go is not to be guessed.
  void walk(int32_t root, const double* values, int abreast, int32_t* at) const {
    std::fill_n(at, abreast, root);
    for (int32_t moved = 1; moved != 0;) {
      moved = 0;
      for (int i = 0; i < abreast; ++i) {
        const WalkNode& node = nodes_[static_cast<size_t>(at[i])];
        const double value = values[i * table_.series + node.feature];
        const int left = static_cast<int>(value <= node.threshold) | (static_cast<int>(value != value) & node.missing);
        const int32_t next = node.child[left];
        moved |= next ^ at[i];
        at[i] = next;
      }
    }
  }

  void add(int64_t tree, int32_t leaf, int64_t row, double* out) const {
    if (!ensemble_.mean) {
      out[tree % ensemble_.outputs * table_.length + row] += ensemble_.value[static_cast<size_t>(leaf)];
      return;
    }
    const double* const value = ensemble_.value.data() + leaf * ensemble_.outputs;
    for (int64_t k = 0; k < ensemble_.outputs; ++k) out[k * table_.length + row] += value[k];
  }

  const Columns& table_;
  const TreeEnsemble& ensemble_;
  std::vector<WalkNode> nodes_;
};

}  // namespace

Status predict_trees(const Columns& table, const TreeEnsemble& ensemble, double* out, const Control& control) {
  constexpr const char* kOperation = "prediction by trees";
  return guarded(kOperation, [&]() -> Status {
    if (Status arguments = check_ensemble(table, ensemble); !arguments) return arguments;
    control.total->store(table.length, std::memory_order_relaxed);
    const Walker walker(table, ensemble);
    ThreadPool& pool = thread_pool();
    std::vector<std::unique_ptr<double[]>> values(static_cast<size_t>(pool.threads()));
    pool.parallel_for((table.length + kBlock - 1) / kBlock, 1, control, [&](int64_t begin, int64_t end, int worker) {
      auto& block = values[static_cast<size_t>(worker)];
      if (block == nullptr) block = std::make_unique<double[]>(static_cast<size_t>(kBlock * std::max<int64_t>(1, walker.features())));
      for (int64_t i = begin; i < end; ++i) {
        const int64_t from = i * kBlock, to = std::min(table.length, from + kBlock);
        walker.predict(from, to, block.get(), out);
        control.done->fetch_add(to - from, std::memory_order_relaxed);
      }
    });
    return control.cancelled() ? cancelled(kOperation) : Status{};
  });
}

}  // namespace corrente
