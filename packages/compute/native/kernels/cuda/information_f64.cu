// I(X; Y | Z) in float64.
#include "information_session.cuh"

namespace corrente::cuda {

template std::unique_ptr<InformationSession> open_session<double>(const Columns&, const Columns&, const NeighbourRule&);

}  // namespace corrente::cuda
