// How a block of columns is cut so that copying in, computing and copying out overlap.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace corrente::cuda {

// Series [series_from, series_to), rows [from, to): several whole series, or a stretch of one.
struct Span {
  int64_t series_from, series_to, from, to;

  int64_t series() const { return series_to - series_from; }
  int64_t rows() const { return to - from; }
  int64_t values() const { return series() * rows(); }
};

// Series [series_from, series_to) in spans of about `values` values. A series is cut at multiples of `values`, unless
// it is to stay whole.
inline std::vector<Span> cut_spans(int64_t series_from, int64_t series_to, int64_t length, int64_t values, bool whole_series) {
  std::vector<Span> spans;
  if (length == 0) return spans;
  if (length <= values || whole_series) {
    const int64_t together = std::max<int64_t>(1, values / length);
    for (int64_t s = series_from; s < series_to; s += together) spans.push_back({s, std::min(series_to, s + together), 0, length});
    return spans;
  }
  for (int64_t s = series_from; s < series_to; s++) {
    for (int64_t from = 0; from < length; from += values) spans.push_back({s, s + 1, from, std::min(length, from + values)});
  }
  return spans;
}

}  // namespace corrente::cuda
