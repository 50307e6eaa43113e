// Price and volume together.
#pragma once

#include "smoothing.h"
#include "total.h"
#include "window.h"

namespace corrente::indicator {

// How much of a bar's volume was bought: ((c - l) - (h - c)) / (h - l) v, 0 where h - l is not positive.
template <class M, class L = typename M::Lane>
CORRENTE_EVERYWHERE inline L bought(const L (&in)[4]) {
  const L high = in[0], low = in[1], close = in[2], range = high - low, zero = constant<M>(0);
  return select(less(zero, range), ((close - low) - (high - close)) / range * in[3], zero);
}

template <class M>
struct Obv {
  using L = typename M::Lane;
  static constexpr const char* name = "obv";
  static constexpr int inputs = 2, outputs = 1, parameters = 0;

  CORRENTE_EVERYWHERE Obv(const Parameters&, Arena<M>&) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[1]) {
    const L x = in[0], volume = in[1], zero = constant<M>(0);
    const L falling = select(less(x, last_), zero - volume, zero);
    out[0] = total_.add(had_ ? select(less(last_, x), volume, falling) : volume);
    last_ = x;
    had_ = true;
  }

 private:
  bool had_ = false;
  L last_ = constant<M>(0);
  Total<M> total_;
};

template <class M>
struct Ad {
  using L = typename M::Lane;
  static constexpr const char* name = "ad";
  static constexpr int inputs = 4, outputs = 1, parameters = 0;

  CORRENTE_EVERYWHERE Ad(const Parameters&, Arena<M>&) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[4], L (&out)[1]) { out[0] = total_.add(bought<M>(in)); }

 private:
  Total<M> total_;
};

// The averages begin with the first row, not with a mean.
template <class M>
struct Adosc {
  using L = typename M::Lane;
  static constexpr const char* name = "adosc";
  static constexpr int inputs = 4, outputs = 1, parameters = 2;

  CORRENTE_EVERYWHERE Adosc(const Parameters& p, Arena<M>&)
      : fast_alpha_(2 / (p[0] + 1)), slow_alpha_(2 / (p[1] + 1)), before_((p.rows(0) < p.rows(1) ? p.rows(1) : p.rows(0)) - 1) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[4], L (&out)[1]) {
    const L line = total_.add(bought<M>(in));
    fast_ = count_ == 0 ? line : fast_ + constant<M>(fast_alpha_) * (line - fast_);
    slow_ = count_ == 0 ? line : slow_ + constant<M>(slow_alpha_) * (line - slow_);
    if (count_++ >= before_) out[0] = fast_ - slow_;
  }

 private:
  double fast_alpha_, slow_alpha_;
  int64_t before_, count_ = 0;
  L fast_ = constant<M>(0), slow_ = constant<M>(0);
  Total<M> total_;
};

template <class M>
struct Cmf {
  using L = typename M::Lane;
  static constexpr const char* name = "cmf";
  static constexpr int inputs = 4, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Cmf(const Parameters& p, Arena<M>& arena) : bought_(p.rows(0), arena), volume_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[4], L (&out)[1]) {
    L flow{}, volume{};
    const bool full = bought_.push(bought<M>(in), flow);
    if (volume_.push(in[3], volume) && full) out[0] = exact_ratio<M>(flow, volume, out[0]);
  }

 private:
  Sum<M> bought_, volume_;
};

template <class M>
struct ForceIndex {
  using L = typename M::Lane;
  static constexpr const char* name = "force-index";
  static constexpr int inputs = 2, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE ForceIndex(const Parameters& p, Arena<M>&) : average_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[1]) {
    if (had_) average_.push((in[0] - last_) * in[1], out[0]);
    last_ = in[0];
    had_ = true;
  }

 private:
  bool had_ = false;
  L last_ = constant<M>(0);
  Ema<M> average_;
};

template <class M>
struct EaseOfMovement {
  using L = typename M::Lane;
  static constexpr const char* name = "ease-of-movement";
  static constexpr int inputs = 3, outputs = 1, parameters = 2;

  CORRENTE_EVERYWHERE EaseOfMovement(const Parameters& p, Arena<M>& arena) : scale_(p[1]), average_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) {
    const L middle = (in[0] + in[1]) / constant<M>(2);
    if (had_) average_.push(exact_ratio<M>((middle - last_) * (in[0] - in[1]) * constant<M>(scale_), in[2], constant<M>(0)), out[0]);
    last_ = middle;
    had_ = true;
  }

 private:
  double scale_;
  bool had_ = false;
  L last_ = constant<M>(0);
  Mean<M> average_;
};

}  // namespace corrente::indicator
