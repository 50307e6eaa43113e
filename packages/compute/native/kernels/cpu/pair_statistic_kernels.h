// What one instruction set offers for Kendall's tau and distance correlation (generic/signs.h, generic/dominance.h).
#pragma once

#include <cstdint>

namespace corrente {

// Two bit planes over pairs of rows i < j, in rows of i, each in words of 64 values of j from that of i + 1 on.
struct SignPlanes {
  uint64_t* above;    // the value of j is above that of i; without meaning where `differs` is not set
  uint64_t* differs;  // both are present and differ; null where it is not wanted
};

// Of pairs of rows: those where both series differ, and those of them where one rises while the other falls.
struct SignCounts {
  int64_t both;
  int64_t discordant;
};

// Where a row of y stands among the present rows of y.
struct Place {
  int32_t ordinal;  // in the sorted order; negative where the value is missing
  int32_t below;    // smaller values
  int32_t upto;     // smaller or equal ones
};

struct PairStatisticKernels {
  int words;  // of 64 bits in sixteen vectors: what the counts take at a time

  // Ranks are negative where a value is missing, and padded with such to a multiple of 64. `present` has a bit for each
  // row. Writes the planes of rows [from, to).
  void (*signs)(const int32_t* ranks, const uint64_t* present, int64_t length, int64_t from, int64_t to, SignPlanes out);
  // `words` is a multiple of the above.
  int64_t (*disagreements)(const uint64_t* a, const uint64_t* b, int64_t words);
  SignCounts (*compare)(SignPlanes a, SignPlanes b, int64_t words);

  // Concordant less discordant pairs of rows, for y in the order of x; `ends[k]` is where the ties of place k end. The
  // scratch has dominance_words(length) words.
  int64_t (*concordance)(const Place* y, const int32_t* ends, int64_t count, int64_t length, uint64_t* scratch);

  // Sum of (x_j - x_i)(y_j - y_i) over i < j with y_i before y_j in `ordinals`, which are below `length`. Doubles of
  // scratch: concordant_scratch(length).
  double (*concordant_products)(const double* x, const double* y, const int32_t* ordinals, int64_t count, int64_t length,
                                double* scratch);
};

// Words of 64 bits for a set of `length` ordinals, and the counts over it.
constexpr int64_t dominance_words(int64_t length) {
  const int64_t words = length / 64 + 1;
  return words + words / 2 + 1;
}

// Four sums for each slot of a tree of eight branches.
constexpr int64_t concordant_scratch(int64_t length) {
  int64_t slots = 0;
  for (int64_t level = length; ; level = (level + 7) / 8) {
    slots += (level + 7) / 8 * 8;
    if (level <= 8) return 4 * slots;
  }
}

}  // namespace corrente
