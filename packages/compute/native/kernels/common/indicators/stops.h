// Stops that trail the price and turn with it. A falling trend is a rising one of the prices turned upside down: the
// state is kept as it would be in a rising trend, and `sign_` says which way up it is.
#pragma once

#include "range.h"

namespace corrente::indicator {

// The parabolic system of Wilder (1978), begun as TA-Lib begins it.
template <class M>
struct Sar {
  using L = typename M::Lane;
  static constexpr const char* name = "sar";
  static constexpr int inputs = 2, outputs = 1, parameters = 2;

  CORRENTE_EVERYWHERE Sar(const Parameters& p, Arena<M>&) : step_(p[0] < p[1] ? p[0] : p[1]), most_(p[1]) {}

  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[1]) {
    const L high = in[0], low = in[1];
    if (count_ < 2) ++count_;
    if (count_ == 2) {
      if (!begun_) begin(high, low);
      follow(high, low, out[0]);
    }
    high_ = high;
    low_ = low;
  }

 private:
  CORRENTE_EVERYWHERE void begin(L high, L low) {
    const L zero = constant<M>(0), rise = high - high_, fall = low_ - low;
    const L up = constant<M>(1), down = constant<M>(-1);
    sign_ = select(less(zero, fall), select(less(rise, fall), down, up), up);
    const auto rising = less(zero, sign_);
    stop_ = select(rising, low_, zero - high_);
    extreme_ = select(rising, high, zero - low);
    pace_ = constant<M>(step_);
    // TA-Lib holds the first stop within the bar that begins it, taken twice.
    high_ = high;
    low_ = low;
    begun_ = true;
  }

  CORRENTE_EVERYWHERE void follow(L high, L low, L& out) {
    const L zero = constant<M>(0);
    const auto rising = less(zero, sign_);
    // Of a bar, the side that the stop lies on, and the other; all of the trend's sign.
    const L near = select(rising, low, zero - high), far = select(rising, high, zero - low);
    const L near_before = select(rising, low_, zero - high_), far_before = select(rising, high_, zero - low_);
    const auto turns = at_most(near, stop_);

    // It turns: the stop jumps beyond the extreme, outside the last two bars, and the signs change.
    const L turned = max(max(extreme_, far_before), far);
    const L turned_extreme = zero - near;
    const L from = zero - turned;
    const L turned_next = min(min(from + constant<M>(step_) * (turned_extreme - from), zero - far_before), zero - far);

    const auto further = less(extreme_, far);
    const L extreme = select(further, far, extreme_);
    const L pace = select(further, min(pace_ + constant<M>(step_), constant<M>(most_)), pace_);
    const L next = min(min(stop_ + pace * (extreme - stop_), near_before), near);

    const L level = select(turns, turned, stop_);
    out = select(rising, level, zero - level);
    stop_ = select(turns, turned_next, next);
    extreme_ = select(turns, turned_extreme, extreme);
    pace_ = select(turns, constant<M>(step_), pace);
    sign_ = select(turns, zero - sign_, sign_);
  }

  double step_, most_;
  int count_ = 0;
  bool begun_ = false;
  L high_ = constant<M>(0), low_ = constant<M>(0);
  L sign_ = constant<M>(0), stop_ = constant<M>(0), extreme_ = constant<M>(0), pace_ = constant<M>(0);
};

// Bands at a multiple of the average range: each only tightens, until the close leaves it.
template <class M>
struct Supertrend {
  using L = typename M::Lane;
  static constexpr const char* name = "supertrend";
  static constexpr int inputs = 3, outputs = 2, parameters = 2;

  CORRENTE_EVERYWHERE Supertrend(const Parameters& p, Arena<M>&) : times_(p[1]), range_(p.rows(0)) {}

  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[2]) {
    const L up = constant<M>(1), down = constant<M>(-1), close = in[2];
    L range{};
    if (range_.push(in[0], in[1], close, range)) {
      const L middle = (in[0] + in[1]) / constant<M>(2), apart = constant<M>(times_) * range;
      L upper = middle + apart, lower = middle - apart;
      if (begun_) {
        lower = select(less(lower_, lower), lower, select(less(close_, lower_), lower, lower_));
        upper = select(less(upper, upper_), upper, select(less(upper_, close_), upper, upper_));
        const auto falling = less(direction_, constant<M>(0));
        direction_ = select(falling, select(less(upper, close), up, down), select(less(close, lower), down, up));
      } else {
        direction_ = down;
      }
      begun_ = true;
      upper_ = upper;
      lower_ = lower;
      out[0] = select(less(direction_, constant<M>(0)), upper, lower);
      out[1] = direction_;
    }
    close_ = close;
  }

 private:
  double times_;
  bool begun_ = false;
  L direction_ = constant<M>(0), upper_ = constant<M>(0), lower_ = constant<M>(0), close_ = constant<M>(0);
  AverageRange<M> range_;
};

}  // namespace corrente::indicator
