// tcn: with c1 = drop(relu(conv(x))) and c2 = drop(relu(conv(c1))), y = relu(c2 + s), where s is x, or x W.
#pragma once

#include "trainer_stage.cuh"

namespace corrente::cuda {

template <class Real>
class TcnStage final : public Stage<Real> {
 public:
  TcnStage(const Layer& layer, int first_dropout, LayerPlace<Real> place)
      : before_(place.before), filters_(place.after.features), taps_(layer.kernel), dilation_(layer.dilation), wants_(place.wants_input_gradient), skips_(before_.features != filters_),
        drop1_(layer.rate, first_dropout), drop2_(layer.rate, first_dropout + 1), kernel1_(place.parameters), bias1_(kernel1_ + taps_ * before_.features * filters_), kernel2_(bias1_ + filters_),
        bias2_(kernel2_ + taps_ * filters_ * filters_), skip_(bias2_ + filters_), weights1_(place, before_.steps, taps_ * before_.features + 1, filters_, 0, filters_),
        weights2_(place, before_.steps, taps_ * filters_ + 1, filters_, kernel2_ - kernel1_, filters_) {
    if (skips_) weights_skip_.emplace_back(place, before_.steps, before_.features, filters_, skip_ - kernel1_, filters_);
    const auto per_step = [&](int64_t values) { return place.arena.template take<Real>(place.samples * before_.steps * values); };
    c1_ = per_step(filters_);
    c2_ = per_step(filters_);
    out_ = per_step(filters_);
    of_c1_ = per_step(filters_);
    of_c2_ = per_step(filters_);
    of_input_ = per_step(wants_ ? before_.features : 0);
  }

  Real* forward(Real* input, const Slab& slab) override {
    input_ = input;
    convolve("tcn, first convolution", seen(input, before_.features), kernel1_, bias1_, nullptr, Activation::relu, c1_, slab);
    mask("tcn, first dropout", drop1_, c1_, slab);
    convolve("tcn, second convolution", seen(c1_, filters_), kernel2_, bias2_, nullptr, Activation::relu, c2_, slab);
    mask("tcn, second dropout", drop2_, c2_, slab);
    if (skips_) {
      convolve("tcn, skip", plain_rows<Real>(input, before_.features), skip_, nullptr, c2_, Activation::relu, out_, slab);
    } else {
      launch("tcn, skip", add_and_rectify<Real>, divide_up(count(slab), pointwise_threads), pointwise_threads, 0, slab.stream, static_cast<const Real*>(c2_), static_cast<const Real*>(input), count(slab), out_);
    }
    return out_;
  }

  Real* backward(Real* gradient, const Slab& slab) override {
    through("tcn, through the sum", gradient, out_, nullptr, gradient, slab);
    through("tcn, through the second", gradient, c2_, &drop2_, of_c2_, slab);
    weights2_.compute("tcn, second weights", {seen(c1_, filters_), {}, 1}, of_c2_, filters_, slab);
    unconvolve("tcn, back through the second", of_c2_, kernel2_, filters_, nullptr, of_c1_, slab);
    through("tcn, through the first", of_c1_, c1_, &drop1_, of_c1_, slab);
    weights1_.compute("tcn, first weights", {seen(input_, before_.features), {}, 1}, of_c1_, filters_, slab);
    if (skips_) weights_skip_[0].compute("tcn, weights of the skip", {plain_rows<Real>(input_, before_.features), {}, 0}, gradient, filters_, slab);
    if (wants_) {
      const Real* straight = gradient;
      if (skips_) {
        launch_product<Real>("tcn, back through the skip",
                             {plain_rows<Real>(gradient, filters_), transposed_weights(skip_, filters_, before_.features), rows(slab), static_cast<int>(filters_), static_cast<int>(before_.features),
                              nullptr, nullptr, Activation::linear, of_input_},
                             slab.stream);
        straight = of_input_;
      }
      unconvolve("tcn, back through the first", of_c1_, kernel1_, before_.features, straight, of_input_, slab);
    }
    return of_input_;
  }

 private:
  int64_t rows(const Slab& slab) const { return slab.samples * before_.steps; }
  int64_t count(const Slab& slab) const { return rows(slab) * filters_; }

  // What a convolution sees of values [rows × width].
  LaggedRows<Real> seen(const Real* values, int64_t width) const {
    return {values, width, static_cast<int>(width), static_cast<int>(taps_), static_cast<int>(before_.steps), 0, static_cast<int>(dilation_)};
  }

  void convolve(const char* action, const LaggedRows<Real>& from, const Real* kernel, const Real* bias, const Real* addend, Activation activation, Real* to, const Slab& slab) const {
    launch_product<Real>(action, {from, plain_weights(kernel, from.count(), filters_), rows(slab), from.count(), static_cast<int>(filters_), bias, addend, activation, to}, slab.stream);
  }

  // to = addend + Σ over taps of gradients that many steps ahead, by the tap's weights [width × filters] transposed.
  void unconvolve(const char* action, const Real* gradients, const Real* kernel, int64_t width, const Real* addend, Real* to, const Slab& slab) const {
    const LaggedRows<Real> ahead{gradients, filters_, static_cast<int>(filters_), static_cast<int>(taps_), static_cast<int>(before_.steps), 0, -static_cast<int>(dilation_)};
    const Weights<Real> weights{kernel, static_cast<int>(filters_), width * filters_, 1, filters_};
    launch_product<Real>(action, {ahead, weights, rows(slab), ahead.count(), static_cast<int>(width), nullptr, addend, Activation::linear, to}, slab.stream);
  }

  void mask(const char* action, const DropoutRule& rule, Real* values, const Slab& slab) const {
    const Dropout dropout = rule.of(slab);
    if (dropout.threshold > 0) launch_pointwise<Real>(action, {values, nullptr, Activation::linear, dropout, slab.first * before_.steps * filters_, count(slab), values}, slab.state, slab.stream);
  }

  // Through dropout and relu: y is what they made, and 0 where either of them stopped it.
  void through(const char* action, const Real* from, const Real* y, const DropoutRule* rule, Real* to, const Slab& slab) const {
    launch_pointwise<Real>(action, {from, y, Activation::relu, rule == nullptr ? Dropout{} : rule->of(slab), slab.first * before_.steps * filters_, count(slab), to}, slab.state, slab.stream);
  }

  const LayerShape before_;
  const int64_t filters_, taps_, dilation_;
  const bool wants_, skips_;
  const DropoutRule drop1_, drop2_;
  const Real *const kernel1_, *const bias1_, *const kernel2_, *const bias2_, *const skip_;
  const WeightGradient<Real> weights1_, weights2_;
  std::vector<WeightGradient<Real>> weights_skip_;  // one, or none
  Real *c1_, *c2_, *out_, *of_c1_, *of_c2_, *of_input_;
  const Real* input_ = nullptr;
};

}  // namespace corrente::cuda
