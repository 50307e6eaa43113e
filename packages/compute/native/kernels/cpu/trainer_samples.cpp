#include "trainer_samples.h"

#include <algorithm>

namespace corrente {

template <class Real>
TrainerSamples<Real>::TrainerSamples(const TrainerKernels<Real>& kernels, const TrainingWindows& windows, const LayeredModel& model)
    : kernels_(kernels), windows_(windows), steps_(model.steps), features_(model.features), targets_(windows.targets), horizon_(windows.horizon), anchored_(model.anchored) {}

// The last value of a target in the look-back; 0 of another feature, and of a model without anchors.
template <class Real>
double TrainerSamples<Real>::anchor(int64_t group, int64_t feature, int64_t origin) const {
  if (!anchored_ || feature >= targets_) return 0;
  return windows_.columns.row(windows_.inputs[static_cast<size_t>(group * features_ + feature)])[origin - 1];
}

template <class Real>
TrainerTensor<Real> TrainerSamples<Real>::read(std::span<const int32_t> origins, int64_t first, int64_t samples, const Input& input, double* scratch, Real* out) const {
  const int64_t wide = features(input), each = input.window == 0 ? 1 : 2;
  const int64_t row = input.flat ? steps_ * wide : wide;
  for (int64_t s = 0; s < samples; ++s) {
    const int64_t group = (first + s) % windows_.groups, origin = origins[static_cast<size_t>((first + s) / windows_.groups)];
    for (int64_t f = 0; f < features_; ++f) {
      const double* const x = windows_.columns.row(windows_.inputs[static_cast<size_t>(group * features_ + f)]) + origin - steps_;
      Real* const to = out + s * row + f * each;
      const int64_t stride = input.flat ? wide : samples * wide;
      if (input.window == 0) {
        kernels_.take(x, steps_, anchor(group, f, origin), to, stride);
      } else {
        kernels_.decompose(x, steps_, input.window, anchor(group, f, origin), scratch, to, stride);
      }
    }
  }
  return {out, row};
}

template <class Real>
template <class F>
void TrainerSamples<Real>::for_targets(std::span<const int32_t> origins, int64_t first, int64_t samples, F&& f) const {
  for (int64_t s = 0; s < samples; ++s) {
    const int64_t group = (first + s) % windows_.groups, origin = origins[static_cast<size_t>((first + s) / windows_.groups)];
    for (int64_t j = 0; j < targets_; ++j) f(s, group, j, origin, anchor(group, j, origin));
  }
}

template <class Real>
double TrainerSamples<Real>::loss(TrainingLoss kind, std::span<const int32_t> origins, int64_t first, int64_t samples, TrainerTensor<Real> outputs, Real scale) const {
  double total = 0;
  for_targets(origins, first, samples, [&](int64_t s, int64_t group, int64_t j, int64_t origin, double anchor) {
    const double* const target = windows_.columns.row(windows_.foretold[static_cast<size_t>(group * targets_ + j)]) + origin;
    total += kernels_.loss(kind, outputs.data + s * outputs.row + j * horizon_, target, horizon_, anchor, scale);
  });
  for (int64_t s = 0; s < samples; ++s) std::fill(outputs.data + s * outputs.row + targets_ * horizon_, outputs.data + (s + 1) * outputs.row, Real(0));
  return total;
}

template <class Real>
void TrainerSamples<Real>::errors(std::span<const int32_t> origins, int64_t first, int64_t samples, TrainerTensor<Real> outputs, double* squared, double* absolute) const {
  for_targets(origins, first, samples, [&](int64_t s, int64_t group, int64_t j, int64_t origin, double anchor) {
    const double* const target = windows_.columns.row(windows_.foretold[static_cast<size_t>(group * targets_ + j)]) + origin;
    const int64_t at = (group * targets_ + j) * horizon_;
    kernels_.errors(outputs.data + s * outputs.row + j * horizon_, target, horizon_, anchor, squared + at, absolute + at);
  });
}

template <class Real>
void TrainerSamples<Real>::forecast(std::span<const int32_t> origins, int64_t first, int64_t samples, TrainerTensor<Real> outputs, Real* to) const {
  for_targets(origins, first, samples, [&](int64_t s, int64_t, int64_t j, int64_t, double anchor) {
    kernels_.forecast(outputs.data + s * outputs.row + j * horizon_, horizon_, anchor, to + (s * targets_ + j) * horizon_);
  });
}

template class TrainerSamples<float>;
template class TrainerSamples<double>;

}  // namespace corrente
