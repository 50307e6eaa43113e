// Cross-correlation over lags: not on this engine yet; the answer says so.
#include "../common/check_pairs.h"
#include "../common/status.h"

namespace corrente {

Status open_lead_lag(const Columns& columns, const LeadLagRequest& request, Precision, const Control&, std::unique_ptr<LeadLagSession>&) {
  if (Status arguments = check_lead_lag(columns, request); !arguments) return arguments;
  return unsupported("lead-lag: not on the cuda engine; the cpu engine has it");
}

}  // namespace corrente
