// I(X; Y | Z) in float32.
#include "information_session.cuh"

namespace corrente::cuda {

template std::unique_ptr<InformationSession> open_session<float>(const Columns&, const Columns&, const NeighbourRule&);

}  // namespace corrente::cuda
