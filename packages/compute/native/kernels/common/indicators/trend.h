// Whether there is a trend, and which way: Wilder's directional movement (1978), and Aroon.
#pragma once

#include "range.h"
#include "window.h"

namespace corrente::indicator {

// What a bar reaches beyond the one before, upward and downward; only the larger of the two counts.
template <class M>
class Movement {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE bool push(L high, L low, L& plus, L& minus) {
    const L zero = constant<M>(0), up = high - high_, down = low_ - low;
    plus = select(less(down, up), positive<M>(up), zero);
    minus = select(less(up, down), positive<M>(down), zero);
    high_ = high;
    low_ = low;
    const bool had = had_;
    had_ = true;
    return had;
  }

 private:
  bool had_ = false;
  L high_ = constant<M>(0), low_ = constant<M>(0);
};

template <class M, bool up>
struct DirectionalMovement {
  using L = typename M::Lane;
  static constexpr const char* name = up ? "plus-dm" : "minus-dm";
  static constexpr int inputs = 2, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE DirectionalMovement(const Parameters& p, Arena<M>&) : sum_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[1]) {
    L plus{}, minus{}, sum{};
    if (movement_.push(in[0], in[1], plus, minus) && sum_.push(up ? plus : minus, sum)) out[0] = sum;
  }

 private:
  Movement<M> movement_;
  WilderSum<M> sum_;
};
template <class M>
using PlusDm = DirectionalMovement<M, true>;
template <class M>
using MinusDm = DirectionalMovement<M, false>;

// The sums of both movements and of the true range, from row n on.
template <class M>
class Directions {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE explicit Directions(int64_t n) : n_(n), plus_(n), minus_(n), range_(n) {}

  CORRENTE_EVERYWHERE bool push(L high, L low, L close, L& plus, L& minus, L& range) {
    L up{}, down{}, reach{};
    const bool had = movement_.push(high, low, up, down);
    if (!ranges_.push(high, low, close, reach) || !had) return false;
    plus_.push(up, plus);
    minus_.push(down, minus);
    range_.push(reach, range);
    if (count_ < n_) ++count_;
    return count_ == n_;
  }

 private:
  int64_t n_, count_ = 0;
  Movement<M> movement_;
  TrueRange<M> ranges_;
  WilderSum<M> plus_, minus_, range_;
};

template <class M, bool up>
struct DirectionalIndicator {
  using L = typename M::Lane;
  static constexpr const char* name = up ? "plus-di" : "minus-di";
  static constexpr int inputs = 3, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE DirectionalIndicator(const Parameters& p, Arena<M>&) : directions_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) {
    L plus{}, minus{}, range{};
    if (directions_.push(in[0], in[1], in[2], plus, minus, range)) out[0] = constant<M>(100) * ratio<M>(up ? plus : minus, range, constant<M>(0));
  }

 private:
  Directions<M> directions_;
};
template <class M>
using PlusDi = DirectionalIndicator<M, true>;
template <class M>
using MinusDi = DirectionalIndicator<M, false>;

// 100 |+DI - -DI| / (+DI + -DI): the true range cancels out. `otherwise` where it is nearly zero, or the divisor is.
template <class M, class L = typename M::Lane>
CORRENTE_EVERYWHERE inline L directional_index(L plus, L minus, L range, L otherwise) {
  const L both = plus + minus, nearly_zero = constant<M>(kZero);
  const L index = constant<M>(100) * (magnitude(minus - plus) / both);
  return select(less(range, nearly_zero), otherwise, select(less(constant<M>(100) * both, nearly_zero * range), otherwise, index));
}

template <class M>
struct Dx {
  using L = typename M::Lane;
  static constexpr const char* name = "dx";
  static constexpr int inputs = 3, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Dx(const Parameters& p, Arena<M>&) : directions_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) {
    L plus{}, minus{}, range{};
    if (!directions_.push(in[0], in[1], in[2], plus, minus, range)) return;
    last_ = directional_index<M>(plus, minus, range, last_);
    out[0] = last_;
  }

 private:
  L last_ = constant<M>(0);
  Directions<M> directions_;
};

// The average of the index. A row without one adds nothing to the first mean, and later leaves the average as it is.
template <class M>
class AverageIndex {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE explicit AverageIndex(int64_t n) : n_(n), directions_(n) {}

  CORRENTE_EVERYWHERE bool push(L high, L low, L close, L& result) {
    L plus{}, minus{}, range{};
    if (!directions_.push(high, low, close, plus, minus, range)) return false;
    const L rows = constant<M>(static_cast<double>(n_));
    if (count_ < n_) {
      average_ = average_ + directional_index<M>(plus, minus, range, constant<M>(0));
      if (++count_ < n_) return false;
      average_ = average_ / rows;
    } else {
      const L index = directional_index<M>(plus, minus, range, average_);
      average_ = average_ + constant<M>(1 / static_cast<double>(n_)) * (index - average_);
    }
    result = average_;
    return true;
  }

 private:
  int64_t n_, count_ = 0;
  L average_ = constant<M>(0);  // the sum, while there are fewer than n
  Directions<M> directions_;
};

template <class M>
struct Adx {
  using L = typename M::Lane;
  static constexpr const char* name = "adx";
  static constexpr int inputs = 3, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Adx(const Parameters& p, Arena<M>&) : index_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) { index_.push(in[0], in[1], in[2], out[0]); }

 private:
  AverageIndex<M> index_;
};

template <class M>
struct Adxr {
  using L = typename M::Lane;
  static constexpr const char* name = "adxr";
  static constexpr int inputs = 3, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Adxr(const Parameters& p, Arena<M>& arena) : index_(p.rows(0)), before_(p.rows(0) - 1, arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) {
    L index{}, before{};
    if (index_.push(in[0], in[1], in[2], index) && before_.push(index, before)) out[0] = (index + before) / constant<M>(2);
  }

 private:
  AverageIndex<M> index_;
  Delay<M> before_;
};

// How long ago the extremes of the last n + 1 bars were.
template <class M>
class Age {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE Age(int64_t n, Arena<M>& arena) : per_row_(100 / static_cast<double>(n)), n_(static_cast<double>(n)), highest_(n + 1, arena), lowest_(n + 1, arena) {}

  // 100 (n - rows since the extreme) / n.
  CORRENTE_EVERYWHERE bool push(L high, L low, L& up, L& down) {
    L top{}, bottom{};
    const bool full = highest_.push(high, top);
    const bool ready = lowest_.push(low, bottom) && full;
    const L first = constant<M>(static_cast<double>(row_++) - n_);  // of the window
    if (!ready) return false;
    up = constant<M>(per_row_) * (top - first);
    down = constant<M>(per_row_) * (bottom - first);
    return true;
  }

 private:
  double per_row_, n_;
  int64_t row_ = 0;
  Extreme<M, true> highest_;
  Extreme<M, false> lowest_;
};

template <class M>
struct Aroon {
  using L = typename M::Lane;
  static constexpr const char* name = "aroon";
  static constexpr int inputs = 2, outputs = 2, parameters = 1;

  CORRENTE_EVERYWHERE Aroon(const Parameters& p, Arena<M>& arena) : age_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[2]) { age_.push(in[0], in[1], out[1], out[0]); }

 private:
  Age<M> age_;
};

template <class M>
struct AroonOscillator {
  using L = typename M::Lane;
  static constexpr const char* name = "aroon-oscillator";
  static constexpr int inputs = 2, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE AroonOscillator(const Parameters& p, Arena<M>& arena) : age_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[1]) {
    L up{}, down{};
    if (age_.push(in[0], in[1], up, down)) out[0] = up - down;
  }

 private:
  Age<M> age_;
};

}  // namespace corrente::indicator
