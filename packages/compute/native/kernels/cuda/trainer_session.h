// A session in either precision: trainer_f64.cu and trainer_f32.cu, apart because their kernels are many.
#pragma once

#include <memory>

#include "../ops.h"

namespace corrente::cuda {

// Windows and model have been checked, and the device is current. Throws what `guarded` turns into a status.
template <class Real>
std::unique_ptr<TrainerSession> open_training(const TrainingWindows&, const LayeredModel&, TrainingLoss, const double* parameters, const Control&);

extern template std::unique_ptr<TrainerSession> open_training<double>(const TrainingWindows&, const LayeredModel&, TrainingLoss, const double*, const Control&);
extern template std::unique_ptr<TrainerSession> open_training<float>(const TrainingWindows&, const LayeredModel&, TrainingLoss, const double*, const Control&);

}  // namespace corrente::cuda
