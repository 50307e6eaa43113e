// One price for a bar.
#pragma once

#include "machine.h"

namespace corrente::indicator {

template <class M>
struct TypicalPrice {
  using L = typename M::Lane;
  static constexpr const char* name = "typical-price";
  static constexpr int inputs = 3, outputs = 1, parameters = 0;

  CORRENTE_EVERYWHERE TypicalPrice(const Parameters&, Arena<M>&) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) { out[0] = (in[0] + in[1] + in[2]) / constant<M>(3); }
};

template <class M>
struct MedianPrice {
  using L = typename M::Lane;
  static constexpr const char* name = "median-price";
  static constexpr int inputs = 2, outputs = 1, parameters = 0;

  CORRENTE_EVERYWHERE MedianPrice(const Parameters&, Arena<M>&) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[2], L (&out)[1]) { out[0] = (in[0] + in[1]) / constant<M>(2); }
};

template <class M>
struct WeightedClose {
  using L = typename M::Lane;
  static constexpr const char* name = "weighted-close";
  static constexpr int inputs = 3, outputs = 1, parameters = 0;

  CORRENTE_EVERYWHERE WeightedClose(const Parameters&, Arena<M>&) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[3], L (&out)[1]) {
    out[0] = (in[0] + in[1] + in[2] * constant<M>(2)) / constant<M>(4);
  }
};

template <class M>
struct AveragePrice {
  using L = typename M::Lane;
  static constexpr const char* name = "average-price";
  static constexpr int inputs = 4, outputs = 1, parameters = 0;

  CORRENTE_EVERYWHERE AveragePrice(const Parameters&, Arena<M>&) {}
  CORRENTE_EVERYWHERE void step(const L (&in)[4], L (&out)[1]) { out[0] = (in[1] + in[2] + in[3] + in[0]) / constant<M>(4); }
};

}  // namespace corrente::indicator
