// What a window is summed up in: states that can be merged, so that nothing is ever taken away from one. A state begins
// empty and takes values in by add(); merged() makes one of two.
#pragma once

#include <cmath>
#include <cstdint>

namespace corrente {

// The sum, with what rounding took from it (Knuth's two-sum), because windows can be millions of values long.
struct SumState {
  double n = 0, sum = 0, rest = 0;

  void add(double x) {
    ++n;
    take(x);
  }
  static SumState merged(SumState a, const SumState& b) {
    a.n += b.n;
    a.take(b.sum);
    a.rest += b.rest;
    return a;
  }
  double total() const { return sum + rest; }

 private:
  void take(double x) {
    const double larger = sum + x, part = larger - sum;
    rest += (sum - (larger - part)) + (x - part);
    sum = larger;
  }
};

template <bool kLeast>
struct ExtremeState {
  double n = 0, best = kLeast ? HUGE_VAL : -HUGE_VAL;

  void add(double x) {
    ++n;
    take(x);
  }
  static ExtremeState merged(ExtremeState a, const ExtremeState& b) {
    a.n += b.n;
    a.take(b.best);
    return a;
  }

 private:
  void take(double x) { best = (kLeast ? x < best : x > best) ? x : best; }
};

// The mean and the central sums of the second, third and fourth power: Pébay, "Formulas for robust, one-pass parallel
// computation of covariances and arbitrary-order statistical moments" (Sandia report SAND2008-6212), after Chan, Golub
// and LeVeque (1983). kPower is 2 or 4, the highest that is wanted.
//
// All is relative to an origin, the state's first value: the spread of values far from zero then keeps its digits, and
// equal values have central sums of exactly 0.
template <int kPower>
struct MomentState {
  double n = 0, origin = 0, mean = 0;  // of x - origin
  double m2 = 0, m3 = 0, m4 = 0;

  void add(double x) {
    if (n == 0) origin = x;
    const double before = n++;
    const double apart = (x - origin) - mean, step = apart / n, product = apart * step * before;
    if constexpr (kPower == 4) {
      m4 += product * step * step * (n * n - 3 * n + 3) + 6 * step * step * m2 - 4 * step * m3;
      m3 += product * step * (n - 2) - 3 * step * m2;
    }
    m2 += product;
    mean += step;
  }

  static MomentState merged(const MomentState& a, const MomentState& b) {
    if (a.n == 0) return b;
    if (b.n == 0) return a;
    MomentState c;
    c.n = a.n + b.n;
    c.origin = a.origin;
    const double apart = (b.origin - a.origin) + (b.mean - a.mean), step = apart / c.n;
    const double product = apart * step * a.n * b.n;
    c.mean = a.mean + step * b.n;
    c.m2 = a.m2 + b.m2 + product;
    if constexpr (kPower == 4) {
      c.m3 = a.m3 + b.m3 + product * step * (a.n - b.n) + 3 * step * (a.n * b.m2 - b.n * a.m2);
      c.m4 = a.m4 + b.m4 + product * step * step * (a.n * a.n - a.n * b.n + b.n * b.n) +
             6 * step * step * (a.n * a.n * b.m2 + b.n * b.n * a.m2) + 4 * step * (a.n * b.m3 - b.n * a.m3);
    }
    return c;
  }

  // Distance of x from the mean.
  double deviation(double x) const { return (x - origin) - mean; }
};

}  // namespace corrente
