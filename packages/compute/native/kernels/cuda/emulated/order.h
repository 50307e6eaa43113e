// The order in which the emulated device does what nothing orders.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace emulated {

// 0 … count - 1 in an order drawn from CORRENTE_EMULATED_SEED; ascending where the seed is 0 or absent.
std::vector<int> shuffled(int count);

// Below `count`; 0 where the seed is 0 or absent.
int draw(int count);

void run_kernel(int64_t blocks, int threads, size_t shared, const std::function<void()>& body);

}  // namespace emulated
