// Where the price stands within its recent range.
#pragma once

#include "range.h"
#include "strength.h"
#include "window.h"

namespace corrente::indicator {

// Where the close stands between the extremes of n bars, 0 to 100; 0 where they are equal.
template <class M>
class Place {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE Place(int64_t n, Arena<M>& arena) : highest_(n, arena), lowest_(n, arena) {}

  CORRENTE_EVERYWHERE bool push(L high, L low, L close, L& place) {
    L top{}, bottom{};
    const bool full = highest_.push(high, top);
    if (!lowest_.push(low, bottom) || !full) return false;
    place = exact_ratio<M>(constant<M>(100) * (close - bottom), top - bottom, constant<M>(0));
    return true;
  }

 private:
  Highest<M> highest_;
  Lowest<M> lowest_;
};

// A line and its average, both from the row on where there is an average.
template <class M>
class WithSignal {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE WithSignal(int64_t n, Arena<M>& arena) : mean_(n, arena) {}

  CORRENTE_EVERYWHERE void push(L x, L (&out)[2]) {
    if (mean_.push(x, out[1])) out[0] = x;
  }

 private:
  Mean<M> mean_;
};

template <class M>
struct Stochastic {
  using L = typename M::Lane;
  static constexpr const char* name = "stochastic";
  static constexpr int inputs = 3, outputs = 2, parameters = 3;

  CORRENTE_EVERYWHERE Stochastic(const Parameters& p, Arena<M>& arena)
      : place_(p.rows(0), arena), slow_(p.rows(1), arena), signal_(p.rows(2), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[2]) {
    L place{}, k{};
    if (place_.push(in[0], in[1], in[2], place) && slow_.push(place, k)) signal_.push(k, out);
  }

 private:
  Place<M> place_;
  Mean<M> slow_;
  WithSignal<M> signal_;
};

template <class M>
struct FastStochastic {
  using L = typename M::Lane;
  static constexpr const char* name = "stochastic-fast";
  static constexpr int inputs = 3, outputs = 2, parameters = 2;

  CORRENTE_EVERYWHERE FastStochastic(const Parameters& p, Arena<M>& arena)
      : place_(p.rows(0), arena), signal_(p.rows(1), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[2]) {
    L place{};
    if (place_.push(in[0], in[1], in[2], place)) signal_.push(place, out);
  }

 private:
  Place<M> place_;
  WithSignal<M> signal_;
};

template <class M>
struct StochasticRsi {
  using L = typename M::Lane;
  static constexpr const char* name = "stochastic-rsi";
  static constexpr int inputs = 1, outputs = 2, parameters = 3;

  CORRENTE_EVERYWHERE StochasticRsi(const Parameters& p, Arena<M>& arena)
      : strength_(p.rows(0)), place_(p.rows(1), arena), signal_(p.rows(2), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[2]) {
    L strength{}, place{};
    if (strength_.push(in[0], strength) && place_.push(strength, strength, strength, place)) signal_.push(place, out);
  }

 private:
  Strength<M> strength_;
  Place<M> place_;
  WithSignal<M> signal_;
};

template <class M>
struct WilliamsR {
  using L = typename M::Lane;
  static constexpr const char* name = "williams-r";
  static constexpr int inputs = 3, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE WilliamsR(const Parameters& p, Arena<M>& arena) : highest_(p.rows(0), arena), lowest_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) {
    L top{}, bottom{};
    const bool full = highest_.push(in[0], top);
    if (lowest_.push(in[1], bottom) && full) out[0] = exact_ratio<M>(constant<M>(-100) * (top - in[2]), top - bottom, constant<M>(0));
  }

 private:
  Highest<M> highest_;
  Lowest<M> lowest_;
};

// No sum can be kept from row to row: the deviations are from a mean that moves. So each row takes n steps.
template <class M>
struct Cci {
  using L = typename M::Lane;
  static constexpr const char* name = "cci";
  static constexpr int inputs = 3, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Cci(const Parameters& p, Arena<M>& arena) : n_(at_least_one<M>(p.rows(0))), ring_(arena.take(n_)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) {
    const L price = (in[0] + in[1] + in[2]) * constant<M>(1.0 / 3);
    ring_.set(at_, price);
    at_ = at_ + 1 == n_ ? 0 : at_ + 1;
    full_ = full_ || at_ == 0;
    if (!full_) return;
    // About the newest price, so that a constant window deviates by exactly nothing.
    const L per_row = constant<M>(1 / static_cast<double>(n_));
    const L mean = sum([&](int64_t i) { return ring_.get(i) - price; }) * per_row;
    const L spread = sum([&](int64_t i) { return magnitude((ring_.get(i) - price) - mean); });
    const L zero = constant<M>(0);
    out[0] = select(equal(mean, zero), zero, exact_ratio<M>(zero - mean, constant<M>(0.015) * (spread * per_row), zero));
  }

 private:
  // Four sums at a time, so that one addition need not wait for the one before.
  template <class Term>
  CORRENTE_EVERYWHERE L sum(Term term) const {
    L sums[4] = {constant<M>(0), constant<M>(0), constant<M>(0), constant<M>(0)};
    int64_t i = 0;
    for (; i + 4 <= n_; i += 4) {
      sums[0] = sums[0] + term(i);
      sums[1] = sums[1] + term(i + 1);
      sums[2] = sums[2] + term(i + 2);
      sums[3] = sums[3] + term(i + 3);
    }
    for (; i < n_; ++i) sums[0] = sums[0] + term(i);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }

  int64_t n_, at_ = 0;
  bool full_ = false;
  typename M::Memory ring_;
};

template <class M>
struct MoneyFlow {
  using L = typename M::Lane;
  static constexpr const char* name = "mfi";
  static constexpr int inputs = 4, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE MoneyFlow(const Parameters& p, Arena<M>& arena) : rise_(p.rows(0), arena), fall_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[4], L (&out)[1]) {
    const L price = (in[0] + in[1] + in[2]) / constant<M>(3), zero = constant<M>(0);
    if (had_) {
      const L flow = price * in[3];
      L rise{}, fall{};
      const bool full = rise_.push(select(less(price_, price), flow, zero), rise);
      if (fall_.push(select(less(price, price_), flow, zero), fall) && full) {
        const L all = rise + fall;
        out[0] = select(less(all, constant<M>(1)), zero, constant<M>(100) * (rise / all));
      }
    }
    price_ = price;
    had_ = true;
  }

 private:
  bool had_ = false;
  L price_ = constant<M>(0);
  Sum<M> rise_, fall_;
};

template <class M>
struct UltimateOscillator {
  using L = typename M::Lane;
  static constexpr const char* name = "ultimate-oscillator";
  static constexpr int inputs = 3, outputs = 1, parameters = 3;

  CORRENTE_EVERYWHERE UltimateOscillator(const Parameters& p, Arena<M>& arena) : UltimateOscillator(p.rows(0), p.rows(1), p.rows(2), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) {
    const L close = in[2];
    L range{};
    if (range_.push(in[0], in[1], close, range)) {
      const L pressure = close - min(in[1], close_);
      L a{}, b{}, c{};
      const bool has_a = short_.push(pressure, range, a), has_b = middle_.push(pressure, range, b);
      if (long_.push(pressure, range, c) && has_a && has_b) out[0] = constant<M>(100) * ((constant<M>(4) * a + constant<M>(2) * b + c) / constant<M>(7));
    }
    close_ = close;
  }

 private:
  // Buying pressure over the true range, both summed over n bars.
  class Share {
   public:
    CORRENTE_EVERYWHERE Share(int64_t n, Arena<M>& arena) : pressure_(n, arena), range_(n, arena) {}

    CORRENTE_EVERYWHERE bool push(L pressure, L range, L& share) {
      L pressures{}, ranges{};
      const bool full = pressure_.push(pressure, pressures);
      if (!range_.push(range, ranges) || !full) return false;
      share = ratio<M>(pressures, ranges, constant<M>(0));
      return true;
    }

   private:
    Sum<M> pressure_, range_;
  };

  // The middle one of three is what is left of their sum.
  CORRENTE_EVERYWHERE UltimateOscillator(int64_t a, int64_t b, int64_t c, Arena<M>& arena)
      : short_(least(a, least(b, c)), arena), middle_(a + b + c - least(a, least(b, c)) - most(a, most(b, c)), arena), long_(most(a, most(b, c)), arena) {}
  CORRENTE_EVERYWHERE static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
  CORRENTE_EVERYWHERE static int64_t most(int64_t a, int64_t b) { return a < b ? b : a; }

  TrueRange<M> range_;
  L close_ = constant<M>(0);
  Share short_, middle_, long_;
};

template <class M>
struct BalanceOfPower {
  using L = typename M::Lane;
  static constexpr const char* name = "bop";
  static constexpr int inputs = 4, outputs = 1, parameters = 0;

  CORRENTE_EVERYWHERE BalanceOfPower(const Parameters&, Arena<M>&) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[4], L (&out)[1]) {
    const L range = in[1] - in[2];
    out[0] = select(less(range, constant<M>(kZero)), constant<M>(0), (in[3] - in[0]) / range);
  }
};

}  // namespace corrente::indicator
