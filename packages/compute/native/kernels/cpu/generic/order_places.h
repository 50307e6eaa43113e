// Order statistics of windows of any length, over values that were sorted before.
//
// Each row of a chunk has a place, its rank among the present values of the chunk, and the window is a set of places: a
// bitmap, with a bitmap of the words that are not empty above it. A row enters or leaves by one bit. The quantile follows
// a cursor: the place at which it stands and the number of places below that are taken. What enters or leaves moves it by
// a place or two, and the next taken place is mostly in the same word. The rank of the newest needs the number of taken
// places below a place: those of blocks of 512 are kept in a Fenwick tree, and the rest is counted in the words.
//
// No row's result depends on how the rows are cut into chunks: places only stand for the order of the values.
#pragma once

#include "order_between.h"

namespace corrente::ISA {

namespace {

class Places {
 public:
  explicit Places(OrderPlaces& p) : p_(p) {}

  void set(int64_t place) {
    p_.bits[place >> 6] |= uint64_t{1} << (place & 63);
    p_.summary[place >> 12] |= uint64_t{1} << (place >> 6 & 63);
    ++p_.present;
  }
  void clear(int64_t place) {
    if ((p_.bits[place >> 6] &= ~(uint64_t{1} << (place & 63))) == 0)
      p_.summary[place >> 12] &= ~(uint64_t{1} << (place >> 6 & 63));
    --p_.present;
  }

  // The first taken place at or after `place`; there must be one.
  int64_t next(int64_t place) const {
    int64_t word = place >> 6;
    uint64_t bits = p_.bits[word] & ~uint64_t{0} << (place & 63);
    if (bits == 0) {
      ++word;
      int64_t group = word >> 6;
      uint64_t words = p_.summary[group] & ~uint64_t{0} << (word & 63);
      while (words == 0) words = p_.summary[++group];
      word = group << 6 | __builtin_ctzll(words);
      bits = p_.bits[word];
    }
    return word << 6 | __builtin_ctzll(bits);
  }
  // The last taken place before `place`; there must be one.
  int64_t previous(int64_t place) const {
    int64_t word = place >> 6;
    uint64_t bits = p_.bits[word] & ((uint64_t{1} << (place & 63)) - 1);
    if (bits == 0) {
      int64_t group = word >> 6;
      uint64_t words = p_.summary[group] & ((uint64_t{1} << (word & 63)) - 1);
      while (words == 0) words = p_.summary[--group];
      word = group << 6 | (63 - __builtin_clzll(words));
      bits = p_.bits[word];
    }
    return word << 6 | (63 - __builtin_clzll(bits));
  }

  // Moves the cursor to the taken place with k others below it.
  void seek(int64_t k) {
    if (p_.below > k) {
      for (; p_.below > k; --p_.below) p_.cursor = previous(p_.cursor);
      return;
    }
    p_.cursor = next(p_.cursor);
    for (; p_.below < k; ++p_.below) p_.cursor = next(p_.cursor + 1);
  }

  void add_to_tree(int64_t place, int32_t change) {
    for (int64_t i = place / kPlaceBlock + 1; i <= p_.blocks; i += i & -i) p_.tree[i] += change;
  }
  int64_t taken_before(int64_t place) const {
    int64_t count = 0;
    for (int64_t i = place / kPlaceBlock; i > 0; i &= i - 1) count += p_.tree[i];
    int64_t word = place / kPlaceBlock * (kPlaceBlock / 64);
    for (; word < place >> 6; ++word) count += __builtin_popcountll(p_.bits[word]);
    return count + ((place & 63) == 0 ? 0 : __builtin_popcountll(p_.bits[word] & ((uint64_t{1} << (place & 63)) - 1)));
  }

 private:
  OrderPlaces& p_;
};

// Calls in(place) for the row that enters and out(place) for each that leaves, and stores result(place of the newest)
// where the window holds enough.
template <class Out, class In, class Leave, class Result>
inline void order_windows(OrderPlaces& p, int64_t from, int64_t to, Out* out, In&& in, Leave&& leave, Result&& result) {
  const Spans spans = p.spans;
  const int64_t least = spans.min_periods < 1 ? 1 : spans.min_periods;
  for (int64_t t = from; t < to; ++t) {
    for (; p.tail <= t; ++p.tail)
      if (const int32_t place = p.place[p.tail - p.first]; place >= 0) in(place);
    const int64_t begin = spans.begin(t);
    for (; p.head < begin; ++p.head)
      if (const int32_t place = p.place[p.head - p.first]; place >= 0) leave(place);
    out[t] = p.present < least ? static_cast<Out>(kNaN) : static_cast<Out>(result(p.place[t - p.first]));
  }
}

template <class Out>
void order_quantile_places(OrderPlaces& p, int64_t from, int64_t to, double q, Out* out) {
  Places places(p);
  const auto in = [&](int32_t place) {
    places.set(place);
    p.below += place < p.cursor;
  };
  const auto leave = [&](int32_t place) {
    places.clear(place);
    p.below -= place < p.cursor;
  };
  order_windows(p, from, to, out, in, leave, [&](int32_t) {
    const QuantilePosition position(q, p.present);
    places.seek(position.whole);
    const double low = p.value[p.cursor];
    if (position.part == 0) return low;
    return between(low, p.value[places.next(p.cursor + 1)], position.part >= 0.5, position.part, 1 - position.part);
  });
}

template <class Out>
void order_rank_places(OrderPlaces& p, int64_t from, int64_t to, double, Out* out) {
  Places places(p);
  const auto in = [&](int32_t place) {
    places.set(place);
    places.add_to_tree(place, 1);
  };
  const auto leave = [&](int32_t place) {
    places.clear(place);
    places.add_to_tree(place, -1);
  };
  order_windows(p, from, to, out, in, leave, [&](int32_t place) {
    if (place < 0) return kNaN;
    const int64_t first = p.run_first[place], end = p.run_end[place];
    const int64_t lower = places.taken_before(first);
    const int64_t same = end - first == 1 ? 1 : places.taken_before(end) - lower;
    return static_cast<double>(lower) + 0.5 * static_cast<double>(same + 1);
  });
}

}  // namespace

}  // namespace corrente::ISA
