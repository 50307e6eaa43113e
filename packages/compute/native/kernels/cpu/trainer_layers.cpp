// The layers that act on each step by itself, or on its place alone.
#include "trainer_layers.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace corrente {

template <class Real>
void add_weight_gradient(const TrainerKernels<Real>& kernels, const TrainerSlice<Real>& slice, const TrainerMatrix& m, const Real* in, int64_t in_row, const Real* gradient, int64_t rows) {
  kernels.multiply({m.rows, rows, m.row, in, 1, in_row, gradient, m.row, slice.gradient + m.at, m.row, Start::sum, nullptr});
}

template <class Real>
void dropout_mask(const TrainerKernels<Real>& kernels, const TrainerSlice<Real>& slice, uint32_t number, double rate, int64_t steps, int64_t features, int64_t row, Real* scratch, Real* mask) {
  const uint32_t* const stream = slice.dropout->stream;
  const uint32_t own[4] = {stream[0], stream[1], stream[2], stream[3] ^ number};
  // Below rate 2³², as whole words are compared.
  const auto bound = static_cast<uint64_t>(std::ceil(rate * 0x1p32));
  const auto kept = static_cast<Real>(1 / (1 - rate));
  const int64_t values = steps * features;
  for (int64_t s = 0; s < slice.samples; ++s) {
    kernels.mask(own, slice.dropout->draw, static_cast<uint64_t>((slice.first + s) * values), values, bound, kept, scratch);
    for (int64_t t = 0; t < steps; ++t) std::copy_n(scratch + t * features, features, mask + (t * slice.samples + s) * row);
  }
}

namespace {

template <class Real>
class Dense final : public TrainerLayer<Real> {
 public:
  explicit Dense(const TrainerSite<Real>& site)
      : kernels_(site.kernels),
        activation_(site.layer.activation),
        steps_(site.steps),
        kernel_(site.parameters.add(site.features, 1, site.layer.units, site.passes_back)),
        bias_(site.parameters.add(1, 1, site.layer.units, false)),
        out_(site.memory.reserve(site.steps * kernel_.row, site.steps * site.layer.units)) {}

  TrainerTensor<Real> forward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in) const override {
    const int64_t rows = steps_ * slice.samples;
    Real* const out = slice.memory + out_ * slice.capacity;
    kernels_.multiply({rows, kernel_.rows, kernel_.row, in.data, in.row, 1, slice.weights + kernel_.at, kernel_.row, out, kernel_.row, Start::bias, slice.weights + bias_.at});
    kernels_.activate(activation_, out, rows * kernel_.row);
    return {out, kernel_.row};
  }

  void backward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, TrainerTensor<Real> out, Real* out_gradient, Real* in_gradient) const override {
    const int64_t rows = steps_ * slice.samples;
    kernels_.activation_gradient(activation_, out.data, out_gradient, rows * out.row);
    kernels_.add_rows(out_gradient, rows, out.row, slice.gradient + bias_.at);
    add_weight_gradient(kernels_, slice, kernel_, in.data, in.row, out_gradient, rows);
    if (in_gradient == nullptr) return;
    kernels_.multiply({rows, kernel_.units, kernel_.transposed_row, out_gradient, out.row, 1, slice.transposed + kernel_.transposed, kernel_.transposed_row, in_gradient, in.row, Start::zero, nullptr});
  }

 private:
  const TrainerKernels<Real>& kernels_;
  const Activation activation_;
  const int64_t steps_;
  const TrainerMatrix kernel_, bias_;
  const int64_t out_;
};

template <class Real>
class Flatten final : public TrainerLayer<Real> {
 public:
  explicit Flatten(const TrainerSite<Real>& site)
      : steps_(site.steps),
        features_(site.features),
        row_(site.parameters.filled(site.steps * site.features)),
        out_(site.memory.reserve(row_, site.steps * site.features)) {}

  TrainerTensor<Real> forward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in) const override {
    Real* const out = slice.memory + out_ * slice.capacity;
    for (int64_t t = 0; t < steps_; ++t)
      for (int64_t s = 0; s < slice.samples; ++s) std::copy_n(in.data + (t * slice.samples + s) * in.row, features_, out + s * row_ + t * features_);
    return {out, row_};
  }

  void backward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, TrainerTensor<Real>, Real* out_gradient, Real* in_gradient) const override {
    if (in_gradient == nullptr) return;
    for (int64_t t = 0; t < steps_; ++t)
      for (int64_t s = 0; s < slice.samples; ++s) {
        Real* const to = in_gradient + (t * slice.samples + s) * in.row;
        std::copy_n(out_gradient + s * row_ + t * features_, features_, to);
        std::fill(to + features_, to + in.row, Real(0));
      }
  }

 private:
  const int64_t steps_, features_, row_, out_;
};

template <class Real>
class Last final : public TrainerLayer<Real> {
 public:
  explicit Last(const TrainerSite<Real>& site) : steps_(site.steps) {}

  TrainerTensor<Real> forward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in) const override {
    return {in.data + (steps_ - 1) * slice.samples * in.row, in.row};
  }

  void backward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, TrainerTensor<Real>, Real* out_gradient, Real* in_gradient) const override {
    if (in_gradient == nullptr) return;
    const int64_t values = slice.samples * in.row;
    std::fill_n(in_gradient, (steps_ - 1) * values, Real(0));
    std::copy_n(out_gradient, values, in_gradient + (steps_ - 1) * values);
  }

 private:
  const int64_t steps_;
};

template <class Real>
class DropoutLayer final : public TrainerLayer<Real> {
 public:
  explicit DropoutLayer(const TrainerSite<Real>& site)
      : kernels_(site.kernels),
        rate_(site.layer.rate),
        number_(site.dropouts++),
        steps_(site.steps),
        features_(site.features),
        mask_(site.memory.reserve(steps_ * site.parameters.filled(features_), steps_ * features_)),
        out_(site.memory.reserve(steps_ * site.parameters.filled(features_), steps_ * features_)),
        scratch_(site.memory.reserve(steps_ * features_, 0)) {}

  TrainerTensor<Real> forward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in) const override {
    if (slice.dropout == nullptr || rate_ == 0) return in;
    Real *const mask = slice.memory + mask_ * slice.capacity, *const out = slice.memory + out_ * slice.capacity;
    dropout_mask(kernels_, slice, number_, rate_, steps_, features_, in.row, slice.memory + scratch_ * slice.capacity, mask);
    kernels_.multiply_into(in.data, mask, out, steps_ * slice.samples * in.row);
    return {out, in.row};
  }

  void backward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, TrainerTensor<Real>, Real* out_gradient, Real* in_gradient) const override {
    if (in_gradient == nullptr) return;
    const int64_t count = steps_ * slice.samples * in.row;
    if (slice.dropout == nullptr || rate_ == 0) {
      std::copy_n(out_gradient, count, in_gradient);
    } else {
      kernels_.multiply_into(out_gradient, slice.memory + mask_ * slice.capacity, in_gradient, count);
    }
  }

 private:
  const TrainerKernels<Real>& kernels_;
  const double rate_;
  const uint32_t number_;
  const int64_t steps_, features_, mask_, out_, scratch_;
};

}  // namespace

template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_dense(const TrainerSite<Real>& site) { return std::make_unique<Dense<Real>>(site); }
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_flatten(const TrainerSite<Real>& site) { return std::make_unique<Flatten<Real>>(site); }
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_last(const TrainerSite<Real>& site) { return std::make_unique<Last<Real>>(site); }
template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_dropout(const TrainerSite<Real>& site) { return std::make_unique<DropoutLayer<Real>>(site); }

#define INSTANTIATE(Real)                                                                   \
  template std::unique_ptr<TrainerLayer<Real>> make_dense(const TrainerSite<Real>&);       \
  template std::unique_ptr<TrainerLayer<Real>> make_flatten(const TrainerSite<Real>&);     \
  template std::unique_ptr<TrainerLayer<Real>> make_last(const TrainerSite<Real>&);        \
  template std::unique_ptr<TrainerLayer<Real>> make_dropout(const TrainerSite<Real>&);     \
  template void add_weight_gradient(const TrainerKernels<Real>&, const TrainerSlice<Real>&, const TrainerMatrix&, const Real*, int64_t, const Real*, int64_t); \
  template void dropout_mask(const TrainerKernels<Real>&, const TrainerSlice<Real>&, uint32_t, double, int64_t, int64_t, int64_t, Real*, Real*);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace corrente
