#include <cstdint>
#include <cstring>

#include "../kernels/common/block_pool.h"
#include "../kernels/ops.h"
#include "check.h"

namespace corrente::check {

static int mapped = 0;
static void* counting_map(size_t bytes) {
  ++mapped;
  return map_pages(bytes);
}
static void counting_unmap(void* memory, size_t bytes) {
  --mapped;
  unmap_pages(memory, bytes);
}
static void* failing_map(size_t) { return nullptr; }

static size_t address(const void* memory) { return reinterpret_cast<uintptr_t>(memory); }

void pool_checks() {
  constexpr size_t kMega = size_t{1} << 20;
  for (size_t bytes : {size_t{1}, size_t{255}, size_t{1000}, size_t{65537}, kMega - 1, kMega, 3 * kMega + 7, 33 * kMega}) {
    const std::string size = std::to_string(bytes) + " bytes";
    const size_t held = BlockPool::size_class(bytes);
    claim(held >= bytes && (bytes <= 256 || held <= bytes + bytes / 4 + 64), size + " fall in a class of at most a quarter more");
    claim(BlockPool::size_class(held) == held, "the class of " + size + " is its own class");
    void* memory = allocate(bytes);
    claim(memory != nullptr && address(memory) % 64 == 0, size + " are aligned to a cache line");
    if (bytes >= kMega) claim(address(memory) % (2 * kMega) == 0, size + " are aligned to a huge page");
    std::memset(memory, 1, bytes);
    release(memory, bytes);
  }

  BlockPool pool(counting_map, counting_unmap, 8 * kMega);
  void* first = pool.take(3 * kMega);
  pool.give(first, 3 * kMega);
  void* again = pool.take(3 * kMega - 100);
  claim(again == first, "a block that came back serves the next request of its class");
  claim(pool.free_bytes() == 0, "a block in use is not counted as free");
  pool.give(again, 3 * kMega - 100);
  for (int i = 0; i < 4; ++i) pool.give(pool.take((2 + i) * kMega), (2 + i) * kMega);
  claim(pool.free_bytes() <= 8 * kMega, "free blocks stay under the cap");
  void* large = pool.take(9 * kMega);
  const int before = mapped;
  pool.give(large, 9 * kMega);
  claim(mapped == before - 1, "a block larger than the cap goes straight back to the system");

  claim(BlockPool(failing_map, counting_unmap, kMega).take(kMega) == nullptr, "where the system has no memory the pool says so");
  claim(allocate(SIZE_MAX - 5) == nullptr && allocate(SIZE_MAX / 4) == nullptr, "a size that no machine has is refused");
}

}  // namespace corrente::check
