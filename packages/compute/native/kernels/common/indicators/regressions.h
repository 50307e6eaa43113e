// The line of least squares through the last n values.
#pragma once

#include "moments.h"

namespace corrente::indicator {

template <class M>
struct LinearRegression {
  using L = typename M::Lane;
  static constexpr const char* name = "linear-regression";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE LinearRegression(const Parameters& p, Arena<M>& arena)
      : n_(static_cast<double>(p.rows(0))), line_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L mean{}, slope{};
    if (line_.fit(in[0], mean, slope)) out[0] = mean + constant<M>(0.5 * (n_ - 1)) * slope;
  }

 private:
  double n_;
  Line<M> line_;
};

template <class M>
struct RegressionSlope {
  using L = typename M::Lane;
  static constexpr const char* name = "linear-regression-slope";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE RegressionSlope(const Parameters& p, Arena<M>& arena) : line_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L mean{}, slope{};
    if (line_.fit(in[0], mean, slope)) out[0] = slope;
  }

 private:
  Line<M> line_;
};

template <class M>
struct RegressionAngle {
  using L = typename M::Lane;
  static constexpr const char* name = "linear-regression-angle";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE RegressionAngle(const Parameters& p, Arena<M>& arena) : line_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L mean{}, slope{};
    if (line_.fit(in[0], mean, slope)) out[0] = arctangent(slope) * constant<M>(180 / 3.14159265358979323846);
  }

 private:
  Line<M> line_;
};

template <class M>
struct Forecast {
  using L = typename M::Lane;
  static constexpr const char* name = "time-series-forecast";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Forecast(const Parameters& p, Arena<M>& arena)
      : n_(static_cast<double>(p.rows(0))), line_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L mean{}, slope{};
    if (line_.fit(in[0], mean, slope)) out[0] = mean + constant<M>(0.5 * (n_ + 1)) * slope;
  }

 private:
  double n_;
  Line<M> line_;
};

}  // namespace corrente::indicator
