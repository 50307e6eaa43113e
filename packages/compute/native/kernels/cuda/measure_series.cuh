// The moments of series in device memory, for whoever has no panels (pearson_prepare.cuh has the kernel).
#pragma once

#include "panel.cuh"

namespace corrente::cuda {

// `raw` [series][rows].
void measure_series(const double* raw, int64_t series, int64_t rows, SeriesMoments* moments, cudaStream_t stream);

}  // namespace corrente::cuda
