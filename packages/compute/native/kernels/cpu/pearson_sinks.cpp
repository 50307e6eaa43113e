#include "pearson_sinks.h"

#include <algorithm>
#include <cmath>

namespace corrente {

namespace {

bool within(int64_t s, int64_t from, int64_t to) { return from <= s && s < to; }

// NaN stays.
double limited(double value, double limit) { return value > limit ? limit : value < -limit ? -limit : value; }

}  // namespace

// --- A rectangle

TileSink::TileSink(const Rectangle& tile, void* r, int32_t* n, Precision precision, const SlotSeries& series, const Kernels& kernels)
    : tile_(tile),
      r_(r),
      n_(n),
      precision_(precision),
      series_(series),
      kernels_(kernels),
      whole_(series.slot_before.back() == static_cast<int64_t>(series.order.size())) {}

bool TileSink::wants(int64_t a, int64_t b) const {
  return (within(a, tile_.row_from, tile_.row_to) && within(b, tile_.col_from, tile_.col_to)) ||
         (within(b, tile_.row_from, tile_.row_to) && within(a, tile_.col_from, tile_.col_to));
}

void TileSink::block(const SlotBlock& block, int) {
  if (precision_ == Precision::f32) {
    whole_ && n_ == nullptr ? copy(block, static_cast<float*>(r_)) : write(block, static_cast<float*>(r_));
  } else {
    whole_ && n_ == nullptr ? copy(block, static_cast<double*>(r_)) : write(block, static_cast<double*>(r_));
  }
}

void TileSink::pair(int64_t a, int64_t b, double value, int64_t n, int) {
  put(a, b, value, n);
  put(b, a, value, n);
}

void TileSink::put(int64_t row, int64_t col, double value, int64_t n) const {
  if (!within(row, tile_.row_from, tile_.row_to) || !within(col, tile_.col_from, tile_.col_to)) return;
  const int64_t at = (row - tile_.row_from) * tile_.cols() + col - tile_.col_from;
  if (precision_ == Precision::f32) {
    static_cast<float*>(r_)[at] = static_cast<float>(value);
  } else {
    static_cast<double*>(r_)[at] = value;
  }
  if (n_ != nullptr) n_[at] = static_cast<int32_t>(n);
}

// The slots of a block whose series lie in [from, to).
PlaceRange TileSink::slots(const PlaceRange& block, int64_t from, int64_t to) const {
  return {std::max(block.from, series_.slot_before[from]), std::min(block.to, series_.slot_before[to])};
}

// Every series is complete: rows of the tile lie beside each other, and whole vectors move.
template <class Real>
void TileSink::copy(const SlotBlock& block, Real* r) const {
  const int64_t width = tile_.cols();
  const auto place = [&](int64_t row, int64_t col) { return r + (row - tile_.row_from) * width + col - tile_.col_from; };
  const auto from = [&](int64_t a, int64_t b) { return block.c + (b - block.b.from) * block.ldc + a - block.a.from; };
  const auto move = [&](auto* columns, auto* rows) {
    const PlaceRange rows_a = slots(block.a, tile_.row_from, tile_.row_to), cols_b = slots(block.b, tile_.col_from, tile_.col_to);
    const PlaceRange rows_b = slots(block.b, tile_.row_from, tile_.row_to), cols_a = slots(block.a, tile_.col_from, tile_.col_to);
    if (!block.diagonal) {
      if (rows_a.count() > 0 && cols_b.count() > 0)
        columns(from(rows_a.from, cols_b.from), block.ldc, rows_a.count(), cols_b.count(), series_.limit, place(rows_a.from, cols_b.from), width);
      if (rows_b.count() > 0 && cols_a.count() > 0)
        rows(from(cols_a.from, rows_b.from), block.ldc, rows_b.count(), cols_a.count(), series_.limit, place(rows_b.from, cols_a.from), width);
      return;
    }
    // Row by row: those before the diagonal are columns of c, those after it rows.
    for (int64_t row = rows_a.from; row < rows_a.to; ++row) {
      const int64_t left = std::min(row, cols_b.to), right = std::max(row + 1, cols_b.from);
      if (cols_b.from < left) columns(from(row, cols_b.from), block.ldc, 1, left - cols_b.from, series_.limit, place(row, cols_b.from), width);
      if (cols_b.from <= row && row < cols_b.to) *place(row, row) = static_cast<Real>(series_.diagonal[row]);
      if (right < cols_b.to) rows(from(right, row), block.ldc, 1, cols_b.to - right, series_.limit, place(row, right), width);
    }
  };
  if constexpr (sizeof(Real) == sizeof(float)) {
    move(kernels_.store_columns_f32, kernels_.store_rows_f32);
  } else {
    move(kernels_.store_columns_f64, kernels_.store_rows_f64);
  }
}

// Series with gaps lie between the complete ones: values go to their places one by one.
template <class Real>
void TileSink::write(const SlotBlock& block, Real* r) const {
  const int64_t width = tile_.cols();
  const auto start_of_row = [&](int64_t slot) { return (series_.order[slot] - tile_.row_from) * width - tile_.col_from; };
  const auto put = [&](int64_t at, double value) {
    r[at] = static_cast<Real>(value);
    if (n_ != nullptr) n_[at] = static_cast<int32_t>(series_.length);
  };
  const PlaceRange rows_a = slots(block.a, tile_.row_from, tile_.row_to), cols_b = slots(block.b, tile_.col_from, tile_.col_to);
  for (int64_t a = rows_a.from; a < rows_a.to; ++a) {
    const int64_t row = start_of_row(a), end = block.diagonal ? std::min(a, cols_b.to) : cols_b.to;
    for (int64_t b = cols_b.from; b < end; ++b) put(row + series_.order[b], limited(block.at(a, b), series_.limit));
    if (block.diagonal && cols_b.from <= a && a < cols_b.to) put(row + series_.order[a], series_.diagonal[series_.order[a]]);
  }
  // The other side of the diagonal.
  const PlaceRange rows_b = slots(block.b, tile_.row_from, tile_.row_to), cols_a = slots(block.a, tile_.col_from, tile_.col_to);
  for (int64_t b = rows_b.from; b < rows_b.to; ++b) {
    const int64_t row = start_of_row(b);
    for (int64_t a = block.diagonal ? std::max(b + 1, cols_a.from) : cols_a.from; a < cols_a.to; ++a)
      put(row + series_.order[a], limited(block.at(a, b), series_.limit));
  }
}

// --- The strongest

StrongestSink::StrongestSink(const Rectangle& rectangle, const PairSelection& selection, Precision precision, const SlotSeries& series,
                             const Kernels& kernels, int workers)
    : rectangle_(rectangle),
      precision_(precision),
      series_(series),
      kernels_(kernels),
      pairs_(selection, workers),
      found_(static_cast<size_t>(workers)) {}

bool StrongestSink::wants(int64_t a, int64_t b) const {
  return a != b && within(std::min(a, b), rectangle_.row_from, rectangle_.row_to) && within(std::max(a, b), rectangle_.col_from, rectangle_.col_to);
}

double StrongestSink::rounded(double value) const {
  return precision_ == Precision::f32 ? static_cast<double>(static_cast<float>(value)) : value;
}

void StrongestSink::block(const SlotBlock& block, int worker) {
  const PlaceRange rows{std::max(block.b.from, series_.slot_before[rectangle_.row_from]), std::min(block.b.to, series_.slot_before[rectangle_.row_to])};
  const PlaceRange cols{std::max(block.a.from, series_.slot_before[rectangle_.col_from]), std::min(block.a.to, series_.slot_before[rectangle_.col_to])};
  if (cols.count() <= 0) return;
  Found& found = found_[static_cast<size_t>(worker)];
  // The kernel writes whole vectors.
  const auto room = static_cast<size_t>(cols.count() + kernels_.doubles);
  if (found.values.size() < room) {
    found.values.resize(room);
    found.places.resize(room);
  }
  for (int64_t b = rows.from; b < rows.to; ++b) {
    const int64_t first = block.diagonal ? std::max(b + 1, cols.from) : cols.from;
    if (first >= cols.to) continue;
    // A float may round up to the threshold; and what is larger than its limit is cut to it.
    const double threshold = std::min(pairs_.threshold(), series_.limit) * (precision_ == Precision::f32 ? 1 - 1e-7 : 1);
    const double* const values = block.c + (b - block.b.from) * block.ldc + first - block.a.from;
    const int64_t count = kernels_.find_strong(values, cols.to - first, threshold, found.values.data(), found.places.data());
    for (int64_t k = 0; k < count; ++k)
      pairs_.offer({rounded(limited(found.values[static_cast<size_t>(k)], series_.limit)), static_cast<int32_t>(series_.order[b]),
                    static_cast<int32_t>(series_.order[first + found.places[static_cast<size_t>(k)]]), static_cast<int32_t>(series_.length)},
                   worker);
  }
}

void StrongestSink::pair(int64_t a, int64_t b, double value, int64_t n, int worker) {
  pairs_.offer({rounded(value), static_cast<int32_t>(std::min(a, b)), static_cast<int32_t>(std::max(a, b)), static_cast<int32_t>(n)}, worker);
}

}  // namespace corrente
