// How long each kernel took on the device: written where CORRENTE_CUDA_TRACE names a file, one JSON object to a line:
//   {"kernel": "short windows", "milliseconds": 0.041}
#pragma once

#include <cuda_runtime.h>

namespace corrente::cuda {

bool tracing();

// Around a launch.
void trace_begin(const char* kernel, cudaStream_t);
void trace_end(cudaStream_t);

// After the operation's work has ended: writes what this thread traced.
void trace_write();

}  // namespace corrente::cuda
