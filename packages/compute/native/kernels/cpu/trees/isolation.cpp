// grow_isolation: isolation forests (Liu, Ting and Zhou 2008), on the values themselves. Each thread takes 4 bytes for
// each training row.
#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <numbers>
#include <numeric>
#include <utility>

#include "../../common/status.h"
#include "../threads.h"
#include "check.h"
#include "node_lists.h"
#include "word_source.h"

namespace corrente {

namespace {

// The mean depth at which a search for a value that is not there ends in a binary tree of `rows` random values.
double mean_depth(int64_t rows) {
  if (rows <= 1) return 0;
  if (rows == 2) return 1;
  const auto n = static_cast<double>(rows);
  return 2 * (std::log(n - 1) + std::numbers::egamma) - 2 * (n - 1) / n;
}

struct Cut {
  int32_t feature = -1;
  double threshold = 0;
  bool missing_left = false;
};

class IsolationGrower {
 public:
  IsolationGrower(const Columns& table, const IsolationRequest& request)
      : table_(table), request_(request), size_(std::min<int64_t>(request.sample_size, static_cast<int64_t>(request.train.size()))), places_(request.train.size()), order_(static_cast<size_t>(table.series)) {
    std::iota(places_.begin(), places_.end(), 0);
  }

  // Tree t takes the words of draw t. Trees are as deep as one of the sample's size is in the mean: log2, rounded up.
  bool grow(int64_t t, const Control& control, NodeLists& tree) {
    struct Open {
      int32_t node;
      int64_t from, to, depth;
    };
    WordSource words(request_.stream, static_cast<uint32_t>(t));
    draw_sample(words);
    std::iota(order_.begin(), order_.end(), 0);
    const int64_t deepest = std::bit_width(static_cast<uint64_t>(std::max<int64_t>(2, size_) - 1));
    std::vector<Open> open{{tree.add(size_), 0, size_, 0}};
    while (!open.empty()) {
      if (control.cancelled()) return false;
      const Open at = open.back();
      open.pop_back();
      const Cut cut = at.to - at.from < 2 || at.depth >= deepest ? Cut{} : choose(at.from, at.to, words);
      if (cut.feature < 0) {
        *tree.values(at.node) = static_cast<double>(at.depth) + mean_depth(at.to - at.from);
        continue;
      }
      const int64_t middle = partition(at.from, at.to, cut);
      const int32_t left = tree.add(middle - at.from), right = tree.add(at.to - middle);
      tree.split(at.node, cut.feature, cut.threshold, cut.missing_left, 0, left, right);
      open.push_back({right, middle, at.to, at.depth + 1});
      open.push_back({left, at.from, middle, at.depth + 1});
    }
    return true;
  }

 private:
  // The first places of a permutation; what was exchanged is put back, so that the next tree finds them as they were.
  void draw_sample(WordSource& words) {
    const auto rows = static_cast<int64_t>(places_.size());
    sample_.resize(static_cast<size_t>(size_));
    exchanged_.resize(static_cast<size_t>(size_));
    for (int64_t i = 0; i < size_; ++i) {
      const auto to = static_cast<size_t>(i), from = static_cast<size_t>(i + words.below(rows - i));
      std::swap(places_[to], places_[from]);
      exchanged_[to] = from;
      sample_[to] = request_.train[static_cast<size_t>(places_[to])];
    }
    for (size_t i = sample_.size(); i-- > 0;) std::swap(places_[i], places_[exchanged_[i]]);
  }

  // The first feature, in an order drawn anew, that varies over the rows; cut uniformly between its least and greatest
  // value. Missing values go to a random side.
  Cut choose(int64_t from, int64_t to, WordSource& words) {
    const auto features = static_cast<int64_t>(order_.size());
    for (int64_t tried = 0; tried < features; ++tried) {
      std::swap(order_[static_cast<size_t>(tried)], order_[static_cast<size_t>(tried + words.below(features - tried))]);
      const int32_t feature = order_[static_cast<size_t>(tried)];
      const double* const values = table_.row(feature);
      double least = INFINITY, most = -INFINITY;
      for (int64_t i = from; i < to; ++i) {
        const double value = values[sample_[static_cast<size_t>(i)]];
        if (value < least) least = value;
        if (value > most) most = value;
      }
      if (!(least < most)) continue;
      const double share = words.uniform(), at = least * (1 - share) + most * share;
      // Rounding may reach the greatest value, which is to be on the right.
      return {feature, at >= least && at < most ? at : least, (words.next() & 1) != 0};
    }
    return {};
  }

  int64_t partition(int64_t from, int64_t to, const Cut& cut) {
    const double* const values = table_.row(cut.feature);
    const auto middle = std::stable_partition(sample_.begin() + from, sample_.begin() + to, [&](int32_t row) {
      return std::isnan(values[row]) ? cut.missing_left : values[row] <= cut.threshold;
    });
    return middle - sample_.begin();
  }

  const Columns& table_;
  const IsolationRequest& request_;
  const int64_t size_;
  std::vector<int32_t> places_, order_, sample_;
  std::vector<size_t> exchanged_;
};

}  // namespace

Status grow_isolation(const Columns& table, const IsolationRequest& request, TreeEnsemble& out, const Control& control) {
  constexpr const char* kOperation = "isolation forest";
  return guarded(kOperation, [&]() -> Status {
    if (Status arguments = check_isolation(table, request); !arguments) return arguments;
    control.total->store(request.trees, std::memory_order_relaxed);
    ThreadPool& pool = thread_pool();
    std::vector<std::unique_ptr<IsolationGrower>> growers(static_cast<size_t>(pool.threads()));
    std::vector<NodeLists> trees(static_cast<size_t>(request.trees));
    pool.parallel_for(request.trees, 1, control, [&](int64_t begin, int64_t end, int worker) {
      auto& grower = growers[static_cast<size_t>(worker)];
      if (grower == nullptr) grower = std::make_unique<IsolationGrower>(table, request);
      for (int64_t t = begin; t < end; ++t)
        if (grower->grow(t, control, trees[static_cast<size_t>(t)])) control.done->fetch_add(1, std::memory_order_relaxed);
    });
    if (control.cancelled()) return cancelled(kOperation);
    out = {};
    out.mean = true;
    out.baseline.assign(1, 0);
    for (NodeLists& tree : trees) {
      append_tree(out, tree);
      tree = {};
    }
    return {};
  });
}

}  // namespace corrente
