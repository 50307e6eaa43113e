#include "buffers.h"

#include <mutex>
#include <unordered_map>

#include "arguments.h"

namespace corrente {

namespace {

// A block in the hands of JavaScript. Lives until its ArrayBuffer is collected, which may be long after the memory went
// back and was lent again: so the address alone does not tell which one is meant.
struct Loan {
  void* memory;
  size_t bytes;
  int pins = 0;
  bool returned = false;
};

// The loans that are not returned, by address. Shared by all environments of the process.
std::mutex loans_mutex;
std::unordered_map<void*, Loan*>& loans() {
  static auto* const open = new std::unordered_map<void*, Loan*>;
  return *open;
}

Loan* find_loan(void* memory) {
  const auto found = loans().find(memory);
  return found == loans().end() ? nullptr : found->second;
}

// Called with the mutex held.
void take_back(Napi::Env env, Loan& loan) {
  loans().erase(loan.memory);
  loan.returned = true;
  release(loan.memory, loan.bytes);
  // V8 does not count memory that it did not allocate, and would see no reason to collect what holds it.
  Napi::MemoryManagement::AdjustExternalMemory(env, -static_cast<int64_t>(loan.bytes));
}

}  // namespace

Napi::ArrayBuffer lend(Napi::Env env, Block&& block, size_t bytes) {
  if (bytes == 0) return Napi::ArrayBuffer::New(env, 0);
  auto* const loan = new Loan{block.data(), block.bytes()};
  {
    std::lock_guard lock(loans_mutex);
    loans().emplace(loan->memory, loan);
  }
  block.detach();
  Napi::MemoryManagement::AdjustExternalMemory(env, static_cast<int64_t>(loan->bytes));
  return Napi::ArrayBuffer::New(
      env, loan->memory, bytes,
      [](Napi::Env collector, void*, Loan* collected) {
        std::lock_guard lock(loans_mutex);
        if (!collected->returned) take_back(collector, *collected);
        delete collected;
      },
      loan);
}

Pin::Pin(Napi::ArrayBuffer buffer) : buffer_(Napi::Persistent(buffer)), memory_(buffer.Data()) {
  std::lock_guard lock(loans_mutex);
  if (Loan* loan = find_loan(memory_)) ++loan->pins;
}

Pin::~Pin() {
  std::lock_guard lock(loans_mutex);
  if (Loan* loan = find_loan(memory_)) --loan->pins;
}

// allocate(bytes: number): ArrayBuffer
Napi::Value allocate_buffer(const Napi::CallbackInfo& info) {
  const int64_t bytes = integer_argument(info, 0, "allocate: bytes");
  if (bytes < 0) throw Napi::RangeError::New(info.Env(), "allocate: bytes is " + std::to_string(bytes) + ", expected at least 0");
  const auto size = static_cast<size_t>(bytes);
  void* const memory = allocate(size);
  if (memory == nullptr) throw status_error(info.Env(), {Code::out_of_memory, "allocate: the system has no " + std::to_string(bytes) + " bytes left"});
  return lend(info.Env(), Block::adopt(memory, size), size);
}

// release(buffer: ArrayBuffer): boolean
Napi::Value release_buffer(const Napi::CallbackInfo& info) {
  if (!info[0].IsArrayBuffer()) throw Napi::TypeError::New(info.Env(), "release: expected an ArrayBuffer");
  auto buffer = info[0].As<Napi::ArrayBuffer>();
  if (buffer.ByteLength() == 0) return Napi::Boolean::New(info.Env(), false);
  std::lock_guard lock(loans_mutex);
  Loan* const loan = find_loan(buffer.Data());
  if (loan == nullptr) return Napi::Boolean::New(info.Env(), false);
  if (loan->pins > 0) throw Napi::Error::New(info.Env(), "release: native work still reads the buffer; close the session or await the operation first");
  buffer.Detach();
  take_back(info.Env(), *loan);
  return Napi::Boolean::New(info.Env(), true);
}

}  // namespace corrente
