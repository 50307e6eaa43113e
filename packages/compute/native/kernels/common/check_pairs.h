// What every engine refuses of sessions over pairs of series, in the same words.
#pragma once

#include "../ops.h"

namespace corrente {

Status check_rectangle(const char* operation, const Columns&, const Rectangle&);
Status check_lead_lag(const Columns&, const LeadLagRequest&);
Status check_rolling_correlation(const Columns&, const RollingCorrelationRequest&);

// How many windows a request gives, and the row at which the first one ends.
int64_t first_window_end(const RollingCorrelationRequest&);
int64_t count_windows(const Columns&, const RollingCorrelationRequest&);

}  // namespace corrente
