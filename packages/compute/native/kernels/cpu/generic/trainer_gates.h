// The steps of recurrent layers between their products: gates, states, and their gradients.
#pragma once

#include "trainer_vectors.h"

namespace corrente::ISA {

namespace {

// y (1 - y), the slope of a sigmoid; 1 - y², that of tanh.
template <class V>
inline V sigmoid_slope(V y) {
  return fnma(y, y, y);
}
template <class V>
inline V tanh_slope(V y) {
  return fnma(y, y, V::broadcast(1));
}

// Calls f(place in the gates, place in the states) for each vector.
template <class V, class F>
inline void for_units(int64_t samples, int64_t units, int gates, F&& f) {
  for (int64_t s = 0; s < samples; ++s)
    for (int64_t u = 0; u < units; u += V::lanes) f(s * gates * units + u, s * units + u);
}

template <class Real>
void lstm_forward(const LstmStep<Real>& step) {
  using V = VectorOf<Real>;
  const int64_t units = step.units;
  for_units<V>(step.samples, units, 4, [&](int64_t at, int64_t place) {
    Real* const gate = step.gates + at;
    const V i = sigmoid<Real>(V::load(gate)), f = sigmoid<Real>(V::load(gate + units));
    const V g = tanh<Real>(V::load(gate + 2 * units)), o = sigmoid<Real>(V::load(gate + 3 * units));
    const V cell = fma(f, V::load(step.cell_before + place), i * g);
    const V squashed = tanh<Real>(cell);
    i.store(gate);
    f.store(gate + units);
    g.store(gate + 2 * units);
    o.store(gate + 3 * units);
    cell.store(step.cell + place);
    squashed.store(step.squashed + place);
    (o * squashed).store(step.state + place);
  });
}

template <class V, class Real>
inline V gradient_of_state(const Real* later, const Real* above, int64_t place) {
  const V gradient = V::load(later + place);
  return above == nullptr ? gradient : gradient + V::load(above + place);
}

template <class Real>
void lstm_backward(const LstmStep<Real>& step) {
  using V = VectorOf<Real>;
  const int64_t units = step.units;
  for_units<V>(step.samples, units, 4, [&](int64_t at, int64_t place) {
    Real* const gate = step.gates + at;
    const V i = V::load(gate), f = V::load(gate + units), g = V::load(gate + 2 * units), o = V::load(gate + 3 * units);
    const V squashed = V::load(step.squashed + place);
    const V state = gradient_of_state<V>(step.from_later, step.from_above, place);
    const V cell = fma(state * o, tanh_slope(squashed), V::load(step.cell_gradient + place));
    (cell * g * sigmoid_slope(i)).store(gate);
    (cell * V::load(step.cell_before + place) * sigmoid_slope(f)).store(gate + units);
    (cell * i * tanh_slope(g)).store(gate + 2 * units);
    (state * squashed * sigmoid_slope(o)).store(gate + 3 * units);
    (cell * f).store(step.cell_gradient + place);
  });
}

template <class Real>
void gru_reset(const GruStep<Real>& step) {
  using V = VectorOf<Real>;
  const int64_t units = step.units;
  for_units<V>(step.samples, units, 3, [&](int64_t at, int64_t place) {
    Real* const gate = step.gates + at;
    const V r = sigmoid<Real>(V::load(gate + units));
    sigmoid<Real>(V::load(gate)).store(gate);
    r.store(gate + units);
    (r * V::load(step.state_before + place)).store(step.reset_state + place);
  });
}

// h' = z h + (1 - z) g
template <class Real>
void gru_update(const GruStep<Real>& step) {
  using V = VectorOf<Real>;
  const int64_t units = step.units;
  for_units<V>(step.samples, units, 3, [&](int64_t at, int64_t place) {
    Real* const gate = step.gates + at;
    const V z = V::load(gate), g = tanh<Real>(V::load(gate + 2 * units));
    g.store(gate + 2 * units);
    fma(z, V::load(step.state_before + place) - g, g).store(step.state + place);
  });
}

template <class Real>
void gru_backward_update(const GruStep<Real>& step) {
  using V = VectorOf<Real>;
  const int64_t units = step.units;
  for_units<V>(step.samples, units, 3, [&](int64_t at, int64_t place) {
    Real* const gate = step.gates + at;
    const V z = V::load(gate), g = V::load(gate + 2 * units);
    const V state = gradient_of_state<V>(step.from_later, step.from_above, place);
    const V through = state * z;
    through.store(step.state_gradient + place);
    (state * (V::load(step.state_before + place) - g) * sigmoid_slope(z)).store(gate);
    ((state - through) * tanh_slope(g)).store(gate + 2 * units);
  });
}

template <class Real>
void gru_backward_reset(const GruStep<Real>& step) {
  using V = VectorOf<Real>;
  const int64_t units = step.units;
  for_units<V>(step.samples, units, 3, [&](int64_t at, int64_t place) {
    Real* const gate = step.gates + at + units;
    const V r = V::load(gate), through = V::load(step.through_reset + place);
    fma(through, r, V::load(step.state_gradient + place)).store(step.state_gradient + place);
    (through * V::load(step.state_before + place) * sigmoid_slope(r)).store(gate);
  });
}

}  // namespace

}  // namespace corrente::ISA
