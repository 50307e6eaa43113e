#include "trainer_network.h"

#include <algorithm>
#include <cstring>

#include "../common/check_training.h"

namespace corrente {

namespace {

// Half of a second cache of 2 MiB, which weights and gradients share.
constexpr int64_t kSliceBytes = int64_t{1} << 20;
constexpr int64_t kMostSlice = 64;
// Slices come by this, the rows of a product's tile.
constexpr int64_t kSliceStep = 8;
// A slice reads weights, and adds to their gradients, once for all its samples. Where each weight meets a sample at many
// steps that is nothing, and batches are shared out finely; where it does once, slices of 8 take twice the time of 32.
constexpr int64_t kManyUses = 8;

bool has_parameters(LayerKind kind) {
  return kind == LayerKind::dense || kind == LayerKind::lstm || kind == LayerKind::gru || kind == LayerKind::tcn;
}

template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_layer(const TrainerSite<Real>& site) {
  switch (site.layer.kind) {
    case LayerKind::dense: return make_dense(site);
    case LayerKind::flatten: return make_flatten(site);
    case LayerKind::last: return make_last(site);
    case LayerKind::lstm: return make_lstm(site);
    case LayerKind::gru: return make_gru(site);
    case LayerKind::tcn: return make_tcn(site);
    case LayerKind::dropout: return make_dropout(site);
    case LayerKind::decompose: break;  // happens as samples are read, and never comes here
  }
  return nullptr;
}

}  // namespace

template <class Real>
TrainerNetwork<Real>::TrainerNetwork(const TrainerKernels<Real>& kernels, const TrainingWindows& windows, const LayeredModel& model)
    : parameters_(kernels), samples_(kernels, windows, model) {
  const std::vector<LayerShape> shapes = layer_shapes(model);
  size_t at = 0;
  if (at < model.layers.size() && model.layers[at].kind == LayerKind::decompose) input_.window = model.layers[at++].kernel;
  if (at < model.layers.size() && model.layers[at].kind == LayerKind::flatten) {
    input_.flat = true;
    ++at;
  }
  const size_t begin = at;
  first_trained_ = model.layers.size();
  int64_t widest = 0, widest_exact = 0;
  const auto widen = [&](LayerShape shape) {
    widest = std::max(widest, shape.steps * parameters_.filled(shape.features));
    widest_exact = std::max(widest_exact, shape.values());
  };
  read_ = memory_.reserve(shapes[at].values(), shapes[at].values());
  widen(shapes[at]);
  uint32_t dropouts = 0;
  for (; at < model.layers.size(); ++at) {
    const Layer& layer = model.layers[at];
    const bool passes_back = first_trained_ < model.layers.size();
    const int64_t before = parameters_.count();
    layers_.push_back(make_layer(TrainerSite<Real>{kernels, parameters_, memory_, layer, shapes[at].steps, shapes[at].features, passes_back, dropouts}));
    uses_ += (parameters_.count() - before) * shapes[at].steps;
    if (!passes_back && has_parameters(layer.kind)) first_trained_ = at;
    widen(shapes[at + 1]);
  }
  first_trained_ -= begin;
  for (int64_t& gradients : gradients_) gradients = memory_.reserve(widest, widest_exact);
  parameters_.allocate();
}

template <class Real>
int64_t TrainerNetwork<Real>::slice_of(int64_t batch) const {
  const int64_t fits = kSliceBytes / (memory_.exact() * static_cast<int64_t>(sizeof(Real)));
  const bool often = uses_ >= kManyUses * std::max<int64_t>(1, parameters_.count());
  const int64_t least = often ? kSliceStep : 2 * kSliceStep, shares = often ? 8 : 4;
  return std::clamp(std::min(fits, (batch + shares - 1) / shares) / kSliceStep * kSliceStep, least, kMostSlice);
}

template <class Real>
TrainerSlice<Real> TrainerNetwork<Real>::slice(const TrainerWorkplace<Real>& place, int64_t first, int64_t samples, int64_t capacity, const Dropout* dropout, Real* gradient) const {
  return {first, samples, capacity, place.memory.template as<Real>(), parameters_.values(), parameters_.transposed(), gradient, dropout};
}

template <class Real>
TrainerTensor<Real> TrainerNetwork<Real>::forward(TrainerWorkplace<Real>& place, std::span<const int32_t> origins, int64_t first, int64_t samples, int64_t capacity, const Dropout* dropout) const {
  if (place.capacity != capacity) {
    const size_t bytes = static_cast<size_t>(memory_.reals()) * static_cast<size_t>(capacity) * sizeof(Real);
    place.memory = Block(bytes);
    std::memset(place.memory.data(), 0, bytes);
    place.capacity = capacity;
    place.scratch.resize(static_cast<size_t>(samples_.scratch(input_)));
  }
  const TrainerSlice<Real> one = slice(place, first, samples, capacity, dropout, nullptr);
  place.between.clear();
  place.between.push_back(samples_.read(origins, first, samples, input_, place.scratch.data(), one.memory + read_ * capacity));
  for (const auto& layer : layers_) place.between.push_back(layer->forward(one, place.between.back()));
  return place.between.back();
}

template <class Real>
double TrainerNetwork<Real>::backward(TrainerWorkplace<Real>& place, TrainingLoss kind, std::span<const int32_t> origins, int64_t first, int64_t samples, int64_t capacity, const Dropout* dropout, Real scale,
                                      Real* gradient) const {
  const TrainerSlice<Real> one = slice(place, first, samples, capacity, dropout, gradient);
  Real* later = one.memory + gradients_[0] * capacity;
  Real* earlier = one.memory + gradients_[1] * capacity;
  const TrainerTensor<Real> outputs = place.between.back();
  std::copy_n(outputs.data, samples * outputs.row, later);
  const double loss = samples_.loss(kind, origins, first, samples, {later, outputs.row}, scale);
  for (size_t i = layers_.size(); i-- > first_trained_;) {
    layers_[i]->backward(one, place.between[i], place.between[i + 1], later, i > first_trained_ ? earlier : nullptr);
    std::swap(later, earlier);
  }
  return loss;
}

template class TrainerNetwork<float>;
template class TrainerNetwork<double>;

}  // namespace corrente
