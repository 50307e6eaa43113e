// Windows over the last n values. Each pushes a value in and, once there are n, gives the window's result out.
//
// Sums and extremes come from blocks of n rows (van Herk, Pattern Recognition Letters 13, 1992; Gil and Werman, IEEE
// PAMI 15, 1993): a window is the end of one block, whose suffixes were scanned when it was full, and the beginning of
// the next. Nothing is ever taken away from a running sum, so a huge value spoils only the windows that hold it, and no
// error builds up over millions of rows. It costs three operations a row, whatever the window.
#pragma once

#include "machine.h"

namespace corrente::indicator {

// The value of n rows before; this row's where n is 0.
template <class M>
class Delay {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE Delay(int64_t n, Arena<M>& arena) : n_(n), ring_(arena.take(n < 0 ? 0 : n)) {}

  CORRENTE_EVERYWHERE bool push(L x, L& before) {
    if (n_ <= 0) {
      before = x;
      return true;
    }
    if (full_) before = ring_.get(at_);
    ring_.set(at_, x);
    const bool had = full_;
    if (++at_ == n_) {
      at_ = 0;
      full_ = true;
    }
    return had;
  }

 private:
  int64_t n_, at_ = 0;
  bool full_ = false;
  typename M::Memory ring_;
};

struct Add {
  template <class L>
  CORRENTE_EVERYWHERE static L join(L older, L newer) {
    return older + newer;
  }
};
struct Least {
  template <class L>
  CORRENTE_EVERYWHERE static L join(L older, L newer) {
    return min(older, newer);
  }
};
struct Most {
  template <class L>
  CORRENTE_EVERYWHERE static L join(L older, L newer) {
    return max(older, newer);
  }
};

template <class M, class Join>
class Window {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE Window(int64_t n, Arena<M>& arena) : n_(at_least_one<M>(n)), block_(arena.take(n_)) {}

  CORRENTE_EVERYWHERE bool push(L x, L& result) {
    prefix_ = at_ == 0 ? x : Join::join(prefix_, x);
    if (at_ + 1 < n_) {
      if (full_) result = Join::join(block_.get(at_ + 1), prefix_);
      block_.set(at_++, x);
      return full_;
    }
    result = prefix_;
    L suffix = x;
    block_.set(at_, x);
    for (int64_t i = at_ - 1; i >= 0; --i) {
      suffix = Join::join(block_.get(i), suffix);
      block_.set(i, suffix);
    }
    at_ = 0;
    full_ = true;
    return true;
  }

 private:
  int64_t n_, at_ = 0;
  bool full_ = false;
  L prefix_ = constant<M>(0);
  typename M::Memory block_;  // up to at_ values of this block, from there on suffixes of the one before
};

template <class M>
using Sum = Window<M, Add>;
// The mean of the last n values.
template <class M>
class Mean {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE Mean(int64_t n, Arena<M>& arena) : n_(static_cast<double>(n)), sum_(n, arena) {}

  CORRENTE_EVERYWHERE bool push(L x, L& mean) {
    L sum{};
    if (!sum_.push(x, sum)) return false;
    mean = sum / constant<M>(n_);
    return true;
  }

 private:
  double n_;
  Sum<M> sum_;
};

template <class M>
using Lowest = Window<M, Least>;
template <class M>
using Highest = Window<M, Most>;

// The extreme of a window, and the row where it stands, counted from the first; of equal ones the newest.
template <class M, bool highest>
class Extreme {
  using L = typename M::Lane;

  struct Place {
    L value{}, row{};
  };

 public:
  CORRENTE_EVERYWHERE Extreme(int64_t n, Arena<M>& arena) : n_(at_least_one<M>(n)), values_(arena.take(n_)), rows_(arena.take(n_)) {}

  CORRENTE_EVERYWHERE bool push(L x, L& row) {
    const Place newest{x, constant<M>(static_cast<double>(count_++))};
    prefix_ = at_ == 0 ? newest : join(prefix_, newest);
    if (at_ + 1 < n_) {
      if (full_) row = join({values_.get(at_ + 1), rows_.get(at_ + 1)}, prefix_).row;
      set(at_++, newest);
      return full_;
    }
    row = prefix_.row;
    Place suffix = newest;
    set(at_, newest);
    for (int64_t i = at_ - 1; i >= 0; --i) {
      suffix = join({values_.get(i), rows_.get(i)}, suffix);
      set(i, suffix);
    }
    at_ = 0;
    full_ = true;
    return true;
  }

 private:
  CORRENTE_EVERYWHERE static Place join(Place older, Place newer) {
    const auto take_newer = highest ? at_most(older.value, newer.value) : at_most(newer.value, older.value);
    return {select(take_newer, newer.value, older.value), select(take_newer, newer.row, older.row)};
  }
  CORRENTE_EVERYWHERE void set(int64_t i, Place place) {
    values_.set(i, place.value);
    rows_.set(i, place.row);
  }

  int64_t n_, at_ = 0, count_ = 0;
  bool full_ = false;
  Place prefix_{constant<M>(0), constant<M>(0)};
  typename M::Memory values_, rows_;
};

}  // namespace corrente::indicator
