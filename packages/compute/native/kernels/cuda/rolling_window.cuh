// Rolling statistics of a window w, by blocks of w values (van Herk 1992; Gil and Werman 1993).
//
// Time is cut into blocks of w values, at multiples of w. A window that ends at t covers the end of one block and the
// beginning of the next:
//
//        block b - 1          block b
//    |---------[=========|=======]---------|
//              suffix      prefix  ^ t
//
// so its state is merge(suffix of b - 1 from t - w + 1, prefix of b up to t). Prefixes and suffixes of all places are
// two scans; no value is ever taken out of a sum.
//
// Work and bytes, per value: about 4 merges in each scan and one to join them, whatever w; 8 bytes read and 8 written
// (4 under f32). On an H200 16 bytes at 4.8 TB/s are 3.3 ps per value. Values that come over the bus at 50 GB/s take
// 160 ps each way: the launcher's task is to keep the bus busy, the kernels' not to be in its way.
//
// short windows  one thread block scans as many whole blocks of w values as fit, and the one before them.
// long windows   a block of w values is cut into pieces. (1) each piece is merged to one state; (2) those are scanned
//                within each block of w values; (3) each piece is scanned with what (2) says comes before and after it.
//                Reads the values three times.
#pragma once

#include "block.cuh"
#include "windows.cuh"

namespace corrente::cuda {

constexpr int window_threads = 256;

template <class Statistic>
constexpr int window_items = window_threads * Statistic::values_per_thread;  // that one thread block scans at once

template <class Statistic>
constexpr bool is_short_window(int64_t window) {
  return window <= window_items<Statistic> / 2;
}

// The rows of the block of columns that one launch makes, and where it puts them: value t of series s at
// out[s * (to - from) + t - from]. `only_missing`: of the results, those that are missing, over what stands there.
template <class Real>
struct WindowSpan {
  const double* values;
  int64_t length, from, to;
  Real* out;
  bool only_missing = false;

  __host__ __device__ const double* series(int64_t s) const { return values + s * length; }
  __host__ __device__ void store(int64_t s, int64_t t, double value) const {
    if (t >= from && t < to && (!only_missing || value != value)) out[s * (to - from) + t - from] = static_cast<Real>(value);
  }
};

// Shared memory of one thread block: the values, the suffix states, a segment per warp for the scans.
template <class Statistic>
struct WindowShared {
  double* values;
  typename Statistic::State* suffixes;
  Segment<Statistic>* segments;

  static constexpr size_t bytes = window_items<Statistic> * (sizeof(double) + sizeof(typename Statistic::State)) +
                                  window_threads / warp_size * sizeof(Segment<Statistic>);

  __device__ WindowShared()
      : values(reinterpret_cast<double*>(dynamic_shared())),
        suffixes(reinterpret_cast<typename Statistic::State*>(values + window_items<Statistic>)),
        segments(reinterpret_cast<Segment<Statistic>*>(suffixes + window_items<Statistic>)) {}
};

// The state of values[0 … i] for each of this thread's places i, which are values_per_thread neighbours; from the last
// multiple of `block` on only. `before` comes before all of them. Places from `count` on hold nothing.
template <class Statistic>
__device__ void scan_prefixes(const double* values, int count, int block, typename Statistic::State before, Segment<Statistic>* shared,
                              typename Statistic::State (&states)[Statistic::values_per_thread]) {
  constexpr int each = Statistic::values_per_thread;
  const int first = static_cast<int>(threadIdx.x) * each;
  bool cut[each];
  Segment<Statistic> mine{Statistic::empty(), 0};
  int offset = first % block;
#pragma unroll
  for (int v = 0; v < each; v++) {
    const int i = first + v;
    const auto value = i < count ? Statistic::of(values[i]) : Statistic::empty();
    mine = join<Statistic, true>(mine, {value, offset == 0 && i > 0});
    states[v] = mine.state;
    cut[v] = mine.head;
    offset = offset + 1 == block ? 0 : offset + 1;
  }
  const auto carry = scan_block<Statistic, true>(mine, before, shared);
#pragma unroll
  for (int v = 0; v < each; v++) {
    if (!cut[v]) states[v] = Statistic::merge(carry.state, states[v]);
  }
}

// suffixes[i] = the state of values[i …], up to the next multiple of `block` only. `after` comes after all of them.
template <class Statistic>
__device__ void scan_suffixes(const double* values, int count, int block, typename Statistic::State after, Segment<Statistic>* shared,
                              typename Statistic::State* suffixes) {
  constexpr int each = Statistic::values_per_thread;
  const int first = static_cast<int>(threadIdx.x) * each;
  typename Statistic::State states[each];
  bool cut[each];
  Segment<Statistic> mine{Statistic::empty(), 0};
  int offset = (first + each - 1) % block;
#pragma unroll
  for (int v = each - 1; v >= 0; v--) {
    const int i = first + v;
    const auto value = i < count ? Statistic::of(values[i]) : Statistic::empty();
    mine = join<Statistic, false>(mine, {value, offset == block - 1 && i < count - 1});
    states[v] = mine.state;
    cut[v] = mine.head;
    offset = offset == 0 ? block - 1 : offset - 1;
  }
  const auto carry = scan_block<Statistic, false>(mine, after, shared);
#pragma unroll
  for (int v = 0; v < each; v++) {
    suffixes[first + v] = cut[v] ? states[v] : Statistic::merge(states[v], carry.state);
  }
}

// Blocks of w values that one thread block makes the windows of.
template <class Statistic>
__host__ __device__ int64_t short_window_blocks(int64_t window) {
  return window_items<Statistic> / window - 1;
}

// Grid: series × tiles, a tile being short_window_blocks() blocks of w values, from `first_tile` on.
template <class Statistic, class Real>
__global__ void __launch_bounds__(window_threads) short_windows(WindowSpan<Real> span, int64_t window, int64_t ddof, int64_t first_tile, int64_t tiles) {
  constexpr int each = Statistic::values_per_thread;
  const WindowShared<Statistic> shared;
  const int64_t s = blockIdx.x / tiles;
  const int64_t tile = first_tile + blockIdx.x % tiles;
  const int64_t blocks = short_window_blocks<Statistic>(window);
  const int block = static_cast<int>(window);
  const int count = static_cast<int>((blocks + 1) * window);
  const int64_t start = (tile * blocks - 1) * window;  // the row of place 0
  const double* values = span.series(s);
  for (int i = static_cast<int>(threadIdx.x); i < count; i += window_threads) {
    const int64_t t = start + i;
    shared.values[i] = t >= 0 && t < span.to ? values[t] : 0;
  }
  __syncthreads();
  typename Statistic::State prefixes[each];
  scan_prefixes<Statistic>(shared.values, count, block, Statistic::empty(), shared.segments, prefixes);
  scan_suffixes<Statistic>(shared.values, count, block, Statistic::empty(), shared.segments, shared.suffixes);
  __syncthreads();
  // The values are done with: their place takes the results, so that neighbours store neighbours.
  const int first = static_cast<int>(threadIdx.x) * each;
  int offset = first % block;
#pragma unroll
  for (int v = 0; v < each; v++) {
    const int i = first + v;
    const bool whole = offset == block - 1;  // the window is a block of w values
    const auto state = whole || i < block ? prefixes[v] : Statistic::merge(shared.suffixes[i - block + 1], prefixes[v]);
    shared.values[i] = Statistic::result(state, static_cast<double>(window), shared.values[i], static_cast<double>(ddof));
    offset = whole ? 0 : offset + 1;
  }
  __syncthreads();
  for (int i = block + static_cast<int>(threadIdx.x); i < count; i += window_threads) {
    const int64_t t = start + i;
    span.store(s, t, t < window - 1 ? NAN : shared.values[i]);
  }
}

// How a series is cut for a long window: into blocks of w values, and those into pieces.
template <class Statistic>
struct LongWindow {
  int64_t window, length;

  static constexpr int piece = window_items<Statistic>;
  __host__ __device__ int64_t pieces_per_block() const { return divide_up(window, piece); }
  __host__ __device__ int64_t blocks() const { return divide_up(length, window); }
  __host__ __device__ int64_t pieces() const { return blocks() * pieces_per_block(); }
  __host__ __device__ int64_t start(int64_t p) const { return p / pieces_per_block() * window + p % pieces_per_block() * piece; }
  // Values of the piece; 0 beyond the end of the series.
  __host__ __device__ int count(int64_t p) const {
    const int64_t block_end = (p / pieces_per_block() + 1) * window;
    const int64_t end = min64(start(p) + piece, min64(block_end, length));
    return static_cast<int>(end > start(p) ? end - start(p) : 0);
  }
  __host__ __device__ static int64_t min64(int64_t a, int64_t b) { return a < b ? a : b; }
};

// (1) Grid: series × pieces.
template <class Statistic>
__global__ void __launch_bounds__(window_threads) merge_pieces(const double* values, LongWindow<Statistic> cut, typename Statistic::State* pieces) {
  constexpr int each = Statistic::values_per_thread;
  const WindowShared<Statistic> shared;
  const int64_t s = blockIdx.x / cut.pieces(), p = blockIdx.x % cut.pieces();
  const double* from = values + s * cut.length + cut.start(p);
  const int count = cut.count(p);
  for (int i = static_cast<int>(threadIdx.x); i < count; i += window_threads) shared.values[i] = from[i];
  __syncthreads();
  auto mine = Statistic::empty();
  for (int v = 0; v < each; v++) {
    const int i = static_cast<int>(threadIdx.x) * each + v;
    if (i < count) mine = Statistic::merge(mine, Statistic::of(shared.values[i]));
  }
  mine = merge_block<Statistic>(mine, shared.suffixes);
  if (threadIdx.x == 0) pieces[blockIdx.x] = mine;
}

// (2) Grid: series × blocks of w values. before[p] and after[p]: the states of the pieces of p's block before and after
// it.
template <class Statistic>
__global__ void __launch_bounds__(window_threads) scan_pieces(LongWindow<Statistic> cut, const typename Statistic::State* pieces,
                                                             typename Statistic::State* before, typename Statistic::State* after) {
  using State = typename Statistic::State;
  auto* segments = reinterpret_cast<Segment<Statistic>*>(dynamic_shared());
  auto* merged = reinterpret_cast<State*>(segments + window_threads / warp_size);
  const int64_t count = cut.pieces_per_block(), first = blockIdx.x * count;
  const int thread = static_cast<int>(threadIdx.x);
  const auto piece_at = [&](int64_t i) { return i >= 0 && i < count ? pieces[first + i] : Statistic::empty(); };
  State carry = Statistic::empty();
  for (int64_t base = 0; base < count; base += window_threads) {
    const State mine = piece_at(base + thread);
    const auto earlier = scan_block<Statistic, true>({mine, 0}, carry, segments);
    if (base + thread < count) before[first + base + thread] = earlier.state;
    carry = Statistic::merge(carry, merge_block<Statistic>(mine, merged));
  }
  carry = Statistic::empty();
  for (int64_t base = (divide_up(count, window_threads) - 1) * window_threads; base >= 0; base -= window_threads) {
    const State mine = piece_at(base + thread);
    const auto later = scan_block<Statistic, false>({mine, 0}, carry, segments);
    if (base + thread < count) after[first + base + thread] = later.state;
    carry = Statistic::merge(merge_block<Statistic>(mine, merged), carry);
  }
}

// (3) Grid: series × pieces. A piece's windows begin within the same piece of the block before, one place later.
template <class Statistic, class Real>
__global__ void __launch_bounds__(window_threads) long_windows(WindowSpan<Real> span, LongWindow<Statistic> cut, int64_t ddof,
                                                              const typename Statistic::State* before, const typename Statistic::State* after) {
  using State = typename Statistic::State;
  constexpr int each = Statistic::values_per_thread;
  constexpr int uncut = LongWindow<Statistic>::piece + 1;
  const WindowShared<Statistic> shared;
  const int64_t s = blockIdx.x / cut.pieces(), p = blockIdx.x % cut.pieces();
  const int64_t left = p - cut.pieces_per_block();
  const double* values = span.series(s);
  const int count = cut.count(p), left_count = left >= 0 ? cut.count(left) : 0;
  if (count == 0) return;
  for (int i = static_cast<int>(threadIdx.x); i < left_count; i += window_threads) shared.values[i] = values[cut.start(left) + i];
  __syncthreads();
  const State after_left = left >= 0 ? after[s * cut.pieces() + left] : Statistic::empty();
  scan_suffixes<Statistic>(shared.values, left_count, uncut, after_left, shared.segments, shared.suffixes);
  __syncthreads();
  for (int i = static_cast<int>(threadIdx.x); i < count; i += window_threads) shared.values[i] = values[cut.start(p) + i];
  __syncthreads();
  State prefixes[each];
  scan_prefixes<Statistic>(shared.values, count, uncut, before[s * cut.pieces() + p], shared.segments, prefixes);
#pragma unroll
  for (int v = 0; v < each; v++) {
    const int i = static_cast<int>(threadIdx.x) * each + v;
    const State begin = i + 1 < left_count ? shared.suffixes[i + 1] : after_left;
    shared.values[i] = Statistic::result(Statistic::merge(begin, prefixes[v]), static_cast<double>(cut.window), shared.values[i], static_cast<double>(ddof));
  }
  __syncthreads();
  for (int i = static_cast<int>(threadIdx.x); i < count; i += window_threads) {
    const int64_t t = cut.start(p) + i;
    span.store(s, t, t < cut.window - 1 ? NAN : shared.values[i]);
  }
}

}  // namespace corrente::cuda
