// How work is cut. The emulated device has small sizes, so that small data meets every seam.
#pragma once

#include <cstddef>
#include <cstdint>

namespace corrente::cuda {

#ifdef CORRENTE_EMULATED
constexpr int64_t stage_values = 1000;
constexpr int64_t span_values = 2048;
constexpr int64_t shortest_span_values = 2048;
constexpr int chunk_rows = 128;
constexpr int64_t panels_per_band = 1;
constexpr int walk_threads = 64;
constexpr int64_t launch_work = 1 << 23;
#else
constexpr int64_t stage_values = 1 << 20;          // that pass through one stage of pinned memory
constexpr int64_t span_values = 1 << 20;           // that rolling statistics are computed of at a time
constexpr int64_t shortest_span_values = 1 << 16;  // with many requests
constexpr int chunk_rows = 8192;                   // that one thread block sums products over
constexpr int64_t panels_per_band = 4;             // rows of a tile that travel home together, in panels
constexpr int walk_threads = 256;                  // that compute a pair by itself
constexpr int64_t launch_work = int64_t{1} << 33;  // values that one launch of long windows looks at: launch_seconds, about
#endif

constexpr size_t most_partial_bytes = size_t{256} << 20;  // of sums over chunks of rows, in one launch

}  // namespace corrente::cuda
