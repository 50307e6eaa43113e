// The session: what stays on the device, and each operation from its first launch to its last.
#pragma once

#include <mutex>
#include <optional>

#include "trainer_graph.cuh"
#include "trainer_memory.cuh"
#include "trainer_session.h"

namespace corrente::cuda {

template <class Real>
class DeviceTrainer final : public TrainerSession {
 public:
  DeviceTrainer(const TrainingWindows& windows, const LayeredModel& model, TrainingLoss loss, const double* parameters, const Control& control)
      : given_(windows), layers_(model), groups_(windows.groups), foretold_(windows.targets * windows.horizon), loss_(loss), operations_(operations(model)), windows_(windows, model, *BorrowedLanes(), control),
        model_(parameters, corrente::parameter_count(model)), chain_(model, model_.parameters()) {}

  int64_t parameter_count() const override { return model_.count(); }

  Status read_state(void* state) override {
    return guarded("training", [&] {
      const Turn turn(*this);
      model_.read(static_cast<Real*>(state), *turn.lanes);
    });
  }

  Status write_state(const void* state) override {
    return guarded("training", [&] {
      const Turn turn(*this);
      model_.write(static_cast<const Real*>(state), *turn.lanes);
    });
  }

  Status epoch(const EpochRequest& request, double& loss, const Control& control) override {
    if (Status asked = check_epoch(given_, layers_, request); !asked) return asked;
    return guarded("training", [&] {
      const auto count = static_cast<int64_t>(request.origins.size());
      const int64_t batch = std::min(request.batch_size, std::max<int64_t>(1, count));
      Work work(*this, request.origins, batch, control);
      // A whole batch is the same launches every time: as a graph they cost the host one.
      std::optional<CapturedGraph> whole;
      if (count >= 4 * batch && !tracing()) whole.emplace(work.stream(), [&] { step(work, request, batch); });
      for (int64_t from = 0; from < count; from += batch) {
        const int64_t some = std::min(batch, count - from);
        if (whole && some == batch) whole->launch(work.stream());
        else step(work, request, some);
        work.launched(some * groups_);
      }
      const TrainingState state = work.end();
      loss = state.epoch.stopped ? NAN : state.epoch.loss / static_cast<double>(count);
    });
  }

  Status errors(std::span<const int32_t> origins, double* squared, double* absolute, const Control& control) override {
    if (Status range = check_origins(given_, layers_, origins, true); !range) return range;
    return guarded("training", [&] {
      const int64_t places = groups_ * foretold_;
      use_device();
      const DeviceArray<double> sums(2 * places);
      Work work(*this, origins, static_cast<int64_t>(origins.size()), control);
      check(cudaMemsetAsync(sums.data(), 0, sums.bytes(), work.stream()), "clearing sums");
      pass(work, [&](const Slab& slab, const Real* outputs) {
        launch("adding errors", add_errors<Real>, divide_up(places, pointwise_threads), pointwise_threads, 0, slab.stream, windows_.block(), work.batch(), slab.first, slab.samples, outputs, sums.data(),
               sums.data() + places);
      });
      const size_t bytes = sizeof(double) * static_cast<size_t>(places);
      check(cudaMemcpyAsync(squared, sums.data(), bytes, cudaMemcpyDeviceToHost, work.stream()), "reading errors");
      check(cudaMemcpyAsync(absolute, sums.data() + places, bytes, cudaMemcpyDeviceToHost, work.stream()), "reading errors");
      work.end();
    });
  }

  Status forecast(std::span<const int32_t> origins, void* out, const Control& control) override {
    if (Status range = check_origins(given_, layers_, origins, false); !range) return range;
    return guarded("training", [&] {
      use_device();
      const DeviceArray<Real> forecasts(std::min(chain_.most_samples(), static_cast<int64_t>(origins.size()) * groups_) * foretold_);
      Work work(*this, origins, static_cast<int64_t>(origins.size()), control);
      pass(work, [&](const Slab& slab, const Real* outputs) {
        const int64_t count = slab.samples * foretold_;
        launch("putting anchors back", put_anchors_back<Real>, divide_up(count, pointwise_threads), pointwise_threads, 0, slab.stream, windows_.block(), work.batch(), slab.first, count, outputs,
               forecasts.data());
        check(cudaMemcpyAsync(static_cast<Real*>(out) + slab.first * foretold_, forecasts.data(), sizeof(Real) * static_cast<size_t>(count), cudaMemcpyDeviceToHost, slab.stream), "reading forecasts");
      });
      work.end();
    });
  }

  Status gradient(std::span<const int32_t> origins, double& loss, void* gradient, const Control& control) override {
    if (Status range = check_origins(given_, layers_, origins, true); !range) return range;
    return guarded("training", [&] {
      const auto count = static_cast<int64_t>(origins.size());
      std::vector<double> losses;
      Work work(*this, origins, count, control);
      check(cudaMemsetAsync(model_.gradient(), 0, sizeof(Real) * static_cast<size_t>(model_.count()), work.stream()), "clearing the gradient");
      const StepRequest step = add_gradients(work, count, nullptr, 0);
      work.launched(count * groups_);
      losses.resize(static_cast<size_t>(step.loss_count));
      check(cudaMemcpyAsync(losses.data(), step.losses, sizeof(double) * losses.size(), cudaMemcpyDeviceToHost, work.stream()), "reading the loss");
      check(cudaMemcpyAsync(gradient, model_.gradient(), sizeof(Real) * static_cast<size_t>(model_.count()), cudaMemcpyDeviceToHost, work.stream()), "reading the gradient");
      work.end();
      loss = 0;
      for (const double one : losses) loss += one;
      loss /= step.values;
    });
  }

 private:
  static constexpr size_t block_bytes = sizeof(double) * pointwise_threads / warp_size;

  // Operations share what is on the device, and so take turns.
  struct Turn {
    explicit Turn(DeviceTrainer& trainer) : lock(trainer.mutex_) { use_device(); }
    std::lock_guard<std::mutex> lock;
    BorrowedLanes lanes;
  };

  // One operation: its origins on the device, and the chain for its batches. However it ends, nothing is under way after.
  class Work {
   public:
    Work(DeviceTrainer& trainer, std::span<const int32_t> origins, int64_t batch, const Control& control)
        : turn_(trainer), trainer_(trainer), control_(control), pacer_(control), batch_(batch), chain(trainer.chain_.chain(std::max<int64_t>(1, batch * trainer.groups_), *turn_.lanes)),
          slab(std::min(trainer.chain_.most_samples(), std::max<int64_t>(1, batch * trainer.groups_))), origins_(static_cast<int64_t>(origins.size())),
          losses(divide_up(batch * trainer.groups_, slab) * divide_up(slab * trainer.foretold_, pointwise_threads)), settled_(*turn_.lanes) {
      stop_if_cancelled(control);
      control.total->store(std::max<int64_t>(1, origins_.count() * trainer.groups_));
      check(cudaMemcpyAsync(origins_.data(), origins.data(), origins_.bytes(), cudaMemcpyHostToDevice, stream()), "copying origins to the device");
      check(cudaMemsetAsync(&trainer.model_.state()->epoch, 0, sizeof(TrainingState::epoch), stream()), "clearing the state");
    }

    cudaStream_t stream() const { return turn_.lanes->compute; }
    Batch batch() const { return {trainer_.model_.state(), origins_.data(), batch_, static_cast<int>(trainer_.groups_)}; }

    // A batch or slab is under way. When those since the last wait take a quarter of launch_seconds, about, the ones before
    // are waited for: a dozen kernels take 20 µs, and their arithmetic runs at a quarter of the device's rate.
    void launched(int64_t samples) {
      const double rate = sizeof(Real) == sizeof(float) ? use_device().f32_rate : use_device().f64_rate;
      pending_ += samples;
      pending_seconds_ += 20e-6 + 4 * trainer_.operations_ * static_cast<double>(samples) / rate;
      if (pending_seconds_ < launch_seconds / 4) return;
      pacer_.launched(stream(), pending_);
      pending_ = 0;
      pending_seconds_ = 0;
    }

    TrainingState end() {
      TrainingState state;
      check(cudaMemcpyAsync(&state, trainer_.model_.state(), sizeof state, cudaMemcpyDeviceToHost, stream()), "reading the state");
      turn_.lanes->compute.wait();
      pacer_.drain();
      control_.done->store(control_.total->load());
      return state;
    }

   private:
    Turn turn_;
    DeviceTrainer& trainer_;
    const Control& control_;
    Pacer pacer_;
    const int64_t batch_;
    int64_t pending_ = 0;
    double pending_seconds_ = 0;

   public:
    const Chain<Real>& chain;
    const int64_t slab;  // the most samples in one

   private:
    const DeviceArray<int32_t> origins_;

   public:
    const DeviceArray<double> losses;

   private:
    const Settled settled_;
  };

  // About what a sample takes forwards and back.
  static double operations(const LayeredModel& model) {
    const std::vector<LayerShape> shapes = layer_shapes(model);
    double sum = 0;
    for (size_t at = 0; at < model.layers.size(); at++) sum += 6.0 * static_cast<double>(shapes[at].steps * (parameters_of(model.layers[at], shapes[at]) + shapes[at].features));
    return sum;
  }

  // One step of the optimiser, by a batch of so many origins.
  void step(Work& work, const EpochRequest& request, int64_t origins) const {
    const StepRequest asked = add_gradients(work, origins, request.stream, request.clip_norm);
    launch("beginning a step", begin_step, 1, pointwise_threads, block_bytes, work.stream(), asked, model_.state());
    launch("adam", adam<Real>, divide_up(model_.count(), pointwise_threads), pointwise_threads, 0, work.stream(), static_cast<const Real*>(model_.gradient()), model_.count(), request.learning_rate,
           static_cast<const TrainingState*>(model_.state()), model_.parameters(), model_.first(), model_.second());
  }

  // Calls each(slab, outputs) for every slab of `samples` samples of a batch.
  template <class Each>
  void slabs(Work& work, int64_t samples, const uint32_t* dropout, Each each) const {
    for (int64_t first = 0; first < samples; first += work.slab) {
      const Slab slab{std::min(work.slab, samples - first), first, dropout, model_.state(), work.stream()};
      const int64_t values = slab.samples * windows_.block().steps * windows_.block().features;
      launch("gathering samples", gather_samples<Real>, divide_up(values, pointwise_threads), pointwise_threads, 0, slab.stream, windows_.block(), work.batch(), first, slab.samples, work.chain.inputs());
      each(slab, work.chain.forward(slab));
    }
  }

  // Forwards alone, over all origins.
  template <class Each>
  void pass(Work& work, Each each) const {
    slabs(work, work.batch().origins_per_batch * groups_, nullptr, [&](const Slab& slab, const Real* outputs) {
      each(slab, outputs);
      work.launched(slab.samples);
    });
  }

  // The gradient of a batch of so many origins, and what a step of the optimiser has to know of it.
  StepRequest add_gradients(Work& work, int64_t origins, const uint32_t* dropout, double clip_norm) const {
    const int64_t samples = origins * groups_, values = samples * foretold_;
    int64_t losses = 0;
    slabs(work, samples, dropout, [&](const Slab& slab, const Real* outputs) {
      const int64_t count = slab.samples * foretold_, blocks = divide_up(count, pointwise_threads);
      launch("loss", measure_loss<Real>, blocks, pointwise_threads, block_bytes, slab.stream, windows_.block(), work.batch(), slab.first, count, values, loss_, outputs, work.chain.slopes(),
             work.losses.data() + losses);
      losses += blocks;
      work.chain.backward(slab);
      launch("adding gradients", add_parts<Real>, model_.square_count(), pointwise_threads, block_bytes, slab.stream, work.chain.lists(), work.chain.list_count(), slab.samples, model_.count(),
             slab.first > 0 ? 1 : 0, model_.gradient(), model_.squares());
    });
    return {work.losses.data(), losses, static_cast<double>(values), static_cast<double>(origins), model_.squares(), model_.square_count(), clip_norm};
  }

  const TrainingWindows given_;
  const LayeredModel layers_;
  const int64_t groups_, foretold_;
  const TrainingLoss loss_;
  const double operations_;
  std::mutex mutex_;
  const ResidentWindows windows_;
  const ResidentModel<Real> model_;
  ResidentChain<Real> chain_;
};

template <class Real>
std::unique_ptr<TrainerSession> open_training(const TrainingWindows& windows, const LayeredModel& model, TrainingLoss loss, const double* parameters, const Control& control) {
  return std::make_unique<DeviceTrainer<Real>>(windows, model, loss, parameters, control);
}

}  // namespace corrente::cuda
