// describe_device, and what the launchers need to know of the device.
#include "device.cuh"

#include <cstdlib>
#include <mutex>
#include <optional>

#include "memory.cuh"

namespace corrente {

namespace cuda {

namespace {

__global__ void do_nothing() {}

std::string version_in_words(int version) { return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10); }

int attribute(cudaDeviceAttr which) {
  int value = 0;
  check(cudaDeviceGetAttribute(&value, which, 0), "asking for the device's properties");
  return value;
}

// Fused multiply-adds per clock and multiprocessor, by compute capability: on the tensor cores where they take doubles.
int f64_units(int major, int minor) {
  if (major == 9 || (major == 10 && minor == 0)) return 128;
  if (major == 8 && minor == 0) return 64;
  if (major == 0) return 2;  // the emulated device
  return 2;
}

int f32_units(int major, int minor) {
  if (major == 0) return 2;
  return major == 7 || (major == 8 && minor == 0) ? 64 : 128;
}

// Why no device answers; empty where one does.
std::string why_no_device() {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaErrorInsufficientDriver) {
    int driver = 0, runtime = 0;
    if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0) return "no NVIDIA driver answers";
    check(cudaRuntimeGetVersion(&runtime), "asking for the version of CUDA");
    return "the NVIDIA driver is for CUDA " + version_in_words(driver) + ", this build needs one for CUDA " + version_in_words(runtime);
  }
  if (error == cudaErrorNoDevice || (error == cudaSuccess && count == 0)) return "the NVIDIA driver lists no device";
  if (error != cudaSuccess) return std::string("the NVIDIA driver reports: ") + cudaGetErrorString(error);
  cudaFuncAttributes attributes;
  const cudaError_t kernel = cudaFuncGetAttributes(&attributes, do_nothing);
  if (kernel != cudaSuccess) return std::string("this build's kernels cannot run on the device: ") + cudaGetErrorString(kernel);
  return {};
}

Profile read_profile() {
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, 0), "asking for the device's properties");
  Profile profile{properties.name,
                  properties.major,
                  properties.minor,
                  attribute(cudaDevAttrMultiProcessorCount),
                  static_cast<int64_t>(properties.totalGlobalMem),
                  static_cast<size_t>(attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin)),
                  0,
                  0};
  const double clocks = 1e3 * attribute(cudaDevAttrClockRate) * profile.multiprocessors;
  profile.f64_rate = 2 * clocks * f64_units(profile.major, profile.minor);
  profile.f32_rate = 2 * clocks * f32_units(profile.major, profile.minor);
  return profile;
}

}  // namespace

const Profile& use_device() {
  static std::mutex mutex;
  static std::optional<Profile> profile;
  std::lock_guard lock(mutex);
  if (!profile) {
    if (const std::string why = why_no_device(); !why.empty()) throw Failure{Code::device, why};
    profile = read_profile();
  }
  check(cudaSetDevice(0), "choosing the device");
  return *profile;
}

int64_t free_device_bytes() {
  size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total), "asking for the free device memory");
  const auto most = static_cast<int64_t>(free + pooled_device_bytes());
  const char* limit = std::getenv("CORRENTE_CUDA_MEMORY_BYTES");
  return limit == nullptr || *limit == '\0' ? most : std::min<int64_t>(most, std::strtoll(limit, nullptr, 10));
}

}  // namespace cuda

Device describe_device() {
  try {
    if (std::string why = cuda::why_no_device(); !why.empty()) return {false, std::move(why), "", 0, 0};
    const cuda::Profile& profile = cuda::use_device();
    int runtime = 0;
    cuda::check(cudaRuntimeGetVersion(&runtime), "asking for the version of CUDA");
    const std::string capability = std::to_string(profile.major) + "." + std::to_string(profile.minor);
    return {true, "", profile.name + " (compute capability " + capability + ", CUDA " + cuda::version_in_words(runtime) + ")", profile.memory_bytes, 0};
  } catch (const cuda::Failure& failure) {
    return {false, failure.message, "", 0, 0};
  }
}

}  // namespace corrente
