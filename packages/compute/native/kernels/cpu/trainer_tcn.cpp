// Causal convolutions. As a step of all samples lies together, each tap of a kernel is one product of the steps it looks
// at with a matrix of its own, [dilation × taps] steps earlier in one piece.
#include <algorithm>

#include "trainer_layers.h"

namespace corrente {

namespace {

template <class Real>
class Convolution {
 public:
  Convolution(const TrainerSite<Real>& site, int64_t features, bool passes_back) : kernels_(site.kernels), steps_(site.steps), dilation_(site.layer.dilation) {
    for (int64_t tap = 0; tap < site.layer.kernel; ++tap) taps_.push_back(site.parameters.add(features, 1, site.layer.units, passes_back));
    bias_ = site.parameters.add(1, 1, site.layer.units, false);
  }

  void forward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, Real* out) const {
    for_taps([&](const TrainerMatrix& w, int64_t earlier) {
      const int64_t skipped = earlier * slice.samples;
      kernels_.multiply({steps_ * slice.samples - skipped, w.rows, w.row, in.data, in.row, 1, slice.weights + w.at, w.row, out + skipped * w.row, w.row,
                         earlier == 0 ? Start::bias : Start::sum, slice.weights + bias_.at});
    });
  }

  // in_gradient: null where nobody wants it; begins with zeros, or is added to.
  void backward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, const Real* gradient, Real* in_gradient, Start start) const {
    kernels_.add_rows(gradient, steps_ * slice.samples, bias_.row, slice.gradient + bias_.at);
    for_taps([&](const TrainerMatrix& w, int64_t earlier) {
      const int64_t skipped = earlier * slice.samples, rows = steps_ * slice.samples - skipped;
      add_weight_gradient(kernels_, slice, w, in.data, in.row, gradient + skipped * w.row, rows);
      if (in_gradient == nullptr) return;
      kernels_.multiply({rows, w.units, w.transposed_row, gradient + skipped * w.row, w.row, 1, slice.transposed + w.transposed, w.transposed_row, in_gradient, in.row,
                         earlier == 0 ? start : Start::sum, nullptr});
    });
  }

 private:
  // The last tap is a step's own, and is taken first; one that looks back before all steps has nothing to see.
  template <class F>
  void for_taps(F&& f) const {
    const auto count = static_cast<int64_t>(taps_.size());
    for (int64_t back = 0; back < count && back <= (steps_ - 1) / dilation_; ++back) f(taps_[static_cast<size_t>(count - 1 - back)], back * dilation_);
  }

  const TrainerKernels<Real>& kernels_;
  const int64_t steps_, dilation_;
  std::vector<TrainerMatrix> taps_;
  TrainerMatrix bias_;
};

template <class Real>
class Tcn final : public TrainerLayer<Real> {
 public:
  explicit Tcn(const TrainerSite<Real>& site)
      : kernels_(site.kernels),
        rate_(site.layer.rate),
        number_(site.dropouts),
        steps_(site.steps),
        filters_(site.layer.units),
        row_(site.parameters.filled(filters_)),
        projects_(site.features != filters_),
        first_(site, site.features, site.passes_back),
        second_(site, filters_, true) {
    site.dropouts += 2;
    if (projects_) skip_ = site.parameters.add(site.features, 1, filters_, site.passes_back);
    const auto own = [&](int64_t exact) { return site.memory.reserve(steps_ * row_, exact * steps_ * filters_); };
    once_ = own(1);
    twice_ = own(1);
    out_ = own(1);
    skipped_ = own(1);
    spare_ = own(1);
    mask_ = own(1);
    scratch_ = site.memory.reserve(steps_ * filters_, 0);
  }

  TrainerTensor<Real> forward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in) const override {
    Real *const once = at(slice, once_), *const twice = at(slice, twice_), *const out = at(slice, out_);
    first_.forward(slice, in, once);
    drop(slice, 0, once);
    second_.forward(slice, {once, row_}, twice);
    drop(slice, 1, twice);
    const int64_t rows = steps_ * slice.samples;
    Real* const skipped = at(slice, skipped_);
    if (projects_) {
      kernels_.multiply({rows, skip_.rows, row_, in.data, in.row, 1, slice.weights + skip_.at, row_, skipped, row_, Start::zero, nullptr});
    } else if (in.row != row_) {
      for (int64_t r = 0; r < rows; ++r) {
        std::copy_n(in.data + r * in.row, filters_, skipped + r * row_);
        std::fill(skipped + r * row_ + filters_, skipped + (r + 1) * row_, Real(0));
      }
    }
    kernels_.relu_of_sum(twice, projects_ || in.row != row_ ? skipped : in.data, out, rows * row_);
    return {out, row_};
  }

  void backward(const TrainerSlice<Real>& slice, TrainerTensor<Real> in, TrainerTensor<Real> out, Real* out_gradient, Real* in_gradient) const override {
    const int64_t rows = steps_ * slice.samples, count = rows * row_;
    Real *const once = at(slice, once_), *const twice = at(slice, twice_), *const spare = at(slice, spare_);
    // What was dropped is 0, and so is what a relu cut off: a positive value says that both let it pass.
    const auto scale = static_cast<Real>(drops(slice) ? 1 / (1 - rate_) : 1);
    kernels_.relu_gradient(out.data, out_gradient, Real(1), out_gradient, count);
    if (in_gradient != nullptr) {
      if (projects_) {
        kernels_.multiply({rows, skip_.units, skip_.transposed_row, out_gradient, row_, 1, slice.transposed + skip_.transposed, skip_.transposed_row, in_gradient, in.row, Start::zero, nullptr});
      } else {
        std::copy_n(out_gradient, count, in_gradient);
      }
    }
    if (projects_) add_weight_gradient(kernels_, slice, skip_, in.data, in.row, out_gradient, rows);
    kernels_.relu_gradient(twice, out_gradient, scale, out_gradient, count);
    second_.backward(slice, {once, row_}, out_gradient, spare, Start::zero);
    kernels_.relu_gradient(once, spare, scale, spare, count);
    first_.backward(slice, in, spare, in_gradient, Start::sum);
  }

 private:
  Real* at(const TrainerSlice<Real>& slice, int64_t place) const { return slice.memory + place * slice.capacity; }
  bool drops(const TrainerSlice<Real>& slice) const { return slice.dropout != nullptr && rate_ > 0; }

  void drop(const TrainerSlice<Real>& slice, uint32_t which, Real* x) const {
    Real* mask = nullptr;
    if (drops(slice)) {
      mask = at(slice, mask_);
      dropout_mask(kernels_, slice, number_ + which, rate_, steps_, filters_, row_, at(slice, scratch_), mask);
    }
    kernels_.relu_masked(x, mask, steps_ * slice.samples * row_);
  }

  const TrainerKernels<Real>& kernels_;
  const double rate_;
  const uint32_t number_;
  const int64_t steps_, filters_, row_;
  const bool projects_;
  const Convolution<Real> first_, second_;
  TrainerMatrix skip_{};
  int64_t once_, twice_, out_, skipped_, spare_, mask_, scratch_;
};

}  // namespace

template <class Real>
std::unique_ptr<TrainerLayer<Real>> make_tcn(const TrainerSite<Real>& site) { return std::make_unique<Tcn<Real>>(site); }

template std::unique_ptr<TrainerLayer<float>> make_tcn(const TrainerSite<float>&);
template std::unique_ptr<TrainerLayer<double>> make_tcn(const TrainerSite<double>&);

}  // namespace corrente
