// What the kernels of lstm and gru share. A block of threads carries `carried` samples through all steps: a thread for
// each column of the gates, the state in shared memory, two barriers a step.
//
//   a launch per step          120 products and 120 gates a batch at 2.5 µs of launching each      0.6 ms
//   persistent, from memory    the weights are read at every step, from L1 where they fit          > 64 units
//   persistent, in registers   each thread keeps its column of the weights: a step reads h alone   up to 64 units
//
// Steps follow each other, so that is a chain: 60 steps of 32 units are 60 × (32 products in 4 chains, one gate, tanh, two
// barriers), about 250 clocks each, 8 µs on an H200; backwards as much again. Its arithmetic, 60 × 2 × 32 × 128 operations
// a sample, is 0.5 µs for 64 samples: there is room for some hundred samples before the floor is arithmetic.
#pragma once

#include "trainer_product.cuh"

namespace corrente::cuda {

// How a kernel goes about it. `held`: weights of a column that a thread keeps in registers, at least as many as there are
// units; 0: they are read from memory at each step.
template <int held_, int carried_>
struct RecurrentShape {
  static constexpr int held = held_, carried = carried_;
  // Products of a column are added up in so many chains, so that one need not wait for the other.
  static constexpr int chains = held > 0 ? 4 : 1;
  __host__ __device__ static constexpr int padded(int units) { return held > 0 ? held : units; }
};

// The weights that one thread multiplies a vector of units by, one per unit.
template <class Real, class Shape>
class Column {
 public:
  __device__ Column(const Real* from, int64_t stride, int units, bool used) : from_(from), stride_(stride), units_(units) {
    if constexpr (Shape::held > 0) {
#pragma unroll
      for (int k = 0; k < Shape::held; k++) held_[k] = used && k < units ? from[k * stride] : Real(0);
    }
  }

  // sum[s] = Σₖ w[k] vector[k][s]. The vector lies in shared memory, [padded units][carried], and is 0 beyond the units.
  __device__ void times(const Real* vector, Real (&sum)[Shape::carried]) const {
    Real part[Shape::chains][Shape::carried] = {};
    if constexpr (Shape::held > 0) {
      static_assert(Shape::carried == 1);
#pragma unroll
      for (int k = 0; k < Shape::held; k += micro) {
        const Quad<Real> four = *reinterpret_cast<const Quad<Real>*>(vector + k);
#pragma unroll
        for (int i = 0; i < micro; i++) part[i % Shape::chains][0] += held_[k + i] * four.v[i];
      }
    } else {
#pragma unroll 8
      for (int k = 0; k < units_; k++) {
        const Real weight = from_[k * stride_];
#pragma unroll
        for (int s = 0; s < Shape::carried; s++) part[0][s] += weight * vector[k * Shape::carried + s];
      }
    }
#pragma unroll
    for (int s = 0; s < Shape::carried; s++) {
      if constexpr (Shape::chains == 4) sum[s] = (part[0][s] + part[1][s]) + (part[2][s] + part[3][s]);
      else sum[s] = part[0][s];
    }
  }

 private:
  const Real* from_;
  int64_t stride_;
  int units_;
  Real held_[Shape::held > 0 ? Shape::held : 1];
};

// Of one layer and slab; everything row-major, [samples × steps × …].
template <class Real>
struct Recurrent {
  int64_t samples;
  int steps, units;
  bool sequences;
  const Real* recurrent;   // [units × gates · units]
  // Backwards, the weights of gate g from unit n to unit k stand at recurrent[k · of_unit + (g · units + n) · of_column].
  int64_t of_unit, of_column;
  Real* gates;             // x W + b; then the gates; after the way back, the gradients before them
  Real* states;            // h after each step
  Real* inner;             // lstm: c after each step; gru: r h of each step
  Real* last;              // h after the last step, where that alone is asked for
  const Real* gradient;    // of the output: at every step, or at the last
};

// What one thread reads of a sample and unit before the step's product, so that it is there when the product is.
constexpr int prefetched = 2;

template <class Real, class Shape>
constexpr int most_recurrent_threads = Shape::held > 0 ? 256 : 1024;

inline int recurrent_threads(int64_t columns) { return static_cast<int>(std::min<int64_t>(1024, divide_up(columns, 32) * 32)); }

// Shared memory of a block: vectors of all gates, their parts, and one vector more.
template <class Real, class Shape>
size_t recurrent_bytes(int64_t gates, int64_t units) {
  return sizeof(Real) * static_cast<size_t>(Shape::carried * (gates * Shape::padded(static_cast<int>(units)) + (gates + 1) * units));
}

// Whether a block can carry one sample.
template <class Real>
bool recurrent_fits(int64_t gates, int64_t units) {
  return recurrent_bytes<Real, RecurrentShape<0, 1>>(gates, units) <= use_device().shared_bytes;
}

constexpr int64_t most_held_units = 64;

// Calls run(shape) with the shape for so many units and samples. Whatever the shape, a sample's sums add up in one order,
// fixed by the number of units.
template <class Real, class Run>
void with_recurrent_shape(int64_t gates, int64_t units, int64_t samples, Run run) {
  const Profile& device = use_device();
  const auto fits = [&](auto shape) { return recurrent_bytes<Real, decltype(shape)>(gates, units) <= device.shared_bytes; };
  if (units <= 32) run(RecurrentShape<32, 1>{});
  else if (units <= most_held_units) run(RecurrentShape<most_held_units, 1>{});
  else if (samples >= 4 * device.multiprocessors && fits(RecurrentShape<0, 8>{})) run(RecurrentShape<0, 8>{});
  else if (samples >= device.multiprocessors && fits(RecurrentShape<0, 2>{})) run(RecurrentShape<0, 2>{});
  else run(RecurrentShape<0, 1>{});
}

}  // namespace corrente::cuda
