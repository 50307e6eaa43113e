// Plans of Fourier transforms.
#pragma once

#include <cstdint>
#include <vector>

#include "lead_lag_kernels.h"

namespace corrente {

// The tables of a plan. Twiddles are rounded from long double.
class Fft {
 public:
  // `points` has no prime factor beyond 5.
  explicit Fft(int64_t points);

  const FftPlan& plan() const { return plan_; }

 private:
  FftPlan plan_;
  std::vector<int32_t> place_;
  std::vector<double> roots_;
  std::vector<std::vector<double>> twiddles_;
};

}  // namespace corrente
