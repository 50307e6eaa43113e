// Memory that is given back is kept, because the first touch of fresh pages costs more than most kernels.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>

namespace corrente {

// Blocks come in size classes (four to each power of two), so that a block serves the next request of about its size.
// Up to `cap` bytes of free blocks are kept; beyond it the oldest go back to the system.
class BlockPool {
 public:
  using Map = void* (*)(size_t bytes);
  using Unmap = void (*)(void* memory, size_t bytes);

  BlockPool(Map map, Unmap unmap, size_t cap) : map_(map), unmap_(unmap), cap_(cap) {}

  // The size class of a request: at least `bytes`, at most a quarter more.
  static size_t size_class(size_t bytes);

  // Null where the system has none, even after all free blocks went back to it.
  void* take(size_t bytes);
  void give(void* memory, size_t bytes);

  size_t free_bytes();

 private:
  struct Free {
    void* memory;
    size_t bytes;
  };

  void evict(size_t down_to);

  const Map map_;
  const Unmap unmap_;
  const size_t cap_;
  std::mutex mutex_;
  std::deque<Free> free_;  // oldest first
  size_t free_bytes_ = 0;
};

// Pages of the system, aligned to 64 bytes; from 1 MiB on aligned to, and asked for in, huge pages.
void* map_pages(size_t bytes);
void unmap_pages(void* memory, size_t bytes);

// CORRENTE_POOL_BYTES, or 1 GiB.
size_t pool_cap();

// A block that goes back by itself. Throws std::bad_alloc where there is none.
class Block {
 public:
  Block() = default;
  explicit Block(size_t bytes);
  // Takes over memory that came from allocate(bytes).
  static Block adopt(void* memory, size_t bytes);
  Block(Block&& other) noexcept;
  Block& operator=(Block&& other) noexcept;
  ~Block();

  void* data() const { return memory_; }
  size_t bytes() const { return bytes_; }
  // Gives the memory up; whoever takes it calls release(data, bytes).
  void* detach();
  template <class T>
  T* as() const {
    return static_cast<T*>(memory_);
  }

 private:
  void* memory_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace corrente
