// Counter-based random numbers: the twin, bit for bit, of packages/shared/src/portable/random.ts, where the rules
// stand. Philox 4×32 with 10 rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3"
// (2011). Constant expressions throughout, so that CUDA kernels may call them too.
#pragma once

#include <cstdint>

namespace corrente {

struct PhiloxBlock {
  uint32_t word[4];
};

// Four words, of a counter of four words and a key of two.
constexpr PhiloxBlock philox(PhiloxBlock counter, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = uint64_t{0xd2511f53} * counter.word[0];
    const uint64_t product1 = uint64_t{0xcd9e8d57} * counter.word[2];
    counter = {{static_cast<uint32_t>(product1 >> 32) ^ counter.word[1] ^ key0, static_cast<uint32_t>(product1),
                static_cast<uint32_t>(product0 >> 32) ^ counter.word[3] ^ key1, static_cast<uint32_t>(product0)}};
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  return counter;
}

// Words 4 block … 4 block + 3 of draw `draw` of a stream (the seed, and three words more).
constexpr PhiloxBlock random_words(const uint32_t* stream, uint32_t draw, uint32_t block) {
  return philox({{block, draw, stream[1], stream[2]}}, stream[0], stream[3]);
}

// The place that i changes with in a permutation: ⌊word (i + 1) / 2³²⌋.
constexpr int32_t exchange_place(uint32_t word, int64_t i) {
  return static_cast<int32_t>((uint64_t{word} * static_cast<uint64_t>(i + 1)) >> 32);
}

// The permutation that draw `draw` of a stream names: for i = length - 1 … 1 the next word says which place exchanges
// with i.
constexpr void permutation(const uint32_t* stream, uint32_t draw, int64_t length, int32_t* order) {
  for (int64_t i = 0; i < length; ++i) order[i] = static_cast<int32_t>(i);
  PhiloxBlock words{};
  for (int64_t i = length - 1, used = 0; i > 0; --i, ++used) {
    if (used % 4 == 0) words = random_words(stream, draw, static_cast<uint32_t>(used / 4));
    const int32_t j = exchange_place(words.word[used % 4], i);
    const int32_t moved = order[i];
    order[i] = order[j];
    order[j] = moved;
  }
}

}  // namespace corrente
