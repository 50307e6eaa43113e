// A model's layers as stages, in an arena for so many samples.
#pragma once

#include "trainer_layers.cuh"
#include "trainer_recurrent_stage.cuh"
#include "trainer_tcn_stage.cuh"

namespace corrente::cuda {

template <class Real>
class Chain {
 public:
  // With an arena that has no memory, to be measured only. Throws Failure where a layer cannot be on this device.
  Chain(const LayeredModel& model, const Real* parameters, int64_t samples, Arena& arena) {
    const std::vector<LayerShape> shapes = layer_shapes(model);
    inputs_ = arena.take<Real>(samples * shapes.front().values());
    int64_t from = 0;
    int dropouts = 0;
    bool wants_input_gradient = false;
    for (size_t at = 0; at < model.layers.size(); at++) {
      const Layer& layer = model.layers[at];
      stages_.push_back(make(layer, dropouts, {shapes[at], shapes[at + 1], samples, from, parameters + from, wants_input_gradient, arena, parts_}));
      const int64_t own = parameters_of(layer, shapes[at]);
      from += own;
      wants_input_gradient = wants_input_gradient || own > 0;
      if (!wants_input_gradient) untrained_++;
      dropouts += layer.kind == LayerKind::tcn ? 2 : layer.kind == LayerKind::dropout ? 1 : 0;
    }
    slopes_ = arena.take<Real>(samples * shapes.back().values());
    lists_ = arena.take<GradientParts<Real>>(static_cast<int64_t>(parts_.size()));
  }

  Real* inputs() const { return inputs_; }
  Real* slopes() const { return slopes_; }
  int list_count() const { return static_cast<int>(parts_.size()); }
  const GradientParts<Real>* lists() const { return lists_; }

  // Tells the device where the parts of gradients lie. The chain outlives the copy.
  void send_lists(cudaStream_t stream) const {
    check(cudaMemcpyAsync(lists_, parts_.data(), sizeof(GradientParts<Real>) * parts_.size(), cudaMemcpyHostToDevice, stream), "listing gradients");
  }

  Real* forward(const Slab& slab) const {
    Real* values = inputs_;
    for (const auto& stage : stages_) values = stage->forward(values, slab);
    return values;
  }

  // From the slopes of the loss to the first layer that has parameters.
  void backward(const Slab& slab) const {
    Real* gradient = slopes_;
    for (size_t at = stages_.size(); at > untrained_; at--) gradient = stages_[at - 1]->backward(gradient, slab);
  }

 private:
  static std::unique_ptr<Stage<Real>> make(const Layer& layer, int first_dropout, LayerPlace<Real> place) {
    switch (layer.kind) {
      case LayerKind::dense: return std::make_unique<DenseStage<Real>>(layer.activation, place);
      case LayerKind::flatten: return std::make_unique<FlattenStage<Real>>();
      case LayerKind::last: return std::make_unique<LastStage<Real>>(place);
      case LayerKind::decompose: return std::make_unique<DecomposeStage<Real>>(layer.kernel, place);
      case LayerKind::lstm:
      case LayerKind::gru: return std::make_unique<RecurrentStage<Real>>(layer.kind == LayerKind::lstm, layer.sequences, place);
      case LayerKind::tcn: return std::make_unique<TcnStage<Real>>(layer, first_dropout, place);
      case LayerKind::dropout: return std::make_unique<DropoutStage<Real>>(layer.rate, first_dropout, place);
    }
    throw Failure{Code::invalid, "a layer of an unknown kind"};
  }

  std::vector<std::unique_ptr<Stage<Real>>> stages_;
  size_t untrained_ = 0;  // layers before the first that has parameters
  std::vector<GradientParts<Real>> parts_;
  Real *inputs_, *slopes_;
  GradientParts<Real>* lists_;
};

}  // namespace corrente::cuda
