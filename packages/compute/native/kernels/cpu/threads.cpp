#include "threads.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace corrente {

ThreadPool::ThreadPool(int threads) {
  try {
    for (int index = 1; index < threads; ++index) workers_.emplace_back([this, index] { worker(index); });
  } catch (const std::system_error&) {
    // A limit of the system; those that started do the work.
  }
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  start_.notify_all();
  for (std::thread& thread : workers_) thread.join();
}

void ThreadPool::parallel_for(int64_t count, int64_t grain, const Control& control, const Body& body) {
  if (count <= 0) return;
  std::lock_guard one_caller(callers_);
  {
    std::lock_guard lock(mutex_);
    body_ = &body;
    control_ = &control;
    count_ = count;
    grain_ = std::max<int64_t>(1, grain);
    next_.store(0, std::memory_order_relaxed);
    failure_ = nullptr;
    // A single grain is not worth waking anyone for.
    if (count_ > grain_) {
      busy_ = workers_.size();
      ++generation_;
    }
  }
  if (count > grain) start_.notify_all();
  drain(0);
  std::unique_lock lock(mutex_);
  finished_.wait(lock, [this] { return busy_ == 0; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::worker(int index) {
  uint64_t seen = 0;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      start_.wait(lock, [&] { return stopping_ || generation_ != seen; });
      if (stopping_) return;
      seen = generation_;
    }
    drain(index);
    std::lock_guard lock(mutex_);
    if (--busy_ == 0) finished_.notify_one();
  }
}

void ThreadPool::drain(int index) {
  try {
    while (!control_->cancelled()) {
      const int64_t begin = next_.fetch_add(grain_, std::memory_order_relaxed);
      if (begin >= count_) return;
      (*body_)(begin, std::min(begin + grain_, count_), index);
    }
  } catch (...) {
    next_.store(count_, std::memory_order_relaxed);
    std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

static int read_threads() {
  if (const char* text = std::getenv("CORRENTE_THREADS"); text != nullptr && *text != '\0') {
    const long wanted = std::strtol(text, nullptr, 10);
    if (wanted >= 1) return static_cast<int>(std::min(wanted, 1024L));
  }
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

int configured_threads() {
  static const int threads = read_threads();
  return threads;
}

ThreadPool& thread_pool() {
  // Never destroyed: its threads may still be at work when the process ends.
  static auto* const pool = new ThreadPool(configured_threads());
  return *pool;
}

}  // namespace corrente
