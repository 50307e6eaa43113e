// The device that the operations run on: the first one that CUDA lists (CUDA_VISIBLE_DEVICES chooses).
#pragma once

#include <string>

#include "runtime.cuh"

namespace corrente::cuda {

struct Profile {
  std::string name;
  int major, minor;
  int multiprocessors;
  int64_t memory_bytes;
  size_t shared_bytes;  // that one block may ask for
  double f64_rate;      // floating-point operations per second, by the fastest unit; an estimate, to size launches
  double f32_rate;
};

// Makes the device current on this thread. Throws where none answers.
const Profile& use_device();

// Bytes that could be had now, what the pool keeps included; no more than CORRENTE_CUDA_MEMORY_BYTES, where it is set.
int64_t free_device_bytes();

// How long one launch should last: cancelling waits for what is under way.
constexpr double launch_seconds = 0.05;

}  // namespace corrente::cuda
