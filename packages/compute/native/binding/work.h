// Operations off the event loop: one native thread for each environment runs them in the order they were asked for.
// libuv's pool takes no part, so files and name look-ups never wait for a kernel.
#pragma once

#include <napi.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "../kernels/ops.h"
#include "buffers.h"

namespace corrente {

class Work {
 public:
  // `control` is an ArrayBuffer of three 64-bit words that JavaScript shares with the work: cancel (the low half of
  // the first), done, total.
  Work(Napi::Env, Napi::Value control, const char* operation);
  virtual ~Work() = default;

  Napi::Promise promise() const { return deferred_.Promise(); }
  void keep(Napi::TypedArray values) { pins_.push_back(std::make_unique<Pin>(values.ArrayBuffer())); }

  // On the native thread.
  void run() noexcept;
  void cancel() { control_.cancel->store(1); }
  // On the thread of JavaScript.
  void settle(Napi::Env);

 protected:
  // Does the work; touches no JavaScript.
  virtual Status execute(const Control&) = 0;
  // Makes the result, after execute() went well.
  virtual Napi::Value result(Napi::Env) = 0;

 private:
  const char* const operation_;
  Napi::Promise::Deferred deferred_;
  std::vector<std::unique_ptr<Pin>> pins_;
  Control control_;
  Status status_;
};

class WorkQueue {
 public:
  explicit WorkQueue(Napi::Env);

  // The queue of an environment, made with it and ended with it.
  static WorkQueue& of(Napi::Env);

  Napi::Promise submit(std::unique_ptr<Work>);

 private:
  static void deliver(Napi::Env, Napi::Function, std::nullptr_t*, Work*);
  using Results = Napi::TypedThreadSafeFunction<std::nullptr_t, Work, deliver>;

  void loop();
  void stop();

  Results results_;
  int64_t open_ = 0;  // submitted and not settled; while there are any, they keep the event loop alive
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Work>> waiting_;
  Work* running_ = nullptr;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace corrente
