// Rolling median, quantile and rank.
#pragma once

#include "isa.h"
#include "order_kernels.h"

namespace corrente {

inline bool is_order(RollingKind kind) {
  return kind == RollingKind::median || kind == RollingKind::quantile || kind == RollingKind::rank;
}

// The whole request, whatever its windows; returns early once the control is cancelled. Counts one unit of work for
// each value. Values of the input and interpolations between two of them by one formula: how the windows are walked
// changes no bit.
template <class Real>
void roll_order(const Columns&, const RollingRequest&, const Control&, const Kernels&);

extern template void roll_order<double>(const Columns&, const RollingRequest&, const Control&, const Kernels&);
extern template void roll_order<float>(const Columns&, const RollingRequest&, const Control&, const Kernels&);

}  // namespace corrente
