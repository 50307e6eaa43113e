// Rises against falls (Wilder 1978).
#pragma once

#include "smoothing.h"

namespace corrente::indicator {

// The averages of the rises and of the falls from row to row.
template <class M>
class Moves {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE explicit Moves(int64_t n) : gains_(n), losses_(n) {}

  CORRENTE_EVERYWHERE bool push(L x, L& gain, L& loss) {
    const L move = x - last_;
    last_ = x;
    if (!had_) {
      had_ = true;
      return false;
    }
    const bool ready = gains_.push(positive<M>(move), gain);
    return losses_.push(positive<M>(constant<M>(0) - move), loss) && ready;
  }

 private:
  bool had_ = false;
  L last_ = constant<M>(0);
  Wilder<M> gains_, losses_;
};

// The relative strength index.
template <class M>
class Strength {
  using L = typename M::Lane;

 public:
  CORRENTE_EVERYWHERE explicit Strength(int64_t n) : moves_(n) {}

  CORRENTE_EVERYWHERE bool push(L x, L& strength) {
    L gain{}, loss{};
    if (!moves_.push(x, gain, loss)) return false;
    strength = constant<M>(100) * ratio<M>(gain, gain + loss, constant<M>(0));
    return true;
  }

 private:
  Moves<M> moves_;
};

}  // namespace corrente::indicator
