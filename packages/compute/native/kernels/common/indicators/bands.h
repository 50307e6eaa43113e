// Levels above and below the price: bands, channels and stops.
#pragma once

#include "moments.h"
#include "range.h"

namespace corrente::indicator {

template <class M>
struct Midpoint {
  using L = typename M::Lane;
  static constexpr const char* name = "midpoint";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Midpoint(const Parameters& p, Arena<M>& arena) : highest_(p.rows(0), arena), lowest_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L high{}, low{};
    const bool full = highest_.push(in[0], high);
    if (lowest_.push(in[0], low) && full) out[0] = (high + low) / constant<M>(2);
  }

 private:
  Highest<M> highest_;
  Lowest<M> lowest_;
};

// The middle of the last n bars, of several of the indicators below.
template <class M>
class MiddlePrice {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE MiddlePrice(int64_t n, Arena<M>& arena) : highest_(n, arena), lowest_(n, arena) {}

  CORRENTE_EVERYWHERE bool push(L high, L low, L& upper, L& lower) {
    const bool full = highest_.push(high, upper);
    return lowest_.push(low, lower) && full;
  }
  CORRENTE_EVERYWHERE bool push(L high, L low, L& middle) {
    L upper{}, lower{};
    if (!push(high, low, upper, lower)) return false;
    middle = (upper + lower) / constant<M>(2);
    return true;
  }

 private:
  Highest<M> highest_;
  Lowest<M> lowest_;
};

template <class M>
struct Midprice {
  using L = typename M::Lane;
  static constexpr const char* name = "midprice";
  static constexpr int inputs = 2, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Midprice(const Parameters& p, Arena<M>& arena) : middle_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[1]) { middle_.push(in[0], in[1], out[0]); }

 private:
  MiddlePrice<M> middle_;
};

template <class M>
struct Bollinger {
  using L = typename M::Lane;
  static constexpr const char* name = "bollinger";
  static constexpr int inputs = 1, outputs = 3, parameters = 3;

  CORRENTE_EVERYWHERE Bollinger(const Parameters& p, Arena<M>& arena)
      : per_row_(1 / static_cast<double>(p.rows(0))), up_(p[1]), down_(p[2]), deviation_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[3]) {
    L mean{}, squares{};
    if (!deviation_.push(in[0], mean, squares)) return;
    const L spread = sqrt(squares * constant<M>(per_row_));
    out[0] = mean + constant<M>(up_) * spread;
    out[1] = mean;
    out[2] = mean - constant<M>(down_) * spread;
  }

 private:
  double per_row_, up_, down_;
  Deviation<M> deviation_;
};

template <class M>
struct Keltner {
  using L = typename M::Lane;
  static constexpr const char* name = "keltner";
  static constexpr int inputs = 3, outputs = 3, parameters = 3;

  CORRENTE_EVERYWHERE Keltner(const Parameters& p, Arena<M>&) : times_(p[2]), ema_(p.rows(0)), range_(p.rows(1)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[3]) {
    L middle{}, range{};
    const bool has_middle = ema_.push(in[2], middle);
    if (!range_.push(in[0], in[1], in[2], range) || !has_middle) return;
    const L apart = constant<M>(times_) * range;
    out[0] = middle + apart;
    out[1] = middle;
    out[2] = middle - apart;
  }

 private:
  double times_;
  Ema<M> ema_;
  AverageRange<M> range_;
};

template <class M>
struct Donchian {
  using L = typename M::Lane;
  static constexpr const char* name = "donchian";
  static constexpr int inputs = 2, outputs = 3, parameters = 1;

  CORRENTE_EVERYWHERE Donchian(const Parameters& p, Arena<M>& arena) : middle_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[3]) {
    L upper{}, lower{};
    if (!middle_.push(in[0], in[1], upper, lower)) return;
    out[0] = upper;
    out[1] = (upper + lower) / constant<M>(2);
    out[2] = lower;
  }

 private:
  MiddlePrice<M> middle_;
};

// The leading spans stand at the row where they are drawn, `displacement` rows after those they are made of.
template <class M>
struct Ichimoku {
  using L = typename M::Lane;
  static constexpr const char* name = "ichimoku";
  static constexpr int inputs = 2, outputs = 4, parameters = 4;

  CORRENTE_EVERYWHERE Ichimoku(const Parameters& p, Arena<M>& arena)
      : conversion_(p.rows(0), arena), base_(p.rows(1), arena), span_(p.rows(2), arena), a_(p.rows(3), arena), b_(p.rows(3), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[4]) {
    L span{};
    const bool has_conversion = conversion_.push(in[0], in[1], out[0]);
    if (base_.push(in[0], in[1], out[1]) && has_conversion) a_.push((out[0] + out[1]) / constant<M>(2), out[2]);
    if (span_.push(in[0], in[1], span)) b_.push(span, out[3]);
  }

 private:
  MiddlePrice<M> conversion_, base_, span_;
  Delay<M> a_, b_;
};

}  // namespace corrente::indicator
