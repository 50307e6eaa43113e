// Shapes of layers as this engine counts them.
#pragma once

#include <algorithm>

#include "../common/check_training.h"

namespace corrente::cuda {

// How many parameters a layer has, after values of this shape.
inline int64_t parameters_of(const Layer& layer, const LayerShape& before) { return parameter_count({before.steps, before.features, false, {layer}}); }

// Kernels count the places of one sample, and of one layer's weights, in 32 bits.
inline Status check_countable(const LayeredModel& model) {
  const std::vector<LayerShape> shapes = layer_shapes(model);
  constexpr int64_t most = INT32_MAX / 8;
  for (size_t at = 0; at < model.layers.size(); at++) {
    const int64_t reach = std::max<int64_t>(1, model.layers[at].kernel) * std::max<int64_t>(1, model.layers[at].dilation);
    if (shapes[at].values() > most || shapes[at + 1].values() > most || parameters_of(model.layers[at], shapes[at]) > most || reach > most) {
      return {Code::out_of_memory, "training: layer " + std::to_string(at) + " has " + std::to_string(parameters_of(model.layers[at], shapes[at])) + " parameters and makes " +
                                       std::to_string(shapes[at + 1].values()) + " values of a sample, the cuda engine takes " + std::to_string(most) + " of either; the cpu engine takes more"};
    }
  }
  return {};
}

}  // namespace corrente::cuda
