#include "team.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace corrente::dense {

static int wanted_threads() {
  if (const char* text = std::getenv("CORRENTE_THREADS"); text != nullptr && *text != '\0') {
    const long wanted = std::strtol(text, nullptr, 10);
    if (wanted >= 1) return static_cast<int>(std::min(wanted, 1024L));
  }
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Read as the addon is loaded, while no other thread can change the environment.
static const int most_threads = wanted_threads();

Team::Team(int most) {
  try {
    for (int index = 1; index < std::min(most, most_threads); ++index) workers_.emplace_back([this, index] { worker(index); });
  } catch (const std::system_error&) {
    // A limit of the system; those that started do the work.
  }
}

Team::~Team() {
  stopping_.store(true);
  generation_.fetch_add(1);
  generation_.notify_all();
  for (std::thread& thread : workers_) thread.join();
}

void Team::run(int64_t count, int64_t grain, const Body& body) {
  if (count <= 0) return;
  if (workers_.empty() || count <= grain) return body(0, count, 0);
  body_ = &body;
  count_ = count;
  grain_ = std::max<int64_t>(1, grain);
  next_.store(0);
  busy_.store(static_cast<int>(workers_.size()));
  generation_.fetch_add(1);
  generation_.notify_all();
  drain(0);
  for (int busy = busy_.load(); busy > 0; busy = busy_.load()) busy_.wait(busy);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Team::worker(int index) {
  uint32_t seen = 0;
  while (true) {
    generation_.wait(seen);
    seen = generation_.load();
    if (stopping_.load()) return;
    drain(index);
    if (busy_.fetch_sub(1) == 1) busy_.notify_one();
  }
}

void Team::drain(int index) {
  try {
    while (true) {
      const int64_t begin = next_.fetch_add(grain_);
      if (begin >= count_) return;
      (*body_)(begin, std::min(begin + grain_, count_), index);
    }
  } catch (...) {
    next_.store(count_);
    std::lock_guard lock(failure_mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

}  // namespace corrente::dense
