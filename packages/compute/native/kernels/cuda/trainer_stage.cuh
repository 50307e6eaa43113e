// A layer at work on a slab of samples. Its arrays lie in one arena, which is measured before it is there.
#pragma once

#include <memory>
#include <vector>

#include "trainer_shapes.h"
#include "trainer_sizes.h"
#include "trainer_update.cuh"

namespace corrente::cuda {

// Hands out parts of a block of device memory. Without a block it hands out null, and counts.
class Arena {
 public:
  explicit Arena(unsigned char* base) : base_(base) {}

  template <class T>
  T* take(int64_t count) {
    T* const part = base_ == nullptr ? nullptr : reinterpret_cast<T*>(base_ + bytes_);
    bytes_ += divide_up(count * static_cast<int64_t>(sizeof(T)), 256) * 256;
    return part;
  }
  int64_t bytes() const { return bytes_; }

 private:
  unsigned char* const base_;
  int64_t bytes_ = 0;
};

struct Slab {
  int64_t samples;
  int64_t first;           // of the batch's samples
  const uint32_t* dropout;  // the stream that masks are drawn from; null where nothing is trained
  const TrainingState* state;
  cudaStream_t stream;
};

// Where a layer stands.
template <class Real>
struct LayerPlace {
  LayerShape before, after;
  int64_t samples;   // the most in a slab
  int64_t from;      // of its parameters among all
  const Real* parameters;
  bool wants_input_gradient;
  Arena& arena;
  std::vector<GradientParts<Real>>& parts;
};

// Arrays are [samples × steps × features]; what a call returns is overwritten by the next one.
template <class Real>
class Stage {
 public:
  virtual ~Stage() = default;
  virtual Real* forward(Real* input, const Slab&) = 0;
  // From the gradient of the output, which it may overwrite, to that of the input; leaves the parts of the gradients of
  // its parameters. Without `wants_input_gradient` what it returns is undefined.
  virtual Real* backward(Real* gradient, const Slab&) = 0;
};

// The gradient of some weights, whose rows are inputs (and a bias).
template <class Real>
class WeightGradient {
 public:
  // `at`: of the first weight among the layer's; a row of weights is `stride` long, `cols` of it concern this.
  WeightGradient(LayerPlace<Real>& place, int64_t rows_per_sample, int64_t inputs, int64_t cols, int64_t at, int64_t stride)
      : rows_per_sample_(rows_per_sample), chunk_rows_(gradient_rows * divide_up(inputs * cols, gradient_places)), cols_(cols),
        parts_(place.arena.template take<Real>(divide_up(rows_per_sample * place.samples, chunk_rows_) * inputs * cols)) {
    place.parts.push_back({parts_, rows_per_sample, chunk_rows_, inputs, cols, place.from + at, stride});
  }

  void compute(const char* action, const GradientInputs<Real>& inputs, const Real* gradients, int64_t gradient_stride, const Slab& slab) const {
    launch_outer_product<Real>(action, {inputs, gradients, gradient_stride, rows_per_sample_ * slab.samples, chunk_rows_, static_cast<int>(cols_), parts_}, slab.stream);
  }

 private:
  int64_t rows_per_sample_, chunk_rows_, cols_;
  Real* parts_;
};

// A dropout of the model, by its number.
class DropoutRule {
 public:
  DropoutRule(double rate, int number) : rate_(rate), number_(static_cast<uint32_t>(number)) {}

  Dropout of(const Slab& slab) const {
    if (slab.dropout == nullptr || rate_ == 0) return {};
    return {{slab.dropout[0], slab.dropout[1], slab.dropout[2], slab.dropout[3] ^ number_}, rate_ * 4294967296.0, 1 / (1 - rate_)};
  }

 private:
  double rate_;
  uint32_t number_;
};

}  // namespace corrente::cuda
