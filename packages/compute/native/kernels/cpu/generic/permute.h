// Permutations by lane: what ../../common/random.h does for one draw, for a vector of draws at once. The chains of
// exchanges are independent of each other, and so overlap.
#pragma once

#include "lanes.h"

namespace corrente::ISA {

namespace {

template <int lanes>
struct Words {
  uint32_t word[4][lanes];
};

template <int lanes>
inline Words<lanes> philox_lanes(const uint32_t (*streams)[4], const uint32_t* draws, uint32_t block) {
  Words<lanes> c;
  uint32_t key0[lanes], key1[lanes];
  for (int l = 0; l < lanes; ++l) {
    c.word[0][l] = block;
    c.word[1][l] = draws[l];
    c.word[2][l] = streams[l][1];
    c.word[3][l] = streams[l][2];
    key0[l] = streams[l][0];
    key1[l] = streams[l][3];
  }
  for (int round = 0; round < 10; ++round) {
    for (int l = 0; l < lanes; ++l) {
      const uint64_t product0 = uint64_t{0xd2511f53} * c.word[0][l], product1 = uint64_t{0xcd9e8d57} * c.word[2][l];
      c.word[0][l] = static_cast<uint32_t>(product1 >> 32) ^ c.word[1][l] ^ key0[l];
      c.word[1][l] = static_cast<uint32_t>(product1);
      c.word[2][l] = static_cast<uint32_t>(product0 >> 32) ^ c.word[3][l] ^ key1[l];
      c.word[3][l] = static_cast<uint32_t>(product0);
      key0[l] += 0x9e3779b9;
      key1[l] += 0xbb67ae85;
    }
  }
  return c;
}

template <int lanes>
void permute(const uint32_t (*streams)[4], const uint32_t* draws, int64_t points, int32_t* orders) {
  for (int64_t i = 0; i < points; ++i)
    for (int l = 0; l < lanes; ++l) orders[i * lanes + l] = static_cast<int32_t>(i);
  Words<lanes> words{};
  int64_t used = 0;
  for (int64_t i = points - 1; i > 0; --i, ++used) {
    if (used % 4 == 0) words = philox_lanes<lanes>(streams, draws, static_cast<uint32_t>(used / 4));
    const uint32_t* const word = words.word[used % 4];
    for (int l = 0; l < lanes; ++l) {
      const auto j = static_cast<int64_t>((uint64_t{word[l]} * static_cast<uint64_t>(i + 1)) >> 32);
      const int32_t moved = orders[i * lanes + l];
      orders[i * lanes + l] = orders[j * lanes + l];
      orders[j * lanes + l] = moved;
    }
  }
}

}  // namespace

}  // namespace corrente::ISA
