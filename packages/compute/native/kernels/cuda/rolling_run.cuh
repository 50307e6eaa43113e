// What the launcher of rolling statistics (rolling.cu) hands to the families of kernels that lie in files of their own.
#pragma once

#include "rolling_window.cuh"
#include "sizes.h"
#include "streams.cuh"

namespace corrente::cuda {

// The window that ends at row t: rows [begin(t), t], of which at least `least` must be present.
struct WindowRows {
  const int32_t* begins;  // on the device; null where the window is `window` rows
  int64_t window;
  double least;

  __host__ __device__ int64_t begin(int64_t t) const {
    if (begins != nullptr) return begins[t];
    return t < window ? 0 : t - window + 1;
  }
};

// Launches until about launch_seconds of work are under way, then waits for those before: a cancelled operation ends
// without the rest. Work is in values looked at.
class Pace {
 public:
  explicit Pace(const Control& control) : pacer_(control) {}

  void add(cudaStream_t stream, int64_t work) {
    pending_ += work;
    if (pending_ < launch_work) return;
    pacer_.launched(stream, 0);
    pending_ = 0;
  }

 private:
  Pacer pacer_;
  int64_t pending_ = 0;
};

// Of the kernels that look at each value of each window, so many rows at a time that one launch is about launch_work.
inline int64_t rows_per_launch(int64_t series, int64_t values_per_row, int64_t multiple) {
  const int64_t rows = launch_work / (series * values_per_row < 1 ? 1 : series * values_per_row);
  return (rows / multiple < 1 ? 1 : rows / multiple) * multiple;
}

// One request over one span.
template <class Real>
struct RollingRun {
  const RollingRequest& request;
  WindowSpan<Real> span;  // of the series that the span begins with
  int64_t series;
  WindowRows rows;
  int64_t reach;          // rows of the longest window
  const double* weights;  // on the device
  unsigned char* scratch;
  cudaStream_t stream;
  Pace& pace;
};

// rolling_tree.cu: statistics whose states merge, over windows of any length.
int64_t tree_bytes(int64_t series, int64_t from, int64_t to, int64_t reach);
template <class Real>
void roll_tree(const RollingRun<Real>&);

// rolling_order.cu: median, quantile and rank.
template <class Real>
void roll_order(const RollingRun<Real>&);

// rolling_weighted.cu: weighted sums.
template <class Real>
void roll_weighted(const RollingRun<Real>&);

// rolling_ewm.cu: exponentially weighted mean and variance. `progress`: ewm_progress_bytes for each series, from where
// the span before left it.
constexpr int64_t ewm_progress_bytes = 7 * sizeof(double);
int64_t ewm_bytes(int64_t series, int64_t rows);
template <class Real>
void roll_ewm(const RollingRun<Real>&, unsigned char* progress);

}  // namespace corrente::cuda
