// Samples of the frame: what a model reads of them, and what it is judged by. A batch has `groups` samples of each
// origin, one after the other.
#pragma once

#include "trainer_layers.h"

namespace corrente {

template <class Real>
class TrainerSamples {
 public:
  TrainerSamples(const TrainerKernels<Real>&, const TrainingWindows&, const LayeredModel&);

  // How samples are read: decomposed, and flattened, where the model's first layers say so.
  struct Input {
    int64_t window = 0;  // of the decomposition; 0: none
    bool flat = false;
  };

  int64_t features(const Input& input) const { return features_ * (input.window == 0 ? 1 : 2); }
  // Doubles that `read` works in.
  int64_t scratch(const Input& input) const { return input.window == 0 ? 0 : decompose_scratch(steps_, input.window); }
  TrainerTensor<Real> read(std::span<const int32_t> origins, int64_t first, int64_t samples, const Input&, double* scratch, Real* out) const;

  int64_t outputs() const { return targets_ * horizon_; }
  // The loss, summed over the samples' values; outputs become their gradients, times `scale`.
  double loss(TrainingLoss, std::span<const int32_t> origins, int64_t first, int64_t samples, TrainerTensor<Real> outputs, Real scale) const;
  // Adds to squared and absolute [groups × outputs].
  void errors(std::span<const int32_t> origins, int64_t first, int64_t samples, TrainerTensor<Real> outputs, double* squared, double* absolute) const;
  // to: [samples × outputs]
  void forecast(std::span<const int32_t> origins, int64_t first, int64_t samples, TrainerTensor<Real> outputs, Real* to) const;

 private:
  // Calls f(sample of the slice, group, target, origin, anchor).
  template <class F>
  void for_targets(std::span<const int32_t> origins, int64_t first, int64_t samples, F&& f) const;
  double anchor(int64_t group, int64_t feature, int64_t origin) const;

  const TrainerKernels<Real>& kernels_;
  const TrainingWindows& windows_;
  const int64_t steps_, features_, targets_, horizon_;
  const bool anchored_;
};

}  // namespace corrente
