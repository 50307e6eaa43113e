// Device memory, kept in a pool: cudaMalloc and cudaFree halt the device.
#pragma once

#include <utility>

#include "runtime.cuh"

namespace corrente::cuda {

// Throws where the device has none left, even after all free blocks went back to it.
void* take_device_memory(size_t bytes);
void give_device_memory(void* memory, size_t bytes);
size_t pooled_device_bytes();

// An array on the device. Whoever lets it go has waited for the work that uses it.
template <class T>
class DeviceArray {
 public:
  DeviceArray() = default;
  explicit DeviceArray(int64_t count) : data_(static_cast<T*>(take_device_memory(sizeof(T) * static_cast<size_t>(count)))), count_(count) {}
  DeviceArray(DeviceArray&& other) noexcept : data_(std::exchange(other.data_, nullptr)), count_(std::exchange(other.count_, 0)) {}
  DeviceArray& operator=(DeviceArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(count_, other.count_);
    return *this;
  }
  ~DeviceArray() {
    if (data_ != nullptr) give_device_memory(data_, bytes());
  }

  T* data() const { return data_; }
  int64_t count() const { return count_; }
  size_t bytes() const { return sizeof(T) * static_cast<size_t>(count_); }

 private:
  T* data_ = nullptr;
  int64_t count_ = 0;
};

}  // namespace corrente::cuda
