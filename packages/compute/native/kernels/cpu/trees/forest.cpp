// grow_forest: random forests. For each feature a training row takes a byte, and besides 16 bytes, and each thread has 28
// of its own; the trees themselves take some 45 bytes for each node (and 8 for each class), twice while they are put
// together.
#include <cmath>

#include "../../common/status.h"
#include "../isa.h"
#include "../threads.h"
#include "check.h"
#include "fixed_point.h"
#include "forest_tree.h"

namespace corrente {

namespace {

void set_fixed(ForestSetting& setting) {
  if (setting.request.classes > 2) return;
  const std::vector<double>& target = setting.target;
  double centre = 0, magnitude = 0;
  if (setting.request.classes == 0) {
    for (const double value : target) centre += (value - target[0]) / static_cast<double>(target.size());
    centre += target[0];
    for (const double value : target) magnitude += std::fabs(value - centre);
    // A bootstrap draws the same row several times, and 16 times in none of 10^13.
    setting.scale = fixed_point_scale(16 * magnitude);
  } else {
    setting.factor = 2;
  }
  for (const double value : target) setting.fixed.push_back(std::nearbyint((value - centre) * setting.scale));
}

bool grow_trees(const ForestSetting& setting, std::vector<NodeLists>& trees, const Control& control) {
  ThreadPool& pool = thread_pool();
  std::vector<std::unique_ptr<ForestGrower>> growers(static_cast<size_t>(pool.threads()));
  pool.parallel_for(static_cast<int64_t>(trees.size()), 1, control, [&](int64_t begin, int64_t end, int worker) {
    auto& grower = growers[static_cast<size_t>(worker)];
    if (grower == nullptr) grower = std::make_unique<ForestGrower>(setting);
    for (int64_t t = begin; t < end; ++t)
      if (grower->grow(t, control, trees[static_cast<size_t>(t)])) control.done->fetch_add(1, std::memory_order_relaxed);
  });
  return !control.cancelled();
}

}  // namespace

Status grow_forest(const Columns& table, const ForestRequest& request, TreeEnsemble& out, const Control& control) {
  constexpr const char* kOperation = "random forest";
  return guarded(kOperation, [&]() -> Status {
    if (Status arguments = check_forest(table, request); !arguments) return arguments;
    if (const Selection& chosen = selection(); chosen.kernels == nullptr) return invalid(std::string(kOperation) + ": " + chosen.why_not);
    control.total->store(request.trees, std::memory_order_relaxed);
    std::unique_ptr<BinnedTable> binned;
    Crew::with(control, [&](Crew& crew) { binned = std::make_unique<BinnedTable>(table, request.train, std::span<const int32_t>(), static_cast<int>(request.bins), crew, control); });
    if (control.cancelled()) return cancelled(kOperation);
    ForestSetting setting{request, *binned, tree_kernels_of_machine(), {}, {}};
    for (const int32_t row : request.train) setting.target.push_back(request.target[row]);
    set_fixed(setting);
    std::vector<NodeLists> trees(static_cast<size_t>(request.trees));
    if (!grow_trees(setting, trees, control)) return cancelled(kOperation);
    out = {};
    out.outputs = setting.outputs();
    out.mean = true;
    out.baseline.assign(static_cast<size_t>(out.outputs), 0);
    for (NodeLists& tree : trees) {
      append_tree(out, tree);
      tree = {};
    }
    return {};
  });
}

}  // namespace corrente
