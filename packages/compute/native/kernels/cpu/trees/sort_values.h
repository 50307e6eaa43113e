// Sorting many doubles by their digits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace corrente {

// Sorts values that are not NaN; -0 comes before 0. `scratch` is reused from call to call: 16 bytes for each value.
void sort_values(std::span<double> values, std::vector<uint64_t>& scratch);

}  // namespace corrente
