// Threads for dense algebra on the host: small and of one call, because the CUDA engine has no pool of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace corrente::dense {

class Team {
 public:
  // Body takes [begin, end) of the work; what it computes must not depend on how the work is cut.
  using Body = std::function<void(int64_t begin, int64_t end, int worker)>;

  // As many threads as CORRENTE_THREADS or the processor has, at most `most`; the caller is one of them.
  explicit Team(int most);
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls body for all of [0, count), dealt out in grains. Rethrows the first exception of a body.
  void run(int64_t count, int64_t grain, const Body& body);

 private:
  void worker(int index);
  void drain(int index);

  std::vector<std::thread> workers_;
  std::atomic<uint32_t> generation_ = 0;
  std::atomic<int> busy_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> next_ = 0;
  int64_t count_ = 0, grain_ = 1;
  const Body* body_ = nullptr;
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
};

}  // namespace corrente::dense
