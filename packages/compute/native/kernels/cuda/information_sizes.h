// How the work of estimating information is cut. The emulated device has small sizes, so that small data meets every seam.
#pragma once

#include <cstdint>

namespace corrente::cuda {

#ifdef CORRENTE_EMULATED
constexpr int list_threads = 32;
constexpr int64_t most_listed = 256;
constexpr int64_t shortest_list = 8;
constexpr int64_t order_shared_bytes = 1024;
constexpr int points_per_warp = 3;
#else
constexpr int list_threads = 256;
constexpr int64_t most_listed = 4096;             // neighbours that one thread block sorts; a power of two
constexpr int64_t shortest_list = 64;             // where not all neighbours are listed
constexpr int64_t order_shared_bytes = 220 << 10;  // of an ordering that is drawn in shared memory
constexpr int points_per_warp = 32;               // at most, one after the other
#endif

constexpr int scan_threads = 128;
constexpr int rank_threads = 128;

}  // namespace corrente::cuda
