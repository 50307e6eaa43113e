// The words of one draw of a stream, one after the other (kernels/common/random.h).
#pragma once

#include <cstdint>

#include "../../common/random.h"

namespace corrente {

class WordSource {
 public:
  WordSource(const uint32_t* stream, uint32_t draw) : stream_(stream), draw_(draw) {}

  uint32_t next() {
    if (used_ == 4) {
      words_ = random_words(stream_, draw_, block_++);
      used_ = 0;
    }
    return words_.word[used_++];
  }
  // One of 0 … count - 1.
  int64_t below(int64_t count) { return static_cast<int64_t>((uint64_t{next()} * static_cast<uint64_t>(count)) >> 32); }
  // In [0, 1), with 32 bits.
  double uniform() { return next() * 0x1p-32; }

 private:
  const uint32_t* stream_;
  uint32_t draw_;
  uint32_t block_ = 0;
  int used_ = 4;
  PhiloxBlock words_{};
};

}  // namespace corrente
