#include "check.h"

#include <cmath>
#include <cstdio>

#include "../../common/status.h"
#include "tree_kernels.h"

namespace corrente {

namespace {

// Squares of targets, and sums of them, stay finite.
constexpr double kMostTarget = 1e150;

std::string said(int64_t value) { return std::to_string(value); }
std::string said(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

template <class Value>
Status expected(const char* operation, const char* what, Value value, const char* range) {
  return invalid(std::string(operation) + ": " + what + " is " + said(value) + ", expected " + range);
}

Status check_table(const char* operation, const Columns& table) {
  if (Status shape = check_columns(operation, table); !shape) return shape;
  if (table.series < 1) return invalid(std::string(operation) + ": the table has no features, expected at least 1");
  if (table.length > INT32_MAX) return expected(operation, "the number of rows", table.length, "at most 2147483647");
  return {};
}

}  // namespace

Status check_rows(const char* operation, const char* rows_of, std::span<const int32_t> rows, const Columns& table) {
  for (size_t i = 0; i < rows.size(); ++i)
    if (rows[i] < 0 || rows[i] >= table.length)
      return invalid(std::string(operation) + ": " + rows_of + " row " + said(int64_t{rows[i]}) + ", expected 0 to " + said(table.length - 1));
  return {};
}

Status check_targets(const char* operation, const char* rows_of, std::span<const int32_t> rows, const Columns& table, const GrowRequest& request) {
  if (Status within = check_rows(operation, rows_of, rows, table); !within) return within;
  for (const int32_t row : rows) {
    const double target = request.target[row];
    const bool good = request.classes == 0 ? std::fabs(target) <= kMostTarget : target >= 0 && target < static_cast<double>(request.classes) && target == std::floor(target);
    if (good) continue;
    const std::string range = request.classes == 0 ? "a number within ±1e150" : "a class of 0 to " + said(request.classes - 1);
    return invalid(std::string(operation) + ": the target of row " + said(int64_t{row}) + " is " + (std::isnan(target) ? "missing" : said(target)) + ", expected " + range);
  }
  return {};
}

Status check_grow(const char* operation, const Columns& table, const GrowRequest& request) {
  if (Status shape = check_table(operation, table); !shape) return shape;
  if (request.train.empty()) return invalid(std::string(operation) + ": there are no training rows, expected at least 1");
  if (request.classes < 0 || request.classes == 1) return expected(operation, "the number of classes", request.classes, "0 for regression, or at least 2");
  if (request.bins < 2 || request.bins > kMostBins) return expected(operation, "bins", request.bins, "2 to 255");
  if (request.max_depth < 0) return expected(operation, "maxDepth", request.max_depth, "0 for no limit, or at least 1");
  if (request.min_leaf < 1) return expected(operation, "minLeaf", request.min_leaf, "at least 1");
  return check_targets(operation, "training", request.train, table, request);
}

Status check_boosting(const Columns& table, const BoostingRequest& request) {
  constexpr const char* kOperation = "gradient boosting";
  if (Status common = check_grow(kOperation, table, request); !common) return common;
  if (request.rounds < 1) return expected(kOperation, "rounds", request.rounds, "at least 1");
  if (!(request.learning_rate > 0 && request.learning_rate <= 1e6)) return expected(kOperation, "learningRate", request.learning_rate, "more than 0");
  if (request.max_leaves < 2) return expected(kOperation, "maxLeaves", request.max_leaves, "at least 2");
  if (!(request.l2 >= 0 && request.l2 <= kMostTarget)) return expected(kOperation, "l2", request.l2, "at least 0");
  if (!(request.feature_share > 0 && request.feature_share <= 1)) return expected(kOperation, "featureShare", request.feature_share, "more than 0 and at most 1");
  if (request.patience < 0) return expected(kOperation, "patience", request.patience, "at least 0");
  return check_targets(kOperation, "validation", request.validation, table, request);
}

Status check_forest(const Columns& table, const ForestRequest& request) {
  constexpr const char* kOperation = "random forest";
  if (Status common = check_grow(kOperation, table, request); !common) return common;
  if (request.trees < 1) return expected(kOperation, "trees", request.trees, "at least 1");
  if (request.features_per_split < 1 || request.features_per_split > table.series)
    return expected(kOperation, "featuresPerSplit", request.features_per_split, ("1 to the number of features, " + said(table.series)).c_str());
  return {};
}

Status check_isolation(const Columns& table, const IsolationRequest& request) {
  constexpr const char* kOperation = "isolation forest";
  if (Status shape = check_table(kOperation, table); !shape) return shape;
  if (request.train.empty()) return invalid(std::string(kOperation) + ": there are no training rows, expected at least 1");
  if (request.trees < 1) return expected(kOperation, "trees", request.trees, "at least 1");
  if (request.sample_size < 1) return expected(kOperation, "sampleSize", request.sample_size, "at least 1");
  return check_rows(kOperation, "training", request.train, table);
}

Status check_ensemble(const Columns& table, const TreeEnsemble& ensemble) {
  constexpr const char* kOperation = "prediction by trees";
  if (Status shape = check_columns(kOperation, table); !shape) return shape;
  const auto fail = [&](const std::string& what) { return invalid(std::string(kOperation) + ": " + what); };
  if (ensemble.outputs < 1) return expected(kOperation, "outputs", ensemble.outputs, "at least 1");
  if (ensemble.first.empty() || ensemble.first[0] != 0) return fail("the first tree does not begin at node 0");
  const size_t nodes = ensemble.feature.size(), trees = ensemble.first.size() - 1;
  const size_t width = ensemble.mean ? static_cast<size_t>(ensemble.outputs) : 1;
  if (static_cast<size_t>(ensemble.first.back()) != nodes) return fail("the trees end at node " + said(int64_t{ensemble.first.back()}) + ", but there are " + said(static_cast<int64_t>(nodes)));
  if (ensemble.baseline.size() != static_cast<size_t>(ensemble.outputs)) return fail("the baseline does not have " + said(ensemble.outputs) + " values");
  if (ensemble.threshold.size() != nodes || ensemble.missing_left.size() != nodes || ensemble.left.size() != nodes || ensemble.right.size() != nodes || ensemble.value.size() != nodes * width)
    return fail("the lists of nodes differ in length");
  for (size_t tree = 0; tree < trees; ++tree) {
    const int64_t from = ensemble.first[tree], to = ensemble.first[tree + 1];
    if (from >= to) return fail("tree " + said(static_cast<int64_t>(tree)) + " has no nodes");
    if (to > static_cast<int64_t>(nodes)) return fail("tree " + said(static_cast<int64_t>(tree)) + " ends at node " + said(to) + " of " + said(static_cast<int64_t>(nodes)));
    for (int64_t at = from; at < to; ++at) {
      const auto node = static_cast<size_t>(at);
      if (ensemble.feature[node] < 0) continue;
      if (ensemble.feature[node] >= table.series) return fail("node " + said(at) + " splits by feature " + said(int64_t{ensemble.feature[node]}) + ", the table has " + said(table.series));
      for (const int64_t child : {int64_t{ensemble.left[node]}, int64_t{ensemble.right[node]}})
        if (child <= at || child >= to) return fail("node " + said(at) + " has child " + said(child) + ", expected one of " + said(at + 1) + " to " + said(to - 1));
    }
  }
  return {};
}

}  // namespace corrente
