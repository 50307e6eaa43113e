#include "trainer_session.cuh"

namespace corrente::cuda {

template std::unique_ptr<TrainerSession> open_training<double>(const TrainingWindows&, const LayeredModel&, TrainingLoss, const double*, const Control&);

}  // namespace corrente::cuda
