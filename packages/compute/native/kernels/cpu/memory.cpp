// allocate and release: the pool of this process.
#include "../common/block_pool.h"
#include "../ops.h"

namespace corrente {

// Never destroyed: buffers that JavaScript still holds come back while the process ends.
static BlockPool& pool() {
  static auto* const shared = new BlockPool(map_pages, unmap_pages, pool_cap());
  return *shared;
}

void* allocate(size_t bytes) { return pool().take(bytes); }
void release(void* memory, size_t bytes) { pool().give(memory, bytes); }

}  // namespace corrente
