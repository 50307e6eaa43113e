// The threads of one block as fibers: each has a stack of its own and runs until it waits for the others.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

#include "cuda_runtime.h"
#include "order.h"

namespace emulated {

Index thread_index, block_index, block_size, grid_size;

namespace {

constexpr int lanes = 32;
constexpr size_t stack_bytes = 64 * 1024;

struct Copy {
  void* to;
  const void* from;
  int bytes;
};

enum class Waits { nothing, warp, block, ended };

struct Fiber {
  Waits waits = Waits::nothing;
  int mailbox = 0;
  std::vector<std::vector<Copy>> groups{1};  // the last one is still open
#if defined(__x86_64__)
  void* stack_pointer = nullptr;
#else
  ucontext_t context;
#endif
  std::unique_ptr<unsigned char[]> stack{new unsigned char[stack_bytes]};
};

struct Block {
  std::vector<std::unique_ptr<Fiber>> fibers;
  struct alignas(mailbox_bytes) Mailbox {
    unsigned char bytes[mailbox_bytes];
  };
  std::vector<Mailbox> mailboxes;
  std::vector<unsigned char> shared;
  const std::function<void()>* body = nullptr;
  Fiber* running = nullptr;
#if defined(__x86_64__)
  void* scheduler = nullptr;
#else
  ucontext_t scheduler;
#endif
};

// Never destroyed: a kernel may be running while the process ends.
Block& block = *new Block;

#if defined(__x86_64__)

// Saves the registers that a call must keep, on this stack; takes up on the other one.
extern "C" void corrente_emulated_switch(void** save, void* resume);
asm(R"(
.text
.globl corrente_emulated_switch
.hidden corrente_emulated_switch
corrente_emulated_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");

void to_scheduler(Fiber& fiber) { corrente_emulated_switch(&fiber.stack_pointer, block.scheduler); }
void to_fiber(Fiber& fiber) { corrente_emulated_switch(&block.scheduler, fiber.stack_pointer); }

#else

void to_scheduler(Fiber& fiber) { swapcontext(&fiber.context, &block.scheduler); }
void to_fiber(Fiber& fiber) { swapcontext(&block.scheduler, &fiber.context); }

#endif

void run_fiber() {
  (*block.body)();
  block.running->waits = Waits::ended;
  to_scheduler(*block.running);
}

void prepare(Fiber& fiber) {
  fiber.waits = Waits::nothing;
  fiber.mailbox = 0;
  fiber.groups.assign(1, {});
#if defined(__x86_64__)
  // Six registers to pop, then the address to return to; a function begins with its stack 8 bytes off a multiple of 16.
  auto top = reinterpret_cast<uintptr_t>(fiber.stack.get() + stack_bytes) & ~uintptr_t{15};
  auto* words = reinterpret_cast<void**>(top) - 8;
  for (int i = 0; i < 6; i++) words[i] = nullptr;
  words[6] = reinterpret_cast<void*>(&run_fiber);
  words[7] = nullptr;
  fiber.stack_pointer = words;
#else
  getcontext(&fiber.context);
  fiber.context.uc_stack.ss_sp = fiber.stack.get();
  fiber.context.uc_stack.ss_size = stack_bytes;
  fiber.context.uc_link = nullptr;
  makecontext(&fiber.context, run_fiber, 0);
#endif
}

void wait(Waits what) {
  block.running->waits = what;
  to_scheduler(*block.running);
}

// Lets fibers [from, to) go on if all of them that live wait for `what`.
bool release(int from, int to, Waits what) {
  bool any = false;
  for (int i = from; i < to; i++) {
    const Waits waits = block.fibers[i]->waits;
    if (waits == Waits::ended) continue;
    if (waits != what) return false;
    any = true;
  }
  for (int i = from; any && i < to; i++) {
    if (block.fibers[i]->waits == what) block.fibers[i]->waits = Waits::nothing;
  }
  return any;
}

void resume(int thread) {
  Fiber& fiber = *block.fibers[thread];
  block.running = &fiber;
  thread_index = {static_cast<unsigned>(thread)};
  to_fiber(fiber);
}

void run_block(int threads) {
  for (int i = 0; i < threads; i++) prepare(*block.fibers[i]);
  const std::vector<int> warps = shuffled((threads + lanes - 1) / lanes), within = shuffled(lanes);
  for (bool alive = true; alive;) {
    bool moved = false;
    for (const int warp : warps) {
      const int from = warp * lanes, to = std::min(threads, from + lanes);
      // A warp goes on by itself for as long as it waits for none but its own lanes.
      for (bool again = true; again; again = release(from, to, Waits::warp)) {
        for (const int lane : within) {
          const int thread = from + lane;
          if (thread >= to || block.fibers[thread]->waits != Waits::nothing) continue;
          resume(thread);
          moved = true;
        }
      }
    }
    alive = release(0, threads, Waits::block);
    if (alive || moved) {
      const auto ended = [](const auto& fiber) { return fiber->waits == Waits::ended; };
      if (std::all_of(block.fibers.begin(), block.fibers.begin() + threads, ended)) return;
    }
    if (!alive) {
      std::fprintf(stderr, "emulated device: a barrier is reached by a part of block %u only\n", block_index.x);
      std::abort();
    }
  }
}

}  // namespace

void run_kernel(int64_t blocks, int threads, size_t shared, const std::function<void()>& body) {
  while (static_cast<int>(block.fibers.size()) < threads) block.fibers.push_back(std::make_unique<Fiber>());
  block.mailboxes.resize(static_cast<size_t>(threads + lanes) * 2);
  block.body = &body;
  block_size = {static_cast<unsigned>(threads)};
  grid_size = {static_cast<unsigned>(blocks)};
  for (const int b : shuffled(static_cast<int>(blocks))) {
    block.shared.assign(shared + 16, 0xff);
    block_index = {static_cast<unsigned>(b)};
    run_block(threads);
  }
}

unsigned char* dynamic_shared() {
  return reinterpret_cast<unsigned char*>((reinterpret_cast<uintptr_t>(block.shared.data()) + 15) & ~uintptr_t{15});
}

void barrier() { wait(Waits::block); }
void warp_barrier() { wait(Waits::warp); }

unsigned char* mailboxes() {
  const size_t warp = thread_index.x / lanes;
  return block.mailboxes[(warp * 2 + static_cast<size_t>(block.running->mailbox)) * lanes].bytes;
}

void swap_mailboxes() { block.running->mailbox ^= 1; }

void copy_async(void* shared, const void* global, int bytes) { block.running->groups.back().push_back({shared, global, bytes}); }

void commit_copies() { block.running->groups.emplace_back(); }

void wait_for_copies(int pending) {
  auto& groups = block.running->groups;
  const size_t keep = static_cast<size_t>(pending) + 1;  // and the open one
  while (groups.size() > keep) {
    for (const Copy& copy : groups.front()) std::memcpy(copy.to, copy.from, static_cast<size_t>(copy.bytes));
    groups.erase(groups.begin());
  }
}

}  // namespace emulated
