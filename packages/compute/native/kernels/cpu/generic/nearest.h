// The k nearest of what is seen, by lane, in ascending order: a network of minima and maxima, without a branch.
#pragma once

#include "lanes.h"

namespace corrente::ISA {

namespace {

// Fixed networks keep their values in registers. Where k is less than N the first places are taken by values that
// nothing is nearer than.
template <class Real, int N>
class Nearest {
 public:
  using V = Reals<Real>;
  Nearest(int64_t k, Real*) {
    for (int q = 0; q < N; ++q) s_[q] = V::broadcast(q < N - k ? -kInfinity<Real> : kInfinity<Real>);
  }
  void add(V d) {
    for (int q = 0; q < N; ++q) {
      const V nearer = min(s_[q], d);
      d = max(s_[q], d);
      s_[q] = nearer;
    }
  }
  V kth() const { return s_[N - 1]; }

 private:
  V s_[N];
};

// Any k, in memory.
template <class Real>
class Nearest<Real, 0> {
 public:
  using V = Reals<Real>;
  Nearest(int64_t k, Real* scratch) : k_(k), s_(scratch), kth_(V::broadcast(kInfinity<Real>)) {
    for (int64_t q = 0; q < k; ++q) kth_.store(s_ + q * V::lanes);
  }
  void add(V d) {
    if (bits(less(d, kth_)) == 0) return;
    for (int64_t q = 0; q < k_; ++q) {
      const V s = V::load(s_ + q * V::lanes);
      min(s, d).store(s_ + q * V::lanes);
      d = max(s, d);
    }
    kth_ = V::load(s_ + (k_ - 1) * V::lanes);
  }
  V kth() const { return kth_; }

 private:
  const int64_t k_;
  Real* const s_;
  V kth_;
};

}  // namespace

}  // namespace corrente::ISA
