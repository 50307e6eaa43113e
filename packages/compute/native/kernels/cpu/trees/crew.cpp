#include "crew.h"

#include <thread>
#include <utility>

#include "../threads.h"

namespace corrente {

namespace {

// Waits a little, and longer where that did not help: others may need the processor.
class Patience {
 public:
  void wait() {
    if (++looks_ > kLooks) return std::this_thread::yield();
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

 private:
  static constexpr int kLooks = 2000;
  int looks_ = 0;
};

}  // namespace

bool Crew::start(const Control& control, Leading lead) {
  ThreadPool& pool = thread_pool();
  Crew crew;
  crew.threads_ = pool.threads();
  bool begun = false;
  pool.parallel_for(pool.threads(), 1, control, [&](int64_t begin, int64_t, int worker) {
    if (begin != 0) return crew.help(worker);
    begun = true;
    crew.leader_ = worker;
    struct Ending {
      Crew& crew;
      ~Ending() { crew.over_.store(true, std::memory_order_release); }
    } ending{crew};
    lead.call(lead.body, crew);
  });
  return begun;
}

void Crew::run_items(int64_t count, Items items) {
  if (threads_ == 1 || count <= 1) {
    for (int64_t i = 0; i < count; ++i) items.call(items.body, i, leader_);
    return;
  }
  items_ = items;
  finished_.store(0, std::memory_order_relaxed);
  ticket_.store(static_cast<uint64_t>(count) << 32, std::memory_order_release);
  take(leader_);
  for (Patience patience; finished_.load(std::memory_order_acquire) < count;) patience.wait();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Crew::take(int worker) {
  while (true) {
    const uint64_t ticket = ticket_.fetch_add(1, std::memory_order_acq_rel);
    const uint64_t item = ticket & 0xffffffff, count = ticket >> 32;
    if (item >= count) return;
    try {
      items_.call(items_.body, static_cast<int64_t>(item), worker);
    } catch (...) {
      std::lock_guard lock(failure_mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
    finished_.fetch_add(1, std::memory_order_acq_rel);
  }
}

void Crew::help(int worker) {
  Patience patience;
  while (!over_.load(std::memory_order_acquire)) {
    const uint64_t ticket = ticket_.load(std::memory_order_relaxed);
    if ((ticket & 0xffffffff) < (ticket >> 32)) {
      take(worker);
      patience = {};
    } else {
      patience.wait();
    }
  }
}

}  // namespace corrente
