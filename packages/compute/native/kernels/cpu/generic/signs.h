// Signs of differences as bits: a pair of rows of two series is concordant where the bits of both are alike.
#pragma once

#include "../kernels.h"

namespace corrente::ISA {

namespace {

using Words = uint64_t __attribute__((vector_size(8 * F64::lanes)));

// Builds a word from the lanes of 64 values.
template <class F>
inline uint64_t word_of(const int32_t* ranks, F&& f) {
  uint64_t word = 0;
#pragma GCC unroll 16
  for (int at = 0; at < 64; at += F32::lanes) {
    I32 values;
    __builtin_memcpy(&values.v, ranks + at, sizeof values.v);
    word |= static_cast<uint64_t>(bits(f(values))) << at;
  }
  return word;
}

void signs(const int32_t* ranks, const uint64_t* present, int64_t length, int64_t from, int64_t to, SignPlanes out) {
  const int64_t words = (length + 63) / 64;
  for (int64_t i = from; i < to; ++i) {
    const I32 own = I32::broadcast(ranks[i]);
    const int64_t first = (i + 1) / 64;
    const bool here = ranks[i] >= 0;
    for (int64_t w = first; w < words; ++w) {
      // Pairs with j > i only.
      const uint64_t later = w == first ? ~uint64_t{0} << ((i + 1) % 64) : ~uint64_t{0};
      const uint64_t valid = here ? present[w] & later : 0;
      const uint64_t above = word_of(ranks + w * 64, [&](I32 v) { return less(own, v); }) & valid;
      *out.above++ = above;
      if (out.differs != nullptr)
        *out.differs++ = above | (word_of(ranks + w * 64, [&](I32 v) { return less(v, own); }) & valid);
    }
  }
}

// Three words of equal weight as one of that weight and one of twice it: a full adder in every bit.
struct Carry {
  Words sum, carry;
};
inline Carry full_add(Words a, Words b, Words c) {
#ifdef __AVX512F__
  // One instruction each, which the compiler does not find.
  const auto x = (__m512i)a, y = (__m512i)b, z = (__m512i)c;
  return {(Words)_mm512_ternarylogic_epi64(x, y, z, 0x96), (Words)_mm512_ternarylogic_epi64(x, y, z, 0xe8)};
#endif
  const Words either = a ^ b;
  return {either ^ c, (a & b) | (either & c)};
}

inline Words all_words(uint64_t bits) { return Words{} + bits; }

// Bits set in each byte.
inline Words byte_population(Words v) {
  v -= (v >> 1) & all_words(0x5555555555555555);
  v = (v & all_words(0x3333333333333333)) + ((v >> 2) & all_words(0x3333333333333333));
  return (v + (v >> 4)) & all_words(0x0f0f0f0f0f0f0f0f);
}

// Sum of all bytes.
inline int64_t byte_sum(Words v) {
  v = (v & all_words(0x00ff00ff00ff00ff)) + ((v >> 8) & all_words(0x00ff00ff00ff00ff));
  v += v >> 16;
  v += v >> 32;
  int64_t sum = 0;
  for (int i = 0; i < F64::lanes; ++i) sum += static_cast<int64_t>(v[i] & 0xffff);
  return sum;
}

// Counts bits of many vectors by adding them up in binary, sixteen vectors at a time, so that only one in sixteen is
// counted itself (Harley and Seal, in Warren, Hacker's Delight, 2nd ed., 5-1).
struct BitCounter {
  Words ones{}, twos{}, fours{}, eights{}, sixteens{};  // sixteens: by byte
  int64_t counted = 0;

  template <class F>
  void add16(F&& f) {
    const auto four = [&](int at) {
      const Carry low = full_add(ones, f(at), f(at + 1)), high = full_add(low.sum, f(at + 2), f(at + 3));
      ones = high.sum;
      const Carry two = full_add(twos, low.carry, high.carry);
      twos = two.sum;
      return two.carry;
    };
    const Words a = four(0), b = four(4);
    const Carry first = full_add(fours, a, b);
    const Words c = four(8), d = four(12);
    const Carry second = full_add(first.sum, c, d);
    fours = second.sum;
    const Carry eight = full_add(eights, first.carry, second.carry);
    eights = eight.sum;
    sixteens += byte_population(eight.carry);
  }
  // Before a byte of the sixteens overflows: after kMostTurns calls of add16.
  static constexpr int kMostTurns = 31;
  void fold() {
    counted += byte_sum(sixteens);
    sixteens = Words{};
  }
  int64_t total() {
    fold();
    return 16 * counted + 8 * byte_sum(byte_population(eights)) + 4 * byte_sum(byte_population(fours)) +
           2 * byte_sum(byte_population(twos)) + byte_sum(byte_population(ones));
  }
};

inline Words load_words(const uint64_t* p) {
  Words v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// Calls turn(word) for every kTurn words, and fold() often enough.
template <class Turn, class Fold>
inline void for_turns(int64_t words, Turn&& turn, Fold&& fold) {
  constexpr int64_t kTurn = 16 * F64::lanes;
  for (int64_t from = 0; from < words;) {
    const int64_t end = words - from < BitCounter::kMostTurns * kTurn ? words : from + BitCounter::kMostTurns * kTurn;
    for (; from < end; from += kTurn) turn(from);
    fold();
  }
}

int64_t disagreements(const uint64_t* a, const uint64_t* b, int64_t words) {
  BitCounter count;
  for_turns(words, [&](int64_t w) {
    count.add16([&](int k) { return load_words(a + w + k * F64::lanes) ^ load_words(b + w + k * F64::lanes); });
  }, [&] { count.fold(); });
  return count.total();
}

SignCounts compare_signs(SignPlanes a, SignPlanes b, int64_t words) {
  BitCounter both, discordant;
  const auto differ = [&](int64_t at) { return load_words(a.differs + at) & load_words(b.differs + at); };
  const auto disagree = [&](int64_t at) { return differ(at) & (load_words(a.above + at) ^ load_words(b.above + at)); };
  for_turns(words, [&](int64_t w) {
    both.add16([&](int k) { return differ(w + k * F64::lanes); });
    discordant.add16([&](int k) { return disagree(w + k * F64::lanes); });
  }, [&] {
    both.fold();
    discordant.fold();
  });
  return {both.total(), discordant.total()};
}

}  // namespace

}  // namespace corrente::ISA
