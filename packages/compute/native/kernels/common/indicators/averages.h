// Averages of the value over its last rows.
#pragma once

#include <cmath>

#include "moments.h"
#include "smoothing.h"
#include "total.h"

namespace corrente::indicator {

template <class M>
struct Sma {
  using L = typename M::Lane;
  static constexpr const char* name = "sma";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Sma(const Parameters& p, Arena<M>& arena) : n_(static_cast<double>(p.rows(0))), sum_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L sum{};
    if (sum_.push(in[0], sum)) out[0] = sum / constant<M>(n_);
  }

 private:
  double n_;
  Sum<M> sum_;
};

template <class M>
struct ExponentialAverage {
  using L = typename M::Lane;
  static constexpr const char* name = "ema";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE ExponentialAverage(const Parameters& p, Arena<M>&) : ema_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) { ema_.push(in[0], out[0]); }

 private:
  Ema<M> ema_;
};

template <class M>
struct Wma {
  using L = typename M::Lane;
  static constexpr const char* name = "wma";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Wma(const Parameters& p, Arena<M>& arena) : line_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) { line_.average(in[0], out[0]); }

 private:
  Line<M> line_;
};

template <class M>
struct Dema {
  using L = typename M::Lane;
  static constexpr const char* name = "dema";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Dema(const Parameters& p, Arena<M>&) : first_(p.rows(0)), second_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L e1{}, e2{};
    if (first_.push(in[0], e1) && second_.push(e1, e2)) out[0] = constant<M>(2) * e1 - e2;
  }

 private:
  Ema<M> first_, second_;
};

template <class M>
struct Tema {
  using L = typename M::Lane;
  static constexpr const char* name = "tema";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Tema(const Parameters& p, Arena<M>&) : first_(p.rows(0)), second_(p.rows(0)), third_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L e1{}, e2{}, e3{};
    if (first_.push(in[0], e1) && second_.push(e1, e2) && third_.push(e2, e3)) out[0] = constant<M>(3) * (e1 - e2) + e3;
  }

 private:
  Ema<M> first_, second_, third_;
};

template <class M>
struct Trima {
  using L = typename M::Lane;
  static constexpr const char* name = "trima";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Trima(const Parameters& p, Arena<M>& arena)
      : a_(p.rows(0) / 2 + 1), b_(p.rows(0) + 1 - a_), first_(a_, arena), second_(b_, arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L sum{}, sums{};
    if (first_.push(in[0], sum) && second_.push(sum, sums)) out[0] = sums / constant<M>(static_cast<double>(a_) * static_cast<double>(b_));
  }

 private:
  int64_t a_, b_;
  Sum<M> first_, second_;
};

// Kaufman's average moves fast where the price goes straight, and slowly where it goes to and fro.
template <class M>
struct Kama {
  using L = typename M::Lane;
  static constexpr const char* name = "kama";
  static constexpr int inputs = 1, outputs = 1, parameters = 3;

  CORRENTE_EVERYWHERE Kama(const Parameters& p, Arena<M>& arena)
      : fast_(2 / (p[1] + 1)), slow_(2 / (p[2] + 1)), before_(p.rows(0), arena), path_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    const L x = in[0];
    L start{}, path{};
    const bool has_start = before_.push(x, start);
    if (count_++ > 0 && path_.push(magnitude(x - last_), path) && has_start) {
      if (!begun_) average_ = last_;
      begun_ = true;
      const L one = constant<M>(1);
      const L efficiency = min(ratio<M>(magnitude(x - start), path, one), one);
      const L pace = efficiency * constant<M>(fast_ - slow_) + constant<M>(slow_);
      average_ = average_ + (pace * pace) * (x - average_);
      out[0] = average_;
    }
    last_ = x;
  }

 private:
  double fast_, slow_;
  int64_t count_ = 0;
  bool begun_ = false;
  L last_ = constant<M>(0), average_ = constant<M>(0);
  Delay<M> before_;
  Sum<M> path_;
};

template <class M>
struct T3 {
  using L = typename M::Lane;
  static constexpr const char* name = "t3";
  static constexpr int inputs = 1, outputs = 1, parameters = 2;

  CORRENTE_EVERYWHERE T3(const Parameters& p, Arena<M>&)
      : e1_(p.rows(0)), e2_(p.rows(0)), e3_(p.rows(0)), e4_(p.rows(0)), e5_(p.rows(0)), e6_(p.rows(0)) {
    const L f = constant<M>(p[1]), square = f * f, cube = square * f, three = constant<M>(3);
    c3_ = constant<M>(1) + three * f + cube + three * square;
    c4_ = constant<M>(-3) * (constant<M>(2) * square + f + cube);
    c5_ = three * (square + cube);
    c6_ = constant<M>(0) - cube;
  }
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L e1{}, e2{}, e3{}, e4{}, e5{}, e6{};
    if (e1_.push(in[0], e1) && e2_.push(e1, e2) && e3_.push(e2, e3) && e4_.push(e3, e4) && e5_.push(e4, e5) && e6_.push(e5, e6))
      out[0] = c6_ * e6 + c5_ * e5 + c4_ * e4 + c3_ * e3;
  }

 private:
  L c3_, c4_, c5_, c6_;
  Ema<M> e1_, e2_, e3_, e4_, e5_, e6_;
};

template <class M>
struct Hma {
  using L = typename M::Lane;
  static constexpr const char* name = "hma";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Hma(const Parameters& p, Arena<M>& arena)
      : half_(p.rows(0) / 2, arena), whole_(p.rows(0), arena), last_(root(p.rows(0)), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L half{}, whole{};
    const bool has_half = half_.average(in[0], half), has_whole = whole_.average(in[0], whole);
    if (has_half && has_whole) last_.average(constant<M>(2) * half - whole, out[0]);
  }

 private:
  CORRENTE_EVERYWHERE static int64_t root(int64_t n) { return static_cast<int64_t>(::sqrt(static_cast<double>(n))); }

  Line<M> half_, whole_, last_;
};

// A window under a Gaussian whose middle lies `offset` of the way to the newest row. The weights are the table.
template <class M>
struct Alma {
  using L = typename M::Lane;
  static constexpr const char* name = "alma";
  static constexpr int inputs = 1, outputs = 1, parameters = 3;

  static int64_t table_size(const Parameters& p) { return at_least_one<M>(p.rows(0)); }
  static void fill(const Parameters& p, double* weights) {
    const int64_t n = table_size(p);
    const double middle = p[1] * static_cast<double>(n - 1), spread = static_cast<double>(n) / p[2];
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      const double d = static_cast<double>(i) - middle;
      weights[i] = ::exp(-(d * d) / (2 * spread * spread));
      sum += weights[i];
    }
    for (int64_t i = 0; i < n; ++i) weights[i] /= sum;
  }

  CORRENTE_EVERYWHERE Alma(const Parameters& p, Arena<M>& arena) : n_(at_least_one<M>(p.rows(0))), weights_(p.table), ring_(arena.take(n_)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    ring_.set(at_, in[0]);
    at_ = at_ + 1 == n_ ? 0 : at_ + 1;
    full_ = full_ || at_ == 0;
    if (!full_) return;
    // The oldest stands at at_.
    L sum = constant<M>(0);
    int64_t i = 0;
    for (int64_t k = at_; k < n_; ++k) sum = sum + constant<M>(weights_[i++]) * ring_.get(k);
    for (int64_t k = 0; k < at_; ++k) sum = sum + constant<M>(weights_[i++]) * ring_.get(k);
    out[0] = sum;
  }

 private:
  int64_t n_, at_ = 0;
  bool full_ = false;
  const double* weights_;
  typename M::Memory ring_;
};

template <class M>
struct Zlema {
  using L = typename M::Lane;
  static constexpr const char* name = "zlema";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Zlema(const Parameters& p, Arena<M>& arena) : before_((p.rows(0) - 1) / 2, arena), ema_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L before{};
    if (before_.push(in[0], before)) ema_.push(in[0] + (in[0] - before), out[0]);
  }

 private:
  Delay<M> before_;
  Ema<M> ema_;
};

template <class M>
struct Vwma {
  using L = typename M::Lane;
  static constexpr const char* name = "vwma";
  static constexpr int inputs = 2, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Vwma(const Parameters& p, Arena<M>& arena) : traded_(p.rows(0), arena), volume_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[1]) {
    L traded{}, volume{};
    const bool full = traded_.push(in[0] * in[1], traded);
    if (volume_.push(in[1], volume) && full) out[0] = exact_ratio<M>(traded, volume, out[0]);
  }

 private:
  Sum<M> traded_, volume_;
};

// Over n rows, or from the first row on where n is 0.
template <class M>
struct Vwap {
  using L = typename M::Lane;
  static constexpr const char* name = "vwap";
  static constexpr int inputs = 4, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Vwap(const Parameters& p, Arena<M>& arena) : all_(p.rows(0) == 0), traded_(p.rows(0), arena), volume_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[4], L (&out)[1]) {
    const L flow = (in[0] + in[1] + in[2]) / constant<M>(3) * in[3];
    L traded{}, volume{};
    if (all_) {
      traded = all_traded_.add(flow);
      volume = all_volume_.add(in[3]);
    } else {
      const bool full = traded_.push(flow, traded);
      if (!volume_.push(in[3], volume) || !full) return;
    }
    out[0] = exact_ratio<M>(traded, volume, out[0]);
  }

 private:
  bool all_;
  Sum<M> traded_, volume_;
  Total<M> all_traded_, all_volume_;
};

}  // namespace corrente::indicator
