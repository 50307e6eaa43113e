// k-means and the matrix profile, compiled once for each instruction set, with ISA its name: the table of
// ../points_kernels.h. As in kernels.cpp, nothing may come from a header that defines ordinary functions.
#define QUOTE_(x) #x
#define QUOTE(x) QUOTE_(x)
#define VOCABULARY(isa) QUOTE(../../simd/isa.h)
#include VOCABULARY(ISA)

#include "../points_kernels.h"
#include "k_means.h"
#include "matrix_profile.h"

namespace corrente::ISA {

constinit const PointsKernels points_kernels = {F64::lanes, least_squares, assign, measure_windows, diagonals, window_difference};

}  // namespace corrente::ISA
