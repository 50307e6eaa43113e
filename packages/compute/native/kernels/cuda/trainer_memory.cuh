// What a training session keeps on the device: the block of series, the model, and the arrays of a slab of samples.
#pragma once

#include "memory.cuh"
#include "streams.cuh"
#include "trainer_chain.cuh"

namespace corrente::cuda {

// The block as it came, copied once. Samples are gathered from it a slab at a time.
class ResidentWindows {
 public:
  ResidentWindows(const TrainingWindows& windows, const LayeredModel& model, Lanes& lanes, const Control& control)
      : values_(windows.columns.series * windows.columns.length), inputs_(static_cast<int64_t>(windows.inputs.size())), foretold_(static_cast<int64_t>(windows.foretold.size())) {
    const Settled settled(lanes);
    lanes.uploader.upload(values_.data(), windows.columns, 0, values_.count(), lanes.compute, control);
    check(cudaMemcpyAsync(inputs_.data(), windows.inputs.data(), inputs_.bytes(), cudaMemcpyHostToDevice, lanes.compute), "copying groups to the device");
    check(cudaMemcpyAsync(foretold_.data(), windows.foretold.data(), foretold_.bytes(), cudaMemcpyHostToDevice, lanes.compute), "copying groups to the device");
    lanes.compute.wait();
    block_ = {values_.data(),
              windows.columns.length,
              inputs_.data(),
              foretold_.data(),
              static_cast<int>(model.steps),
              static_cast<int>(model.features),
              static_cast<int>(windows.targets),
              static_cast<int>(windows.horizon),
              model.anchored};
  }

  const WindowBlock& block() const { return block_; }

 private:
  const DeviceArray<double> values_;
  const DeviceArray<int32_t> inputs_, foretold_;
  WindowBlock block_;
};

// Parameters, moments, gradient, and how far the optimiser is.
template <class Real>
class ResidentModel {
 public:
  ResidentModel(const double* parameters, int64_t count) : count_(count), values_(4 * count), squares_(divide_up(count, pointwise_threads)), state_(1) {
    std::vector<Real> state(static_cast<size_t>(3 * count + 1));
    for (int64_t i = 0; i < count; i++) state[static_cast<size_t>(i)] = static_cast<Real>(parameters[i]);
    const BorrowedLanes lanes;
    check(cudaMemsetAsync(state_.data(), 0, state_.bytes(), lanes->compute), "clearing the state");
    write(state.data(), *lanes);
  }

  int64_t count() const { return count_; }
  Real* parameters() const { return values_.data(); }
  Real* first() const { return parameters() + count_; }
  Real* second() const { return parameters() + 2 * count_; }
  Real* gradient() const { return parameters() + 3 * count_; }
  double* squares() const { return squares_.data(); }
  int64_t square_count() const { return squares_.count(); }
  TrainingState* state() const { return state_.data(); }

  // [3 count + 1], as TrainerSession has it.
  void read(Real* state, const Lanes& lanes) const {
    TrainingState on_device;
    check(cudaMemcpyAsync(state, values_.data(), part_bytes(), cudaMemcpyDeviceToHost, lanes.compute), "reading parameters");
    check(cudaMemcpyAsync(&on_device, state_.data(), sizeof on_device, cudaMemcpyDeviceToHost, lanes.compute), "reading the state");
    lanes.compute.wait();
    state[3 * count_] = static_cast<Real>(on_device.steps);
  }

  void write(const Real* state, const Lanes& lanes) const {
    const auto steps = static_cast<int64_t>(state[3 * count_]);
    check(cudaMemcpyAsync(values_.data(), state, part_bytes(), cudaMemcpyHostToDevice, lanes.compute), "writing parameters");
    check(cudaMemcpyAsync(&state_.data()->steps, &steps, sizeof steps, cudaMemcpyHostToDevice, lanes.compute), "writing the state");
    lanes.compute.wait();
  }

 private:
  size_t part_bytes() const { return sizeof(Real) * static_cast<size_t>(3 * count_); }

  const int64_t count_;
  const DeviceArray<Real> values_;
  const DeviceArray<double> squares_;
  const DeviceArray<TrainingState> state_;
};

// The chain of layers for slabs of as many samples as were asked for so far.
template <class Real>
class ResidentChain {
 public:
  ResidentChain(const LayeredModel& model, const Real* parameters) : model_(model), parameters_(parameters) {
    const int64_t room = std::min(slab_bytes, use_device().memory_bytes / 8);
    while (most_ < 65'536 && bytes_for(2 * most_) <= room) most_ *= 2;
    require_room(bytes_for(1));
  }

  // The most samples that pass together: the model decides, and the device's size, but nothing that may change.
  int64_t most_samples() const { return most_; }

  // For slabs of so many samples; no work on the chain is under way. Throws where the device has no room for them.
  const Chain<Real>& chain(int64_t samples, const Lanes& lanes) {
    samples = std::min(samples, most_);
    if (chain_ != nullptr && samples <= samples_) return *chain_;
    chain_.reset();
    arena_ = {};
    const int64_t bytes = bytes_for(samples);
    require_room(bytes);
    arena_ = DeviceArray<unsigned char>(bytes);
    Arena arena(arena_.data());
    chain_ = std::make_unique<Chain<Real>>(model_, parameters_, samples, arena);
    samples_ = samples;
    chain_->send_lists(lanes.compute);
    lanes.compute.wait();
    return *chain_;
  }

 private:
  int64_t bytes_for(int64_t samples) const {
    Arena measured(nullptr);
    const Chain<Real> chain(model_, parameters_, samples, measured);
    return measured.bytes();
  }

  void require_room(int64_t bytes) const {
    const int64_t free = free_device_bytes();
    if (bytes > free) throw Failure{Code::out_of_memory, "the device has " + std::to_string(free) + " bytes free, " + std::to_string(bytes) + " were needed for the samples of a step"};
  }

  const LayeredModel model_;
  const Real* const parameters_;
  int64_t most_ = 1, samples_ = 0;
  DeviceArray<unsigned char> arena_;
  std::unique_ptr<Chain<Real>> chain_;
};

}  // namespace corrente::cuda
