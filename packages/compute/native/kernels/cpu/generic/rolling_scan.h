// Rolling statistics by block scans, for windows longer than a few vectors.
//
// The series is cut into blocks of one window each. A window that ends at row j of a block is the rest of the block
// before, from j + 1 on, and this block up to j: one value of a suffix scan and one of a prefix scan. Each costs a few
// operations per value whatever the window, and nothing outside a window takes part in it: a huge or missing value
// spoils exactly the windows that hold it, and nothing is ever subtracted from a running sum.
// After van Herk, Pattern Recognition Letters 13 (1992), and Gil and Werman, IEEE PAMI 15 (1993), who did it for
// minima; it serves any associative operation.
//
// Scans run within vectors by doubling steps, with a carry from vector to vector. Suffixes are read in vectors aligned
// to the end of a block, prefixes in vectors aligned to its beginning; lanes that fall outside the block hold garbage
// that no wanted lane sees.
#pragma once

#include "scan.h"

namespace corrente::ISA {

namespace {

// A kind has suffix(): scans the block that begins at x + begin into the scratch; no_suffix(): the same for a block
// before the first row; begin(): starts a block; next(v, j): the result for the windows that end at rows j, j + 1, …
// of the block, whose values are v, called in order.

struct ScanMean {
  ScanMean(int64_t window, int64_t, double* scratch)
      : window_(window), tail_(scratch + F64::lanes), divisor_(static_cast<double>(window)) {
    fill_lanes(tail_ + window, 0);
  }

  static constexpr double kFill = 0;

  void no_suffix() { fill(tail_, window_, kNaN); }
  void suffix(const double* x, int64_t begin) {
    F64 carry = F64::zero();
    for_suffix(x, begin, window_, kFill, [&](F64 v, int64_t i) {
      const F64 s = scan_down<Plus>(v);
      (s + carry).store(tail_ + i);
      carry = carry + broadcast_first(s);
    });
  }
  void begin(const double*, int64_t) { carry_ = F64::zero(); }
  F64 next(F64 v, int64_t j) {
    const F64 s = scan_up<Plus>(v);
    const F64 total = F64::load(tail_ + j + 1) + (s + carry_);
    carry_ = carry_ + broadcast_last(s);
    return total / divisor_;
  }

 private:
  const int64_t window_;
  double* const tail_;
  const Divisor divisor_;
  F64 carry_;
};

// Minimum and maximum choose between numbers, and a choice forgets NaN. As no series holds infinite values, the worst
// infinity stands for a missing value inside, and is turned back at the end.
template <class Choice>
struct ScanExtreme {
  ScanExtreme(int64_t window, int64_t, double* scratch) : window_(window), tail_(scratch + F64::lanes) {
    fill_lanes(tail_ + window, Choice::kIdentity);
  }

  static constexpr double kFill = Choice::kIdentity;

  void no_suffix() { fill(tail_, window_, -Choice::kIdentity); }
  void suffix(const double* x, int64_t begin) {
    F64 carry = F64::broadcast(Choice::kIdentity);
    for_suffix(x, begin, window_, kFill, [&](F64 v, int64_t i) {
      const F64 s = scan_down<Choice>(mark(v));
      Choice::apply(s, carry).store(tail_ + i);
      carry = Choice::apply(carry, broadcast_first(s));
    });
  }
  void begin(const double*, int64_t) { carry_ = F64::broadcast(Choice::kIdentity); }
  F64 next(F64 v, int64_t j) {
    const F64 s = scan_up<Choice>(mark(v));
    const F64 best = Choice::apply(F64::load(tail_ + j + 1), Choice::apply(s, carry_));
    carry_ = Choice::apply(carry_, broadcast_last(s));
    return select(equal(best, missing()), F64::broadcast(kNaN), best);
  }

 private:
  static F64 missing() { return F64::broadcast(-Choice::kIdentity); }
  static F64 mark(F64 v) { return select(is_nan(v), missing(), v); }

  const int64_t window_;
  double* const tail_;
  F64 carry_;
};

// Sum of (position in the window) times value. In the prefix, value i of the block up to j weighs
// window - j + i = (window - 1 - j) + (i + 1): the plain sum, and the sum weighted from the block's beginning. In the
// suffix, value i weighs i - j: the sum of all suffix sums from j + 1 on. Every term is added, none taken away.
struct ScanWeighted {
  ScanWeighted(int64_t window, int64_t, double* scratch)
      : window_(window),
        tail_(scratch + F64::lanes),
        divisor_(0.5 * static_cast<double>(window) * (static_cast<double>(window) + 1)) {
    fill_lanes(tail_ + window, 0);
  }

  static constexpr double kFill = 0;

  void no_suffix() { fill(tail_, window_, kNaN); }
  void suffix(const double* x, int64_t begin) {
    F64 carry = F64::zero(), weighted = F64::zero();
    for_suffix(x, begin, window_, kFill, [&](F64 v, int64_t i) {
      const F64 local = scan_down<Plus>(v);
      const F64 s = scan_down<Plus>(local + carry);
      (s + weighted).store(tail_ + i);
      carry = carry + broadcast_first(local);
      weighted = weighted + broadcast_first(s);
    });
  }
  void begin(const double*, int64_t) { carry_ = weighted_ = F64::zero(); }
  F64 next(F64 v, int64_t j) {
    const F64 position = F64::broadcast(static_cast<double>(j)) + F64::iota();
    const F64 after = F64::broadcast(static_cast<double>(window_ - 1)) - position;
    const F64 s = scan_up<Plus>(v);
    const F64 w = scan_up<Plus>(v * (position + F64::broadcast(1)));
    const F64 total = fma(after, s + carry_, w + weighted_) + F64::load(tail_ + j + 1);
    carry_ = carry_ + broadcast_last(s);
    weighted_ = weighted_ + broadcast_last(w);
    return total / divisor_;
  }

 private:
  const int64_t window_;
  double* const tail_;
  const Divisor divisor_;
  F64 carry_, weighted_;
};

// Standard deviation. Each half keeps the mean and the sum of squares M2 about an origin of its own: the last value of
// the block for suffixes, the first for prefixes. The origin is one of the values that are summed, so
// n (origin - mean)² is at most n M2, and no digits are lost that the values themselves have. The halves merge by
// Chan, Golub and LeVeque (1983): M2 = M2a + M2b + d² na nb / n, a sum of squares. A constant window gives exactly 0.
struct ScanDeviation {
  ScanDeviation(int64_t window, int64_t ddof, double* scratch)
      : window_(window),
        mean_(scratch + F64::lanes),
        squares_(mean_ + window + 2 * F64::lanes),
        inverse_up_(squares_ + window + 2 * F64::lanes),
        inverse_down_(inverse_up_ + window + 2 * F64::lanes),
        per_window_(F64::broadcast(1 / static_cast<double>(window))),
        divisor_(static_cast<double>(window - ddof)) {
    fill_lanes(mean_ + window, 0);
    fill_lanes(squares_ + window, 0);
    for (int64_t i = 0; i < window; ++i) {
      inverse_up_[i] = 1 / static_cast<double>(i + 1);
      inverse_down_[window - 1 - i] = inverse_up_[i];
    }
    fill_lanes(inverse_up_ + window, 0);
    fill_lanes(inverse_down_ - F64::lanes, 0);
  }

  static constexpr double kFill = 0;

  void no_suffix() {
    origin_a_ = F64::broadcast(kNaN);
    fill(mean_, window_, kNaN);
    fill(squares_, window_, kNaN);
  }
  void suffix(const double* x, int64_t begin) {
    origin_a_ = F64::broadcast(x[begin + window_ - 1]);
    F64 sum_carry = F64::zero(), square_carry = F64::zero();
    for_suffix(x, begin, window_, kFill, [&](F64 v, int64_t i) {
      const F64 d = v - origin_a_;
      const F64 s = scan_down<Plus>(d);
      const F64 q = scan_down<Plus>(d * d);
      const F64 total = s + sum_carry;
      const F64 mean = total * F64::load(inverse_down_ + i);
      mean.store(mean_ + i);
      max(F64::zero(), fnma(total, mean, q + square_carry)).store(squares_ + i);
      sum_carry = sum_carry + broadcast_first(s);
      square_carry = square_carry + broadcast_first(q);
    });
  }
  void begin(const double* x, int64_t begin) {
    origin_b_ = F64::broadcast(x[begin]);
    sum_carry_ = square_carry_ = F64::zero();
  }
  F64 next(F64 v, int64_t j) {
    const F64 d = v - origin_b_;
    const F64 s = scan_up<Plus>(d);
    const F64 q = scan_up<Plus>(d * d);
    const F64 total = s + sum_carry_;
    const F64 mean = total * F64::load(inverse_up_ + j);
    const F64 squares = max(F64::zero(), fnma(total, mean, q + square_carry_));
    sum_carry_ = sum_carry_ + broadcast_last(s);
    square_carry_ = square_carry_ + broadcast_last(q);

    const F64 nb = F64::broadcast(static_cast<double>(j + 1)) + F64::iota();
    const F64 na = F64::broadcast(static_cast<double>(window_)) - nb;
    // A window that is this whole block has no part in the one before, whose origin may be missing.
    const F64 apart = select(equal(na, F64::zero()), F64::zero(),
                             (origin_a_ - origin_b_) + (F64::load(mean_ + j + 1) - mean));
    const F64 between = apart * apart * (na * nb * per_window_);
    return sqrt((F64::load(squares_ + j + 1) + squares + between) / divisor_);
  }

 private:
  const int64_t window_;
  double* const mean_;
  double* const squares_;
  double* const inverse_up_;    // 1 / (j + 1)
  double* const inverse_down_;  // 1 / (window - i)
  const F64 per_window_;
  const Divisor divisor_;
  F64 origin_a_, origin_b_, sum_carry_, square_carry_;
};

inline int64_t scan_scratch(RollingKind kind, int64_t window) {
  return (kind == RollingKind::std ? 4 : 1) * (window + 2 * F64::lanes);
}

template <class Kind, class Out>
void scan_blocks(const double* x, int64_t length, int64_t from, int64_t to, const RollingRequest& request, Out* out,
                 double* scratch) {
  const int64_t window = request.window;
  const int64_t first = (from + window - 1) / window, last = (to + window - 1) / window;
  if (first >= last) return;
  const int64_t limit = last * window < length ? last * window : length;
  Kind kind(window, request.ddof, scratch);
  for (int64_t block = first; block < last; ++block) {
    const int64_t begin = block * window;
    if (block == 0) {
      kind.no_suffix();
    } else {
      kind.suffix(x, begin - window);
    }
    const int64_t end = begin + window < length ? begin + window : length;
    kind.begin(x, begin);
    int64_t t = begin;
    // Lanes past the end of a block are written too; the next block, which comes after, puts its own values there.
    for (; t < end && t + F64::lanes <= limit; t += F64::lanes) kind.next(F64::load(x + t), t - begin).store(out + t);
    if (t < end) kind.next(F64::load_first(x + t, limit - t, Kind::kFill), t - begin).store_first(out + t, limit - t);
  }
}

template <class Out>
void rolling_scan(const double* x, int64_t length, int64_t from, int64_t to, const RollingRequest& request, Out* out,
                  double* scratch) {
  switch (request.kind) {
    case RollingKind::mean: return scan_blocks<ScanMean>(x, length, from, to, request, out, scratch);
    case RollingKind::min: return scan_blocks<ScanExtreme<Least>>(x, length, from, to, request, out, scratch);
    case RollingKind::max: return scan_blocks<ScanExtreme<Most>>(x, length, from, to, request, out, scratch);
    case RollingKind::wma: return scan_blocks<ScanWeighted>(x, length, from, to, request, out, scratch);
    case RollingKind::std: return scan_blocks<ScanDeviation>(x, length, from, to, request, out, scratch);
    case RollingKind::ema: return;
  }
}

}  // namespace

}  // namespace corrente::ISA
