// Histograms of gradients over the bins of features.
#pragma once

#include "../trees/tree_kernels.h"

namespace corrente::ISA {

namespace {

// Both sums of a row at once.
typedef double SumsVector __attribute__((vector_size(16), may_alias));

inline void add(Sums& to, SumsVector value) { *reinterpret_cast<SumsVector*>(&to) += value; }

template <int kFeatures, bool kIdentity, bool kCounted>
void accumulate_of(const uint8_t* const* codes, const int32_t* rows, int64_t count, const Sums* of_row, Sums* const* sums, int32_t* const* row_counts) {
  for (int64_t i = 0; i < count; ++i) {
    const int64_t row = kIdentity ? i : rows[i];
    const auto value = *reinterpret_cast<const SumsVector*>(of_row + row);
    for (int f = 0; f < kFeatures; ++f) {
      const int code = codes[f][row];
      add(sums[f][code], value);
      if constexpr (kCounted) ++row_counts[f][code];
    }
  }
}

template <int kFeatures>
void accumulate_some(const uint8_t* const* codes, const int32_t* rows, int64_t count, const Sums* of_row, Sums* const* sums, int32_t* const* row_counts) {
  if (rows == nullptr) {
    if (row_counts == nullptr) return accumulate_of<kFeatures, true, false>(codes, rows, count, of_row, sums, row_counts);
    return accumulate_of<kFeatures, true, true>(codes, rows, count, of_row, sums, row_counts);
  }
  if (row_counts == nullptr) return accumulate_of<kFeatures, false, false>(codes, rows, count, of_row, sums, row_counts);
  return accumulate_of<kFeatures, false, true>(codes, rows, count, of_row, sums, row_counts);
}

void accumulate(const uint8_t* const* codes, int features, const int32_t* rows, int64_t count, const Sums* of_row, Sums* const* sums, int32_t* const* row_counts) {
  // The pointers go into registers; writes to histograms might otherwise change them.
  const uint8_t* const from[2] = {codes[0], codes[features - 1]};
  Sums* const to[2] = {sums[0], sums[features - 1]};
  int32_t* const counts[2] = {row_counts == nullptr ? nullptr : row_counts[0], row_counts == nullptr ? nullptr : row_counts[features - 1]};
  int32_t* const* const counted = row_counts == nullptr ? nullptr : counts;
  if (features == 2) return accumulate_some<2>(from, rows, count, of_row, to, counted);
  accumulate_some<1>(from, rows, count, of_row, to, counted);
}

void subtract(Sums* a, const Sums* b, int64_t count) {
  auto* const x = reinterpret_cast<double*>(a);
  const auto* const y = reinterpret_cast<const double*>(b);
  int64_t i = 0;
  for (; i + F64::lanes <= 2 * count; i += F64::lanes) (F64::load(x + i) - F64::load(y + i)).store(x + i);
  for (; i < 2 * count; ++i) x[i] -= y[i];
}

// Adding and taking away 1.5 · 2^52 rounds to the nearest whole number, ties to even.
void quantise(const double* g, const double* h, int64_t count, double g_scale, double h_scale, Sums* out) {
  constexpr double kRound = 6755399441055744.0;
  for (int64_t i = 0; i < count; ++i) {
    out[i].g = (g[i] * g_scale + kRound) - kRound;
    out[i].h = h == nullptr ? 1 : (h[i] * h_scale + kRound) - kRound;
  }
}

}  // namespace

}  // namespace corrente::ISA
