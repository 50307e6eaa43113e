// Pooled memory as JavaScript sees it: ArrayBuffers whose memory goes back to the pool.
#pragma once

#include <napi.h>

#include "../kernels/common/block_pool.h"

namespace corrente {

// Hands a block over to JavaScript. The garbage collector returns it to the pool, or releaseBuffer() does sooner.
Napi::ArrayBuffer lend(Napi::Env, Block&&, size_t bytes);

// Keeps an ArrayBuffer alive while native code reads its memory, and pooled memory from being released meanwhile. Made
// and destroyed on the thread of JavaScript.
class Pin {
 public:
  explicit Pin(Napi::ArrayBuffer buffer);
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;
  ~Pin();

 private:
  Napi::Reference<Napi::ArrayBuffer> buffer_;
  void* memory_;
};

Napi::Value allocate_buffer(const Napi::CallbackInfo&);
Napi::Value release_buffer(const Napi::CallbackInfo&);

}  // namespace corrente
