#include "loss.h"

#include <algorithm>
#include <cmath>

namespace corrente {

namespace {

double sum_squared(const LossRows& rows, double* predicted) {
  double sum = 0;
  for (int64_t i = rows.from; i < rows.to; ++i) {
    const double residual = rows.target[i] - rows.raw[i];
    sum += residual * residual;
    if (predicted != nullptr) predicted[i] = rows.raw[i];
  }
  return sum;
}

// Of an output f and class y the loss is ln(1 + e^f) - y f.
double sum_log(const LossRows& rows, double* predicted) {
  double sum = 0;
  for (int64_t i = rows.from; i < rows.to; ++i) {
    const double f = rows.raw[i], tail = std::exp(-std::fabs(f));
    sum += std::max(f, 0.0) + std::log1p(tail) - rows.target[i] * f;
    if (predicted != nullptr) predicted[i] = (f >= 0 ? 1 : tail) / (1 + tail);
  }
  return sum;
}

double sum_softmax(const LossRows& rows, double* predicted) {
  double sum = 0;
  for (int64_t i = rows.from; i < rows.to; ++i) {
    double most = rows.raw[i], all = 0;
    for (int64_t k = 1; k < rows.outputs; ++k) most = std::max(most, rows.raw[k * rows.stride + i]);
    for (int64_t k = 0; k < rows.outputs; ++k) {
      const double weight = std::exp(rows.raw[k * rows.stride + i] - most);
      all += weight;
      if (predicted != nullptr) predicted[k * rows.stride + i] = weight;
    }
    if (predicted != nullptr)
      for (int64_t k = 0; k < rows.outputs; ++k) predicted[k * rows.stride + i] /= all;
    sum += most + std::log(all) - rows.raw[static_cast<int64_t>(rows.target[i]) * rows.stride + i];
  }
  return sum;
}

}  // namespace

double sum_loss(Loss loss, const LossRows& rows, double* predicted) {
  switch (loss) {
    case Loss::squared: return sum_squared(rows, predicted);
    case Loss::log: return sum_log(rows, predicted);
    case Loss::softmax: break;
  }
  return sum_softmax(rows, predicted);
}

DerivativeSums derivatives(Loss loss, const double* target, const double* predicted, int64_t output, int64_t from, int64_t to, double* g, double* h) {
  DerivativeSums sums;
  for (int64_t i = from; i < to; ++i) {
    const double wanted = loss == Loss::softmax ? (target[i] == static_cast<double>(output) ? 1 : 0) : target[i];
    g[i] = predicted[i] - wanted;
    sums.g += std::fabs(g[i]);
    if (loss == Loss::squared) continue;
    h[i] = predicted[i] * (1 - predicted[i]);
    sums.h += h[i];
  }
  return sums;
}

}  // namespace corrente
