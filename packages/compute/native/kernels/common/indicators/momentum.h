// How fast the value moves: changes, and differences of averages.
#pragma once

#include "strength.h"
#include "window.h"

namespace corrente::indicator {

template <class M>
struct Rsi {
  using L = typename M::Lane;
  static constexpr const char* name = "rsi";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Rsi(const Parameters& p, Arena<M>&) : strength_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) { strength_.push(in[0], out[0]); }

 private:
  Strength<M> strength_;
};

template <class M>
struct Cmo {
  using L = typename M::Lane;
  static constexpr const char* name = "cmo";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Cmo(const Parameters& p, Arena<M>&) : moves_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L gain{}, loss{};
    if (moves_.push(in[0], gain, loss)) out[0] = constant<M>(100) * ratio<M>(gain - loss, gain + loss, constant<M>(0));
  }

 private:
  Moves<M> moves_;
};

// Both averages begin at row slow - 1, the fast one with the mean of the `fast` rows that end there.
template <class M>
struct Macd {
  using L = typename M::Lane;
  static constexpr const char* name = "macd";
  static constexpr int inputs = 1, outputs = 3, parameters = 3;

  CORRENTE_EVERYWHERE Macd(const Parameters& p, Arena<M>&) : Macd(p.rows(0), p.rows(1), p.rows(2)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[3]) {
    L fast{}, slow{}, signal{};
    if (skip_ > 0) {
      --skip_;
    } else {
      fast_.push(in[0], fast);
    }
    if (!slow_.push(in[0], slow)) return;
    const L line = fast - slow;
    if (!signal_.push(line, signal)) return;
    out[0] = line;
    out[1] = signal;
    out[2] = line - signal;
  }

 private:
  CORRENTE_EVERYWHERE Macd(int64_t a, int64_t b, int64_t signal)
      : skip_(a < b ? b - a : a - b), fast_(a < b ? a : b), slow_(a < b ? b : a), signal_(signal) {}

  int64_t skip_;
  Ema<M> fast_, slow_, signal_;
};

// Two simple averages, the shorter period the fast one.
template <class M>
class Crossing {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE Crossing(int64_t a, int64_t b, Arena<M>& arena) : fast_(a < b ? a : b, arena), slow_(a < b ? b : a, arena) {}

  CORRENTE_EVERYWHERE bool push(L x, L& fast, L& slow) {
    const bool has_fast = fast_.push(x, fast);
    return slow_.push(x, slow) && has_fast;
  }

 private:
  Mean<M> fast_, slow_;
};

template <class M>
struct Apo {
  using L = typename M::Lane;
  static constexpr const char* name = "apo";
  static constexpr int inputs = 1, outputs = 1, parameters = 2;

  CORRENTE_EVERYWHERE Apo(const Parameters& p, Arena<M>& arena) : averages_(p.rows(0), p.rows(1), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L fast{}, slow{};
    if (averages_.push(in[0], fast, slow)) out[0] = fast - slow;
  }

 private:
  Crossing<M> averages_;
};

template <class M>
struct Ppo {
  using L = typename M::Lane;
  static constexpr const char* name = "ppo";
  static constexpr int inputs = 1, outputs = 1, parameters = 2;

  CORRENTE_EVERYWHERE Ppo(const Parameters& p, Arena<M>& arena) : averages_(p.rows(0), p.rows(1), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L fast{}, slow{};
    if (averages_.push(in[0], fast, slow)) out[0] = constant<M>(100) * ratio<M>(fast - slow, slow, constant<M>(0));
  }

 private:
  Crossing<M> averages_;
};

template <class M>
struct Momentum {
  using L = typename M::Lane;
  static constexpr const char* name = "momentum";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Momentum(const Parameters& p, Arena<M>& arena) : before_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L before{};
    if (before_.push(in[0], before)) out[0] = in[0] - before;
  }

 private:
  Delay<M> before_;
};

template <class M>
struct Roc {
  using L = typename M::Lane;
  static constexpr const char* name = "roc";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Roc(const Parameters& p, Arena<M>& arena) : before_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L before{};
    const L zero = constant<M>(0);
    if (before_.push(in[0], before)) out[0] = select(equal(before, zero), zero, constant<M>(100) * (in[0] / before - constant<M>(1)));
  }

 private:
  Delay<M> before_;
};

template <class M>
struct Rocp {
  using L = typename M::Lane;
  static constexpr const char* name = "rocp";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Rocp(const Parameters& p, Arena<M>& arena) : before_(p.rows(0), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L before{};
    if (before_.push(in[0], before)) out[0] = exact_ratio<M>(in[0] - before, before, constant<M>(0));
  }

 private:
  Delay<M> before_;
};

template <class M>
struct Trix {
  using L = typename M::Lane;
  static constexpr const char* name = "trix";
  static constexpr int inputs = 1, outputs = 1, parameters = 1;

  CORRENTE_EVERYWHERE Trix(const Parameters& p, Arena<M>&) : first_(p.rows(0)), second_(p.rows(0)), third_(p.rows(0)) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[1], L (&out)[1]) {
    L e1{}, e2{}, e3{};
    if (!(first_.push(in[0], e1) && second_.push(e1, e2) && third_.push(e2, e3))) return;
    const L zero = constant<M>(0);
    if (had_) out[0] = select(equal(before_, zero), zero, constant<M>(100) * (e3 / before_ - constant<M>(1)));
    before_ = e3;
    had_ = true;
  }

 private:
  bool had_ = false;
  L before_ = constant<M>(0);
  Ema<M> first_, second_, third_;
};

template <class M>
struct AwesomeOscillator {
  using L = typename M::Lane;
  static constexpr const char* name = "awesome-oscillator";
  static constexpr int inputs = 2, outputs = 1, parameters = 2;

  CORRENTE_EVERYWHERE AwesomeOscillator(const Parameters& p, Arena<M>& arena)
      : fast_(p.rows(0), arena), slow_(p.rows(1), arena) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[1]) {
    const L middle = (in[0] + in[1]) / constant<M>(2);
    L fast{}, slow{};
    const bool has_fast = fast_.push(middle, fast);
    if (slow_.push(middle, slow) && has_fast) out[0] = fast - slow;
  }

 private:
  Mean<M> fast_, slow_;
};

}  // namespace corrente::indicator
