// The kernels of trees, compiled once for each instruction set, with ISA its name: the table of ../trees/tree_kernels.h.
// As in kernels.cpp, nothing may come from a header that defines ordinary functions.
#define QUOTE_(x) #x
#define QUOTE(x) QUOTE_(x)
#define VOCABULARY(isa) QUOTE(../../simd/isa.h)
#include VOCABULARY(ISA)

#include "tree_histogram.h"
#include "tree_split.h"

namespace corrente::ISA {

constinit const TreeKernels tree_kernels = {accumulate, subtract, best_bin, quantise};

}  // namespace corrente::ISA
