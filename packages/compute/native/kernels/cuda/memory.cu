// allocate and release, and the pool of device memory.
//
// Host memory is pinned where the device is there and lets it be: then results cross the bus straight into the array
// that JavaScript gets, at the bus's own speed, while kernels run. Pinning a page costs more than touching it, so blocks
// are kept. No more than a quarter of the pinned limit goes to one block: a huge result is better left to the system.
#include "memory.cuh"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <unordered_set>

#include "../common/block_pool.h"
#include "device.cuh"

namespace corrente {

namespace {

size_t physical_bytes() { return static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

// What is pinned the system cannot swap; it never gets more than a quarter of the machine.
class PinnedBlocks {
 public:
  void* map(size_t bytes) {
    if (bytes >= small_ && available()) {
      std::lock_guard lock(mutex_);
      void* memory = nullptr;
      if (bytes <= limit_ / 4 && pinned_ + bytes <= limit_ && cudaHostAlloc(&memory, bytes, cudaHostAllocPortable) == cudaSuccess) {
        blocks_.insert(memory);
        pinned_ += bytes;
        return memory;
      }
      cudaGetLastError();  // a refusal is no failure: there is unpinned memory
    }
    return map_pages(bytes);
  }

  void unmap(void* memory, size_t bytes) {
    {
      std::lock_guard lock(mutex_);
      if (blocks_.erase(memory) > 0) {
        pinned_ -= bytes;
        cudaFreeHost(memory);
        return;
      }
    }
    unmap_pages(memory, bytes);
  }

 private:
  static bool available() {
    static const bool there = describe_device().available;
    return there;
  }

  static constexpr size_t small_ = 64 * 1024;
  const size_t limit_ = physical_bytes() / 4;
  std::mutex mutex_;
  std::unordered_set<void*> blocks_;
  size_t pinned_ = 0;
};

// Never destroyed: buffers that JavaScript still holds come back while the process ends.
PinnedBlocks& pinned_blocks() {
  static auto* const shared = new PinnedBlocks;
  return *shared;
}

BlockPool& host_pool() {
  static auto* const shared = new BlockPool([](size_t bytes) { return pinned_blocks().map(bytes); },
                                            [](void* memory, size_t bytes) { pinned_blocks().unmap(memory, bytes); }, pool_cap());
  return *shared;
}

BlockPool& device_pool() {
  static auto* const shared = new BlockPool(
      [](size_t bytes) -> void* {
        void* memory = nullptr;
        if (cudaMalloc(&memory, bytes) == cudaSuccess) return memory;
        cudaGetLastError();  // the pool empties itself and asks again
        return nullptr;
      },
      [](void* memory, size_t) { cudaFree(memory); }, SIZE_MAX / 4);
  return *shared;
}

}  // namespace

void* allocate(size_t bytes) { return host_pool().take(bytes); }
void release(void* memory, size_t bytes) { host_pool().give(memory, bytes); }

namespace cuda {

void* take_device_memory(size_t bytes) {
  if (void* memory = device_pool().take(std::max<size_t>(bytes, 1))) return memory;
  size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total), "asking for the free device memory");
  throw Failure{Code::out_of_memory, "the device has " + std::to_string(free) + " bytes free, " + std::to_string(bytes) + " were needed"};
}

void give_device_memory(void* memory, size_t bytes) { device_pool().give(memory, std::max<size_t>(bytes, 1)); }

size_t pooled_device_bytes() { return device_pool().free_bytes(); }

}  // namespace cuda

}  // namespace corrente
