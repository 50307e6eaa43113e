// The sum of all values so far, with what rounding takes from it (Neumaier, ZAMM 54, 1974): a line that runs for
// millions of rows keeps its digits.
#pragma once

#include "machine.h"

namespace corrente::indicator {

template <class M>
class Total {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE L add(L x) {
    const L next = sum_ + x;
    rest_ = rest_ + select(at_most(magnitude(x), magnitude(sum_)), (sum_ - next) + x, (x - next) + sum_);
    sum_ = next;
    return sum_ + rest_;
  }

 private:
  L sum_ = constant<M>(0), rest_ = constant<M>(0);
};

}  // namespace corrente::indicator
