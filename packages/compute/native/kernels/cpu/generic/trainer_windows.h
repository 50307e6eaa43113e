// Between a sample's rows of the frame and a model: inputs, dropout's masks, and losses.
#pragma once

#include "trainer_vectors.h"

namespace corrente::ISA {

namespace {

template <class Real>
void take(const double* x, int64_t count, double anchor, Real* out, int64_t stride) {
  if (stride == 1) {
    for (int64_t i = 0; i < count; ++i) out[i] = static_cast<Real>(x[i] - anchor);
  } else {
    for (int64_t i = 0; i < count; ++i) out[i * stride] = static_cast<Real>(x[i] - anchor);
  }
}

// Every mean is summed anew, no sum slides; some vectors of them at a time, in registers.
template <class Real>
void decompose(const double* x, int64_t count, int64_t window, double anchor, double* scratch, Real* out, int64_t stride) {
  constexpr int vectors = 4;
  static_assert(vectors * F64::lanes <= kDecomposeSlack);
  double* const extended = scratch;
  double* const sums = scratch + count + window + kDecomposeSlack;
  const int64_t half = window / 2;
  for (int64_t i = 0; i < half; ++i) extended[i] = x[0] - anchor;
  for (int64_t i = 0; i < count; ++i) extended[half + i] = x[i] - anchor;
  for (int64_t i = 0; i < half + kDecomposeSlack; ++i) extended[half + count + i] = x[count - 1] - anchor;
  const F64 inverse = F64::broadcast(1 / static_cast<double>(window));
  for (int64_t from = 0; from < count; from += vectors * F64::lanes) {
    F64 sum[vectors];
    for (int v = 0; v < vectors; ++v) sum[v] = F64::load(extended + from + v * F64::lanes);
    for (int64_t j = 1; j < window; ++j)
      for (int v = 0; v < vectors; ++v) sum[v] = sum[v] + F64::load(extended + from + j + v * F64::lanes);
    for (int v = 0; v < vectors; ++v) (sum[v] * inverse).store(sums + from + v * F64::lanes);
  }
  for (int64_t i = 0; i < count; ++i) {
    out[i * stride] = static_cast<Real>(extended[half + i] - sums[i]);
    out[i * stride + 1] = static_cast<Real>(sums[i]);
  }
}

// random_words() of ../../common/random.h, for a vector of blocks at once: a block in each 64 bits, whose upper halves
// are 0.
constexpr int kBlocks = 8;
typedef uint64_t WideWords __attribute__((vector_size(kBlocks * 8)));

inline void words_from(const uint32_t* stream, uint32_t draw, uint64_t block, uint32_t (&words)[4 * kBlocks]) {
  constexpr uint64_t low = 0xffffffff;
  WideWords c0, c1 = WideWords{} + draw, c2 = WideWords{} + stream[1], c3 = WideWords{} + stream[2];
  for (int i = 0; i < kBlocks; ++i) c0[i] = (block + static_cast<uint64_t>(i)) & low;
  uint64_t key0 = stream[0], key1 = stream[3];
  for (int round = 0; round < 10; ++round) {
    const WideWords product0 = c0 * 0xd2511f53u, product1 = c2 * 0xcd9e8d57u;
    c0 = (product1 >> 32) ^ c1 ^ key0;
    c1 = product1 & low;
    c2 = (product0 >> 32) ^ c3 ^ key1;
    c3 = product0 & low;
    key0 = (key0 + 0x9e3779b9u) & low;
    key1 = (key1 + 0xbb67ae85u) & low;
  }
  for (int i = 0; i < kBlocks; ++i) {
    words[4 * i] = static_cast<uint32_t>(c0[i]);
    words[4 * i + 1] = static_cast<uint32_t>(c1[i]);
    words[4 * i + 2] = static_cast<uint32_t>(c2[i]);
    words[4 * i + 3] = static_cast<uint32_t>(c3[i]);
  }
}

template <class Real>
void mask(const uint32_t* stream, uint32_t draw, uint64_t first, int64_t count, uint64_t bound, Real kept, Real* out) {
  constexpr int64_t width = 4 * kBlocks;
  uint32_t words[width];
  for (int64_t from = -static_cast<int64_t>(first % width); from < count; from += width) {
    words_from(stream, draw, (first + static_cast<uint64_t>(from)) / 4, words);
    const int64_t begin = from < 0 ? 0 : from, end = from + width < count ? from + width : count;
    for (int64_t i = begin; i < end; ++i) out[i] = words[i - from] < bound ? Real(0) : kept;
  }
}

// The values are summed in their precision over stretches of 64, those by lane, and then in doubles.
template <class Real, class Value, class Slope>
inline double loss_of(Real* y, const double* target, int64_t count, double anchor, Real scale, Value value, Slope slope) {
  constexpr int64_t stretch = 64;
  double total = 0;
  for (int64_t from = 0; from < count; from += stretch) {
    const int64_t many = count - from < stretch ? count - from : stretch;
    Real* const at = y + from;
    Real off[stretch], part[8] = {};
    for (int64_t i = 0; i < many; ++i) off[i] = at[i] - static_cast<Real>(target[from + i] - anchor);
    for (int64_t i = 0; i < many; ++i) part[i % 8] += value(off[i]);
    for (int64_t i = 0; i < many; ++i) at[i] = slope(off[i]) * scale;
    for (const Real one : part) total += static_cast<double>(one);
  }
  return total;
}

template <class Real>
double loss(TrainingLoss kind, Real* y, const double* target, int64_t count, double anchor, Real scale) {
  const auto size = [](Real x) { return x < 0 ? -x : x; };
  switch (kind) {
    case TrainingLoss::mse:
      return loss_of(y, target, count, anchor, scale, [](Real x) { return x * x; }, [](Real x) { return 2 * x; });
    case TrainingLoss::mae:
      return loss_of(y, target, count, anchor, scale, size, [](Real x) { return x > 0 ? Real(1) : x < 0 ? Real(-1) : Real(0); });
    case TrainingLoss::huber:
      return loss_of(
          y, target, count, anchor, scale, [&](Real x) { return size(x) <= 1 ? x * x / 2 : size(x) - Real(0.5); },
          [](Real x) { return x > 1 ? Real(1) : x < -1 ? Real(-1) : x; });
  }
  return 0;
}

template <class Real>
void errors(const Real* y, const double* target, int64_t count, double anchor, double* squared, double* absolute) {
  for (int64_t i = 0; i < count; ++i) {
    const double off = static_cast<double>(y[i]) + anchor - target[i];
    squared[i] += off * off;
    absolute[i] += off < 0 ? -off : off;
  }
}

template <class Real>
void forecast(const Real* y, int64_t count, double anchor, Real* out) {
  for (int64_t i = 0; i < count; ++i) out[i] = static_cast<Real>(static_cast<double>(y[i]) + anchor);
}

}  // namespace

}  // namespace corrente::ISA
