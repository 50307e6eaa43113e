// What every engine refuses of models and windows, in the same words; and the shapes of a chain of layers.
#pragma once

#include "../ops.h"

namespace corrente {

struct LayerShape {
  int64_t steps, features;
  int64_t values() const { return steps * features; }
};

// The shape before each layer, and at last that of the output: [layers + 1]. Of a model that check_model accepts.
std::vector<LayerShape> layer_shapes(const LayeredModel&);
int64_t parameter_count(const LayeredModel&);

// That every layer is one, that shapes stay countable, and that dropout's values can be numbered.
Status check_model(const LayeredModel&);
// The model, the windows, and that the model makes what the windows foretell.
Status check_training(const TrainingWindows&, const LayeredModel&);
// Origins whose look-back, and where they are `judged` whose horizon too, lies within the series.
Status check_origins(const TrainingWindows&, const LayeredModel&, std::span<const int32_t> origins, bool judged);
Status check_epoch(const TrainingWindows&, const LayeredModel&, const EpochRequest&);

}  // namespace corrente
