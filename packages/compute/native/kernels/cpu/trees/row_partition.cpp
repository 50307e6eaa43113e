#include "row_partition.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace corrente {

namespace {

constexpr int64_t kChunk = 16384;

}  // namespace

void RowPartition::reset() { std::iota(rows_.begin(), rows_.end(), 0); }

int64_t RowPartition::split(int64_t from, int64_t to, const uint8_t* codes, const uint8_t* left, Crew& crew) {
  if (to - from > 4 * kChunk) return split_by_chunks(from, to, codes, left, crew);
  // Both places are written, and one of the two counts.
  int32_t* stay = rows_.data() + from;
  int32_t* move = scratch_.data();
  for (int64_t i = from; i < to; ++i) {
    const int32_t row = rows_[static_cast<size_t>(i)];
    const int64_t goes_left = left[codes[row]];
    *stay = row;
    *move = row;
    stay += goes_left;
    move += 1 - goes_left;
  }
  std::copy(scratch_.data(), move, stay);
  return stay - rows_.data();
}

int64_t RowPartition::split_by_chunks(int64_t from, int64_t to, const uint8_t* codes, const uint8_t* left, Crew& crew) {
  const int64_t chunks = (to - from + kChunk - 1) / kChunk;
  // Of each chunk how many go left; then how many of those before it do.
  std::vector<int64_t> lefts(static_cast<size_t>(chunks));
  const auto end_of = [&](int64_t chunk) { return std::min(to, from + (chunk + 1) * kChunk); };
  crew.run(chunks, [&](int64_t chunk, int) {
    int64_t count = 0;
    for (int64_t i = from + chunk * kChunk; i < end_of(chunk); ++i) count += left[codes[rows_[static_cast<size_t>(i)]]];
    lefts[static_cast<size_t>(chunk)] = count;
  });
  int64_t all = 0;
  for (int64_t& count : lefts) all += std::exchange(count, all);
  crew.run(chunks, [&](int64_t chunk, int) {
    int32_t* to_left = scratch_.data() + from + lefts[static_cast<size_t>(chunk)];
    int32_t* to_right = scratch_.data() + from + all + chunk * kChunk - lefts[static_cast<size_t>(chunk)];
    for (int64_t i = from + chunk * kChunk; i < end_of(chunk); ++i) {
      const int32_t row = rows_[static_cast<size_t>(i)];
      *(left[codes[row]] != 0 ? to_left++ : to_right++) = row;
    }
  });
  crew.run(chunks, [&](int64_t chunk, int) {
    std::copy(scratch_.data() + from + chunk * kChunk, scratch_.data() + end_of(chunk), rows_.data() + from + chunk * kChunk);
  });
  return from + all;
}

}  // namespace corrente
