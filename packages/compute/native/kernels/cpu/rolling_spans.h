// Rolling statistics over windows of varying length.
#pragma once

#include "isa.h"

namespace corrente {

// A request with min_periods, of any kind that windows of varying length are for; returns early once the control is
// cancelled. Counts one unit of work for each value.
template <class Real>
void roll_spans(const Columns&, const RollingRequest&, const Control&, const Kernels&);

extern template void roll_spans<double>(const Columns&, const RollingRequest&, const Control&, const Kernels&);
extern template void roll_spans<float>(const Columns&, const RollingRequest&, const Control&, const Kernels&);

}  // namespace corrente
