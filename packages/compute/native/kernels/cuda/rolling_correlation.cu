// Correlation in windows: not on this engine yet; the answer says so.
#include "../common/check_pairs.h"
#include "../common/status.h"

namespace corrente {

Status open_rolling_correlation(const Columns& columns, const RollingCorrelationRequest& request, Precision, const Control&,
                                std::unique_ptr<RollingCorrelationSession>&) {
  if (Status arguments = check_rolling_correlation(columns, request); !arguments) return arguments;
  return unsupported("rolling correlation: not on the cuda engine; the cpu engine has it");
}

}  // namespace corrente
