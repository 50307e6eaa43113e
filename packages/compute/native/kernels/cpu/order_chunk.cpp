#include "order_chunk.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace corrente {

namespace {

constexpr int kDigit = 11;
// Fewer entries are not worth the tables of digits.
constexpr size_t kFew = 400;

// Both zeros have one key.
uint64_t key_of(double x) {
  const auto bits = std::bit_cast<uint64_t>(x + 0.0);
  return bits >> 63 != 0 ? ~bits : bits | uint64_t{1} << 63;
}
double value_of(uint64_t key) {
  return std::bit_cast<double>(key >> 63 != 0 ? key ^ uint64_t{1} << 63 : ~key);
}

}  // namespace

bool OrderChunk::sort(const double* x, int64_t first, int64_t last, bool ranks, const Control& control) {
  first_ = first;
  entries_.clear();
  for (int64_t row = first; row < last; ++row)
    if (!std::isnan(x[row])) entries_.push_back({key_of(x[row]), static_cast<int32_t>(row - first)});
  if (!sort_entries(control)) return false;

  place_.assign(static_cast<size_t>(last - first), -1);
  value_.resize(entries_.size());
  for (size_t i = 0; i < entries_.size(); ++i) {
    place_[static_cast<size_t>(entries_[i].row)] = static_cast<int32_t>(i);
    value_[i] = value_of(entries_[i].key);
  }
  if (ranks) find_runs();
  tree_.assign(ranks ? entries_.size() / kPlaceBlock + 2 : 0, 0);
  bits_.assign(entries_.size() / 64 + 1, 0);
  summary_.assign(bits_.size() / 64 + 1, 0);
  return !control.cancelled();
}

OrderPlaces OrderChunk::places(const Spans& spans) {
  OrderPlaces p{};
  p.spans = spans;
  p.first = p.head = p.tail = first_;
  p.place = place_.data();
  p.value = value_.data();
  p.run_first = run_first_.data();
  p.run_end = run_end_.data();
  p.bits = bits_.data();
  p.summary = summary_.data();
  p.tree = tree_.data();
  p.blocks = static_cast<int64_t>(tree_.size()) - 1;
  return p;
}

// By the leading 33 bits of those that differ, from the last digit to the first, and then by exchanging neighbours:
// that is half the passes of a sort by all digits, and values are seldom equal in so many bits. Where they are, all
// digits are sorted by.
bool OrderChunk::sort_entries(const Control& control) {
  if (entries_.size() < kFew) {
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return a.key != b.key ? a.key < b.key : a.row < b.row; });
    return true;
  }
  uint64_t differing = 0;
  for (const Entry& entry : entries_) differing |= entry.key ^ entries_.front().key;
  const int top = std::bit_width(differing), leading = std::max(0, top - 3 * kDigit);
  if (!sort_digits(differing, leading, top, control)) return false;
  return leading == 0 || insert_neighbours() || sort_digits(differing, 0, top, control);
}

// Bits [from, to), least significant digit first.
bool OrderChunk::sort_digits(uint64_t differing, int from, int to, const Control& control) {
  spare_.resize(entries_.size());
  for (int low = from; low < to; low += kDigit) {
    const uint64_t mask = (uint64_t{1} << std::min(kDigit, to - low)) - 1;
    if ((differing >> low & mask) == 0) continue;
    if (control.cancelled()) return false;
    size_t start[1 << kDigit] = {};
    for (const Entry& entry : entries_) ++start[entry.key >> low & mask];
    size_t sum = 0;
    for (size_t& count : start) sum += std::exchange(count, sum);
    for (const Entry& entry : entries_) spare_[start[entry.key >> low & mask]++] = entry;
    entries_.swap(spare_);
  }
  return true;
}

// Insertion sort; gives up, entries being in any order, where they move far.
bool OrderChunk::insert_neighbours() {
  size_t left = 2 * entries_.size();
  for (size_t i = 1; i < entries_.size(); ++i) {
    if (entries_[i - 1].key <= entries_[i].key) continue;
    const Entry entry = entries_[i];
    size_t j = i;
    for (; j > 0 && entries_[j - 1].key > entry.key; --j) {
      entries_[j] = entries_[j - 1];
      if (--left == 0) {
        entries_[j - 1] = entry;
        return false;
      }
    }
    entries_[j] = entry;
  }
  return true;
}

void OrderChunk::find_runs() {
  run_first_.resize(value_.size());
  run_end_.resize(value_.size());
  for (size_t first = 0; first < value_.size();) {
    size_t end = first + 1;
    while (end < value_.size() && value_[end] == value_[first]) ++end;
    std::fill(run_first_.begin() + static_cast<int64_t>(first), run_first_.begin() + static_cast<int64_t>(end), static_cast<int32_t>(first));
    std::fill(run_end_.begin() + static_cast<int64_t>(first), run_end_.begin() + static_cast<int64_t>(end), static_cast<int32_t>(end));
    first = end;
  }
}

}  // namespace corrente
