#include "tree_kernels.h"

#include "../isa.h"

namespace corrente {

const TreeKernels& tree_kernels_of_machine() {
  const Kernels* const chosen = selection().kernels;
#if defined(__x86_64__)
  if (chosen == &avx512::kernels) return avx512::tree_kernels;
  if (chosen == &avx2::kernels) return avx2::tree_kernels;
#endif
  return baseline::tree_kernels;
}

}  // namespace corrente
