#include "check_pairs.h"

#include "status.h"

namespace corrente {

static Status check_range(const char* operation, const char* what, int64_t from, int64_t to, int64_t series) {
  if (from >= 0 && from <= to && to <= series) return {};
  return invalid(std::string(operation) + ": " + what + " [" + std::to_string(from) + ", " + std::to_string(to) +
                 "), expected a range within [0, " + std::to_string(series) + ")");
}

Status check_rectangle(const char* operation, const Columns& columns, const Rectangle& tile) {
  if (Status rows = check_range(operation, "rows", tile.row_from, tile.row_to, columns.series); !rows) return rows;
  return check_range(operation, "columns", tile.col_from, tile.col_to, columns.series);
}

static Status check_periods(const char* operation, int64_t min_periods) {
  if (min_periods >= 2) return {};
  return invalid(std::string(operation) + ": minPeriods is " + std::to_string(min_periods) + ", expected at least 2");
}

Status check_lead_lag(const Columns& columns, const LeadLagRequest& request) {
  if (Status shape = check_columns("lead-lag", columns); !shape) return shape;
  if (request.max_lag < 0)
    return invalid("lead-lag: maxLag is " + std::to_string(request.max_lag) + ", expected at least 0");
  return check_periods("lead-lag", request.min_periods);
}

Status check_rolling_correlation(const Columns& columns, const RollingCorrelationRequest& request) {
  if (Status shape = check_columns("rolling correlation", columns); !shape) return shape;
  if (request.step < 1)
    return invalid("rolling correlation: step is " + std::to_string(request.step) + ", expected at least 1");
  if (!(request.alpha >= 0 && request.alpha <= 1))
    return invalid("rolling correlation: alpha is " + std::to_string(request.alpha) + ", expected above 0 and at most 1");
  if ((request.window > 0) == (request.alpha > 0))
    return invalid("rolling correlation: window is " + std::to_string(request.window) + " and alpha " +
                   std::to_string(request.alpha) + ", expected exactly one of them to be above 0");
  if (request.window < 0)
    return invalid("rolling correlation: window is " + std::to_string(request.window) + ", expected at least 1");
  return check_periods("rolling correlation", request.min_periods);
}

int64_t first_window_end(const RollingCorrelationRequest& request) {
  return (request.window > 0 ? request.window : request.min_periods) - 1;
}

int64_t count_windows(const Columns& columns, const RollingCorrelationRequest& request) {
  const int64_t first = first_window_end(request);
  return columns.length <= first ? 0 : (columns.length - 1 - first) / request.step + 1;
}

}  // namespace corrente
