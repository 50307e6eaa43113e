// From the parts of gradients to new parameters: added up in their order, measured, clipped, and one step of Adam (Kingma
// and Ba 2015, β₁ 0.9, β₂ 0.999, ε 1e-8).
#pragma once

#include "trainer_loss.cuh"

namespace corrente::cuda {

// Parts of the gradient of some weights, as multiply_inputs left them: [chunks × rows × cols].
template <class Real>
struct GradientParts {
  const Real* parts;
  int64_t rows_per_sample, chunk_rows;  // that are summed; in each chunk
  int64_t rows, cols;    // of the weights
  int64_t from, stride;  // where they stand among all parameters
};

// gradient = or (`further`) += the sums of parts over a slab of so many samples. squares[block]: of what is then in the
// gradient. The lists hold every parameter once.
template <class Real>
__global__ void add_parts(const GradientParts<Real>* lists, int count, int64_t samples, int64_t parameters, int further, Real* gradient, double* squares) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  double square = 0;
  if (at < parameters) {
    int64_t within = at;
    int list = 0;
    for (; list < count - 1 && within >= lists[list].rows * lists[list].cols; list++) within -= lists[list].rows * lists[list].cols;
    const GradientParts<Real> l = lists[list];
    const int64_t chunks = divide_up(l.rows_per_sample * samples, l.chunk_rows), size = l.rows * l.cols;
    Real sum = 0;
#pragma unroll 8
    for (int64_t chunk = 0; chunk < chunks; chunk++) sum += l.parts[chunk * size + within];
    const int64_t to = l.from + within / l.cols * l.stride + within % l.cols;
    if (further) sum += gradient[to];
    gradient[to] = sum;
    square = static_cast<double>(sum) * static_cast<double>(sum);
  }
  const double all = merge_block<Sum>(square, reinterpret_cast<double*>(dynamic_shared()));
  if (threadIdx.x == 0) squares[blockIdx.x] = all;
}

struct StepRequest {
  const double* losses;   // of the batch's blocks
  int64_t loss_count;
  double values;          // that the loss is the mean over
  double origins;         // of the batch
  const double* squares;
  int64_t square_count;
  double clip_norm;
};

// One block: the batch's loss, how far its gradient is to be clipped, and the step's number.
static __global__ void begin_step(StepRequest request, TrainingState* state) {
  auto* const shared = reinterpret_cast<double*>(dynamic_shared());
  double loss = 0, squares = 0;
  for (int64_t i = threadIdx.x; i < request.loss_count; i += pointwise_threads) loss += request.losses[i];
  for (int64_t i = threadIdx.x; i < request.square_count; i += pointwise_threads) squares += request.squares[i];
  loss = merge_block<Sum>(loss, shared) / request.values;
  const double norm = sqrt(merge_block<Sum>(squares, shared));
  if (threadIdx.x != 0) return;
  state->epoch.batch++;
  // Neither NaN nor an infinity is below the largest double.
  if (!((loss < 0 ? -loss : loss) <= 1.7976931348623157e308)) state->epoch.stopped = 1;
  if (state->epoch.stopped) return;
  state->epoch.loss += loss * request.origins;
  state->steps++;
  state->clip = request.clip_norm > 0 && norm > request.clip_norm ? request.clip_norm / norm : 1;
  state->first = 1 / (1 - pow(0.9, static_cast<double>(state->steps)));
  state->second = 1 / (1 - pow(0.999, static_cast<double>(state->steps)));
}

template <class Real>
__global__ void adam(const Real* gradient, int64_t count, double learning_rate, const TrainingState* state, Real* parameters, Real* first, Real* second) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * pointwise_threads + threadIdx.x;
  if (i >= count || state->epoch.stopped) return;
  const Real g = static_cast<Real>(state->clip) * gradient[i];
  const Real m = Real(0.9) * first[i] + Real(1 - 0.9) * g, v = Real(0.999) * second[i] + Real(1 - 0.999) * g * g;
  first[i] = m;
  second[i] = v;
  // A few numbers: the division and the root in double cost less than the memory they wait for.
  parameters[i] -= static_cast<Real>(learning_rate * (m * state->first) / (sqrt(v * state->second) + 1e-8));
}

}  // namespace corrente::cuda
