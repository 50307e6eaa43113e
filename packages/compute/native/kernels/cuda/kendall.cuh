// Kendall's tau-b of a pair (Kendall 1945), over the rows that both have.
//
// The common rows are put in the order of a (ties in that of b), and b's places in that order are merged, run by run:
// every value counts by bisection how many of the run beside it are smaller, which are its discordant partners, and
// where it goes (Knight 1966, all values of a level at once). What is tied is counted from the places of equal values.
// Everything is whole numbers until the last line.
//
// For n rows about n log²(n) / 2 looks into shared memory: 2,500 rows 170,000, so 2,000 series 3.4 × 10¹¹, 0.06 s at the
// 32 looks a clock that each of an H200's 132 multiprocessors answers. Ties in a are put in order by a bitonic network,
// which doubles that.
#pragma once

#include "pair_walk.cuh"
#include "sort_block.cuh"

namespace corrente::cuda {

struct KendallWalk {
  static int64_t memory_of(int64_t rows) { return 2 * BitSet::bytes_of(rows) + rows * static_cast<int64_t>(sizeof(uint64_t) + sizeof(int32_t)); }
  static double operations_of(int64_t rows) {
    double levels = 1;
    for (int64_t run = 1; run < rows; run *= 2) levels++;
    return 8 * levels * levels * static_cast<double>(rows);
  }

  __device__ static WalkResult of(const Panels<double>& panels, int64_t a, int64_t b, unsigned char* memory, const WalkShared& shared) {
    const int64_t rows = panels.rows;
    const BitSet in_a = BitSet::at(memory, rows), in_b = BitSet::at(memory + BitSet::bytes_of(rows), rows);
    auto* const keys = reinterpret_cast<uint64_t*>(memory + 2 * BitSet::bytes_of(rows));
    auto* const sequence = reinterpret_cast<int32_t*>(keys + rows);
    const RankPlace *const of_a = panels.places_of(a), *const of_b = panels.places_of(b);
    const int32_t count = mark_common(of_a, of_b, rows, in_a, in_b, shared);

    // For each value its equals, so twice the tied pairs of a, and of b.
    ThreeCounts::State ties{0, 0, 0};
    for (int64_t t = threadIdx.x; t < rows; t += walk_threads) {
      const RankPlace x = of_a[t], y = of_b[t];
      if (x.place < 0 || y.place < 0) continue;
      const int32_t first_a = in_a.below(x.first), first_b = in_b.below(y.first), place = in_a.below(x.place);
      ties.a += in_a.below(x.end) - first_a - 1;
      ties.b += in_b.below(y.end) - first_b - 1;
      keys[place] = static_cast<uint64_t>(first_a) << 32 | static_cast<uint32_t>(first_b);
    }
    ties = merge_block<ThreeCounts>(ties, shared.counts);
    if (ties.a > 0) {
      sort_block(count, [keys](int64_t i, int64_t j) {
        const uint64_t first = keys[i], second = keys[j];
        if (first > second) keys[i] = second, keys[j] = first;
      });
    }
    ThreeCounts::State pairs{0, 0, 0};  // those tied in both, twice; those that disagree
    for (int64_t i = threadIdx.x; i < count; i += walk_threads) {
      sequence[i] = static_cast<int32_t>(keys[i] & 0xffffffffu);
      if (ties.a > 0 && ties.b > 0) pairs.a += upper_bound(keys, count, keys[i]) - lower_bound(keys, count, keys[i]) - 1;
    }
    __syncthreads();
    pairs.b = discordant(sequence, reinterpret_cast<int32_t*>(keys), count);
    pairs = merge_block<ThreeCounts>(pairs, shared.counts);

    const int64_t all = int64_t{count} * (count - 1) / 2, untied_a = all - ties.a / 2, untied_b = all - ties.b / 2;
    if (count < 2 || untied_a == 0 || untied_b == 0) return {NAN, count};
    const int64_t score = all - ties.a / 2 - ties.b / 2 + pairs.a / 2 - 2 * pairs.b;
    return {clamp_unit(static_cast<double>(score) / (sqrt(static_cast<double>(untied_a)) * sqrt(static_cast<double>(untied_b)))), count};
  }

  // This thread's share of the pairs of places whose values fall. The values end up sorted in one of the two.
  __device__ static int64_t discordant(int32_t* from, int32_t* to, int64_t count) {
    int64_t falls = 0;
    for (int64_t run = 1; run < count; run *= 2) {
      for (int64_t i = threadIdx.x; i < count; i += walk_threads) {
        const int64_t begin = i / (2 * run) * 2 * run;
        const int64_t middle = begin + run < count ? begin + run : count, end = begin + 2 * run < count ? begin + 2 * run : count;
        const int32_t value = from[i];
        if (i < middle) {
          const int64_t smaller = lower_bound(from + middle, end - middle, value);
          falls += smaller;
          to[i + smaller] = value;
        } else {
          to[i - run + upper_bound(from + begin, middle - begin, value)] = value;
        }
      }
      __syncthreads();
      int32_t* const other = from;
      from = to;
      to = other;
    }
    return falls;
  }
};

}  // namespace corrente::cuda
