// What an indicator is written over: a machine M, which says how many series are computed at once and where they lie.
//
//   M::Lane      a value of each of these series: a vector of doubles on the CPU, one double on a GPU
//   M::Memory    an array of lanes; get(i), set(i, lane), from(i): the array that begins at i
//
// Every series of a machine is at the same row of its own, so counts and window positions are plain integers. Lanes
// know + - * /, min, max, sqrt, magnitude, arctangent, the comparisons less, at_most and equal, and select. Products
// and sums are never fused, so that every machine computes the same bits (but for the arctangent, whose last digit is
// the mathematical library's).
//
// Everything here is a template over M, or always inlined: each instruction set compiles its own, and none can run in
// another's place.
#pragma once

#include <cstdint>

#ifdef __CUDACC__
#define CORRENTE_EVERYWHERE __host__ __device__
#else
#define CORRENTE_EVERYWHERE
#endif

namespace corrente::indicator {

// No indicator has more.
constexpr int kMostParameters = 4;
constexpr int kMostInputs = 4;
constexpr int kMostOutputs = 4;

// A divisor below it counts as zero, as in TA-Lib 0.6.
constexpr double kZero = 1e-14;

// The numbers of a request, in the catalogue's order, and constants that are computed once for all series (`fill` of an
// indicator that has some).
struct Parameters {
  double values[kMostParameters];
  const double* table;

  CORRENTE_EVERYWHERE [[gnu::always_inline]] double operator[](int i) const { return values[i]; }
  CORRENTE_EVERYWHERE [[gnu::always_inline]] int64_t rows(int i) const { return static_cast<int64_t>(values[i]); }
};

// Memory of one indicator, taken as it is built. Built over no memory, it says how many lanes that is.
template <class M>
class Arena {
 public:
  CORRENTE_EVERYWHERE explicit Arena(typename M::Memory memory) : memory_(memory) {}

  CORRENTE_EVERYWHERE typename M::Memory take(int64_t lanes) {
    const auto mine = memory_.from(taken_);
    taken_ += lanes;
    return mine;
  }
  CORRENTE_EVERYWHERE int64_t taken() const { return taken_; }

 private:
  typename M::Memory memory_;
  int64_t taken_ = 0;
};

// The catalogue asks for periods of at least one row; no other number may lead outside the memory.
template <class M>
CORRENTE_EVERYWHERE constexpr int64_t at_least_one(int64_t n) {
  return n < 1 ? 1 : n;
}

template <class M>
CORRENTE_EVERYWHERE inline typename M::Lane constant(double x) {
  return M::Lane::broadcast(x);
}

// a / b, and `otherwise` where b is nearly zero.
template <class M, class L = typename M::Lane>
CORRENTE_EVERYWHERE inline L ratio(L a, L b, L otherwise) {
  return select(less(magnitude(b), constant<M>(kZero)), otherwise, a / b);
}

// a / b, and `otherwise` where b is 0.
template <class M, class L = typename M::Lane>
CORRENTE_EVERYWHERE inline L exact_ratio(L a, L b, L otherwise) {
  return select(equal(b, constant<M>(0)), otherwise, a / b);
}

// x where it is positive, else 0.
template <class M, class L = typename M::Lane>
CORRENTE_EVERYWHERE inline L positive(L x) {
  return max(x, constant<M>(0));
}

}  // namespace corrente::indicator
