// Median, quantiles and rank of windows, over their present values.
//
// Selecting from short windows (reach up to half of order_places rows): a thread block sorts the values of a tile of
// rows once, bitonically (Batcher 1968), so that each has a place among them. A warp then walks through windows with
// the set of the places that are in the window: 64 of its bits in each lane, with the number of members in the lanes
// before. A value that comes or goes is a bit in one lane and ±1 in the lanes after it; the k-th smallest lies in the
// last lane that has at most k members before it, which is one vote.
//
//    lane        0        1        2      ...
//    members   0110…    1001…    0000…            k = 3: lane 1, its bit of rank 3 - 2
//    before      0        2        4
//
// Per window, whatever its length: about 40 instructions of a warp, and for each of the tile's values 33 comparisons of
// the sort (66 passes, two values in each): 60 ps on an H200 at 132 × 4 warp instructions a cycle. The walk is the limit,
// not the 16 bytes at 4.8 TB/s (3.3 ps).
//
// Selecting from long windows: a thread block selects from the first of some consecutive windows by radix (8 bits of
// the order-preserving keys at a time, 8 passes over the window), and follows the answer from there: a value that comes
// or goes below it or above it moves the rank of the answer, and only if the answer is no longer the one wanted is the
// window read once more, for the nearest values below and above. w values per pass, at most two passes for most windows:
// 8 w bytes from the second cache, 3 ns per value for w = 2,000, 30 for 20,000.
//
// Rank: each window's values are compared with the newest one, w comparisons; neighbouring threads read neighbouring
// values, from the first cache: 0.3 ps w per value.
#pragma once

#include "rolling_run.cuh"

namespace corrente::cuda {

constexpr int order_places = 2048;  // 64 bits in each lane
constexpr int64_t longest_placed_window = order_places / 2;
constexpr int no_place = 0xffff;
constexpr size_t order_shared_bytes = order_places * (sizeof(double) + 2 * sizeof(uint16_t));

// Where the quantile lies between the sorted values, counted from 0: (1 - part) of `low`, `part` of the next.
struct Position {
  int64_t low;
  double part;
};

__host__ __device__ inline Position quantile_position(double q, int64_t count) {
  const double position = q * static_cast<double>(count - 1), low = floor(position);
  return {static_cast<int64_t>(low), position - low};
}

__host__ __device__ inline double between(double low, double high, double part) { return part == 0 ? low : (1 - part) * low + part * high; }

// Position of the bit that has `rank` set bits below it; there are more than `rank`.
__device__ inline int nth_bit(uint64_t bits, int rank) {
  int position = 0;
#pragma unroll
  for (int width = 32; width > 0; width /= 2) {
    const auto low = static_cast<unsigned>(bits & ((uint64_t{1} << width) - 1));
    const int members = __popc(low);
    const bool above = rank >= members;
    rank -= above ? members : 0;
    position += above ? width : 0;
    bits = above ? bits >> width : low;
  }
  return position;
}

// The places in a window, as one warp holds them.
struct PlaceSet {
  uint64_t bits = 0;  // of this lane's 64 places
  int before = 0;     // members in the lanes before
  int count = 0;      // members in all

  // `change`: 1 for a place that comes, -1 for one that goes. The same place in every lane.
  __device__ void change(int place, int change) {
    if (place == no_place) return;
    const int lane = place / 64;
    if (lane == lane_index()) bits ^= uint64_t{1} << place % 64;
    if (lane < lane_index()) before += change;
    count += change;
  }

  // The place of rank k, less than count, in every lane.
  __device__ int select(int k) const {
    const int lane = __popc(vote(before <= k)) - 1;
    const int mine = lane == lane_index() ? 64 * lane + nth_bit(bits, k - before) : 0;
    return shuffle_from(mine, lane);
  }
};

// Sorts `places` keys, a power of two, ascending, and their indices with them.
__device__ inline void sort_keys(double* keys, uint16_t* indices, int places) {
  for (int run = 2; run <= places; run *= 2) {
    for (int distance = run / 2; distance > 0; distance /= 2) {
      __syncthreads();
      for (int i = static_cast<int>(threadIdx.x); i < places / 2; i += static_cast<int>(blockDim.x)) {
        const int left = i / distance * 2 * distance + i % distance, right = left + distance;
        const bool ascending = (left & run) == 0;
        if ((keys[left] > keys[right]) != ascending || keys[left] == keys[right]) continue;
        const double key = keys[left];
        keys[left] = keys[right];
        keys[right] = key;
        const uint16_t index = indices[left];
        indices[left] = indices[right];
        indices[right] = index;
      }
    }
  }
  __syncthreads();
}

// Grid: series × tiles of `tile_rows` rows. A window reaches at most `reach` rows back, and tile_rows + reach - 1 rows
// have places.
template <class Real>
__global__ void __launch_bounds__(window_threads) select_placed(WindowSpan<Real> span, WindowRows rows, double q, int64_t reach, int64_t tile_rows, int64_t tiles) {
  auto* const sorted = reinterpret_cast<double*>(dynamic_shared());
  auto* const index = reinterpret_cast<uint16_t*>(sorted + order_places);
  uint16_t* const place = index + order_places;
  const int64_t s = blockIdx.x / tiles;
  const double* const values = span.series(s);
  const int64_t first = span.from + blockIdx.x % tiles * tile_rows;
  const int64_t last = first + tile_rows < span.to ? first + tile_rows : span.to;
  const int64_t base = first - reach + 1 > 0 ? first - reach + 1 : 0;
  const int count = static_cast<int>(last - base);
  int places = 2;
  while (places < count) places *= 2;
  for (int i = static_cast<int>(threadIdx.x); i < places; i += window_threads) {
    const double value = i < count ? values[base + i] : NAN;
    sorted[i] = value == value ? value : INFINITY;  // no series holds infinite values
    index[i] = static_cast<uint16_t>(i);
  }
  sort_keys(sorted, index, places);
  for (int i = static_cast<int>(threadIdx.x); i < places; i += window_threads) place[index[i]] = static_cast<uint16_t>(sorted[i] < INFINITY ? i : no_place);
  __syncthreads();

  constexpr int warps = window_threads / warp_size;
  const int64_t each = divide_up(divide_up(last - first, warps), warp_size) * warp_size;
  const int64_t from = first + warp_index() * each, to = from + each < last ? from + each : last;
  if (from >= to) return;
  PlaceSet set;
  int64_t oldest = rows.begin(from);
  for (int64_t row = oldest; row < from; row++) set.change(place[row - base], 1);
  double mine = NAN;
  for (int64_t t = from; t < to; t++) {
    set.change(place[t - base], 1);
    for (const int64_t begin = rows.begin(t); oldest < begin; oldest++) set.change(place[oldest - base], -1);
    double result = NAN;
    if (set.count >= rows.least) {
      const Position position = quantile_position(q, set.count);
      const double low = sorted[set.select(static_cast<int>(position.low))];
      result = position.part == 0 ? low : between(low, sorted[set.select(static_cast<int>(position.low) + 1)], position.part);
    }
    const int lane = static_cast<int>(t - from) % warp_size;
    if (lane == lane_index()) mine = result;
    if (lane == warp_size - 1 || t == to - 1) {
      if (lane_index() <= lane) span.store(s, t - lane + lane_index(), mine);
    }
  }
}

// Grid: series × rows from `from` to `to`, a thread each.
template <class Real>
__global__ void __launch_bounds__(window_threads) rank_newest(WindowSpan<Real> span, WindowRows rows, int64_t series, int64_t from, int64_t to) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= series * (to - from)) return;
  const int64_t s = i / (to - from), t = from + i % (to - from);
  const double* const values = span.series(s);
  const double newest = values[t];
  int64_t less = 0, same = 0, more = 0;
  for (int64_t row = rows.begin(t); row <= t; row++) {
    less += values[row] < newest;
    same += values[row] == newest;
    more += values[row] > newest;
  }
  // Where the newest is missing it compares with nothing. Of equal values each has the mean of their ranks.
  const auto present = static_cast<double>(less + same + more);
  span.store(s, t, same > 0 && present >= rows.least ? static_cast<double>(less) + 0.5 * static_cast<double>(same + 1) : NAN);
}

constexpr int select_threads = 64;
constexpr int64_t select_rows = 64;  // consecutive windows of one thread block
constexpr int64_t most_steps = 8;    // from an answer to the next one, before it is selected anew
constexpr int digit_bits = 8, digits = 1 << digit_bits;

// How the present values of a window lie about `pivot`: `below` and `above` are the nearest on either side.
struct Survey {
  struct State {
    int64_t less, same, more;
    double below, above;
  };
  __host__ __device__ static State empty() { return {0, 0, 0, -INFINITY, INFINITY}; }
  __host__ __device__ static State merge(State left, State right) {
    return {left.less + right.less, left.same + right.same, left.more + right.more, left.below > right.below ? left.below : right.below,
            left.above < right.above ? left.above : right.above};
  }
  __host__ __device__ static void add(State& state, double x, double pivot) {
    if (x < pivot) {
      state.less++;
      if (x > state.below) state.below = x;
    } else if (x > pivot) {
      state.more++;
      if (x < state.above) state.above = x;
    } else if (x == pivot) {
      state.same++;
    }
  }
};

__device__ inline Survey::State survey(const double* values, int64_t begin, int64_t end, double pivot, Survey::State* shared) {
  auto mine = Survey::empty();
  for (int64_t row = begin + static_cast<int64_t>(threadIdx.x); row < end; row += select_threads) Survey::add(mine, values[row], pivot);
  return merge_block<Survey>(mine, shared);
}

// Bits whose order as unsigned numbers is that of the values, both zeros being one.
__device__ inline uint64_t ordered_bits(double value) {
  value += 0.0;
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (bits >> 63) != 0 ? ~bits : bits | uint64_t{1} << 63;
}

__device__ inline double value_of_bits(uint64_t bits) {
  bits = (bits >> 63) != 0 ? bits & ~(uint64_t{1} << 63) : ~bits;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

struct Tally {
  struct State {
    int64_t count;
  };
  __host__ __device__ static State empty() { return {0}; }
  __host__ __device__ static State merge(State left, State right) { return {left.count + right.count}; }
};

struct SelectShared {
  int histogram[digits];
  Segment<Tally> segments[select_threads / warp_size];
  Survey::State surveys[select_threads / warp_size];
  Tally::State tallies[select_threads / warp_size];
  int64_t rank;  // within the digit
  int digit;
};

// The value of rank k, less than the number of present ones, among rows [begin, end).
__device__ inline double radix_select(const double* values, int64_t begin, int64_t end, int64_t k, SelectShared& shared) {
  constexpr int each = digits / select_threads;
  const int thread = static_cast<int>(threadIdx.x);
  uint64_t prefix = 0;
  for (int shift = 64 - digit_bits; shift >= 0; shift -= digit_bits) {
    for (int i = 0; i < each; i++) shared.histogram[thread * each + i] = 0;
    __syncthreads();
    for (int64_t row = begin + thread; row < end; row += select_threads) {
      const double x = values[row];
      if (x != x) continue;
      const uint64_t bits = ordered_bits(x);
      // The digits above this one; a shift by 64 is not defined.
      if (shift + digit_bits < 64 && (bits ^ prefix) >> (shift + digit_bits) != 0) continue;
      atomicAdd(&shared.histogram[bits >> shift & (digits - 1)], 1);
    }
    __syncthreads();
    int64_t mine = 0;
    for (int i = 0; i < each; i++) mine += shared.histogram[thread * each + i];
    int64_t before = scan_block<Tally, true>({{mine}, 0}, {0}, shared.segments).state.count;
    if (before <= k && k < before + mine) {
      int digit = thread * each;
      while (before + shared.histogram[digit] <= k) before += shared.histogram[digit++];
      shared.digit = digit;
      shared.rank = k - before;
    }
    __syncthreads();
    prefix |= static_cast<uint64_t>(shared.digit) << shift;
    k = shared.rank;
    __syncthreads();
  }
  return value_of_bits(prefix);
}

// The value that the windows of one thread block have at a rank, followed from window to window. All threads hold the
// same.
struct Followed {
  double pivot = 0;
  Survey::State around = Survey::empty();
  bool known = false, below_known = false, above_known = false;

  __device__ void look(const double* values, int64_t begin, int64_t end, SelectShared& shared) {
    around = survey(values, begin, end, pivot, shared.surveys);
    known = below_known = above_known = true;
  }

  __device__ void come(double x) {
    if (known) Survey::add(around, x, pivot);
  }

  __device__ void go(double x) {
    if (!known) return;
    around.less -= x < pivot;
    around.same -= x == pivot;
    around.more -= x > pivot;
    if (x == around.below) below_known = false;
    if (x == around.above) above_known = false;
  }

  // Moves the pivot to the value of rank k in the window [begin, end).
  __device__ void find(const double* values, int64_t begin, int64_t end, int64_t k, SelectShared& shared) {
    for (int step = 0; known && step < most_steps; step++) {
      const bool down = k < around.less, up = k >= around.less + around.same;
      if (!down && !up) return;
      if (down ? !below_known : !above_known) look(values, begin, end, shared);
      pivot = down ? around.below : around.above;
      look(values, begin, end, shared);
    }
    pivot = radix_select(values, begin, end, k, shared);
    look(values, begin, end, shared);
  }
};

// Grid: series × tiles of select_rows rows, from `from` to `to`.
template <class Real>
__global__ void __launch_bounds__(select_threads) select_followed(WindowSpan<Real> span, WindowRows rows, double q, int64_t from, int64_t to, int64_t tiles) {
  auto& shared = *reinterpret_cast<SelectShared*>(dynamic_shared());
  const int64_t s = blockIdx.x / tiles;
  const double* const values = span.series(s);
  const int64_t first = from + blockIdx.x % tiles * select_rows, last = first + select_rows < to ? first + select_rows : to;
  int64_t oldest = rows.begin(first);
  Tally::State mine{0};
  for (int64_t row = oldest + static_cast<int64_t>(threadIdx.x); row < first; row += select_threads) mine.count += values[row] == values[row];
  int64_t present = merge_block<Tally>(mine, shared.tallies).count;
  Followed followed;
  for (int64_t t = first; t < last; t++) {
    present += values[t] == values[t];
    followed.come(values[t]);
    for (const int64_t begin = rows.begin(t); oldest < begin; oldest++) {
      present -= values[oldest] == values[oldest];
      followed.go(values[oldest]);
    }
    double result = NAN;
    if (static_cast<double>(present) >= rows.least) {
      const Position position = quantile_position(q, present);
      followed.find(values, oldest, t + 1, position.low, shared);
      const double low = followed.pivot;
      double high = low;
      if (position.part != 0 && position.low + 1 >= followed.around.less + followed.around.same) {
        if (!followed.above_known) followed.look(values, oldest, t + 1, shared);
        high = followed.around.above;
      }
      result = between(low, high, position.part);
    }
    if (threadIdx.x == 0) span.store(s, t, result);
  }
}

}  // namespace corrente::cuda
