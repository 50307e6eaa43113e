#include "check_training.h"

#include <algorithm>
#include <cmath>

#include "status.h"

namespace corrente {

namespace {

// A count above this is refused: shapes and sums of them stay far within 64 bits.
constexpr int64_t kMostValues = int64_t{1} << 40;

LayerShape after(const Layer& layer, LayerShape in) {
  switch (layer.kind) {
    case LayerKind::dense: return {in.steps, layer.units};
    case LayerKind::flatten: return {1, in.values()};
    case LayerKind::last: return {1, in.features};
    case LayerKind::decompose: return {in.steps, 2 * in.features};
    case LayerKind::lstm:
    case LayerKind::gru: return {layer.sequences ? in.steps : 1, layer.units};
    case LayerKind::tcn: return {in.steps, layer.units};
    case LayerKind::dropout: return in;
  }
  return in;
}

int64_t parameters_of(const Layer& layer, LayerShape in) {
  const int64_t units = layer.units;
  switch (layer.kind) {
    case LayerKind::dense: return (in.features + 1) * units;
    case LayerKind::lstm: return (in.features + units + 1) * 4 * units;
    case LayerKind::gru: return (in.features + units + 1) * 3 * units;
    case LayerKind::tcn:
      return (layer.kernel * (in.features + units) + 2 + (in.features == units ? 0 : in.features)) * units;
    case LayerKind::flatten:
    case LayerKind::last:
    case LayerKind::decompose:
    case LayerKind::dropout: return 0;
  }
  return 0;
}

Status wrong(size_t layer, const char* what, const std::string& came, const char* expected) {
  return invalid("training: " + std::string(what) + " of layer " + std::to_string(layer) + " is " + came + ", expected " + expected);
}

Status check_layer(const Layer& layer, size_t at, LayerShape in) {
  const auto count = [](int64_t value) { return value >= 1 && value <= kMostValues; };
  switch (layer.kind) {
    case LayerKind::tcn:
      if (!count(layer.kernel)) return wrong(at, "the kernel", std::to_string(layer.kernel), "at least 1");
      if (!count(layer.dilation)) return wrong(at, "the dilation", std::to_string(layer.dilation), "at least 1");
      if (!(layer.rate >= 0 && layer.rate < 1)) return wrong(at, "the rate of dropout", std::to_string(layer.rate), "0 or more, and less than 1");
      [[fallthrough]];
    case LayerKind::dense:
    case LayerKind::lstm:
    case LayerKind::gru:
      if (!count(layer.units)) return wrong(at, "the number of units", std::to_string(layer.units), "at least 1");
      break;
    case LayerKind::decompose:
      if (at != 0) return invalid("training: layer " + std::to_string(at) + " decomposes, expected that of the first layer alone");
      if (!count(layer.kernel) || layer.kernel % 2 == 0 || layer.kernel > kMostValues / in.features)
        return wrong(at, "the window", std::to_string(layer.kernel), "an odd number");
      break;
    case LayerKind::dropout:
      if (!(layer.rate >= 0 && layer.rate < 1)) return wrong(at, "the rate", std::to_string(layer.rate), "0 or more, and less than 1");
      break;
    case LayerKind::flatten:
    case LayerKind::last: break;
  }
  const LayerShape out = after(layer, in);
  const double values = static_cast<double>(out.steps) * static_cast<double>(out.features);
  // As doubles, which no product of the shape overflows.
  const double units = static_cast<double>(layer.units), features = static_cast<double>(in.features), kernel = static_cast<double>(std::max<int64_t>(layer.kernel, 4));
  if (values > static_cast<double>(kMostValues) || units * (features + units) * kernel > static_cast<double>(kMostValues))
    return invalid("training: layer " + std::to_string(at) + " takes " + std::to_string(in.steps) + " × " + std::to_string(in.features) + " values to " +
                   std::to_string(out.steps) + " × " + std::to_string(out.features) + ", which no memory holds");
  return {};
}

Status check_series(const char* what, std::span<const int32_t> series, int64_t expected, int64_t held) {
  if (static_cast<int64_t>(series.size()) != expected)
    return invalid("training: " + std::to_string(series.size()) + " " + what + ", expected " + std::to_string(expected));
  for (const int32_t s : series)
    if (s < 0 || s >= held) return invalid(std::string("training: of the ") + what + " one is series " + std::to_string(s) + ", expected 0 to " + std::to_string(held - 1));
  return {};
}

}  // namespace

std::vector<LayerShape> layer_shapes(const LayeredModel& model) {
  std::vector<LayerShape> shapes{{model.steps, model.features}};
  for (const Layer& layer : model.layers) shapes.push_back(after(layer, shapes.back()));
  return shapes;
}

int64_t parameter_count(const LayeredModel& model) {
  const std::vector<LayerShape> shapes = layer_shapes(model);
  int64_t count = 0;
  for (size_t i = 0; i < model.layers.size(); ++i) count += parameters_of(model.layers[i], shapes[i]);
  return count;
}

Status check_model(const LayeredModel& model) {
  if (model.steps < 1 || model.features < 1 || model.steps > kMostValues / model.features)
    return invalid("training: samples of " + std::to_string(model.steps) + " steps × " + std::to_string(model.features) + " features, expected at least 1 of each");
  LayerShape shape{model.steps, model.features};
  for (size_t i = 0; i < model.layers.size(); ++i) {
    if (Status layer = check_layer(model.layers[i], i, shape); !layer) return layer;
    shape = after(model.layers[i], shape);
  }
  return {};
}

Status check_training(const TrainingWindows& windows, const LayeredModel& model) {
  if (Status columns = check_columns("training", windows.columns); !columns) return columns;
  if (Status layers = check_model(model); !layers) return layers;
  const auto& [steps, features] = layer_shapes(model).back();
  if (windows.horizon < 1 || windows.groups < 1 || windows.targets < 1 || windows.horizon > kMostValues / windows.targets ||
      windows.groups > kMostValues / (windows.horizon * windows.targets) || windows.groups > kMostValues / model.features)
    return invalid("training: " + std::to_string(windows.groups) + " groups of " + std::to_string(windows.targets) + " targets over a horizon of " +
                   std::to_string(windows.horizon) + ", expected at least 1 of each");
  if (steps != 1 || features != windows.targets * windows.horizon)
    return invalid("training: the last layer makes " + std::to_string(steps) + " × " + std::to_string(features) + " values, expected 1 × " +
                   std::to_string(windows.targets * windows.horizon) + " for " + std::to_string(windows.targets) + " targets over a horizon of " +
                   std::to_string(windows.horizon));
  if (model.anchored && windows.targets > model.features)
    return invalid("training: " + std::to_string(windows.targets) + " targets of an anchored model, expected at most its " + std::to_string(model.features) + " features");
  if (Status inputs = check_series("inputs", windows.inputs, windows.groups * model.features, windows.columns.series); !inputs) return inputs;
  return check_series("targets", windows.foretold, windows.groups * windows.targets, windows.columns.series);
}

Status check_origins(const TrainingWindows& windows, const LayeredModel& model, std::span<const int32_t> origins, bool judged) {
  const int64_t last = windows.columns.length - (judged ? windows.horizon : 0);
  for (const int32_t origin : origins)
    if (origin < model.steps || origin > last)
      return invalid("training: an origin is row " + std::to_string(origin) + ", expected " + std::to_string(model.steps) + " to " + std::to_string(last));
  return {};
}

Status check_epoch(const TrainingWindows& windows, const LayeredModel& model, const EpochRequest& request) {
  if (request.batch_size < 1) return invalid("training: a batch of " + std::to_string(request.batch_size) + " origins, expected at least 1");
  if (!std::isfinite(request.learning_rate) || request.learning_rate < 0)
    return invalid("training: the learning rate is " + std::to_string(request.learning_rate) + ", expected a finite number of at least 0");
  if (!std::isfinite(request.clip_norm) || request.clip_norm < 0)
    return invalid("training: gradients are clipped to " + std::to_string(request.clip_norm) + ", expected a finite number of at least 0");
  return check_origins(windows, model, request.origins, true);
}

}  // namespace corrente
