// Training on the device. The block of series is copied once; parameters, moments and activations stay there; samples are
// gathered from the block a slab at a time. A batch is one sequence of kernels, and nothing of it comes back to the host
// before the epoch ends.
//
//   trainer_shapes.h, _sizes.h    what this engine can count; how work is cut
//   trainer_state.cuh             what changes from batch to batch
//   trainer_operand.cuh           rows with lags, weights: what products read
//   trainer_tile.cuh, _product    tiled products: forwards, back, and the gradient of weights
//   trainer_recurrent, _lstm, _gru      the walk over steps, state and weights kept by a block of threads
//   trainer_pointwise, _loss, _update   gathering, dropout, losses, adding up of gradients, Adam
//   trainer_stage, _layers, _recurrent_stage, _tcn_stage, _chain     layers, and a model of them
//   trainer_graph.cuh             a batch's launches as one
//   trainer_memory, _session      what stays on the device; the operations. Compiled by trainer_f64.cu, trainer_f32.cu
//
// What bounds a batch, for an LSTM of 32 units on sequences of 60 × 8, float32, on an H200 (67 TFLOP/s, 4.8 TB/s, 132
// multiprocessors at 1.98 GHz):
//   arithmetic   60 × 2 × (8 + 32) × 128 = 0.61 MFLOP forwards a sequence, 1.84 with the way back
//                batch 64: 118 MFLOP, 1.8 µs          batch 1024: 1.9 GFLOP, 28 µs
//   memory       gates, c and h written and read again, 60 × (2 × 128 + 4 × 32) × 4 = 92 kB a sequence, in the cache
//                batch 64: 5.9 MB, 1.2 µs             batch 1024: 94 MB, 20 µs
//   the chain    2 × 60 steps that follow each other, some 250 clocks each (trainer_recurrent.cuh): 15 µs, and at 8 blocks
//                to a multiprocessor not much more
//   launches     12 a batch: at 2 to 3 µs of the host each 24 to 36 µs; as one graph (trainer_graph.cuh) 1 to 1.5 µs between
//                kernels, 12 to 18 µs
// So batch 64 is bound by the chain and by what lies between kernels, about 35 µs or 1.8 million sequences a second; batch
// 1024 by arithmetic and the chain, about 70 µs. These figures are computed; test/gpu/run measures.
#include "device.cuh"
#include "trainer_session.h"
#include "trainer_shapes.h"

namespace corrente {

Status open_trainer(const TrainingWindows& windows, const LayeredModel& model, TrainingLoss loss, const double* parameters, Precision precision, const Control& control,
                    std::unique_ptr<TrainerSession>& session) {
  if (Status arguments = check_training(windows, model); !arguments) return arguments;
  if (Status countable = cuda::check_countable(model); !countable) return countable;
  return cuda::guarded("training", [&] {
    cuda::stop_if_cancelled(control);
    control.total->store(1);
    cuda::use_device();
    session = precision == Precision::f64 ? cuda::open_training<double>(windows, model, loss, parameters, control) : cuda::open_training<float>(windows, model, loss, parameters, control);
    control.done->store(1);
  });
}

}  // namespace corrente
