// Training: a batch is cut into slices of samples, and the slices, in order, into parts. A part adds its slices' gradients
// up in memory of its own, slice after slice, whichever thread takes it; then parts are added in order, and Adam steps. So
// sums are cut by the model and the batch, never by the threads.
//
// The LSTM of 32 units on 60 × 8 takes 40 × 128 products a step forward, 32 × 128 back through the states and 40 × 128
// for the weights: 1.72 million multiplications and additions a sequence, and 9,600 values of e^x.
#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "../common/check_training.h"
#include "../common/status.h"
#include "isa.h"
#include "threads.h"
#include "trainer_network.h"

namespace corrente {

namespace {

// As many parts can run at once; more than two of them only where their gradients together take at most kPartBytes.
constexpr int64_t kMostParts = 32;
constexpr int64_t kPartBytes = int64_t{256} << 20;
// As above, of sums of errors.
constexpr int64_t kErrorBytes = int64_t{64} << 20;

template <class Real>
const TrainerKernels<Real>& kernels_of(const Kernels& chosen) {
#if defined(__x86_64__)
  if (&chosen == &avx512::kernels) {
    if constexpr (std::is_same_v<Real, float>) return avx512::trainer_kernels_f32;
    else return avx512::trainer_kernels_f64;
  }
  if (&chosen == &avx2::kernels) {
    if constexpr (std::is_same_v<Real, float>) return avx2::trainer_kernels_f32;
    else return avx2::trainer_kernels_f64;
  }
#endif
  if constexpr (std::is_same_v<Real, float>) return baseline::trainer_kernels_f32;
  else return baseline::trainer_kernels_f64;
}

// Samples [0, count) cut into slices, and these into parts of about equally many.
struct Cut {
  int64_t count, slice, parts;

  int64_t slices() const { return (count + slice - 1) / slice; }
  int64_t first_slice(int64_t part) const { return part * slices() / parts; }
  template <class F>
  void for_slices(int64_t part, const Control& control, F&& f) const {
    for (int64_t s = first_slice(part); s < first_slice(part + 1) && !control.cancelled(); ++s) {
      const int64_t first = s * slice, samples = std::min(slice, count - first);
      f(s, first, samples);
      control.done->fetch_add(samples, std::memory_order_relaxed);
    }
  }
};

template <class Real>
class Trainer final : public TrainerSession {
 public:
  Trainer(const TrainingWindows& windows, const LayeredModel& model, TrainingLoss loss, const double* parameters, const TrainerKernels<Real>& kernels)
      : windows_(windows), model_(model), loss_(loss), kernels_(kernels), network_(kernels, windows_, model_), parameters_(network_.parameters()),
        workplaces_(static_cast<size_t>(thread_pool().threads())) {
    parameters_.write_values(parameters);
  }

  int64_t parameter_count() const override { return parameters_.count(); }
  Status read_state(void* state) override;
  Status write_state(const void* state) override;
  Status epoch(const EpochRequest&, double& loss, const Control&) override;
  Status errors(std::span<const int32_t> origins, double* squared, double* absolute, const Control&) override;
  Status forecast(std::span<const int32_t> origins, void* out, const Control&) override;
  Status gradient(std::span<const int32_t> origins, double& loss, void* gradient, const Control&) override;

 private:
  // From its making to its end, the session's state is read by work: another thread may read it too, and not write.
  class AtWork {
   public:
    explicit AtWork(Trainer& trainer) : trainer_(trainer) { set(true); }
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;
    ~AtWork() { set(false); }

   private:
    void set(bool at_work) {
      std::lock_guard lock(trainer_.state_);
      trainer_.at_work_ = at_work;
    }

    Trainer& trainer_;
  };

  int64_t samples_of(std::span<const int32_t> origins) const { return static_cast<int64_t>(origins.size()) * windows_.groups; }
  Cut cut(int64_t samples, int64_t part_bytes, int64_t all_bytes) const;
  // The mean loss over the origins; its gradient is then in the first part.
  double accumulate(std::span<const int32_t> origins, const Dropout*, const Control&);
  // Adds the other parts to the first one, a stretch of the parameters at a time, and calls f(stretch).
  template <class F>
  void for_stretches(int64_t parts, const Control&, F&& f);
  void step(const EpochRequest&, const Control&);
  Real* part(int64_t index) { return gradients_.as<Real>() + index * parameters_.length(); }

  const TrainingWindows windows_;
  const LayeredModel model_;
  const TrainingLoss loss_;
  const TrainerKernels<Real>& kernels_;
  TrainerNetwork<Real> network_;
  TrainerParameters<Real>& parameters_;
  std::mutex state_;  // held while parameters, moments and steps change or are read by another thread than the work's
  int64_t steps_ = 0;
  bool at_work_ = false;
  std::vector<TrainerWorkplace<Real>> workplaces_;
  std::vector<double> losses_;
  std::vector<double> squares_;
  Block gradients_;
  int64_t parts_ = 0;  // of the batch before its step
};

template <class Real>
Status Trainer<Real>::read_state(void* state) {
  return guarded("training", [&]() -> Status {
    std::lock_guard lock(state_);
    auto* const values = static_cast<Real*>(state);
    parameters_.read(values);
    values[3 * parameters_.count()] = static_cast<Real>(steps_);
    return {};
  });
}

template <class Real>
Status Trainer<Real>::write_state(const void* state) {
  return guarded("training", [&]() -> Status {
    const auto* const values = static_cast<const Real*>(state);
    const double steps = static_cast<double>(values[3 * parameters_.count()]);
    if (!(steps >= 0 && steps <= 0x1p53)) return invalid("training: a state after " + std::to_string(steps) + " steps, expected at least 0");
    std::lock_guard lock(state_);
    if (at_work_) return invalid("training: a state was set while the session is at work, expected it after");
    parameters_.write(values);
    steps_ = static_cast<int64_t>(steps);
    return {};
  });
}

template <class Real>
Cut Trainer<Real>::cut(int64_t samples, int64_t part_bytes, int64_t all_bytes) const {
  Cut cut{samples, network_.slice_of(samples), 1};
  cut.parts = std::min({cut.slices(), kMostParts, std::max<int64_t>(2, all_bytes / std::max<int64_t>(1, part_bytes))});
  return cut;
}

template <class Real>
double Trainer<Real>::accumulate(std::span<const int32_t> origins, const Dropout* dropout, const Control& control) {
  const int64_t part_bytes = parameters_.length() * static_cast<int64_t>(sizeof(Real));
  const Cut slices = cut(samples_of(origins), part_bytes, kPartBytes);
  const double values = static_cast<double>(slices.count) * static_cast<double>(network_.samples().outputs());
  const auto scale = static_cast<Real>(1 / values);
  parts_ = slices.parts;
  if (static_cast<int64_t>(gradients_.bytes()) < parts_ * part_bytes) gradients_ = Block(static_cast<size_t>(parts_ * part_bytes));
  losses_.assign(static_cast<size_t>(slices.slices()), 0);
  thread_pool().parallel_for(parts_, 1, control, [&](int64_t begin, int64_t end, int worker) {
    TrainerWorkplace<Real>& place = workplaces_[static_cast<size_t>(worker)];
    for (int64_t p = begin; p < end; ++p) {
      std::fill_n(part(p), parameters_.length(), Real(0));
      slices.for_slices(p, control, [&](int64_t s, int64_t first, int64_t samples) {
        network_.forward(place, origins, first, samples, slices.slice, dropout);
        losses_[static_cast<size_t>(s)] = network_.backward(place, loss_, origins, first, samples, slices.slice, dropout, scale, part(p));
      });
    }
  });
  double total = 0;
  for (const double one : losses_) total += one;
  return total / values;
}

template <class Real>
template <class F>
void Trainer<Real>::for_stretches(int64_t parts, const Control& control, F&& f) {
  const std::vector<TrainerRows>& stretches = parameters_.stretches();
  // Few parameters are not worth waking anyone for.
  constexpr int64_t together = 4;
  const int64_t grain = static_cast<int64_t>(stretches.size()) <= together ? together : 1;
  thread_pool().parallel_for(static_cast<int64_t>(stretches.size()), grain, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t s = begin; s < end; ++s) {
      const auto [at, length] = parameters_.place(stretches[static_cast<size_t>(s)]);
      for (int64_t p = 1; p < parts; ++p) kernels_.add(part(0) + at, part(p) + at, length);
      f(s, stretches[static_cast<size_t>(s)]);
    }
  });
}

template <class Real>
void Trainer<Real>::step(const EpochRequest& request, const Control& control) {
  double clip = 1;
  int64_t parts = parts_;
  if (request.clip_norm > 0) {
    squares_.assign(parameters_.stretches().size(), 0);
    for_stretches(parts, control, [&](int64_t s, const TrainerRows& rows) { squares_[static_cast<size_t>(s)] = parameters_.sum_of_squares(rows, part(0)); });
    double squares = 0;
    for (const double one : squares_) squares += one;
    const double norm = std::sqrt(squares);
    if (norm > request.clip_norm) clip = request.clip_norm / norm;
    parts = 1;
  }
  // A step is taken whole or not at all.
  if (control.cancelled()) return;
  std::atomic<int32_t> never = 0;
  const Control whole{&never, control.done, control.total};
  std::lock_guard lock(state_);
  const auto t = static_cast<double>(++steps_);
  const AdamStep<Real> adam{static_cast<Real>(request.learning_rate / (1 - std::pow(0.9, t))), static_cast<Real>(1 / (1 - std::pow(0.999, t))), static_cast<Real>(clip)};
  for_stretches(parts, whole, [&](int64_t, const TrainerRows& rows) { parameters_.adam(rows, adam, part(0)); });
}

template <class Real>
Status Trainer<Real>::epoch(const EpochRequest& request, double& loss, const Control& control) {
  return guarded("training", [&]() -> Status {
    if (Status checked = check_epoch(windows_, model_, request); !checked) return checked;
    const AtWork at_work(*this);
    control.total->store(samples_of(request.origins), std::memory_order_relaxed);
    const auto count = static_cast<int64_t>(request.origins.size());
    double total = 0;
    uint32_t batch = 0;
    for (int64_t from = 0; from < count; from += request.batch_size, ++batch) {
      const auto origins = request.origins.subspan(static_cast<size_t>(from), static_cast<size_t>(std::min(request.batch_size, count - from)));
      const Dropout dropout{request.stream, batch};
      const double mean = accumulate(origins, &dropout, control);
      if (control.cancelled()) return cancelled("training");
      if (!std::isfinite(mean)) {
        loss = std::numeric_limits<double>::quiet_NaN();
        return {};
      }
      step(request, control);
      if (control.cancelled()) return cancelled("training");
      total += mean * static_cast<double>(origins.size());
    }
    loss = total / static_cast<double>(count);
    return {};
  });
}

template <class Real>
Status Trainer<Real>::gradient(std::span<const int32_t> origins, double& loss, void* gradient, const Control& control) {
  return guarded("training", [&]() -> Status {
    if (Status checked = check_origins(windows_, model_, origins, true); !checked) return checked;
    const AtWork at_work(*this);
    if (origins.empty()) return invalid("training: a gradient over no origins, expected at least one");
    control.total->store(samples_of(origins), std::memory_order_relaxed);
    loss = accumulate(origins, nullptr, control);
    if (control.cancelled()) return cancelled("training");
    for_stretches(parts_, control, [](int64_t, const TrainerRows&) {});
    parameters_.collect(part(0), static_cast<Real*>(gradient));
    return control.cancelled() ? cancelled("training") : Status{};
  });
}

template <class Real>
Status Trainer<Real>::errors(std::span<const int32_t> origins, double* squared, double* absolute, const Control& control) {
  return guarded("training", [&]() -> Status {
    if (Status checked = check_origins(windows_, model_, origins, true); !checked) return checked;
    const AtWork at_work(*this);
    control.total->store(samples_of(origins), std::memory_order_relaxed);
    const int64_t values = windows_.groups * network_.samples().outputs();
    const Cut slices = cut(samples_of(origins), 2 * values * static_cast<int64_t>(sizeof(double)), kErrorBytes);
    std::vector<double> sums(static_cast<size_t>(2 * values * slices.parts), 0);
    thread_pool().parallel_for(slices.parts, 1, control, [&](int64_t begin, int64_t end, int worker) {
      TrainerWorkplace<Real>& place = workplaces_[static_cast<size_t>(worker)];
      for (int64_t p = begin; p < end; ++p)
        slices.for_slices(p, control, [&](int64_t, int64_t first, int64_t samples) {
          const TrainerTensor<Real> outputs = network_.forward(place, origins, first, samples, slices.slice, nullptr);
          double* const at = sums.data() + 2 * values * p;
          network_.samples().errors(origins, first, samples, outputs, at, at + values);
        });
    });
    std::fill_n(squared, values, 0.0);
    std::fill_n(absolute, values, 0.0);
    for (int64_t p = 0; p < slices.parts; ++p) {
      const double* const at = sums.data() + 2 * values * p;
      for (int64_t i = 0; i < values; ++i) squared[i] += at[i];
      for (int64_t i = 0; i < values; ++i) absolute[i] += at[values + i];
    }
    return control.cancelled() ? cancelled("training") : Status{};
  });
}

template <class Real>
Status Trainer<Real>::forecast(std::span<const int32_t> origins, void* out, const Control& control) {
  return guarded("training", [&]() -> Status {
    if (Status checked = check_origins(windows_, model_, origins, false); !checked) return checked;
    const AtWork at_work(*this);
    control.total->store(samples_of(origins), std::memory_order_relaxed);
    Cut slices = cut(samples_of(origins), 1, kPartBytes);
    slices.parts = slices.slices();
    thread_pool().parallel_for(slices.parts, 1, control, [&](int64_t begin, int64_t end, int worker) {
      TrainerWorkplace<Real>& place = workplaces_[static_cast<size_t>(worker)];
      for (int64_t p = begin; p < end; ++p)
        slices.for_slices(p, control, [&](int64_t, int64_t first, int64_t samples) {
          const TrainerTensor<Real> outputs = network_.forward(place, origins, first, samples, slices.slice, nullptr);
          network_.samples().forecast(origins, first, samples, outputs, static_cast<Real*>(out) + first * network_.samples().outputs());
        });
    });
    return control.cancelled() ? cancelled("training") : Status{};
  });
}

}  // namespace

Status open_trainer(const TrainingWindows& windows, const LayeredModel& model, TrainingLoss loss, const double* parameters, Precision precision, const Control&,
                    std::unique_ptr<TrainerSession>& session) {
  return guarded("training", [&]() -> Status {
    if (Status checked = check_training(windows, model); !checked) return checked;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("training: " + chosen.why_not);
    if (precision == Precision::f32) {
      session = std::make_unique<Trainer<float>>(windows, model, loss, parameters, kernels_of<float>(*chosen.kernels));
    } else {
      session = std::make_unique<Trainer<double>>(windows, model, loss, parameters, kernels_of<double>(*chosen.kernels));
    }
    return {};
  });
}

}  // namespace corrente
