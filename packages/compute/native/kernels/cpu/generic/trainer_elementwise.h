// What layers do value by value, and the optimiser.
#pragma once

#include "trainer_vectors.h"

namespace corrente::ISA {

namespace {

// Calls f(place) for each vector of `count` values, the last one whole.
template <class V, class F>
inline void for_vectors(int64_t count, F&& f) {
  for (int64_t i = 0; i < count; i += V::lanes) f(i);
}

template <class Real>
void fill_rows(const Real* row, int64_t rows, int64_t cols, Real* out) {
  using V = VectorOf<Real>;
  for (int64_t m = 0; m < rows; ++m)
    for_vectors<V>(cols, [&](int64_t i) { V::load(row + i).store(out + m * cols + i); });
}

template <class Real>
void activate(Activation activation, Real* x, int64_t count) {
  using V = VectorOf<Real>;
  const auto each = [&](auto&& f) { for_vectors<V>(count, [&](int64_t i) { f(V::load(x + i)).store(x + i); }); };
  switch (activation) {
    case Activation::linear: break;
    case Activation::relu: each([](V v) { return relu<Real>(v); }); break;
    case Activation::tanh: each([](V v) { return tanh<Real>(v); }); break;
    case Activation::sigmoid: each([](V v) { return sigmoid<Real>(v); }); break;
  }
}

template <class Real>
void relu_gradient(const Real* y, const Real* gradient, Real scale, Real* out, int64_t count) {
  using V = VectorOf<Real>;
  const V by = V::broadcast(scale);
  for_vectors<V>(count, [&](int64_t i) { select(less(V::zero(), V::load(y + i)), V::load(gradient + i) * by, V::zero()).store(out + i); });
}

template <class Real>
void activation_gradient(Activation activation, const Real* y, Real* gradient, int64_t count) {
  using V = VectorOf<Real>;
  const auto each = [&](auto&& slope) {
    for_vectors<V>(count, [&](int64_t i) { (V::load(gradient + i) * slope(V::load(y + i))).store(gradient + i); });
  };
  switch (activation) {
    case Activation::linear: break;
    case Activation::relu: relu_gradient<Real>(y, gradient, 1, gradient, count); break;
    case Activation::tanh: each([](V v) { return fnma(v, v, V::broadcast(1)); }); break;
    case Activation::sigmoid: each([](V v) { return fnma(v, v, v); }); break;
  }
}

template <class Real>
void relu_masked(Real* x, const Real* mask, int64_t count) {
  using V = VectorOf<Real>;
  for_vectors<V>(count, [&](int64_t i) {
    const V y = relu<Real>(V::load(x + i));
    (mask == nullptr ? y : y * V::load(mask + i)).store(x + i);
  });
}

template <class Real>
void relu_of_sum(const Real* x, const Real* y, Real* out, int64_t count) {
  using V = VectorOf<Real>;
  for_vectors<V>(count, [&](int64_t i) { relu<Real>(V::load(x + i) + V::load(y + i)).store(out + i); });
}

template <class Real>
void multiply_into(const Real* x, const Real* y, Real* out, int64_t count) {
  using V = VectorOf<Real>;
  for_vectors<V>(count, [&](int64_t i) { (V::load(x + i) * V::load(y + i)).store(out + i); });
}

template <class Real>
void add(Real* sum, const Real* x, int64_t count) {
  using V = VectorOf<Real>;
  for_vectors<V>(count, [&](int64_t i) { (V::load(sum + i) + V::load(x + i)).store(sum + i); });
}

template <class Real>
void add_rows(const Real* x, int64_t rows, int64_t cols, Real* sums) {
  using V = VectorOf<Real>;
  constexpr int wide = 4;
  int64_t n = 0;
  for (; n + wide * V::lanes <= cols; n += wide * V::lanes) {
    V sum[wide];
    for (int j = 0; j < wide; ++j) sum[j] = V::load(sums + n + j * V::lanes);
    for (int64_t m = 0; m < rows; ++m)
      for (int j = 0; j < wide; ++j) sum[j] = sum[j] + V::load(x + m * cols + n + j * V::lanes);
    for (int j = 0; j < wide; ++j) sum[j].store(sums + n + j * V::lanes);
  }
  for (; n < cols; n += V::lanes) {
    V sum = V::load(sums + n);
    for (int64_t m = 0; m < rows; ++m) sum = sum + V::load(x + m * cols + n);
    sum.store(sums + n);
  }
}

// In stretches, each summed by lanes and then into a double.
template <class Real>
double sum_of_squares(const Real* x, int64_t count) {
  using V = VectorOf<Real>;
  constexpr int64_t stretch = 64 * V::lanes;
  double total = 0;
  for (int64_t from = 0; from < count; from += stretch) {
    V sum = V::zero();
    for (int64_t i = from; i < count && i < from + stretch; i += V::lanes) sum = fma(V::load(x + i), V::load(x + i), sum);
    total += sum_lanes<Real>(sum);
  }
  return total;
}

// Kingma and Ba (2015), algorithm 1.
template <class Real>
void adam(const AdamStep<Real>& step, const Real* gradient, Real* parameters, Real* first, Real* second, int64_t count) {
  using V = VectorOf<Real>;
  const V keep1 = V::broadcast(Real(0.9)), new1 = V::broadcast(Real(1 - 0.9)), keep2 = V::broadcast(Real(0.999)), new2 = V::broadcast(Real(1 - 0.999));
  const V epsilon = V::broadcast(Real(1e-8)), rate = V::broadcast(step.rate), second_scale = V::broadcast(step.second_scale), gradient_scale = V::broadcast(step.gradient_scale);
  for_vectors<V>(count, [&](int64_t i) {
    const V g = V::load(gradient + i) * gradient_scale;
    const V m = fma(keep1, V::load(first + i), new1 * g), v = fma(keep2, V::load(second + i), new2 * g * g);
    m.store(first + i);
    v.store(second + i);
    (V::load(parameters + i) - rate * m / (sqrt(v * second_scale) + epsilon)).store(parameters + i);
  });
}

}  // namespace

}  // namespace corrente::ISA
