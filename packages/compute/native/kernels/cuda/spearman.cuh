// Spearman's correlation of a pair with missing values: ranks over the rows that both have.
//
// The place of a value among the common rows is how many of them lie before its place in the whole series' order: a bit
// for each place, and a count for each 32. A value whose equals take places [first, end) has the rank
// (below(first) + below(end) + 1) / 2, so that no pair sorts anything. For each pair and row: 24 bytes of places, read
// twice, from the second cache; four looks into shared memory. 2,000 series of 2,500 rows: 5 × 10⁹ rows of pairs,
// 240 GB, 60 ms at 4 TB/s.
#pragma once

#include "pair_walk.cuh"

namespace corrente::cuda {

struct SpearmanWalk {
  static int64_t memory_of(int64_t rows) { return 2 * BitSet::bytes_of(rows); }
  static double operations_of(int64_t rows) { return 60.0 * static_cast<double>(rows); }

  __device__ static WalkResult of(const Panels<double>& panels, int64_t a, int64_t b, unsigned char* memory, const WalkShared& shared) {
    const int64_t rows = panels.rows;
    const BitSet in_a = BitSet::at(memory, rows), in_b = BitSet::at(memory + BitSet::bytes_of(rows), rows);
    const RankPlace *const of_a = panels.places_of(a), *const of_b = panels.places_of(b);
    const int32_t count = mark_common(of_a, of_b, rows, in_a, in_b, shared);
    // Twice the rank less its mean: whole numbers, as are their products, up to 2⁵³ without rounding.
    ThreeSums::State sums{0, 0, 0};
    for (int64_t t = threadIdx.x; t < rows; t += walk_threads) {
      const RankPlace x = of_a[t], y = of_b[t];
      if (x.place < 0 || y.place < 0) continue;
      const double rank_a = in_a.below(x.first) + in_a.below(x.end) - count, rank_b = in_b.below(y.first) + in_b.below(y.end) - count;
      sums.a = fma(rank_a, rank_a, sums.a);
      sums.b = fma(rank_b, rank_b, sums.b);
      sums.c = fma(rank_a, rank_b, sums.c);
    }
    sums = merge_block<ThreeSums>(sums, shared.sums);
    const bool constant = count < 2 || sums.a == 0 || sums.b == 0;
    return {constant ? NAN : clamp_unit(sums.c / (sqrt(sums.a) * sqrt(sums.b))), count};
  }
};

}  // namespace corrente::cuda
