// Threads for work of many short steps, each of which needs the one before: a step costs a microsecond to share out,
// where a loop of the pool costs a wake-up of every thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <type_traits>

#include "../../ops.h"

namespace corrente {

// Lives within one loop of the thread pool: the thread that gets its first grain leads, the others help with what they
// find. The leader waits for nobody who has taken nothing, so that a thread that never comes holds nothing up.
class Crew {
 public:
  // Runs `lead` with a crew of the pool's threads. False where the work was cancelled before it began. Rethrows.
  template <class Lead>
  static bool with(const Control& control, Lead&& lead) {
    return start(control, {&lead, [](void* body, Crew& crew) { (*static_cast<std::remove_reference_t<Lead>*>(body))(crew); }});
  }

  // By the leader alone: item(i, worker) for all i in [0, count), count below 2^31; `worker` is in [0, threads). Items
  // that take no lock and need no other may run in any order. Rethrows the first exception of an item.
  template <class Item>
  void run(int64_t count, Item&& item) {
    run_items(count, {&item, [](void* body, int64_t i, int worker) { (*static_cast<std::remove_reference_t<Item>*>(body))(i, worker); }});
  }

  int threads() const { return threads_; }

 private:
  struct Leading {
    void* body;
    void (*call)(void* body, Crew&);
  };
  struct Items {
    void* body;
    void (*call)(void* body, int64_t i, int worker);
  };

  static bool start(const Control&, Leading);
  void run_items(int64_t count, Items);
  void take(int worker);
  void help(int worker);

  int threads_ = 1;
  int leader_ = 0;
  Items items_{};
  // The step's items in the upper half, those taken in the lower one. Who takes an item holds its step open.
  alignas(64) std::atomic<uint64_t> ticket_ = 0;
  alignas(64) std::atomic<int64_t> finished_ = 0;
  std::atomic<bool> over_ = false;
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
};

}  // namespace corrente
