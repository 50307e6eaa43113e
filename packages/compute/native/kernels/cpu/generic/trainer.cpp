// The kernels of training, compiled once for each instruction set, with ISA its name: the tables of
// ../trainer_kernels.h. As in kernels.cpp, nothing may come from a header that defines ordinary functions.
#define QUOTE_(x) #x
#define QUOTE(x) QUOTE_(x)
#define VOCABULARY(isa) QUOTE(../../simd/network/isa.h)
#include VOCABULARY(ISA)

#include "trainer_elementwise.h"
#include "trainer_gates.h"
#include "trainer_product.h"
#include "trainer_windows.h"

namespace corrente::ISA {

namespace {

template <class Real>
constexpr TrainerKernels<Real> kTable = {
    VectorOf<Real>::lanes,
    multiply<Real>,
    fill_rows<Real>,
    activate<Real>,
    activation_gradient<Real>,
    relu_gradient<Real>,
    relu_masked<Real>,
    relu_of_sum<Real>,
    multiply_into<Real>,
    add<Real>,
    add_rows<Real>,
    lstm_forward<Real>,
    lstm_backward<Real>,
    gru_reset<Real>,
    gru_update<Real>,
    gru_backward_update<Real>,
    gru_backward_reset<Real>,
    take<Real>,
    decompose<Real>,
    mask<Real>,
    loss<Real>,
    errors<Real>,
    forecast<Real>,
    sum_of_squares<Real>,
    adam<Real>,
};

}  // namespace

constinit const TrainerKernels<double> trainer_kernels_f64 = kTable<double>;
constinit const TrainerKernels<float> trainer_kernels_f32 = kTable<float>;

}  // namespace corrente::ISA
