// Permutations by lane: what ../../common/random.h does for one draw, for a vector of draws at once. The chains of
// exchanges are independent of each other, and so overlap.
#pragma once

#include "lanes.h"

namespace corrente::ISA {

namespace {

template <int lanes>
struct WideWords {
  typedef uint64_t Vector __attribute__((vector_size(lanes * 8)));
};

// The words 4 block … 4 block + 3 of each lane's draw: random_words() with a lane in each 64 bits of a vector, whose
// upper halves are 0.
template <int lanes>
inline void words_of(const uint32_t (*streams)[4], const uint32_t* draws, uint32_t block, uint32_t (&words)[4][lanes]) {
  using Vector = typename WideWords<lanes>::Vector;
  Vector c0, c1, c2, c3, key0, key1;
  for (int l = 0; l < lanes; ++l) {
    c0[l] = block;
    c1[l] = draws[l];
    c2[l] = streams[l][1];
    c3[l] = streams[l][2];
    key0[l] = streams[l][0];
    key1[l] = streams[l][3];
  }
  constexpr uint64_t low = 0xffffffff;
  for (int round = 0; round < 10; ++round) {
    const Vector product0 = c0 * 0xd2511f53u, product1 = c2 * 0xcd9e8d57u;
    c0 = (product1 >> 32) ^ c1 ^ key0;
    c1 = product1 & low;
    c2 = (product0 >> 32) ^ c3 ^ key1;
    c3 = product0 & low;
    key0 = (key0 + 0x9e3779b9u) & low;
    key1 = (key1 + 0xbb67ae85u) & low;
  }
  for (int l = 0; l < lanes; ++l) {
    words[0][l] = static_cast<uint32_t>(c0[l]);
    words[1][l] = static_cast<uint32_t>(c1[l]);
    words[2][l] = static_cast<uint32_t>(c2[l]);
    words[3][l] = static_cast<uint32_t>(c3[l]);
  }
}

template <int lanes>
void permute(const uint32_t (*streams)[4], const uint32_t* draws, int64_t points, int32_t* orders) {
  for (int64_t i = 0; i < points; ++i)
    for (int l = 0; l < lanes; ++l) orders[i * lanes + l] = static_cast<int32_t>(i);
  uint32_t words[4][lanes] = {};
  int64_t used = 0;
  for (int64_t i = points - 1; i > 0; --i, ++used) {
    if (used % 4 == 0) words_of<lanes>(streams, draws, static_cast<uint32_t>(used / 4), words);
    const uint32_t* const word = words[used % 4];
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
