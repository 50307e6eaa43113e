// open_correlation: which session computes a method.
#include "../common/status.h"
#include "isa.h"
#include "pearson.h"

namespace corrente {

Status open_correlation(const Columns& columns, const CorrelationRequest& request, Precision precision,
                        const Control& control, std::unique_ptr<CorrelationSession>& session) {
  return guarded("correlation", [&]() -> Status {
    if (Status shape = check_columns("correlation", columns); !shape) return shape;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("correlation: " + chosen.why_not);
    if (request.method != CorrelationMethod::pearson) return unsupported("correlation: the cpu engine computes pearson only");
    auto opened = std::make_unique<CpuPearson>(columns, precision, *chosen.kernels);
    if (!opened->prepare(control)) return cancelled("correlation");
    session = std::move(opened);
    return {};
  });
}

}  // namespace corrente
