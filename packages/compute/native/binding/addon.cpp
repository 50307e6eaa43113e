// The addon: the operations of ops.h as JavaScript calls them. It knows nothing of what they run on.
#include <napi.h>

#include "../kernels/ops.h"
#include "buffers.h"
#include "correlation.h"
#include "dense.h"
#include "indicators.h"
#include "information.h"
#include "lead_lag.h"
#include "points.h"
#include "rolling.h"
#include "rolling_correlation.h"
#include "trainer.h"
#include "trees.h"

namespace corrente {

namespace {

// describe(): { available: boolean, whyNot: string, name: string, memoryBytes: number, threads: number }
Napi::Value describe(const Napi::CallbackInfo& info) {
  const Device device = describe_device();
  auto object = Napi::Object::New(info.Env());
  object.Set("available", device.available);
  object.Set("whyNot", device.why_not);
  object.Set("name", device.name);
  object.Set("memoryBytes", static_cast<double>(device.memory_bytes));
  object.Set("threads", device.threads);
  return object;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("describe", Napi::Function::New(env, describe));
  exports.Set("allocate", Napi::Function::New(env, allocate_buffer));
  exports.Set("release", Napi::Function::New(env, release_buffer));
  exports.Set("openCorrelation", Napi::Function::New(env, open_correlation_session));
  exports.Set("correlationTile", Napi::Function::New(env, correlation_tile));
  exports.Set("correlationStrongest", Napi::Function::New(env, correlation_strongest));
  exports.Set("closeCorrelation", Napi::Function::New(env, close_correlation_session));
  exports.Set("openLeadLag", Napi::Function::New(env, open_lead_lag_session));
  exports.Set("leadLagTile", Napi::Function::New(env, lead_lag_tile));
  exports.Set("leadLagProfile", Napi::Function::New(env, lead_lag_profile));
  exports.Set("closeLeadLag", Napi::Function::New(env, close_lead_lag_session));
  exports.Set("openRollingCorrelation", Napi::Function::New(env, open_rolling_correlation_session));
  exports.Set("rollingCorrelationTile", Napi::Function::New(env, rolling_correlation_tile));
  exports.Set("rollingCorrelationWindows", Napi::Function::New(env, rolling_correlation_windows));
  exports.Set("closeRollingCorrelation", Napi::Function::New(env, close_rolling_correlation_session));
  exports.Set("rolling", Napi::Function::New(env, rolling_columns));
  exports.Set("indicators", Napi::Function::New(env, indicator_columns));
  exports.Set("openInformation", Napi::Function::New(env, open_information_session));
  exports.Set("informationEstimate", Napi::Function::New(env, information_estimate));
  exports.Set("informationCounts", Napi::Function::New(env, information_counts));
  exports.Set("closeInformation", Napi::Function::New(env, close_information_session));
  exports.Set("openTrainer", Napi::Function::New(env, open_trainer_session));
  exports.Set("trainerState", Napi::Function::New(env, trainer_state));
  exports.Set("setTrainerState", Napi::Function::New(env, set_trainer_state));
  exports.Set("trainerEpoch", Napi::Function::New(env, trainer_epoch));
  exports.Set("trainerErrors", Napi::Function::New(env, trainer_errors));
  exports.Set("trainerForecast", Napi::Function::New(env, trainer_forecast));
  exports.Set("trainerGradient", Napi::Function::New(env, trainer_gradient));
  exports.Set("closeTrainer", Napi::Function::New(env, close_trainer_session));
  exports.Set("growBoosted", Napi::Function::New(env, grow_boosted_of));
  exports.Set("growForest", Napi::Function::New(env, grow_forest_of));
  exports.Set("growIsolation", Napi::Function::New(env, grow_isolation_of));
  exports.Set("predictTrees", Napi::Function::New(env, predict_trees_of));
  exports.Set("symmetricEigen", Napi::Function::New(env, symmetric_eigen_of));
  exports.Set("invertSymmetric", Napi::Function::New(env, symmetric_inverse_of));
  exports.Set("kMeans", Napi::Function::New(env, k_means_of));
  exports.Set("matrixProfile", Napi::Function::New(env, matrix_profile_of));
  return exports;
}

}  // namespace

NODE_API_MODULE(corrente, init)

}  // namespace corrente
