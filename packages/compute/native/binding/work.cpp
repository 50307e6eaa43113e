#include "work.h"

#include <new>

#include "arguments.h"

namespace corrente {

static Control control_of(Napi::Env env, Napi::Value value) {
  if (!value.IsArrayBuffer() || value.As<Napi::ArrayBuffer>().ByteLength() < 3 * sizeof(int64_t))
    throw Napi::TypeError::New(env, "expected the control words in an ArrayBuffer of 24 bytes");
  auto* const words = static_cast<int64_t*>(value.As<Napi::ArrayBuffer>().Data());
  static_assert(sizeof(std::atomic<int32_t>) == sizeof(int32_t) && sizeof(std::atomic<int64_t>) == sizeof(int64_t));
  return {reinterpret_cast<std::atomic<int32_t>*>(words), reinterpret_cast<std::atomic<int64_t>*>(words + 1),
          reinterpret_cast<std::atomic<int64_t>*>(words + 2)};
}

Work::Work(Napi::Env env, Napi::Value control, const char* operation)
    : operation_(operation), deferred_(Napi::Promise::Deferred::New(env)), control_(control_of(env, control)) {
  pins_.push_back(std::make_unique<Pin>(control.As<Napi::ArrayBuffer>()));
}

void Work::run() noexcept {
  if (control_.cancelled()) {
    status_ = {Code::cancelled, std::string(operation_) + ": cancelled"};
    return;
  }
  try {
    status_ = execute(control_);
  } catch (const std::bad_alloc&) {
    status_ = {Code::out_of_memory, std::string(operation_) + ": the system has no memory left for it"};
  } catch (const std::exception& error) {
    status_ = {Code::invalid, std::string(operation_) + ": " + error.what()};
  }
}

void Work::settle(Napi::Env env) {
  try {
    if (status_) {
      deferred_.Resolve(result(env));
    } else {
      deferred_.Reject(status_error(env, status_).Value());
    }
  } catch (const Napi::Error& error) {
    deferred_.Reject(error.Value());
  } catch (const std::bad_alloc&) {
    deferred_.Reject(status_error(env, {Code::out_of_memory, std::string(operation_) + ": no memory left for its result"}).Value());
  }
}

WorkQueue::WorkQueue(Napi::Env env) : results_(Results::New(env, "corrente", 0, 1)) {
  results_.Unref(env);
  // Hooks run in the reverse of the order they were added in: this one before the results' own end.
  env.AddCleanupHook([this] { stop(); });
}

WorkQueue& WorkQueue::of(Napi::Env env) {
  auto* queue = env.GetInstanceData<WorkQueue>();
  if (queue == nullptr) {
    queue = new WorkQueue(env);
    env.SetInstanceData(queue);
  }
  return *queue;
}

Napi::Promise WorkQueue::submit(std::unique_ptr<Work> work) {
  const Napi::Promise promise = work->promise();
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  if (open_++ == 0) results_.Ref(promise.Env());
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
  return promise;
}

void WorkQueue::loop() {
  while (true) {
    std::unique_ptr<Work> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
      running_ = work.get();
    }
    work->run();
    {
      std::lock_guard lock(mutex_);
      running_ = nullptr;
    }
    // While the environment ends nobody takes results any more, and it alone may destroy what refers to JavaScript.
    Work* const done = work.release();
    if (results_.NonBlockingCall(done) != napi_ok) return;
  }
}

void WorkQueue::deliver(Napi::Env env, Napi::Function, std::nullptr_t*, Work* done) {
  const std::unique_ptr<Work> work(done);
  if (static_cast<napi_env>(env) == nullptr) return;
  Napi::HandleScope scope(env);
  work->settle(env);
  WorkQueue& queue = of(env);
  if (--queue.open_ == 0) queue.results_.Unref(env);
}

void WorkQueue::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    if (running_ != nullptr) running_->cancel();
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  waiting_.clear();
  results_.Release();
}

}  // namespace corrente
