// A model as it runs: its layers, its parameters, and the memory that a slice of samples passes through.
#pragma once

#include "trainer_samples.h"

namespace corrente {

// What one thread works in.
template <class Real>
struct TrainerWorkplace {
  Block memory;
  int64_t capacity = 0;  // samples
  std::vector<double> scratch;
  std::vector<TrainerTensor<Real>> between;  // before each layer, and after the last
};

template <class Real>
class TrainerNetwork {
 public:
  TrainerNetwork(const TrainerKernels<Real>&, const TrainingWindows&, const LayeredModel&);

  TrainerParameters<Real>& parameters() { return parameters_; }
  const TrainerSamples<Real>& samples() const { return samples_; }
  // Samples of a slice: as many as a second cache holds, and few enough for a batch to be shared among threads. By the
  // model and the batch alone, as sums are cut by slices.
  int64_t slice_of(int64_t batch) const;

  // The outputs of samples first … first + samples - 1, without dropout where it is null.
  TrainerTensor<Real> forward(TrainerWorkplace<Real>&, std::span<const int32_t> origins, int64_t first, int64_t samples, int64_t capacity, const Dropout*) const;
  // After `forward` with the same arguments: adds to `gradient`, a list of the kernels'; returns the sum of the loss.
  double backward(TrainerWorkplace<Real>&, TrainingLoss, std::span<const int32_t> origins, int64_t first, int64_t samples, int64_t capacity, const Dropout*, Real scale, Real* gradient) const;

 private:
  TrainerSlice<Real> slice(const TrainerWorkplace<Real>&, int64_t first, int64_t samples, int64_t capacity, const Dropout*, Real* gradient) const;

  TrainerParameters<Real> parameters_;
  const TrainerSamples<Real> samples_;
  typename TrainerSamples<Real>::Input input_;
  TrainerMemory memory_;
  std::vector<std::unique_ptr<TrainerLayer<Real>>> layers_;
  size_t first_trained_ = 0;  // the first layer that has parameters; nothing goes back beyond it
  int64_t uses_ = 0;          // of parameters by one sample, step by step
  int64_t read_ = 0, gradients_[2] = {};
};

}  // namespace corrente
