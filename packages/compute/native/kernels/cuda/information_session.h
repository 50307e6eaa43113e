// A session in either precision: information_f64.cu and information_f32.cu, apart because their kernels are many.
#pragma once

#include <memory>

#include "../ops.h"

namespace corrente::cuda {

// Y, Z and the rule have been checked, and the device is current. Throws what `guarded` turns into a status.
template <class Real>
std::unique_ptr<InformationSession> open_session(const Columns& target, const Columns& condition, const NeighbourRule&);

extern template std::unique_ptr<InformationSession> open_session<double>(const Columns&, const Columns&, const NeighbourRule&);
extern template std::unique_ptr<InformationSession> open_session<float>(const Columns&, const Columns&, const NeighbourRule&);

}  // namespace corrente::cuda
