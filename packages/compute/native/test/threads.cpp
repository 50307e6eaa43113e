#include "../kernels/cpu/threads.h"

#include <stdexcept>

#include "check.h"

namespace corrente::check {

void thread_checks() {
  std::atomic<int32_t> cancel = 0;
  std::atomic<int64_t> done = 0, total = 0;
  const Control control{&cancel, &done, &total};

  for (int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    const std::string name = std::to_string(threads) + " threads";
    for (int64_t count : {0, 1, 7, 1000})
      for (int64_t grain : {1, 3, 2000}) {
        std::vector<std::atomic<int>> seen(static_cast<size_t>(count));
        std::atomic<bool> in_range = true;
        pool.parallel_for(count, grain, control, [&](int64_t begin, int64_t end, int worker) {
          if (worker < 0 || worker >= threads) in_range = false;
          for (int64_t i = begin; i < end; ++i) ++seen[i];
        });
        bool once = true;
        for (const auto& times : seen) once = once && times == 1;
        claim(once && in_range, name + " do each of " + std::to_string(count) + " items once, in grains of " + std::to_string(grain));
      }

    std::string caught;
    try {
      pool.parallel_for(100, 1, control, [](int64_t begin, int64_t, int) {
        if (begin == 40) throw std::runtime_error("at 40");
      });
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    claim(caught == "at 40", name + " hand an exception on to the caller");

    std::atomic<int64_t> ran = 0;
    pool.parallel_for(1'000'000, 1, control, [&](int64_t, int64_t, int) {
      if (++ran == 50) cancel = 1;
    });
    claim(ran >= 50 && ran < 50 + 2 * threads, name + " stop within a grain of being cancelled");
    cancel = 0;
  }
}

}  // namespace corrente::check
