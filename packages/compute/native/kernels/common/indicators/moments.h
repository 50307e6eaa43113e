// Spread and slope of the last n values, by the blocks of window.h.
//
// Sums are of differences from an origin, the last value of the block before. A window that reaches into that block
// holds the origin, so n (origin - mean)² is at most n times the sum of squares about the mean, and no digits are lost
// that the values have; the window that is a whole block is summed about its own last value. A constant window has
// differences of exactly 0.
#pragma once

#include "window.h"

namespace corrente::indicator {

// Mean, and sum of squares about it.
template <class M>
class Deviation {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE Deviation(int64_t n, Arena<M>& arena)
      : n_(at_least_one<M>(n)), per_row_(1 / static_cast<double>(n)), sums_(arena.take(n_)), squares_(arena.take(n_)) {}

  CORRENTE_EVERYWHERE bool push(L x, L& mean, L& squares) {
    if (at_ + 1 < n_) {
      const L d = x - origin_;
      sum_ = at_ == 0 ? d : sum_ + d;
      square_ = at_ == 0 ? d * d : square_ + d * d;
      if (full_) finish(sums_.get(at_ + 1) + sum_, squares_.get(at_ + 1) + square_, mean, squares);
      sums_.set(at_++, x);
      return full_;
    }
    origin_ = x;
    L sum = constant<M>(0), square = constant<M>(0);
    sums_.set(at_, sum);
    squares_.set(at_, square);
    for (int64_t i = at_ - 1; i >= 0; --i) {
      const L d = sums_.get(i) - origin_;
      sum = sum + d;
      square = square + d * d;
      sums_.set(i, sum);
      squares_.set(i, square);
    }
    finish(sum, square, mean, squares);
    at_ = 0;
    full_ = true;
    return true;
  }

 private:
  CORRENTE_EVERYWHERE void finish(L sum, L square, L& mean, L& squares) const {
    const L apart = sum * constant<M>(per_row_);
    mean = origin_ + apart;
    squares = positive<M>(square - sum * apart);
  }

  int64_t n_, at_ = 0;
  double per_row_;
  bool full_ = false;
  L origin_ = constant<M>(0), sum_ = constant<M>(0), square_ = constant<M>(0);
  typename M::Memory sums_, squares_;  // up to at_, sums_ holds values of this block
};

// The line of least squares through a window: its mean, and its slope a row. And the average with weights 1 … n, the
// newest weighing most.
template <class M>
class Line {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE Line(int64_t n, Arena<M>& arena) : n_(at_least_one<M>(n)), sums_(arena.take(n_)), weighted_(arena.take(n_)) {}

  // Both are about the origin: `sum` of the differences, `weighted` of (place in the window, 1 … n) times them.
  CORRENTE_EVERYWHERE bool push(L x, L& origin, L& sum, L& weighted) {
    if (at_ + 1 < n_) {
      const L d = x - origin_;
      const L place = constant<M>(static_cast<double>(at_ + 1));
      sum_ = at_ == 0 ? d : sum_ + d;
      moment_ = at_ == 0 ? d : moment_ + place * d;
      if (full_) {
        sum = sums_.get(at_ + 1) + sum_;
        weighted = weighted_.get(at_ + 1) + (constant<M>(static_cast<double>(n_ - 1 - at_)) * sum_ + moment_);
        origin = origin_;
      }
      sums_.set(at_++, x);
      return full_;
    }
    origin_ = x;
    sum = weighted = constant<M>(0);
    sums_.set(at_, sum);
    weighted_.set(at_, weighted);
    for (int64_t i = at_ - 1; i >= 0; --i) {
      // The sum of all suffix sums weighs the first of them once, the next twice, and so on.
      sum = sum + (sums_.get(i) - origin_);
      weighted = weighted + sum;
      sums_.set(i, sum);
      weighted_.set(i, weighted);
    }
    origin = origin_;
    at_ = 0;
    full_ = true;
    return true;
  }

  CORRENTE_EVERYWHERE bool average(L x, L& result) {
    L origin{}, sum{}, weighted{};
    if (!push(x, origin, sum, weighted)) return false;
    const auto n = static_cast<double>(n_);
    result = origin + weighted / constant<M>(0.5 * n * (n + 1));
    return true;
  }

  CORRENTE_EVERYWHERE bool fit(L x, L& mean, L& slope) {
    L origin{}, sum{}, weighted{};
    if (!push(x, origin, sum, weighted)) return false;
    const auto n = static_cast<double>(n_);
    mean = origin + sum / constant<M>(n);
    slope = (weighted - constant<M>(0.5 * (n + 1)) * sum) / constant<M>(n * (n * n - 1) / 12);
    return true;
  }

 private:
  int64_t n_, at_ = 0;
  bool full_ = false;
  L origin_ = constant<M>(0), sum_ = constant<M>(0), moment_ = constant<M>(0);
  typename M::Memory sums_, weighted_;  // up to at_, sums_ holds values of this block
};

}  // namespace corrente::indicator
