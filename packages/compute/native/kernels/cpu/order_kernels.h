// What one instruction set offers for order statistics of rolling windows, alike for results in doubles and in floats.
#pragma once

#include <cstdint>

namespace corrente {

// Rows of a series, with those before them that windows reach back to.
struct OrderStrip {
  const double* x;  // the first row that wants a result
  int64_t before;   // rows of the series before it
  int64_t rows;
  void* out;        // [rows]
};

// Windows of varying length: those of a request with min_periods.
struct Spans {
  const int32_t* begins;  // the first row of the window that ends at each row; null: windows of `window` rows
  int64_t window;
  int64_t min_periods;

  // Never a function of its own, which every instruction set's code would have to share.
  [[gnu::always_inline]] int64_t begin(int64_t t) const {
    return begins != nullptr ? begins[t] : t < window ? 0 : t - window + 1;
  }
};

// A window as a set of places, a place being the rank of a row among the present values of a chunk of rows; and where
// the work on it stands.
struct OrderPlaces {
  Spans spans;
  int64_t first;             // the first row of the chunk
  const int32_t* place;      // of each row of the chunk; negative where its value is missing
  const double* value;       // at each place, ascending
  const int32_t* run_first;  // rank: the first place of equal value
  const int32_t* run_end;    // rank: one past the last place of equal value
  uint64_t* bits;            // of 64 places each: which are taken
  uint64_t* summary;         // of 64 words of bits each: which are not zero
  int32_t* tree;             // rank: a Fenwick tree of the taken places, [1 + blocks]
  int64_t blocks;            // of kPlaceBlock places

  int64_t head, tail;  // rows that have left, and entered, before
  int64_t present;     // places taken
  int64_t cursor;      // quantile: a place,
  int64_t below;       // and how many before it are taken
};

constexpr int64_t kPlaceBlock = 512;

template <class Out>
struct OrderKernels {
  // Quantile q of full windows, sorted as columns, for as many strips as a vector has doubles; those of no rows are left
  // alone. The scratch is what `order_columns_scratch` says.
  void (*columns)(const OrderStrip*, int64_t window, double q, double* scratch);
  // Rank of the newest of full windows, by counting; rows [from, to) of a series.
  void (*rank)(const double* x, int64_t from, int64_t to, int64_t window, Out* out);
  // The windows that end at rows [from, to), in order from the beginning of the chunk on; out[t] is row t's.
  void (*quantile_places)(OrderPlaces&, int64_t from, int64_t to, double q, Out* out);
  void (*rank_places)(OrderPlaces&, int64_t from, int64_t to, double q, Out* out);
};

}  // namespace corrente
