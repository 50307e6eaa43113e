// LSTM and GRU. Forward, a step's products and gates follow each other while they are in the first cache; backward, the
// gradients of weights are taken over some steps at a time, so that their products are deep.
#include <algorithm>

#include "trainer_layers.h"

namespace corrente {

namespace {

// Rows of gates whose products with inputs and states are added to the weights' gradients at once.
constexpr int64_t kGradientRows = 128;

// What both have: a kernel, a recurrent kernel and a bias of several gates, and states.
template <class Real>
class Recurrent : public TrainerLayer<Real> {
 protected:
  Recurrent(const TrainerSite<Real>& site, int64_t gates)
      : kernels_(site.kernels),
        sequences_(site.layer.sequences),
        steps_(site.steps),
        kernel_(site.parameters.add(site.features, gates, site.layer.units, site.passes_back)),
        recurrent_(site.parameters.add(site.layer.units, gates, site.layer.units, true)),
        bias_(site.parameters.add(1, gates, site.layer.units, false)),
        gates_(own(site, gates, steps_)),
        states_(own(site, 1, steps_)),
        zeros_(own(site, 1, 1)),
        later_(own(site, 1, 1)) {}

  int64_t own(const TrainerSite<Real>& site, int64_t rows, int64_t steps) const {
    return site.memory.reserve(steps * rows * kernel_.gate, steps * rows * kernel_.units);
  }
  Real* at(const TrainerSlice<Real>& slice, int64_t place, int64_t step = 0) const {
    return slice.memory + place * slice.capacity + step * slice.samples * kernel_.gate;
  }
  Real* gates_at(const TrainerSlice<Real>& slice, int64_t step) const {
    return slice.memory + gates_ * slice.capacity + step * slice.samples * kernel_.row;
  }
  // Of the step before; zeros before the first.
  const Real* before(const TrainerSlice<Real>& slice, int64_t place, int64_t step) const {
    return step == 0 ? at(slice, zeros_) : at(slice, place, step - 1);
  }
  int64_t values(const TrainerSlice<Real>& slice) const { return slice.samples * kernel_.gate; }

  // gates = x W + b
  void take_input(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, int64_t step) const {
    kernels_.multiply({slice.samples, kernel_.rows, kernel_.row, in.data + step * slice.samples * in.row, in.row, 1, slice.weights + kernel_.at, kernel_.row,
                       gates_at(slice, step), kernel_.row, Start::bias, slice.weights + bias_.at});
  }
  // gates [from, to) += states U
  void take_states(const TrainerSlice<Real>& slice, const Real* states, int64_t step, int64_t from, int64_t to) const {
    const int64_t column = from * kernel_.gate;
    kernels_.multiply({slice.samples, recurrent_.rows, (to - from) * kernel_.gate, states, kernel_.gate, 1, slice.weights + recurrent_.at + column, recurrent_.row,
                       gates_at(slice, step) + column, kernel_.row, Start::sum, nullptr});
  }
  // gradient (+)= the gradients of gates [from, to) Uᵀ
  void pass_back(const TrainerSlice<Real>& slice, int64_t step, int64_t from, int64_t to, Real* gradient, Start start) const {
    const int64_t column = from * kernel_.gate;
    kernels_.multiply({slice.samples, (to - from) * kernel_.gate, recurrent_.transposed_row, gates_at(slice, step) + column, kernel_.row, 1,
                       slice.transposed + recurrent_.transposed + column * recurrent_.transposed_row, recurrent_.transposed_row, gradient, kernel_.gate, start, nullptr});
  }
  // The columns of gates [from, to) of the recurrent kernel's gradient, of steps [begin, end).
  void add_recurrent_gradient(const TrainerSlice<Real>& slice, const Real* states, int64_t begin, int64_t end, int64_t from, int64_t to) const {
    const int64_t column = from * kernel_.gate;
    kernels_.multiply({recurrent_.rows, (end - begin) * slice.samples, (to - from) * kernel_.gate, states, 1, kernel_.gate, gates_at(slice, begin) + column, kernel_.row,
                       slice.gradient + recurrent_.at + column, recurrent_.row, Start::sum, nullptr});
  }
  // Of steps [begin, end): the gradients of kernel and bias, and of what came in.
  void add_input_gradient(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, int64_t begin, int64_t end, Real* in_gradient) const {
    const int64_t rows = (end - begin) * slice.samples;
    const Real* const gradient = gates_at(slice, begin);
    kernels_.add_rows(gradient, rows, kernel_.row, slice.gradient + bias_.at);
    add_weight_gradient(kernels_, slice, kernel_, in.data + begin * slice.samples * in.row, in.row, gradient, rows);
    if (in_gradient == nullptr) return;
    kernels_.multiply({rows, kernel_.row, kernel_.transposed_row, gradient, kernel_.row, 1, slice.transposed + kernel_.transposed, kernel_.transposed_row,
                       in_gradient + begin * slice.samples * in.row, in.row, Start::zero, nullptr});
  }

  TrainerTensor<Real> output(const TrainerSlice<Real>& slice) const { return {at(slice, states_, sequences_ ? 0 : steps_ - 1), kernel_.gate}; }
  // What the layer above says of the state after a step; null where it says nothing.
  const Real* above(const TrainerSlice<Real>& slice, const Real* out_gradient, int64_t step) const {
    if (sequences_) return out_gradient + step * values(slice);
    return step == steps_ - 1 ? out_gradient : nullptr;
  }
  int64_t steps_at_once(const TrainerSlice<Real>& slice) const { return std::max<int64_t>(1, kGradientRows / slice.samples); }
  // Before the first step's is ever written, it must be zeros for this slice's samples.
  void clear(const TrainerSlice<Real>& slice, int64_t place) const { std::fill_n(at(slice, place), values(slice), Real(0)); }

  const TrainerKernels<Real>& kernels_;
  const bool sequences_;
  const int64_t steps_;
  const TrainerMatrix kernel_, recurrent_, bias_;
  const int64_t gates_, states_, zeros_, later_;
};

template <class Real>
class Lstm final : public Recurrent<Real> {
  using Base = Recurrent<Real>;

 public:
  explicit Lstm(const TrainerSite<Real>& site)
      : Base(site, 4), cells_(this->own(site, 1, site.steps)), squashed_(this->own(site, 1, site.steps)), cell_gradient_(this->own(site, 1, 1)) {}

  TrainerTensor<Real> forward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in) const override {
    for (int64_t t = 0; t < this->steps_; ++t) {
      this->take_input(slice, in, t);
      if (t > 0) this->take_states(slice, this->before(slice, this->states_, t), t, 0, 4);
      this->kernels_.lstm_forward(step(slice, t));
    }
    return this->output(slice);
  }

  void backward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, TrainerTensor<Real>, Real* out_gradient, Real* in_gradient) const override {
    this->clear(slice, this->later_);
    this->clear(slice, cell_gradient_);
    const int64_t at_once = this->steps_at_once(slice);
    for (int64_t end = this->steps_; end > 0; end -= std::min(end, at_once)) {
      const int64_t begin = std::max<int64_t>(0, end - at_once);
      for (int64_t t = end - 1; t >= begin; --t) {
        LstmStep<Real> one = step(slice, t);
        one.from_above = this->above(slice, out_gradient, t);
        this->kernels_.lstm_backward(one);
        if (t > 0) this->pass_back(slice, t, 0, 4, this->at(slice, this->later_), Start::zero);
      }
      this->add_input_gradient(slice, in, begin, end, in_gradient);
      const int64_t first = std::max<int64_t>(1, begin);
      if (first < end) this->add_recurrent_gradient(slice, this->before(slice, this->states_, first), first, end, 0, 4);
    }
  }

 private:
  LstmStep<Real> step(const TrainerSlice<Real>& slice, int64_t t) const {
    return {slice.samples, this->kernel_.gate, this->gates_at(slice, t), this->before(slice, cells_, t), this->at(slice, cells_, t), this->at(slice, squashed_, t),
            this->at(slice, this->states_, t), this->at(slice, this->later_), nullptr, this->at(slice, cell_gradient_)};
  }

  const int64_t cells_, squashed_, cell_gradient_;
};

template <class Real>
class Gru final : public Recurrent<Real> {
  using Base = Recurrent<Real>;

 public:
  explicit Gru(const TrainerSite<Real>& site)
      : Base(site, 3), reset_(this->own(site, 1, site.steps)), through_reset_(this->own(site, 1, 1)) {}

  TrainerTensor<Real> forward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in) const override {
    for (int64_t t = 0; t < this->steps_; ++t) {
      this->take_input(slice, in, t);
      if (t > 0) this->take_states(slice, this->before(slice, this->states_, t), t, 0, 2);
      const GruStep<Real> one = step(slice, t);
      this->kernels_.gru_reset(one);
      if (t > 0) this->take_states(slice, one.reset_state, t, 2, 3);
      this->kernels_.gru_update(one);
    }
    return this->output(slice);
  }

  void backward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, TrainerTensor<Real>, Real* out_gradient, Real* in_gradient) const override {
    this->clear(slice, this->later_);
    const int64_t at_once = this->steps_at_once(slice);
    for (int64_t end = this->steps_; end > 0; end -= std::min(end, at_once)) {
      const int64_t begin = std::max<int64_t>(0, end - at_once);
      for (int64_t t = end - 1; t >= begin; --t) {
        GruStep<Real> one = step(slice, t);
        one.from_above = this->above(slice, out_gradient, t);
        this->kernels_.gru_backward_update(one);
        this->pass_back(slice, t, 2, 3, one.through_reset, Start::zero);
        this->kernels_.gru_backward_reset(one);
        if (t > 0) this->pass_back(slice, t, 0, 2, one.state_gradient, Start::sum);
      }
      this->add_input_gradient(slice, in, begin, end, in_gradient);
      const int64_t first = std::max<int64_t>(1, begin);
      if (first >= end) continue;
      this->add_recurrent_gradient(slice, this->before(slice, this->states_, first), first, end, 0, 2);
      this->add_recurrent_gradient(slice, this->at(slice, reset_, first), first, end, 2, 3);
    }
  }

 private:
  GruStep<Real> step(const TrainerSlice<Real>& slice, int64_t t) const {
    Real* const later = this->at(slice, this->later_);
    return {slice.samples, this->kernel_.gate, this->gates_at(slice, t), this->before(slice, this->states_, t), this->at(slice, reset_, t), this->at(slice, this->states_, t),
            later, nullptr, this->at(slice, through_reset_), later};
  }

  const int64_t reset_, through_reset_;
};

}  // namespace

template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_lstm(const TrainerSite<Real>& site) { return std::make_unique<Lstm<Real>>(site); }
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_gru(const TrainerSite<Real>& site) { return std::make_unique<Gru<Real>>(site); }

template std::unique_ptr<TrainerLayer<float>> make_lstm(const TrainerSite<float>&);
template std::unique_ptr<TrainerLayer<double>> make_lstm(const TrainerSite<double>&);
template std::unique_ptr<TrainerLayer<float>> make_gru(const TrainerSite<float>&);
template std::unique_ptr<TrainerLayer<double>> make_gru(const TrainerSite<double>&);

}  // namespace corrente
