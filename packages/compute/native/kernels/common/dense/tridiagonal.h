// A symmetric matrix as Q T Qᵀ with T tridiagonal, by Householder reflections (Golub and Van Loan, Matrix Computations,
// 4th edition, algorithm 8.3.1).
#pragma once

#include <cstdint>
#include <vector>

#include "../../ops.h"
#include "team.h"

namespace corrente::dense {

struct Tridiagonal {
  std::vector<double> diagonal;  // [n]
  std::vector<double> beside;    // [n]: beside[k] couples k and k + 1; the last is 0
  std::vector<double> tau;       // [n]: of the reflection k, whose vector lies in row k of the matrix, from k + 1 on
};

// Takes the matrix [n × n] apart in place. False where the work was cancelled. Counts n³ / 3 units of work.
bool reduce_to_tridiagonal(double* matrix, int64_t n, Tridiagonal&, Team&, const Control&);

// Writes Qᵀ [n × n] from what was left in the matrix. Counts n³ / 3 units of work.
bool form_transposed_q(const double* matrix, int64_t n, const Tridiagonal&, double* q, Team&, const Control&);

}  // namespace corrente::dense
