// open_correlation: which session computes a method.
#include "../common/status.h"
#include "isa.h"
#include "pair_statistic.h"
#include "pearson.h"
#include "spearman.h"

namespace corrente {

namespace {

Status open_spearman(const Columns& columns, Precision precision, const Kernels& kernels, const Control& control,
                     std::unique_ptr<CorrelationSession>& session) {
  // Ranking, and what CpuPearson::prepare counts.
  control.total->store(3 * columns.series, std::memory_order_relaxed);
  RankedSeries ranks;
  if (!ranks.rank(columns, control)) return cancelled("correlation");
  auto opened = std::make_unique<CpuSpearman>(std::move(ranks), precision, kernels);
  if (!opened->prepare(control)) return cancelled("correlation");
  session = std::move(opened);
  return {};
}

}  // namespace

Status open_correlation(const Columns& columns, const CorrelationRequest& request, Precision precision,
                        const Control& control, std::unique_ptr<CorrelationSession>& session) {
  return guarded("correlation", [&]() -> Status {
    if (Status shape = check_columns("correlation", columns); !shape) return shape;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("correlation: " + chosen.why_not);
    if (request.ddof < 0) return invalid("correlation: ddof is " + std::to_string(request.ddof) + ", expected at least 0");
    if (request.method == CorrelationMethod::kendall || request.method == CorrelationMethod::distance)
      return open_pair_statistic(columns, request, precision, control, session);
    if (request.method == CorrelationMethod::spearman) return open_spearman(columns, precision, *chosen.kernels, control, session);
    auto opened = std::make_unique<CpuPearson>(columns, request, precision, *chosen.kernels);
    if (!opened->prepare(control)) return cancelled("correlation");
    session = std::move(opened);
    return {};
  });
}

}  // namespace corrente
