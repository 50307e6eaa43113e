#include "points_kernels.h"

namespace corrente {

const PointsKernels* points_kernels_of(const Kernels& chosen) {
#if defined(__x86_64__)
  if (&chosen == &avx512::kernels) return &avx512::points_kernels;
  if (&chosen == &avx2::kernels) return &avx2::points_kernels;
#endif
  return &baseline::points_kernels;
}

}  // namespace corrente
