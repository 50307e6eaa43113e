// The native threads that the CPU kernels share.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "../ops.h"

namespace corrente {

// The caller works along, so `threads` includes it. Work is dealt out in the order of its indices, in grains; results
// must not depend on which thread takes which grain.
class ThreadPool {
 public:
  using Body = std::function<void(int64_t begin, int64_t end, int worker)>;

  // Fewer threads where the system does not give as many.
  explicit ThreadPool(int threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls body for all of [0, count), grain by grain, on the pool's threads; `worker` is in [0, threads). Stops early
  // once the control is cancelled. Rethrows the first exception of a body. One caller at a time; others wait.
  void parallel_for(int64_t count, int64_t grain, const Control&, const Body&);

 private:
  void worker(int index);
  void drain(int index);

  std::mutex callers_;
  std::mutex mutex_;
  std::condition_variable start_, finished_;
  std::vector<std::thread> workers_;

  // The loop in progress.
  uint64_t generation_ = 0;
  size_t busy_ = 0;
  bool stopping_ = false;
  const Body* body_ = nullptr;
  const Control* control_ = nullptr;
  int64_t count_ = 0, grain_ = 1;
  std::atomic<int64_t> next_ = 0;
  std::exception_ptr failure_;
};

// CORRENTE_THREADS, or as many as the system lets this process run at once. Read once.
int configured_threads();

// The one pool of the process, started with its first use.
ThreadPool& thread_pool();

}  // namespace corrente
