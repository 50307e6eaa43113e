#include "spearman_ranks.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <utility>

namespace corrente {

namespace {

// Doubles in their own order as integers; both zeros are one.
uint64_t ordered(double x) {
  const auto bits = std::bit_cast<uint64_t>(x + 0.0);
  return bits ^ ((bits >> 63) != 0 ? ~uint64_t{0} : uint64_t{1} << 63);
}

constexpr int kDigit = 11;
constexpr uint64_t kBuckets = uint64_t{1} << kDigit;

// Sorts keys by their upper 32 bits, stably: three passes by digits (Knuth, The Art of Computer Programming 3, 5.2.5).
void radix_sort(std::vector<uint64_t>& keys, std::vector<uint64_t>& other, int64_t count) {
  int64_t starts[3][kBuckets] = {};
  const auto digit = [](uint64_t key, int pass) { return (key >> (32 + pass * kDigit)) & (kBuckets - 1); };
  for (int64_t i = 0; i < count; ++i)
    for (int pass = 0; pass < 3; ++pass) ++starts[pass][digit(keys[static_cast<size_t>(i)], pass)];
  for (int pass = 0; pass < 3; ++pass) {
    int64_t (&start)[kBuckets] = starts[pass];
    if (start[digit(keys[0], pass)] == count) continue;
    int64_t sum = 0;
    for (int64_t& bucket : start) sum += std::exchange(bucket, sum);
    for (int64_t i = 0; i < count; ++i) {
      const uint64_t key = keys[static_cast<size_t>(i)];
      other[static_cast<size_t>(start[digit(key, pass)]++)] = key;
    }
    keys.swap(other);
  }
}

}  // namespace

bool RankedSeries::rank(const Columns& columns, const Control& control) {
  series_ = columns.series;
  length_ = columns.length;
  const auto cells = static_cast<size_t>(series_ * length_);
  ranks_ = Block(std::max<size_t>(1, cells) * sizeof(double));
  present_.assign(static_cast<size_t>(series_), 0);
  tied_.assign(static_cast<size_t>(series_), 0);
  const bool keep_order = has_gaps(columns, control);
  if (keep_order) {
    order_ = Block(cells * sizeof(int32_t));
    mask_ = Block(cells);
  }
  std::vector<Scratch> scratch(static_cast<size_t>(thread_pool().threads()));
  thread_pool().parallel_for(series_, 1, control, [&](int64_t begin, int64_t end, int worker) {
    for (int64_t s = begin; s < end; ++s) rank_series(columns, s, keep_order, scratch[static_cast<size_t>(worker)]);
    control.done->fetch_add(end - begin, std::memory_order_relaxed);
  });
  return !control.cancelled();
}

bool RankedSeries::has_gaps(const Columns& columns, const Control& control) const {
  std::atomic<bool> found = false;
  thread_pool().parallel_for(series_, 1, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t s = begin; s < end && !found.load(std::memory_order_relaxed); ++s) {
      int64_t missing = 0;
      for (int64_t t = 0; t < length_; ++t) missing += columns.row(s)[t] != columns.row(s)[t];
      if (missing > 0) found.store(true, std::memory_order_relaxed);
    }
  });
  return found;
}

// Keys of 32 bits, the highest in which the values of the series differ, sort them up to those whose keys are alike;
// their runs are sorted by value.
void RankedSeries::rank_series(const Columns& columns, int64_t s, bool keep_order, Scratch& scratch) {
  const double* const x = columns.row(s);
  double* const ranks = ranks_.as<double>() + s * length_;
  scratch.keys.resize(static_cast<size_t>(length_));
  scratch.other.resize(static_cast<size_t>(length_));
  uint64_t least = ~uint64_t{0}, most = 0;
  for (int64_t t = 0; t < length_; ++t) {
    if (std::isnan(x[t])) continue;
    least = std::min(least, ordered(x[t]));
    most = std::max(most, ordered(x[t]));
  }
  const int shift = least < most ? std::max(0, 32 - std::countl_zero(most - least)) : 0;
  int64_t count = 0;
  for (int64_t t = 0; t < length_; ++t) {
    const bool here = !std::isnan(x[t]);
    if (keep_order) mask_.as<uint8_t>()[s * length_ + t] = here;
    ranks[t] = std::nan("");
    if (here) scratch.keys[static_cast<size_t>(count++)] = ((ordered(x[t]) - least) >> shift) << 32 | static_cast<uint64_t>(t);
  }
  present_[static_cast<size_t>(s)] = count;
  if (count == 0) return;
  radix_sort(scratch.keys, scratch.other, count);

  const auto row = [&](int64_t i) { return static_cast<int64_t>(scratch.keys[static_cast<size_t>(i)] & 0xffffffff); };
  const auto key = [&](int64_t i) { return scratch.keys[static_cast<size_t>(i)] >> 32; };
  for (int64_t from = 0; from < count;) {
    int64_t to = from + 1;
    while (to < count && key(to) == key(from)) ++to;
    if (to - from > 1 && shift > 0)
      std::sort(scratch.keys.begin() + from, scratch.keys.begin() + to, [&](uint64_t p, uint64_t q) {
        const auto of_p = p & 0xffffffff, of_q = q & 0xffffffff;
        return x[of_p] != x[of_q] ? x[of_p] < x[of_q] : of_p < of_q;
      });
    from = to;
  }
  bool tied = false;
  for (int64_t from = 0; from < count;) {
    int64_t to = from + 1;
    while (to < count && x[row(to)] == x[row(from)]) ++to;
    tied = tied || to - from > 1;
    for (int64_t i = from; i < to; ++i) ranks[row(i)] = 0.5 * static_cast<double>(from + to + 1);
    from = to;
  }
  tied_[static_cast<size_t>(s)] = tied;
  if (keep_order)
    for (int64_t i = 0; i < count; ++i) order_.as<int32_t>()[s * length_ + i] = static_cast<int32_t>(row(i));
}

void RankedSeries::drop() {
  ranks_ = Block();
  order_ = Block();
  mask_ = Block();
}

}  // namespace corrente
