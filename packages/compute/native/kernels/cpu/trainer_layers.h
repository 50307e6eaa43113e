// A chain of layers over a slice of samples: forward, and backward into a gradient. A layer keeps what it needs for the
// way back in the memory of the worker that runs the slice; weights are read, and so shared.
#pragma once

#include <memory>

#include "trainer_parameters.h"

namespace corrente {

// Value f of sample s at step t is data[(t * samples + s) * row + f]: a step of all samples lies together.
template <class Real>
struct TrainerTensor {
  Real* data;
  int64_t row;
};

struct Dropout {
  const uint32_t* stream;
  uint32_t draw;
};

// Samples that pass through the layers together.
template <class Real>
struct TrainerSlice {
  int64_t first;           // of the batch's samples
  int64_t samples;
  int64_t capacity;        // the most samples of a slice
  Real* memory;            // [reals of a sample × capacity], zeros at first
  const Real* weights;
  const Real* transposed;
  Real* gradient;          // what weights' gradients are added to; as `weights`
  const Dropout* dropout;  // null: none
};

// What one sample needs of a worker's memory, place by place.
class TrainerMemory {
 public:
  // `exact` is the count without what fills vectors up, so that the size of slices does not depend on lanes.
  int64_t reserve(int64_t reals, int64_t exact) {
    const int64_t at = reals_;
    reals_ += (reals + kMostTrainerLanes - 1) / kMostTrainerLanes * kMostTrainerLanes;
    exact_ += exact;
    return at;
  }
  int64_t reals() const { return reals_; }
  int64_t exact() const { return exact_; }

 private:
  int64_t reals_ = 0, exact_ = 0;
};

template <class Real>
class TrainerLayer {
 public:
  virtual ~TrainerLayer() = default;
  virtual TrainerTensor<Real> forward(const TrainerSlice<Real>&, TrainerTensor<Real> in) const = 0;
  // out_gradient, as `out`, may be overwritten. in_gradient, as `in`: null where nobody wants it.
  virtual void backward(const TrainerSlice<Real>&, TrainerTensor<Real> in, TrainerTensor<Real> out, Real* out_gradient, Real* in_gradient) const = 0;
};

// What a layer is made from.
template <class Real>
struct TrainerSite {
  const TrainerKernels<Real>& kernels;
  TrainerParameters<Real>& parameters;
  TrainerMemory& memory;
  const Layer& layer;
  int64_t steps, features;  // of what comes in
  bool passes_back;         // whether its input's gradient is wanted
  uint32_t& dropouts;       // dropout layers so far
};

template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_dense(const TrainerSite<Real>&);
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_flatten(const TrainerSite<Real>&);
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_last(const TrainerSite<Real>&);
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_lstm(const TrainerSite<Real>&);
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_gru(const TrainerSite<Real>&);
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_tcn(const TrainerSite<Real>&);
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_dropout(const TrainerSite<Real>&);

// A mask of dropout layer `number` for a slice of values [steps × features], in rows of `row`; scratch: [steps × features].
template <class Real>
void dropout_mask(const TrainerKernels<Real>&, const TrainerSlice<Real>&, uint32_t number, double rate, int64_t steps, int64_t features, int64_t row, Real* scratch, Real* mask);

// Adds inᵀ gradient, summed over `rows`, to the gradient of a matrix that `in` was multiplied with.
template <class Real>
void add_weight_gradient(const TrainerKernels<Real>&, const TrainerSlice<Real>&, const TrainerMatrix&, const Real* in, int64_t in_row, const Real* gradient, int64_t rows);

}  // namespace corrente
