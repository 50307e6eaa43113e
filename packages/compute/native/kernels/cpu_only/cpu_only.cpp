// What only the CPU engine computes, as the CUDA engine answers it.
#include "../ops.h"

namespace corrente {

static Status cpu_only(const char* operation) {
  return {Code::unsupported, std::string(operation) + ": the cuda engine does not compute it; the cpu engine does"};
}

Status grow_boosted(const Columns&, const BoostingRequest&, BoostedTrees&, const Control&) { return cpu_only("gradient boosting"); }
Status grow_forest(const Columns&, const ForestRequest&, TreeEnsemble&, const Control&) { return cpu_only("random forest"); }
Status grow_isolation(const Columns&, const IsolationRequest&, TreeEnsemble&, const Control&) { return cpu_only("isolation forest"); }
Status predict_trees(const Columns&, const TreeEnsemble&, double*, const Control&) { return cpu_only("prediction by trees"); }
Status k_means(const Columns&, const KMeansRequest&, Clusters&, const Control&) { return cpu_only("k-means"); }
Status matrix_profile(const Columns&, int64_t, int64_t, double*, int32_t*, const Control&) { return cpu_only("matrix profile"); }

}  // namespace corrente
