// What dense algebra refuses, in the same words everywhere.
#pragma once

#include <cmath>
#include <string>

#include "../status.h"

namespace corrente::dense {

// n is not negative, and all of [n × n] is finite.
inline Status check_matrix(const char* operation, const double* matrix, int64_t n) {
  if (n < 0) return invalid(std::string(operation) + ": n is " + std::to_string(n) + ", expected at least 0");
  for (int64_t i = 0; i < n * n; ++i)
    if (!std::isfinite(matrix[i]))
      return invalid(std::string(operation) + ": row " + std::to_string(i / n) + ", column " + std::to_string(i % n) + " is " +
                     std::to_string(matrix[i]) + ", expected a finite value");
  return {};
}

}  // namespace corrente::dense
