// The losses of gradient boosting, row by row.
#pragma once

#include <cstdint>

namespace corrente {

// squared: (y - f)². log: -ln of the probability that the row's class has, by the logistic function of one output, or
// by the softmax of as many as there are classes.
enum class Loss { squared, log, softmax };

// Rows [from, to) of outputs that lie `stride` values apart.
struct LossRows {
  const double* target;
  const double* raw;  // what the trees sum up to
  int64_t outputs, stride;
  int64_t from, to;
};

// Sum of the losses of the rows. `predicted`, as `raw`: probabilities, and for squared the same values; may be null.
double sum_loss(Loss, const LossRows&, double* predicted);

// The derivatives of rows [from, to) by output `output` (squared: of half the loss; h is then 1, and not written), and
// the sums of their magnitudes.
struct DerivativeSums {
  double g = 0, h = 0;
};
DerivativeSums derivatives(Loss, const double* target, const double* predicted, int64_t output, int64_t from, int64_t to, double* g, double* h);

}  // namespace corrente
