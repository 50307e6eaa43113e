// Sums over the points that lie below and to the left of each point, in O(n log n).
#pragma once

#include "../kernels.h"

namespace corrente::ISA {

namespace {

// A set of ordinals that tells how many of its members lie below one: bits, and over their words a tree of counts
// (Fenwick 1994).
struct OrdinalSet {
  uint64_t* bits;
  int32_t* counts;  // from 1 on
  int32_t words;

  OrdinalSet(uint64_t* scratch, int64_t length)
      : bits(scratch), counts(reinterpret_cast<int32_t*>(scratch + length / 64 + 1)), words(static_cast<int32_t>(length / 64 + 1)) {
    __builtin_memset(scratch, 0, static_cast<size_t>(dominance_words(length)) * sizeof(uint64_t));
  }
  void insert(int32_t ordinal) {
    bits[ordinal >> 6] |= uint64_t{1} << (ordinal & 63);
    for (int32_t w = (ordinal >> 6) + 1; w <= words; w += w & -w) ++counts[w];
  }
  int32_t below(int32_t ordinal) const {
    const uint64_t lower = (uint64_t{1} << (ordinal & 63)) - 1;
    int32_t count = __builtin_popcountll(bits[ordinal >> 6] & lower);
    for (int32_t w = ordinal >> 6; w > 0; w &= w - 1) count += counts[w];
    return count;
  }
};

// Knight (1966), with a set in place of his merge sort: what was inserted before a row lies to its left.
int64_t concordance(const Place* y, const int32_t* ends, int64_t count, int64_t length, uint64_t* scratch) {
  OrdinalSet left(scratch, length);
  int64_t inserted = 0, score = 0;
  for (int64_t k = 0; k < count;) {
    const int64_t end = ends[k];
    for (int64_t i = k; i < end; ++i) {
      const int32_t below = left.below(y[i].below);
      const int32_t upto = y[i].upto == y[i].below + 1 ? below : left.below(y[i].upto);
      score += below + upto - inserted;
    }
    for (int64_t i = k; i < end; ++i) left.insert(y[i].ordinal);
    inserted += end - k;
    k = end;
  }
  return score;
}

using Quad = double __attribute__((vector_size(32)));

inline void add_to(Quad& sum, const double* p) {
  Quad v;
  __builtin_memcpy(&v, p, sizeof v);
  sum += v;
}

// Over y's ordinals a tree of eight branches: each slot holds count, sum of x, sum of y and sum of x y of those of its
// siblings that come before it. One slot of each level answers a query; an insertion adds to the siblings after, all
// eight at once, with zeros for those before, because a branch would be guessed wrong.
double concordant_products(const double* x, const double* y, const int32_t* ordinals, int64_t count, int64_t length,
                           double* scratch) {
  constexpr int kMostLevels = 11;
  alignas(64) static constexpr double kAfter[8][8] = {
      {0, 1, 1, 1, 1, 1, 1, 1}, {0, 0, 1, 1, 1, 1, 1, 1}, {0, 0, 0, 1, 1, 1, 1, 1}, {0, 0, 0, 0, 1, 1, 1, 1},
      {0, 0, 0, 0, 0, 1, 1, 1}, {0, 0, 0, 0, 0, 0, 1, 1}, {0, 0, 0, 0, 0, 0, 0, 1}, {0, 0, 0, 0, 0, 0, 0, 0}};
  double* level[kMostLevels];
  int levels = 0;
  double* at = scratch;
  for (int64_t slots = length;; slots = (slots + 7) / 8) {
    level[levels++] = at;
    at += (slots + 7) / 8 * 8 * 4;
    if (slots <= 8) break;
  }
  __builtin_memset(scratch, 0, static_cast<size_t>(at - scratch) * sizeof(double));

  // In blocks, so that the rounding error does not grow with the number of rows.
  constexpr int64_t kBlock = 256;
  Quad total{};
  for (int64_t from = 0; from < count; from += kBlock) {
    const int64_t end = count - from < kBlock ? count : from + kBlock;
    Quad part{};
    for (int64_t k = from; k < end; ++k) {
      const double xy = x[k] * y[k];
      const Quad point{1, x[k], y[k], xy}, weights{xy, -y[k], -x[k], 1};
      int32_t slot = ordinals[k];
      Quad before{};
      for (int l = 0; l < levels; ++l, slot >>= 3) {
        add_to(before, level[l] + 4 * slot);
        double* const node = level[l] + 4 * (slot & ~7);
        const double* const after = kAfter[slot & 7];
#pragma GCC unroll 8
        for (int child = 0; child < 8; ++child) {
          Quad sum = after[child] * point;
          add_to(sum, node + 4 * child);
          __builtin_memcpy(node + 4 * child, &sum, sizeof sum);
        }
      }
      part += before * weights;
    }
    total += part;
  }
  return (total[0] + total[3]) + (total[1] + total[2]);
}

}  // namespace

}  // namespace corrente::ISA
