// The parameters of a model as the kernels want them: every matrix with its columns filled up to whole vectors, and
// those that gradients pass back through transposed too. Engines, files and exports know the flat list alone.
#pragma once

#include <vector>

#include "../common/block_pool.h"
#include "trainer_kernels.h"

namespace corrente {

// [rows × gates × units] of the flat list, from its place `from` on.
struct TrainerMatrix {
  int64_t from, rows, gates, units;
  int64_t gate;             // units, filled up: from one gate to the next
  int64_t row;              // gates * gate: from one row to the next
  int64_t at;               // place in the kernels' list
  int64_t transposed;       // place among the transposed [row × transposed_row]; negative: it is not wanted
  int64_t transposed_row;   // rows, filled up
};

// Rows of one matrix, about equally many values in each: what is updated at once.
struct TrainerRows {
  int matrix;
  int64_t from, to;
};

template <class Real>
class TrainerParameters {
 public:
  explicit TrainerParameters(const TrainerKernels<Real>& kernels) : kernels_(kernels) {}

  int64_t filled(int64_t columns) const { return (columns + kernels_.lanes - 1) / kernels_.lanes * kernels_.lanes; }
  // The next matrix of the flat list.
  TrainerMatrix add(int64_t rows, int64_t gates, int64_t units, bool transposed);
  // After the last one: memory, all zeros.
  void allocate();

  int64_t count() const { return count_; }     // of the flat list
  int64_t length() const { return length_; }   // of the kernels' list
  const Real* values() const { return values_.as<Real>(); }
  const Real* transposed() const { return transposed_.as<Real>(); }
  const std::vector<TrainerRows>& stretches() const { return stretches_; }

  // Between the flat list and one of the kernels'.
  template <class From>
  void spread(const From* flat, Real* list) const;
  void collect(const Real* list, Real* flat) const;

  // Values, first moments and second moments of the flat list, [3 count], there and back.
  void read(Real* state) const;
  template <class From>
  void write_values(const From* flat);
  void write(const Real* state);

  // Steps of a stretch: its gradient [length of the kernels' list] is of all parameters.
  double sum_of_squares(const TrainerRows&, const Real* gradient) const;
  void adam(const TrainerRows&, const AdamStep<Real>&, const Real* gradient);
  // The values of a stretch in a list of the kernels'.
  std::pair<int64_t, int64_t> place(const TrainerRows&) const;

 private:
  void transpose(const TrainerRows&);

  const TrainerKernels<Real>& kernels_;
  std::vector<TrainerMatrix> matrices_;
  std::vector<TrainerRows> stretches_;
  int64_t count_ = 0, length_ = 0, transposed_length_ = 0;
  Block values_, first_, second_, transposed_;
};

}  // namespace corrente
