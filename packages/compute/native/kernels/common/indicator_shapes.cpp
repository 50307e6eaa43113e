#include "indicator_shapes.h"

#include <cmath>
#include <vector>

#include "indicators/all.h"
#include "status.h"

namespace corrente {

namespace {

// Never computes: it is there to ask the definitions for their shapes.
struct NoMachine {
  struct Lane {};
  struct Memory {};
};

std::vector<IndicatorShape> list_shapes() {
  std::vector<IndicatorShape> shapes;
  indicator::for_each_indicator<NoMachine>([&]<class Indicator>() {
    static_assert(Indicator::inputs <= indicator::kMostInputs && Indicator::outputs <= indicator::kMostOutputs &&
                  Indicator::parameters <= indicator::kMostParameters);
    shapes.push_back({Indicator::name, Indicator::inputs, Indicator::outputs, Indicator::parameters});
  });
  return shapes;
}

Status check_request(const IndicatorRequest& request, size_t blocks) {
  const IndicatorShape* const shape = indicator_shape(request.name);
  if (shape == nullptr) return invalid("indicators: there is none named " + request.name);
  const std::string name = "indicators: " + request.name;
  const auto counted = [&](size_t came, int expected, const char* what) -> Status {
    if (came == static_cast<size_t>(expected)) return {};
    return invalid(name + " was given " + std::to_string(came) + " " + what + ", expected " + std::to_string(expected));
  };
  if (Status right = counted(request.parameters.size(), shape->parameters, "parameters"); !right) return right;
  if (Status right = counted(request.inputs.size(), shape->inputs, "inputs"); !right) return right;
  if (Status right = counted(request.out.size(), shape->outputs, "outputs"); !right) return right;
  for (const int32_t input : request.inputs)
    if (input < 0 || static_cast<size_t>(input) >= blocks)
      return invalid(name + " reads block " + std::to_string(input) + ", expected one of " + std::to_string(blocks));
  constexpr double kMost = 1e15;
  for (const double number : request.parameters)
    if (!(number >= 0 && number <= kMost))
      return invalid(name + " was given the number " + std::to_string(number) + ", expected 0 to 1e15");
  return {};
}

}  // namespace

const IndicatorShape* indicator_shape(const std::string& name) {
  static const std::vector<IndicatorShape> shapes = list_shapes();
  for (const IndicatorShape& shape : shapes)
    if (name == shape.name) return &shape;
  return nullptr;
}

int indicator_outputs(const std::string& name) {
  const IndicatorShape* const shape = indicator_shape(name);
  return shape == nullptr ? -1 : shape->outputs;
}

Status check_indicators(std::span<const Columns> blocks, std::span<const IndicatorRequest> requests) {
  for (const Columns& block : blocks) {
    if (Status shape = check_columns("indicators", block); !shape) return shape;
    if (block.series != blocks[0].series || block.length != blocks[0].length)
      return invalid("indicators: a block has " + std::to_string(block.series) + " series of length " + std::to_string(block.length) +
                     ", the first " + std::to_string(blocks[0].series) + " of length " + std::to_string(blocks[0].length));
  }
  if (blocks.empty() && !requests.empty()) return invalid("indicators: 0 blocks, expected at least 1");
  for (const IndicatorRequest& request : requests)
    if (Status right = check_request(request, blocks.size()); !right) return right;
  return {};
}

indicator::Parameters indicator_parameters(const IndicatorRequest& request) {
  indicator::Parameters parameters{};
  for (size_t i = 0; i < request.parameters.size(); ++i) parameters.values[i] = request.parameters[i];
  return parameters;
}

}  // namespace corrente
