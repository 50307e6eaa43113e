// What a request for an indicator must look like, alike for every engine.
#pragma once

#include <span>
#include <string>

#include "../ops.h"
#include "indicators/machine.h"

namespace corrente {

struct IndicatorShape {
  const char* name;
  int inputs, outputs, parameters;
};

// Null where there is no indicator of that name.
const IndicatorShape* indicator_shape(const std::string& name);

// Blocks of one shape; names, numbers and inputs that fit the indicators.
Status check_indicators(std::span<const Columns> blocks, std::span<const IndicatorRequest>);

// The numbers as an indicator takes them, without its table.
indicator::Parameters indicator_parameters(const IndicatorRequest&);

}  // namespace corrente
