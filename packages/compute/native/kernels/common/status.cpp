#include "status.h"

namespace corrente {

Status check_columns(const char* operation, const Columns& columns) {
  const std::string name(operation);
  if (columns.series < 0 || columns.length < 0)
    return invalid(name + ": " + std::to_string(columns.series) + " series of length " + std::to_string(columns.length) +
                   ", expected neither to be negative");
  if (columns.stride < columns.length)
    return invalid(name + ": stride is " + std::to_string(columns.stride) + ", expected at least the length " +
                   std::to_string(columns.length));
  return {};
}

static Status check_range(const char* what, int64_t from, int64_t to, int64_t series) {
  if (from >= 0 && from <= to && to <= series) return {};
  return invalid(std::string("correlation tile: ") + what + " [" + std::to_string(from) + ", " + std::to_string(to) +
                 "), expected a range within [0, " + std::to_string(series) + ")");
}

Status check_tile(const Columns& columns, int64_t row_from, int64_t row_to, int64_t col_from, int64_t col_to) {
  if (Status rows = check_range("rows", row_from, row_to, columns.series); !rows) return rows;
  return check_range("columns", col_from, col_to, columns.series);
}

Status check_rolling(const Columns& columns, std::span<const RollingRequest> requests) {
  if (Status shape = check_columns("rolling", columns); !shape) return shape;
  for (const RollingRequest& request : requests) {
    if (request.window < 1)
      return invalid("rolling: window is " + std::to_string(request.window) + ", expected at least 1");
    if (request.ddof < 0) return invalid("rolling: ddof is " + std::to_string(request.ddof) + ", expected at least 0");
  }
  return {};
}

}  // namespace corrente
