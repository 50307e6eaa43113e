#include "trainer_parameters.h"

#include <algorithm>
#include <cstring>

namespace corrente {

// Values that are updated at once: enough to be worth a thread's while, few enough to share.
static constexpr int64_t kStretch = 8192;

template <class Real>
TrainerMatrix TrainerParameters<Real>::add(int64_t rows, int64_t gates, int64_t units, bool transposed) {
  const int64_t gate = filled(units), row = gates * gate;
  const TrainerMatrix matrix{count_, rows, gates, units, gate, row, length_, transposed ? transposed_length_ : -1, filled(rows)};
  const int64_t at_once = std::max<int64_t>(1, kStretch / row);
  for (int64_t from = 0; from < rows; from += at_once) stretches_.push_back({static_cast<int>(matrices_.size()), from, std::min(rows, from + at_once)});
  matrices_.push_back(matrix);
  count_ += rows * gates * units;
  length_ += rows * row;
  if (transposed) transposed_length_ += row * matrix.transposed_row;
  return matrix;
}

template <class Real>
void TrainerParameters<Real>::allocate() {
  const auto zeros = [](int64_t length) {
    Block block(static_cast<size_t>(std::max<int64_t>(1, length)) * sizeof(Real));
    std::memset(block.data(), 0, static_cast<size_t>(length) * sizeof(Real));
    return block;
  };
  values_ = zeros(length_);
  first_ = zeros(length_);
  second_ = zeros(length_);
  transposed_ = zeros(transposed_length_);
}

template <class Real>
template <class From>
void TrainerParameters<Real>::spread(const From* flat, Real* list) const {
  for (const TrainerMatrix& m : matrices_)
    for (int64_t run = 0; run < m.rows * m.gates; ++run) {
      const From* const from = flat + m.from + run * m.units;
      std::transform(from, from + m.units, list + m.at + run * m.gate, [](From value) { return static_cast<Real>(value); });
    }
}

template <class Real>
void TrainerParameters<Real>::collect(const Real* list, Real* flat) const {
  for (const TrainerMatrix& m : matrices_)
    for (int64_t run = 0; run < m.rows * m.gates; ++run) {
      const Real* const from = list + m.at + run * m.gate;
      std::copy(from, from + m.units, flat + m.from + run * m.units);
    }
}

template <class Real>
void TrainerParameters<Real>::read(Real* state) const {
  collect(values_.as<Real>(), state);
  collect(first_.as<Real>(), state + count_);
  collect(second_.as<Real>(), state + 2 * count_);
}

template <class Real>
template <class From>
void TrainerParameters<Real>::write_values(const From* flat) {
  spread(flat, values_.as<Real>());
  for (const TrainerRows& rows : stretches_) transpose(rows);
}

template <class Real>
void TrainerParameters<Real>::write(const Real* state) {
  write_values(state);
  spread(state + count_, first_.as<Real>());
  spread(state + 2 * count_, second_.as<Real>());
}

template <class Real>
std::pair<int64_t, int64_t> TrainerParameters<Real>::place(const TrainerRows& rows) const {
  const TrainerMatrix& m = matrices_[static_cast<size_t>(rows.matrix)];
  return {m.at + rows.from * m.row, (rows.to - rows.from) * m.row};
}

template <class Real>
double TrainerParameters<Real>::sum_of_squares(const TrainerRows& rows, const Real* gradient) const {
  const auto [at, length] = place(rows);
  return kernels_.sum_of_squares(gradient + at, length);
}

template <class Real>
void TrainerParameters<Real>::adam(const TrainerRows& rows, const AdamStep<Real>& step, const Real* gradient) {
  const auto [at, length] = place(rows);
  kernels_.adam(step, gradient + at, values_.as<Real>() + at, first_.as<Real>() + at, second_.as<Real>() + at, length);
  transpose(rows);
}

template <class Real>
void TrainerParameters<Real>::transpose(const TrainerRows& rows) {
  const TrainerMatrix& m = matrices_[static_cast<size_t>(rows.matrix)];
  if (m.transposed < 0) return;
  const Real* const from = values_.as<Real>() + m.at;
  Real* const to = transposed_.as<Real>() + m.transposed;
  // Columns by eights, so that the lines they go to stay in the cache from row to row.
  constexpr int64_t wide = 8;
  for (int64_t c = 0; c < m.row; c += wide)
    for (int64_t r = rows.from; r < rows.to; ++r)
      for (int64_t i = c; i < std::min(m.row, c + wide); ++i) to[i * m.transposed_row + r] = from[r * m.row + i];
}

template class TrainerParameters<float>;
template class TrainerParameters<double>;
template void TrainerParameters<float>::write_values(const double*);
template void TrainerParameters<double>::write_values(const double*);

}  // namespace corrente
