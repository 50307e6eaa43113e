// How far a bar reaches: the true range of Wilder (1978), and its average.
#pragma once

#include "smoothing.h"
#include "window.h"

namespace corrente::indicator {

// max of h - l, |h - c[-1]| and |l - c[-1]|, from the second bar on.
template <class M>
class TrueRange {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE bool push(L high, L low, L close, L& range) {
    const bool had = had_;
    if (had) range = max(max(high - low, magnitude(high - close_)), magnitude(low - close_));
    close_ = close;
    had_ = true;
    return had;
  }

 private:
  bool had_ = false;
  L close_ = constant<M>(0);
};

template <class M>
class AverageRange {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE explicit AverageRange(int64_t n) : average_(n) {}

  CORRENTE_EVERYWHERE bool push(L high, L low, L close, L& result) {
    L range{};
    return range_.push(high, low, close, range) && average_.push(range, result);
  }

 private:
  TrueRange<M> range_;
  Wilder<M> average_;
};

}  // namespace corrente::indicator
