// lstm and gru as layers: x W + b of all steps at once, the walk over the steps, and the gradients of all weights over all
// steps at once.
#pragma once

#include "trainer_gru.cuh"
#include "trainer_lstm.cuh"
#include "trainer_stage.cuh"

namespace corrente::cuda {

template <class Real>
class RecurrentStage final : public Stage<Real> {
 public:
  RecurrentStage(bool lstm, bool sequences, LayerPlace<Real> place)
      : before_(place.before), units_(place.after.features), gates_(lstm ? lstm_gates : gru_gates), lstm_(lstm), sequences_(sequences), wants_(place.wants_input_gradient), kernel_(place.parameters),
        recurrent_(kernel_ + before_.features * wide()), bias_(recurrent_ + units_ * wide()) {
    if (!recurrent_fits<Real>(gates_, units_)) {
      throw Failure{Code::unsupported, std::to_string(units_) + " units of a recurrent layer, more than a multiprocessor of this device carries; the cpu engine trains it"};
    }
    const int64_t inputs = before_.features + units_ + 1;
    // gru's candidate sees r h where the gates see h.
    if (lstm_) {
      weights_.emplace_back(place, before_.steps, inputs, wide(), 0, wide());
    } else {
      weights_.emplace_back(place, before_.steps, inputs, 2 * units_, 0, wide());
      weights_.emplace_back(place, before_.steps, inputs, units_, 2 * units_, wide());
    }
    const auto per_step = [&](int64_t values) { return place.arena.template take<Real>(place.samples * before_.steps * values); };
    opened_ = per_step(wide());
    states_ = per_step(units_);
    inner_ = per_step(units_);
    last_ = place.arena.template take<Real>(sequences_ ? 0 : place.samples * units_);
    of_input_ = per_step(wants_ ? before_.features : 0);
    transposed_ = place.arena.template take<Real>(units_ <= most_held_units ? 0 : units_ * wide());
  }

  Real* forward(Real* input, const Slab& slab) override {
    input_ = input;
    launch_product<Real>("recurrent, inputs",
                         {plain_rows<Real>(input, before_.features), plain_weights(kernel_, before_.features, wide()), slab.samples * before_.steps, static_cast<int>(before_.features),
                          static_cast<int>(wide()), bias_, nullptr, Activation::linear, opened_},
                         slab.stream);
    const Recurrent<Real> layer = described(slab, recurrent_, wide(), 1, nullptr);
    if (lstm_) launch_lstm_forward(layer, slab.stream);
    else launch_gru_forward(layer, slab.stream);
    return sequences_ ? states_ : last_;
  }

  Real* backward(Real* gradient, const Slab& slab) override {
    const Recurrent<Real> layer = described_backwards(slab, gradient);
    if (lstm_) launch_lstm_backward(layer, slab.stream);
    else launch_gru_backward(layer, slab.stream);
    const LaggedRows<Real> before_step{states_, units_, static_cast<int>(units_), 1, static_cast<int>(before_.steps), 1, 0};
    weights_[0].compute("recurrent, weights", {plain_rows<Real>(input_, before_.features), before_step, 1}, opened_, wide(), slab);
    if (!lstm_) weights_[1].compute("recurrent, weights", {plain_rows<Real>(input_, before_.features), plain_rows<Real>(inner_, units_), 1}, opened_ + 2 * units_, wide(), slab);
    if (wants_) {
      launch_product<Real>("recurrent, backward",
                           {plain_rows<Real>(opened_, wide()), transposed_weights(kernel_, wide(), before_.features), slab.samples * before_.steps, static_cast<int>(wide()),
                            static_cast<int>(before_.features), nullptr, nullptr, Activation::linear, of_input_},
                           slab.stream);
    }
    return of_input_;
  }

 private:
  int64_t wide() const { return gates_ * units_; }

  // Weights that are read at every step are transposed before: then neighbouring threads read neighbours.
  Recurrent<Real> described_backwards(const Slab& slab, const Real* gradient) const {
    if (units_ <= most_held_units) return described(slab, recurrent_, wide(), 1, gradient);
    launch("recurrent, transposing weights", transpose<Real>, divide_up(units_ * wide(), pointwise_threads), pointwise_threads, 0, slab.stream, recurrent_, static_cast<int>(units_),
           static_cast<int>(wide()), transposed_);
    return described(slab, transposed_, 1, units_, gradient);
  }

  Recurrent<Real> described(const Slab& slab, const Real* weights, int64_t of_unit, int64_t of_column, const Real* gradient) const {
    return {slab.samples, static_cast<int>(before_.steps), static_cast<int>(units_), sequences_, weights, of_unit, of_column, opened_, states_, inner_, last_, gradient};
  }

  const LayerShape before_;
  const int64_t units_, gates_;
  const bool lstm_, sequences_, wants_;
  const Real* const kernel_;
  const Real* const recurrent_;
  const Real* const bias_;
  std::vector<WeightGradient<Real>> weights_;
  Real *opened_, *states_, *inner_, *last_, *of_input_, *transposed_;
  const Real* input_ = nullptr;
};

}  // namespace corrente::cuda
