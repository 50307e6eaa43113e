// How training is cut. The emulated device has small sizes, so that small models meet every seam. Neither depends on what
// else the device holds: the order of sums follows from them, and so do the bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace corrente::cuda {

#ifdef CORRENTE_EMULATED
constexpr int64_t slab_bytes = 128 * 1024;
constexpr int64_t gradient_rows = 24;
constexpr int64_t gradient_places = 1 << 10;
#else
constexpr int64_t slab_bytes = int64_t{1} << 30;  // of the samples that pass through the layers together
constexpr int64_t gradient_rows = 256;            // over which one block sums the gradient of weights, at least
constexpr int64_t gradient_places = 1 << 16;      // of more weights than these, over as many times more rows
#endif

}  // namespace corrente::cuda
