// What one instruction set offers for training: products of matrices, gates, losses, Adam. Everything that decides
// (layers, slices of a batch, threads, cancel) is in trainer*.cpp.
//
// Matrices are row-major. Columns come by whole vectors: a matrix of n columns has rows of n rounded up to lanes, and
// what stands in the columns beyond n is finite and read by nobody but these kernels.
#pragma once

#include <cstdint>

#include "../ops.h"

namespace corrente {

// Lanes of the widest vector there is; distances between rows are rounded up to what a vector has, not to this.
constexpr int64_t kMostTrainerLanes = 16;

// Vectors of a decomposition reach this far beyond its last step.
constexpr int64_t kDecomposeSlack = 32;
constexpr int64_t decompose_scratch(int64_t count, int64_t window) { return 2 * (count + kDecomposeSlack) + window; }

// What a sum begins with.
enum class Start { zero, bias, sum };

// C [rows × cols] = start + A [rows × depth] B [depth × cols], where A(m, k) is a[m * a_row + k * a_depth]: A may lie
// transposed. `cols` is a multiple of the lanes. Every element is summed over k in order.
template <class Real>
struct Product {
  int64_t rows, depth, cols;
  const Real* a;
  int64_t a_row, a_depth;
  const Real* b;
  int64_t b_row;
  Real* c;
  int64_t c_row;
  Start start;
  const Real* bias;  // [cols]
};

// One step of an LSTM for `samples` rows: gates [samples × 4 units] in the order i, f, c, o; all others [samples × units].
// `units` is a multiple of the lanes.
template <class Real>
struct LstmStep {
  int64_t samples, units;
  Real* gates;           // forward: from sums to gates; backward: from gates to the gradient of the sums
  const Real* cell_before;
  Real* cell;            // forward
  Real* squashed;        // tanh of the cell
  Real* state;           // forward
  const Real* from_later;  // backward: gradient of the state, by the step after
  const Real* from_above;  // and by the layer above; null: none
  Real* cell_gradient;   // backward: of this step's cell, then of the cell before
};

// One step of a GRU: gates [samples × 3 units] in the order z, r, h.
template <class Real>
struct GruStep {
  int64_t samples, units;
  Real* gates;
  const Real* state_before;
  Real* reset_state;     // r h
  Real* state;
  const Real* from_later;
  const Real* from_above;
  Real* through_reset;   // backward: gradient of r h
  Real* state_gradient;  // backward: of the state before, without what goes through the gates' products
};

template <class Real>
struct AdamStep {
  Real rate;          // learning rate / (1 - β₁^t)
  Real second_scale;  // 1 / (1 - β₂^t)
  Real gradient_scale;
};

template <class Real>
struct TrainerKernels {
  int lanes;
  void (*multiply)(const Product<Real>&);
  // --- Elementwise, over `count` values; they may go on to the end of the last vector.
  void (*fill_rows)(const Real* row, int64_t rows, int64_t cols, Real* out);
  void (*activate)(Activation, Real* x, int64_t count);
  // gradient *= act'(x), told by y = act(x).
  void (*activation_gradient)(Activation, const Real* y, Real* gradient, int64_t count);
  // out = y > 0 ? gradient * scale : 0
  void (*relu_gradient)(const Real* y, const Real* gradient, Real scale, Real* out, int64_t count);
  // x = relu(x) * mask; a null mask is ones.
  void (*relu_masked)(Real* x, const Real* mask, int64_t count);
  // out = relu(x + y)
  void (*relu_of_sum)(const Real* x, const Real* y, Real* out, int64_t count);
  void (*multiply_into)(const Real* x, const Real* y, Real* out, int64_t count);
  void (*add)(Real* sum, const Real* x, int64_t count);
  // sums [cols] += each row
  void (*add_rows)(const Real* x, int64_t rows, int64_t cols, Real* sums);
  // --- Recurrent layers
  void (*lstm_forward)(const LstmStep<Real>&);
  void (*lstm_backward)(const LstmStep<Real>&);
  void (*gru_reset)(const GruStep<Real>&);   // z, r and r h
  void (*gru_update)(const GruStep<Real>&);  // the candidate and the state
  void (*gru_backward_update)(const GruStep<Real>&);  // gradients of the sums of z and h
  void (*gru_backward_reset)(const GruStep<Real>&);   // of the sum of r, given through_reset
  // --- Windows
  // out[i * stride] = x[i] - anchor
  void (*take)(const double* x, int64_t count, double anchor, Real* out, int64_t stride);
  // out[i * stride] = remainder, out[i * stride + 1] = trend; scratch: decompose_scratch(count, window)
  // doubles.
  void (*decompose)(const double* x, int64_t count, int64_t window, double anchor, double* scratch, Real* out, int64_t stride);
  // Words first … first + count - 1 of a draw of a stream, each as 0 where it is below `bound` and as `kept` elsewhere.
  void (*mask)(const uint32_t* stream, uint32_t draw, uint64_t first, int64_t count, uint64_t bound, Real kept, Real* out);
  // --- Losses of forecasts y + anchor of a target: the sum; y becomes its gradient, times `scale`.
  double (*loss)(TrainingLoss, Real* y, const double* target, int64_t count, double anchor, Real scale);
  // Adds squares and absolute values of what they are off by.
  void (*errors)(const Real* y, const double* target, int64_t count, double anchor, double* squared, double* absolute);
  void (*forecast)(const Real* y, int64_t count, double anchor, Real* out);
  // --- The optimiser, over `count` values (whole vectors)
  double (*sum_of_squares)(const Real* x, int64_t count);
  void (*adam)(const AdamStep<Real>&, const Real* gradient, Real* parameters, Real* first, Real* second, int64_t count);
};

namespace baseline {
extern const TrainerKernels<double> trainer_kernels_f64;
extern const TrainerKernels<float> trainer_kernels_f32;
}
namespace avx2 {
extern const TrainerKernels<double> trainer_kernels_f64;
extern const TrainerKernels<float> trainer_kernels_f32;
}
namespace avx512 {
extern const TrainerKernels<double> trainer_kernels_f64;
extern const TrainerKernels<float> trainer_kernels_f32;
}

}  // namespace corrente
