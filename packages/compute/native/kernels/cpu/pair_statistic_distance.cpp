// Distance correlation (Székely, Rizzo and Bakirov 2007), the V-statistic: with a_ij = |x_i - x_j| and b_ij of y,
//
//   n² dCov² = sum a_ij b_ij - n² mean(a) mean(b) - (2 / n) sum of (a_i. - mean)(b_i. - mean)
//
// where a_i. are row sums. Those follow from prefix sums over the sorted values, and the sum of products from the
// concordant pairs alone (generic/dominance.h), in O(n log n) as Huo and Székely (2016) have it:
//
//   sum a_ij b_ij = 2 (2 sum over concordant i < j of (x_j - x_i)(y_j - y_i) - n sum x y + sum x sum y)
//
// Series are centred and scaled first, so that no product loses digits to a level or leaves the range of a double.
#include <algorithm>
#include <cstring>
#include <numeric>

#include "pair_statistic.h"

namespace corrente {

namespace {

constexpr int64_t kSide = 256;

// Pairwise: the error grows with the logarithm of the length.
double sum_of(const double* x, int64_t count) {
  if (count <= 64) return std::accumulate(x, x + count, 0.0);
  const int64_t half = count / 2;
  return sum_of(x, half) + sum_of(x + half, count - half);
}

template <class F>
double sum_over(int64_t from, int64_t to, F&& f) {
  if (to - from <= 64) {
    double sum = 0;
    for (int64_t i = from; i < to; ++i) sum += f(i);
    return sum;
  }
  const int64_t half = from + (to - from) / 2;
  return sum_over(from, half, f) + sum_over(half, to, f);
}

// What distances of one series give alone, for its values in ascending order: values centred and scaled to at most 1,
// sums of each row of the matrix of distances about their mean, that mean, and n² dVar².
struct Distances {
  std::vector<double> values;
  std::vector<double> sums;
  double mean = 0;
  double variance = 0;

  // `values` are set, ascending and not all alike.
  void prepare() {
    const auto n = static_cast<int64_t>(values.size());
    const double rows = static_cast<double>(n);
    const auto scale = [&] {
      const double largest = std::max(std::fabs(values.front()), std::fabs(values.back()));
      const int exponent = largest > 0 ? std::clamp(-std::ilogb(largest), -1000, 1000) : 0;
      for (double& v : values) v = std::ldexp(v, exponent);
    };
    scale();
    for (int pass = 0; pass < 2; ++pass) {
      const double mean = sum_of(values.data(), n) / rows;
      for (double& v : values) v -= mean;
    }
    scale();

    // a_k. = x_k (2k - n) - 2 sum of those before + sum of all, x_k itself among neither.
    sums.resize(values.size());
    const double all = sum_of(values.data(), n);
    double before = 0, lost = 0;
    for (int64_t k = 0; k < n; ++k) {
      sums[k] = values[k] * static_cast<double>(2 * k - n) - 2 * before + all;
      // Compensated, as the differences of long sums are wanted (Kahan 1965).
      const double term = values[k] - lost, next = before + term;
      lost = (next - before) - term;
      before = next;
    }
    const double total = sum_of(sums.data(), n);
    mean = total / (rows * rows);
    for (double& s : sums) s -= total / rows;
    const double squares = sum_over(0, n, [&](int64_t i) { return values[i] * values[i]; });
    variance = covariance(2 * (rows * squares - all * all), mean, mean, sum_over(0, n, [&](int64_t i) { return sums[i] * sums[i]; }), rows);
  }

  static double covariance(double products, double mean_a, double mean_b, double cross, double n) {
    return products - n * n * mean_a * mean_b - 2 / n * cross;
  }
};

class Distance final : public PairStatistic {
 public:
  Distance(const Columns& columns, Precision precision, const Kernels& kernels)
      : PairStatistic(columns, precision, kernels), whole_(static_cast<size_t>(columns.series)) {}

 private:
  // What a thread works with: a pair's common rows in the order of x, and y's by row.
  struct Scratch {
    Distances x, y;
    std::vector<int32_t> x_rows, y_rows, ordinal;
    std::vector<double> y_value, y_sum, row_value, row_sum, tree;
    std::vector<int32_t> places;
  };

  void prepare_series(int64_t s) override {
    if (!has_gaps(s) && !orders_[s].constant()) of_rows(s, orders_[s].rows, whole_[s]);
  }
  int64_t side() const override { return kSide; }
  int64_t work_per_pair() const override { return std::max<int64_t>(1, columns_.length); }

  void compute(const PairBlock& block, double* r, const Control& control) override {
    ThreadPool& pool = thread_pool();
    std::vector<Scratch> scratch(static_cast<size_t>(pool.threads()));
    pool.parallel_for(block.rows() * block.cols(), 1, control, [&](int64_t begin, int64_t end, int worker) {
      for (int64_t at = begin; at < end; ++at) {
        const int64_t a = block.a_from + at / block.cols(), b = block.b_from + at % block.cols();
        if (block.triangle && b >= a) continue;
        r[at] = first_of(a, b) ? distance(a, b, scratch[worker]) : distance(b, a, scratch[worker]);
        control.done->fetch_add(work_per_pair(), std::memory_order_relaxed);
      }
    });
  }

  // Which of two is x: a rule that looks at their values alone, so that no order of the series changes a bit.
  bool first_of(int64_t a, int64_t b) const {
    return std::memcmp(columns_.row(a), columns_.row(b), static_cast<size_t>(columns_.length) * sizeof(double)) <= 0;
  }

  void of_rows(int64_t s, const std::vector<int32_t>& rows, Distances& out) const {
    out.values.resize(rows.size());
    for (size_t k = 0; k < rows.size(); ++k) out.values[k] = columns_.row(s)[rows[k]];
    out.prepare();
  }

  // The rows of s, in their order, that the other has too.
  void common_rows(int64_t s, int64_t other, std::vector<int32_t>& out) const {
    out.clear();
    for (const int32_t row : orders_[s].rows)
      if (is_present(other, row)) out.push_back(row);
  }

  double distance(int64_t x, int64_t y, Scratch& own) const {
    if (orders_[x].constant() || orders_[y].constant()) return std::nan("");
    if (!has_gaps(x) && !has_gaps(y)) return correlate(whole_[x], orders_[x].rows, whole_[y], orders_[y].rows, own);
    common_rows(x, y, own.x_rows);
    common_rows(y, x, own.y_rows);
    const auto constant = [&](int64_t s, const std::vector<int32_t>& rows) {
      return rows.size() < 2 || columns_.row(s)[rows.front()] == columns_.row(s)[rows.back()];
    };
    if (constant(x, own.x_rows) || constant(y, own.y_rows)) return std::nan("");
    of_rows(x, own.x_rows, own.x);
    of_rows(y, own.y_rows, own.y);
    return correlate(own.x, own.x_rows, own.y, own.y_rows, own);
  }

  double correlate(const Distances& x, const std::vector<int32_t>& x_rows, const Distances& y,
                   const std::vector<int32_t>& y_rows, Scratch& own) const {
    const auto count = static_cast<int64_t>(x_rows.size());
    const auto n = static_cast<double>(count);
    own.ordinal.resize(static_cast<size_t>(columns_.length));
    for (int64_t k = 0; k < count; ++k) own.ordinal[y_rows[k]] = static_cast<int32_t>(k);
    own.places.resize(x_rows.size());
    own.y_value.resize(x_rows.size());
    for (int64_t k = 0; k < count; ++k) {
      own.places[k] = own.ordinal[x_rows[k]];
      own.y_value[k] = y.values[own.places[k]];
    }
    own.tree.resize(static_cast<size_t>(concordant_scratch(count)));
    const double concordant = kernels_.pair_statistic.concordant_products(x.values.data(), own.y_value.data(),
                                                                         own.places.data(), count, count, own.tree.data());
    const double products = sum_over(0, count, [&](int64_t k) { return x.values[k] * own.y_value[k]; });
    const double cross = sum_over(0, count, [&](int64_t k) { return x.sums[k] * y.sums[own.places[k]]; });
    const double all = n * products - sum_of(x.values.data(), count) * sum_of(y.values.data(), count);
    const double covariance = Distances::covariance(2 * (2 * concordant - all), x.mean, y.mean, cross, n);
    // Rounding may leave a little below nothing, or above one.
    const double squared = covariance / (std::sqrt(x.variance) * std::sqrt(y.variance));
    return std::sqrt(std::clamp(squared, 0.0, 1.0));
  }

  std::vector<Distances> whole_;  // of series without a gap
};

}  // namespace

std::unique_ptr<PairStatistic> distance_session(const Columns& columns, Precision precision, const Kernels& kernels) {
  return std::make_unique<Distance>(columns, precision, kernels);
}

}  // namespace corrente
