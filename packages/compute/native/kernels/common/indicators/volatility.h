// How far the price moves.
#pragma once

#include "moments.h"
#include "range.h"

namespace corrente::indicator {

template <class M>
struct TrueRanges {
  using L = typename M::Lane;
  static constexpr const char* name = "true-range";
  static constexpr int inputs = 3, outputs = 1, parameters = 0;

  CORRENTE_EVERYWHERE TrueRanges(const Parameters&, Arena<M>&) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) { range_.push(in[0], in[1], in[2], out[0]); }

 private:
  TrueRange<M> range_;
};

template <class M>
struct Atr {
  using L = typename M::Lane;
  static constexpr const char* name = "atr";
  static constexpr int inputs = 3, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Atr(const Parameters& p, Arena<M>&) : range_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) { range_.push(in[0], in[1], in[2], out[0]); }

 private:
  AverageRange<M> range_;
};

template <class M>
struct Natr {
  using L = typename M::Lane;
  static constexpr const char* name = "natr";
  static constexpr int inputs = 3, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Natr(const Parameters& p, Arena<M>&) : range_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) {
    L range{};
    if (range_.push(in[0], in[1], in[2], range)) out[0] = ratio<M>(constant<M>(100) * range, in[2], constant<M>(0));
  }

 private:
  AverageRange<M> range_;
};

template <class M>
struct Variance {
  using L = typename M::Lane;
  static constexpr const char* name = "variance";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Variance(const Parameters& p, Arena<M>& arena) : n_(static_cast<double>(p.rows(0))), deviation_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L mean{}, squares{};
    if (deviation_.push(in[0], mean, squares)) out[0] = squares / constant<M>(n_);
  }

 private:
  double n_;
  Deviation<M> deviation_;
};

template <class M>
struct StandardDeviation {
  using L = typename M::Lane;
  static constexpr const char* name = "stddev";
  static constexpr int inputs = 1, outputs = 1, parameters = 2;

  CORRENTE_EVERYWHERE StandardDeviation(const Parameters& p, Arena<M>& arena)
      : per_row_(1 / static_cast<double>(p.rows(0))), times_(p[1]), deviation_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L mean{}, squares{};
    if (deviation_.push(in[0], mean, squares)) out[0] = constant<M>(times_) * sqrt(squares * constant<M>(per_row_));
  }

 private:
  double per_row_, times_;
  Deviation<M> deviation_;
};

}  // namespace corrente::indicator
