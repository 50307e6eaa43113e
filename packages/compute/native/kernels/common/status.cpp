#include "status.h"

#include <algorithm>
#include <cmath>

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

Status check_tile(const Columns& columns, const Rectangle& tile) {
  if (Status rows = check_range("rows", tile.row_from, tile.row_to, columns.series); !rows) return rows;
  return check_range("columns", tile.col_from, tile.col_to, columns.series);
}

static bool takes_spans(RollingKind kind) {
  switch (kind) {
    case RollingKind::autocorrelation:
    case RollingKind::wma:
    case RollingKind::weighted:
    case RollingKind::ema:
    case RollingKind::ewm_mean:
    case RollingKind::ewm_var:
    case RollingKind::ewm_std: return false;
    default: return true;
  }
}

static Status check_begins(const int32_t* begins, int64_t length) {
  int32_t before = 0;
  for (int64_t t = 0; t < length; ++t) {
    if (begins[t] < before || begins[t] > t)
      return invalid("rolling: the window of row " + std::to_string(t) + " begins at row " + std::to_string(begins[t]) +
                     ", expected " + std::to_string(before) + " to " + std::to_string(t));
    before = begins[t];
  }
  return {};
}

static Status check_request(const RollingRequest& request, int64_t length) {
  if (request.window < 1 && request.begins == nullptr)
    return invalid("rolling: window is " + std::to_string(request.window) + ", expected at least 1");
  if (request.ddof < 0) return invalid("rolling: ddof is " + std::to_string(request.ddof) + ", expected at least 0");
  const double parameter = request.parameter;
  if (request.kind == RollingKind::quantile && !(parameter >= 0 && parameter <= 1))
    return invalid("rolling: the quantile is " + std::to_string(parameter) + ", expected 0 to 1");
  if (request.kind == RollingKind::autocorrelation && !(parameter >= 1 && parameter == std::floor(parameter) && parameter <= 9007199254740991.0))
    return invalid("rolling: the lag is " + std::to_string(parameter) + ", expected an integer of at least 1");
  if (request.kind == RollingKind::weighted) {
    if (request.weights == nullptr) return invalid("rolling: weighted without weights, expected " + std::to_string(request.window));
    for (int64_t i = 0; i < request.window; ++i)
      if (!std::isfinite(request.weights[i]))
        return invalid("rolling: weight " + std::to_string(i) + " is " + std::to_string(request.weights[i]) + ", expected a finite number");
  }
  if ((request.begins != nullptr || request.min_periods >= 0) && !takes_spans(request.kind))
    return invalid("rolling: minPeriods or begins for a kind whose windows are always whole");
  if (request.begins == nullptr) return {};
  if (request.min_periods < 0) return invalid("rolling: begins without minPeriods");
  return check_begins(request.begins, length);
}

Status check_rolling(const Columns& columns, std::span<const RollingRequest> requests) {
  if (Status shape = check_columns("rolling", columns); !shape) return shape;
  for (const RollingRequest& request : requests)
    if (Status one = check_request(request, columns.length); !one) return one;
  return {};
}

Status check_information(const Columns& target, const Columns& condition, const NeighbourRule& rule) {
  const std::string name = "information";
  if (Status shape = check_columns("information: target", target); !shape) return shape;
  if (target.series == 0) return invalid(name + ": target has 0 series, expected at least 1");
  const int64_t points = target.length;
  if (points > INT32_MAX) return invalid(name + ": " + std::to_string(points) + " points, expected at most " + std::to_string(INT32_MAX));
  if (condition.series != 0) {
    if (Status shape = check_columns("information: condition", condition); !shape) return shape;
    if (condition.length != points)
      return invalid(name + ": condition has length " + std::to_string(condition.length) + ", the target " + std::to_string(points));
  }
  if (rule.theiler < 0) return invalid(name + ": theiler is " + std::to_string(rule.theiler) + ", expected at least 0");
  if (rule.estimator == NeighbourEstimator::kernel) {
    if (points < 1) return invalid(name + ": 0 points, expected at least 1");
    if (!(rule.width > 0)) return invalid(name + ": width is " + std::to_string(rule.width) + ", expected more than 0");
    return {};
  }
  if (rule.neighbours < 1) return invalid(name + ": neighbours is " + std::to_string(rule.neighbours) + ", expected at least 1");
  // The point in the middle has the most points in its Theiler window.
  const int64_t before = (points - 1) / 2, after = points - 1 - before;
  const int64_t left = points - 1 - std::min(before, rule.theiler) - std::min(after, rule.theiler);
  if (rule.neighbours > left)
    return invalid(name + ": neighbours is " + std::to_string(rule.neighbours) + ", but of " + std::to_string(points) +
                   " points a point has " + std::to_string(std::max<int64_t>(left, 0)) + " others" +
                   (rule.theiler > 0 ? " outside a Theiler window of " + std::to_string(rule.theiler) : ""));
  return {};
}

Status check_source(const Columns& source, int64_t points) {
  if (Status shape = check_columns("information: source", source); !shape) return shape;
  if (source.series == 0) return invalid("information: source has 0 series, expected at least 1");
  if (source.length != points)
    return invalid("information: source has length " + std::to_string(source.length) + ", the target " + std::to_string(points));
  return {};
}

Status check_requests(std::span<const InformationRequest> requests, int64_t points) {
  for (const InformationRequest& request : requests) {
    if (Status shape = check_source(request.source, points); !shape) return shape;
    if (request.surrogates < 0)
      return invalid("information: surrogates is " + std::to_string(request.surrogates) + ", expected at least 0");
    if (request.orderings == nullptr) continue;
    for (int64_t i = 0; i < request.surrogates * points; ++i)
      if (request.orderings[i] < 0 || request.orderings[i] >= points)
        return invalid("information: an ordering names point " + std::to_string(request.orderings[i]) + ", expected 0 to " +
                       std::to_string(points - 1));
  }
  return {};
}

}  // namespace corrente
