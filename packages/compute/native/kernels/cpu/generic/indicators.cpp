// The indicators, compiled once for each instruction set, with ISA its name: the table of ../indicators.h. As in
// kernels.cpp, nothing may come from a header that defines ordinary functions.
#define QUOTE_(x) #x
#define QUOTE(x) QUOTE_(x)
#define VOCABULARY(isa) QUOTE(../../simd/isa.h)
#include VOCABULARY(ISA)

#include "../indicators.h"
#include "indicators.h"

namespace corrente::ISA {

namespace {

constexpr int kCount = count_indicators();

struct Table {
  IndicatorKernel kernels[kCount];
};

constexpr Table make_table() {
  Table table{};
  IndicatorKernel* next = table.kernels;
  indicator::for_each_indicator<Machine>([&]<class Indicator>() { *next++ = kernel_of<Indicator>(); });
  return table;
}

// A constant: nothing made for this instruction set may run before it is chosen.
constexpr Table table = make_table();

// Of this file alone: the vocabulary's own, once its address is taken, would be left to the linker.
void end_streaming() { stream_fence(); }

}  // namespace

constinit const IndicatorKernels indicator_kernels = {F64::lanes, table.kernels, kCount, count_present, gather_tile, scatter_tile<double>, scatter_tile<float>, end_streaming};

}  // namespace corrente::ISA
