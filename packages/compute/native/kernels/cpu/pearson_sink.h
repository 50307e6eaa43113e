// What becomes of coefficients as they are computed: a rectangle in memory, or the strongest of them.
#pragma once

#include <cstdint>

#include "../ops.h"

namespace corrente {

struct PlaceRange {
  int64_t from, to;
  int64_t count() const { return to - from; }
};

// A block of pairs of complete series, by their slots: the coefficient of slot a and slot b is
// c[(b - b_from) * ldc + a - a_from]. On the diagonal the blocks are one, and only the pairs with a > b have a value.
struct SlotBlock {
  PlaceRange a, b;
  bool diagonal;
  int64_t ldc;
  double* c;

  double at(int64_t slot_a, int64_t slot_b) const { return c[(slot_b - b.from) * ldc + slot_a - a.from]; }
};

class PairSink {
 public:
  virtual ~PairSink() = default;
  // Whether it wants this pair, in either order.
  virtual bool wants(int64_t a, int64_t b) const = 0;
  virtual void block(const SlotBlock&, int worker) = 0;
  // A pair in either order, or one series with itself.
  virtual void pair(int64_t a, int64_t b, double value, int64_t n, int worker) = 0;
};

}  // namespace corrente
