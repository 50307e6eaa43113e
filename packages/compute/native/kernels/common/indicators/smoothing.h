// Averages that remember: each row moves them part of the way to its value. They begin with the mean of the first n
// values, as TA-Lib's do.
#pragma once

#include "machine.h"

namespace corrente::indicator {

// average + alpha (x - average)
template <class M>
class Smoothing {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE Smoothing(int64_t n, double alpha) : n_(n), alpha_(alpha) {}

  CORRENTE_EVERYWHERE bool push(L x, L& result) {
    if (count_ >= n_) {
      average_ = average_ + constant<M>(alpha_) * (x - average_);
    } else {
      average_ = average_ + x;
      if (++count_ < n_) return false;
      average_ = average_ / constant<M>(static_cast<double>(n_));
    }
    result = average_;
    return true;
  }

 private:
  int64_t n_, count_ = 0;
  double alpha_;
  L average_ = constant<M>(0);  // the sum, while there are fewer than n values
};

// The exponential moving average.
template <class M>
class Ema : public Smoothing<M> {
 public:
  CORRENTE_EVERYWHERE explicit Ema(int64_t n) : Smoothing<M>(n, 2 / (static_cast<double>(n) + 1)) {}
};

// The average of Wilder (1978).
template <class M>
class Wilder : public Smoothing<M> {
 public:
  CORRENTE_EVERYWHERE explicit Wilder(int64_t n) : Smoothing<M>(n, 1 / static_cast<double>(n)) {}
};

// The sum of Wilder: over the first n - 1 rows, then sum - sum / n + x.
template <class M>
class WilderSum {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE explicit WilderSum(int64_t n) : n_(n), part_(1 / static_cast<double>(n)) {}

  // True from row n - 1 on, counted from 1.
  CORRENTE_EVERYWHERE bool push(L x, L& result) {
    if (count_ < n_ - 1) {
      sum_ = sum_ + x;
      ++count_;
    } else {
      sum_ = (sum_ - sum_ * constant<M>(part_)) + x;
    }
    result = sum_;
    return count_ >= n_ - 1;
  }

 private:
  int64_t n_, count_ = 0;
  double part_;
  L sum_ = constant<M>(0);
};

}  // namespace corrente::indicator
