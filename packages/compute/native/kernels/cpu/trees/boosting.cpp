// grow_boosted: histogram gradient boosting. For each feature a row takes a byte, and besides some 50 bytes and 16 for
// each output; the histograms of a tree take 16 bytes for each bin of its open leaves (20 for log loss), up to 512 MiB.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "../../common/random.h"
#include "../../common/status.h"
#include "../isa.h"
#include "best_first_tree.h"
#include "check.h"
#include "fixed_point.h"
#include "loss.h"

namespace corrente {

namespace {

// Sums over rows go chunk by chunk, so that they do not depend on the number of threads.
constexpr int64_t kChunk = 4096;

Loss loss_of(const BoostingRequest& request) { return request.classes == 0 ? Loss::squared : request.classes == 2 ? Loss::log : Loss::softmax; }

class Booster {
 public:
  Booster(const Columns& table, const BoostingRequest& request, Crew& crew, const Control& control)
      : request_(request),
        crew_(crew),
        control_(control),
        kernels_(tree_kernels_of_machine()),
        loss_(loss_of(request)),
        outputs_(loss_ == Loss::softmax ? request.classes : 1),
        train_(static_cast<int64_t>(request.train.size())),
        rows_(train_ + static_cast<int64_t>(request.validation.size())),
        table_(table, request.train, request.validation, static_cast<int>(request.bins), crew, control),
        grower_(table_, train_, {request.max_leaves, request.max_depth, request.min_leaf, request.l2, request.learning_rate, loss_ != Loss::squared}, crew, control) {
    for (const std::span<const int32_t> rows : {request.train, request.validation})
      for (const int32_t row : rows) target_.push_back(request.target[row]);
    set_baseline();
    if (loss_ != Loss::squared) predicted_.resize(raw_.size());
    g_.resize(static_cast<size_t>(train_));
    if (loss_ != Loss::squared) h_.resize(static_cast<size_t>(train_));
    of_row_.resize(static_cast<size_t>(train_));
  }

  // False where the work was cancelled.
  bool run(BoostedTrees& out) {
    // A table whose binning was cancelled is not to be read.
    if (control_.cancelled()) return false;
    control_.total->store(request_.rounds * outputs_, std::memory_order_relaxed);
    train_loss();
    int64_t best = 0;
    for (int64_t round = 0; round < request_.rounds; ++round) {
      if (!add_round(round)) return false;
      out.train_loss.push_back(train_loss());
      if (request_.validation.empty()) continue;
      out.validation_loss.push_back(validation_loss());
      if (round == 0 || out.validation_loss.back() < out.validation_loss[static_cast<size_t>(best)]) best = round;
      if (request_.patience > 0 && round - best >= request_.patience) break;
    }
    const bool cut = request_.patience > 0 && !request_.validation.empty();
    if (cut) trees_.resize(static_cast<size_t>((best + 1) * outputs_));
    TreeEnsemble& ensemble = out.ensemble;
    ensemble.outputs = outputs_;
    ensemble.mean = false;
    ensemble.baseline = baseline_;
    for (const NodeLists& tree : trees_) append_tree(ensemble, tree);
    return true;
  }

 private:
  double* raw(int64_t output) { return raw_.data() + output * rows_; }

  // The constant that has the least loss; a class that is in no row, or in all, counts as all but that.
  void set_baseline() {
    const auto n = static_cast<double>(train_);
    const auto share_of = [&](int64_t label) {
      const auto count = std::count(target_.begin(), target_.begin() + train_, static_cast<double>(label));
      constexpr double kLeast = std::numeric_limits<double>::epsilon();
      return std::clamp(static_cast<double>(count) / n, kLeast, 1 - kLeast);
    };
    if (loss_ == Loss::squared) {
      double sum = 0;
      for (int64_t i = 0; i < train_; ++i) sum += target_[static_cast<size_t>(i)] - target_[0];
      baseline_ = {target_[0] + sum / n};
    } else if (loss_ == Loss::log) {
      const double share = share_of(1);
      baseline_ = {std::log(share / (1 - share))};
    } else {
      for (int64_t label = 0; label < outputs_; ++label) baseline_.push_back(std::log(share_of(label)));
    }
    for (const double value : baseline_) raw_.insert(raw_.end(), static_cast<size_t>(rows_), value);
  }

  // body(from, to, chunk) for all rows from `begin` to `end`.
  template <class Body>
  void in_chunks(int64_t begin, int64_t end, Body&& body) {
    crew_.run((end - begin + kChunk - 1) / kChunk, [&](int64_t chunk, int) { body(begin + chunk * kChunk, std::min(end, begin + (chunk + 1) * kChunk), static_cast<size_t>(chunk)); });
  }

  double mean_loss(int64_t begin, int64_t end, double* predicted) {
    std::vector<double> sums(static_cast<size_t>((end - begin + kChunk - 1) / kChunk));
    in_chunks(begin, end, [&](int64_t from, int64_t to, size_t chunk) { sums[chunk] = sum_loss(loss_, {target_.data(), raw_.data(), outputs_, rows_, from, to}, predicted); });
    return std::accumulate(sums.begin(), sums.end(), 0.0) / static_cast<double>(end - begin);
  }
  // Squared error needs no probabilities: what is predicted is what the trees sum up to.
  double train_loss() { return mean_loss(0, train_, loss_ == Loss::squared ? nullptr : predicted_.data()); }
  double validation_loss() { return mean_loss(train_, rows_, nullptr); }

  bool add_round(int64_t round) {
    for (int64_t output = 0; output < outputs_; ++output) {
      const int64_t tree = round * outputs_ + output;
      const DerivativeSums sums = derive(output);
      const double g_scale = fixed_point_scale(sums.g), h_scale = loss_ == Loss::squared ? 1 : fixed_point_scale(sums.h);
      in_chunks(0, train_, [&](int64_t from, int64_t to, size_t) {
        kernels_.quantise(g_.data() + from, h_.empty() ? nullptr : h_.data() + from, to - from, g_scale, h_scale, of_row_.data() + from);
      });
      if (!grower_.grow(features_of(tree), of_row_.data(), g_scale, h_scale)) return false;
      add_to_raw(output);
      trees_.push_back(grower_.tree());
      control_.done->fetch_add(1, std::memory_order_relaxed);
    }
    return true;
  }

  DerivativeSums derive(int64_t output) {
    std::vector<DerivativeSums> sums(static_cast<size_t>((train_ + kChunk - 1) / kChunk));
    const double* const predicted = loss_ == Loss::squared ? raw(0) : predicted_.data() + output * rows_;
    in_chunks(0, train_, [&](int64_t from, int64_t to, size_t chunk) { sums[chunk] = derivatives(loss_, target_.data(), predicted, output, from, to, g_.data(), h_.data()); });
    DerivativeSums all;
    for (const DerivativeSums& one : sums) {
      all.g += one.g;
      all.h += one.h;
    }
    return all;
  }

  // Tree t may split by the first of the features as draw t puts them in order.
  std::span<const int32_t> features_of(int64_t tree) {
    const int64_t all = table_.features();
    const auto wanted = std::clamp<int64_t>(std::llround(request_.feature_share * static_cast<double>(all)), 1, all);
    features_.resize(static_cast<size_t>(all));
    if (wanted == all) {
      std::iota(features_.begin(), features_.end(), 0);
    } else {
      permutation(request_.stream, static_cast<uint32_t>(tree), all, features_.data());
      std::sort(features_.begin(), features_.begin() + wanted);
    }
    return std::span(features_).first(static_cast<size_t>(wanted));
  }

  void add_to_raw(int64_t output) {
    double* const to = raw(output);
    const NodeLists& tree = grower_.tree();
    const std::vector<GrownLeaf>& leaves = grower_.leaves();
    crew_.run(static_cast<int64_t>(leaves.size()), [&](int64_t place, int) {
      const GrownLeaf& leaf = leaves[static_cast<size_t>(place)];
      const double value = tree.value[static_cast<size_t>(leaf.node)];
      for (int64_t i = leaf.from; i < leaf.to; ++i) to[grower_.rows()[i]] += value;
    });
    in_chunks(train_, rows_, [&](int64_t from, int64_t end, size_t) {
      for (int64_t row = from; row < end; ++row) to[row] += tree.value[static_cast<size_t>(leaf_of(row))];
    });
  }

  int32_t leaf_of(int64_t row) const {
    const NodeLists& tree = grower_.tree();
    int32_t at = 0;
    for (int32_t feature = tree.feature[0]; feature >= 0; feature = tree.feature[static_cast<size_t>(at)]) {
      const auto node = static_cast<size_t>(at);
      const uint8_t code = table_.codes(feature)[row];
      const bool left = code == table_.bins(feature) ? tree.missing_left[node] != 0 : code <= grower_.cuts()[node];
      at = left ? tree.left[node] : tree.right[node];
    }
    return at;
  }

  const BoostingRequest& request_;
  Crew& crew_;
  const Control& control_;
  const TreeKernels& kernels_;
  const Loss loss_;
  const int64_t outputs_, train_, rows_;
  const BinnedTable table_;
  BestFirstGrower grower_;
  std::vector<double> target_;          // of the train rows, then of the validation rows
  std::vector<double> baseline_, raw_;  // raw_: [outputs × rows]
  std::vector<double> predicted_, g_, h_;
  std::vector<Sums> of_row_;
  std::vector<int32_t> features_;
  std::vector<NodeLists> trees_;
};

}  // namespace

Status grow_boosted(const Columns& table, const BoostingRequest& request, BoostedTrees& out, const Control& control) {
  return guarded("gradient boosting", [&]() -> Status {
    if (Status arguments = check_boosting(table, request); !arguments) return arguments;
    if (const Selection& chosen = selection(); chosen.kernels == nullptr) return invalid("gradient boosting: " + chosen.why_not);
    bool finished = false;
    Crew::with(control, [&](Crew& crew) { finished = Booster(table, request, crew, control).run(out); });
    return finished ? Status{} : cancelled("gradient boosting");
  });
}

}  // namespace corrente
