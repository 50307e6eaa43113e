#include "block_pool.h"

#include <sys/mman.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

#include "../ops.h"

namespace corrente {

namespace {

constexpr size_t kLine = 64;
constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kMapped = size_t{1} << 20;  // blocks from here on are mapped on their own
constexpr size_t kKept = size_t{64} << 10;   // smaller blocks are the allocator's own business

size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

size_t BlockPool::size_class(size_t bytes) {
  if (bytes <= 256) return 256;
  const size_t quarter = std::bit_floor(bytes - 1) / 4;
  return round_up(bytes, quarter);
}

void* BlockPool::take(size_t bytes) {
  if (bytes > SIZE_MAX / 2) return nullptr;
  const size_t wanted = size_class(bytes);
  if (wanted >= kKept) {
    std::lock_guard lock(mutex_);
    // The newest first: its pages and cache lines are the warmest.
    for (auto block = free_.rbegin(); block != free_.rend(); ++block) {
      if (block->bytes != wanted) continue;
      void* memory = block->memory;
      free_bytes_ -= wanted;
      free_.erase(std::next(block).base());
      return memory;
    }
  }
  if (void* memory = map_(wanted)) return memory;
  evict(0);
  return map_(wanted);
}

void BlockPool::give(void* memory, size_t bytes) {
  if (memory == nullptr) return;
  const size_t size = size_class(bytes);
  if (size < kKept || size > cap_) {
    unmap_(memory, size);
    return;
  }
  evict(cap_ - size);
  std::lock_guard lock(mutex_);
  try {
    free_.push_back({memory, size});
    free_bytes_ += size;
  } catch (const std::bad_alloc&) {
    unmap_(memory, size);
  }
}

size_t BlockPool::free_bytes() {
  std::lock_guard lock(mutex_);
  return free_bytes_;
}

void BlockPool::evict(size_t down_to) {
  std::lock_guard lock(mutex_);
  while (free_bytes_ > down_to) {
    const Free oldest = free_.front();
    free_.pop_front();
    free_bytes_ -= oldest.bytes;
    unmap_(oldest.memory, oldest.bytes);
  }
}

void* map_pages(size_t bytes) {
  if (bytes < kMapped) return std::aligned_alloc(kLine, round_up(bytes, kLine));
  // One huge page more than needed, then both ends are cut off: mmap promises only alignment to small pages.
  const size_t size = round_up(bytes, kHugePage);
  void* raw = mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  const auto start = reinterpret_cast<uintptr_t>(raw);
  const uintptr_t aligned = round_up(start, kHugePage);
  if (aligned > start) munmap(raw, aligned - start);
  const size_t after = start + kHugePage - aligned;
  if (after > 0) munmap(reinterpret_cast<void*>(aligned + size), after);
#ifdef MADV_HUGEPAGE
  // Only a hint: without huge pages everything works, more slowly on the first touch.
  madvise(reinterpret_cast<void*>(aligned), size, MADV_HUGEPAGE);
#endif
  return reinterpret_cast<void*>(aligned);
}

void unmap_pages(void* memory, size_t bytes) {
  if (bytes < kMapped) {
    std::free(memory);
  } else {
    munmap(memory, round_up(bytes, kHugePage));
  }
}

size_t pool_cap() {
  const char* text = std::getenv("CORRENTE_POOL_BYTES");
  if (text == nullptr || *text == '\0') return size_t{1} << 30;
  return std::strtoull(text, nullptr, 10);
}

Block::Block(size_t bytes) : memory_(allocate(bytes)), bytes_(bytes) {
  if (memory_ == nullptr) throw std::bad_alloc();
}

Block Block::adopt(void* memory, size_t bytes) {
  Block block;
  block.memory_ = memory;
  block.bytes_ = bytes;
  return block;
}

Block::Block(Block&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Block& Block::operator=(Block&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

void* Block::detach() { return std::exchange(memory_, nullptr); }

Block::~Block() {
  if (memory_ != nullptr) release(memory_, bytes_);
}

}  // namespace corrente
