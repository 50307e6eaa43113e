// dense, and the layers without parameters.
#pragma once

#include "trainer_stage.cuh"

namespace corrente::cuda {

// act(x W + b) at each step.
template <class Real>
class DenseStage final : public Stage<Real> {
 public:
  DenseStage(Activation activation, LayerPlace<Real> place)
      : before_(place.before), units_(place.after.features), activation_(activation), wants_(place.wants_input_gradient), kernel_(place.parameters), bias_(kernel_ + before_.features * units_),
        gradient_(place, before_.steps, before_.features + 1, units_, 0, units_), out_(place.arena.template take<Real>(place.samples * before_.steps * units_)),
        of_input_(place.arena.template take<Real>(wants_ ? place.samples * before_.values() : 0)) {}

  Real* forward(Real* input, const Slab& slab) override {
    input_ = input;
    launch_product<Real>("dense, forward",
                         {plain_rows<Real>(input, before_.features), plain_weights(kernel_, before_.features, units_), rows(slab), static_cast<int>(before_.features), static_cast<int>(units_), bias_,
                          nullptr, activation_, out_},
                         slab.stream);
    return out_;
  }

  Real* backward(Real* gradient, const Slab& slab) override {
    if (activation_ != Activation::linear) {
      launch_pointwise<Real>("dense, through the activation", {gradient, out_, activation_, {}, 0, rows(slab) * units_, gradient}, slab.state, slab.stream);
    }
    gradient_.compute("dense, weights", {plain_rows<Real>(input_, before_.features), {}, 1}, gradient, units_, slab);
    if (wants_) {
      launch_product<Real>("dense, backward",
                           {plain_rows<Real>(gradient, units_), transposed_weights(kernel_, units_, before_.features), rows(slab), static_cast<int>(units_), static_cast<int>(before_.features), nullptr,
                            nullptr, Activation::linear, of_input_},
                           slab.stream);
    }
    return of_input_;
  }

 private:
  int64_t rows(const Slab& slab) const { return slab.samples * before_.steps; }

  const LayerShape before_;
  const int64_t units_;
  const Activation activation_;
  const bool wants_;
  const Real* const kernel_;
  const Real* const bias_;
  const WeightGradient<Real> gradient_;
  Real* const out_;
  Real* const of_input_;
  const Real* input_ = nullptr;
};

// A sample lies step by step already.
template <class Real>
class FlattenStage final : public Stage<Real> {
 public:
  Real* forward(Real* input, const Slab&) override { return input; }
  Real* backward(Real* gradient, const Slab&) override { return gradient; }
};

template <class Real>
class LastStage final : public Stage<Real> {
 public:
  explicit LastStage(LayerPlace<Real> place)
      : before_(place.before), out_(place.arena.template take<Real>(place.samples * before_.features)), of_input_(place.arena.template take<Real>(place.samples * before_.values())) {}

  Real* forward(Real* input, const Slab& slab) override {
    launch("last, forward", take_last<Real>, divide_up(slab.samples * before_.features, pointwise_threads), pointwise_threads, 0, slab.stream, static_cast<const Real*>(input), slab.samples,
           static_cast<int>(before_.steps), static_cast<int>(before_.features), out_);
    return out_;
  }

  Real* backward(Real* gradient, const Slab& slab) override {
    launch("last, backward", put_last<Real>, divide_up(slab.samples * before_.values(), pointwise_threads), pointwise_threads, 0, slab.stream, static_cast<const Real*>(gradient), slab.samples,
           static_cast<int>(before_.steps), static_cast<int>(before_.features), of_input_);
    return of_input_;
  }

 private:
  const LayerShape before_;
  Real* const out_;
  Real* const of_input_;
};

// The first layer: nobody asks for the gradient of its input.
template <class Real>
class DecomposeStage final : public Stage<Real> {
 public:
  DecomposeStage(int64_t window, LayerPlace<Real> place) : before_(place.before), window_(window), out_(place.arena.template take<Real>(place.samples * 2 * before_.values())) {}

  Real* forward(Real* input, const Slab& slab) override {
    launch("decompose", split_trend<Real>, divide_up(slab.samples * before_.values(), pointwise_threads), pointwise_threads, 0, slab.stream, static_cast<const Real*>(input), slab.samples,
           static_cast<int>(before_.steps), static_cast<int>(before_.features), static_cast<int>(window_), out_);
    return out_;
  }

  Real* backward(Real* gradient, const Slab&) override { return gradient; }

 private:
  const LayerShape before_;
  const int64_t window_;
  Real* const out_;
};

// The values are copied: on the way back the layer before needs its own.
template <class Real>
class DropoutStage final : public Stage<Real> {
 public:
  DropoutStage(double rate, int number, LayerPlace<Real> place) : size_(place.before.values()), rule_(rate, number), out_(place.arena.template take<Real>(place.samples * size_)) {}

  Real* forward(Real* input, const Slab& slab) override {
    mask("dropout, forward", input, out_, slab);
    return out_;
  }

  Real* backward(Real* gradient, const Slab& slab) override {
    mask("dropout, backward", gradient, gradient, slab);
    return gradient;
  }

 private:
  void mask(const char* action, const Real* from, Real* to, const Slab& slab) const {
    launch_pointwise<Real>(action, {from, nullptr, Activation::linear, rule_.of(slab), slab.first * size_, slab.samples * size_, to}, slab.state, slab.stream);
  }

  const int64_t size_;
  const DropoutRule rule_;
  Real* const out_;
};

}  // namespace corrente::cuda
