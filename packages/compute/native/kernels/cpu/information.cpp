// I(X; Y | Z) from neighbours, every distance of every pair.
#include <algorithm>
#include <cmath>
#include <vector>

#include "../common/information_tables.h"
#include "../common/random.h"
#include "../common/status.h"
#include "threads.h"

namespace corrente {

namespace {

template <class Real>
struct Matrix {
  std::vector<Real> values;
  int64_t dims = 0, points = 0;
  Matrix() = default;
  Matrix(const Columns& c, int64_t n) : values(static_cast<size_t>(c.series * n)), dims(c.series), points(n) {
    for (int64_t d = 0; d < dims; ++d)
      for (int64_t i = 0; i < n; ++i) values[d * n + i] = static_cast<Real>(c.row(d)[i]);
  }
  Real distance(int64_t i, int64_t j) const {
    Real most = 0;
    for (int64_t d = 0; d < dims; ++d) most = std::max(most, std::fabs(values[d * points + i] - values[d * points + j]));
    return most;
  }
};

template <class Real>
class Brute final : public InformationSession {
 public:
  Brute(const Columns& y, const Columns& z, const NeighbourRule& rule)
      : n_(y.length), rule_(rule), y_(y, n_), z_(z, n_), tables_(information_tables(rule, n_, z.series > 0)) {}

  void point(const Matrix<Real>& x, const int32_t* order, int64_t i, int32_t (&counts)[4]) const {
    struct Other { Real joint, x, y, z; };
    std::vector<Other> others;
    for (int64_t j = 0; j < n_; ++j) {
      if (std::llabs(i - j) <= rule_.theiler) continue;
      const Real dx = x.distance(order ? order[i] : i, order ? order[j] : j), dy = y_.distance(i, j), dz = z_.distance(i, j);
      others.push_back({std::max(dx, std::max(dy, dz)), dx, dy, dz});
    }
    const bool kernel = rule_.estimator == NeighbourEstimator::kernel, one = rule_.estimator == NeighbourEstimator::ksg1;
    Real ex = 0, ey = 0, ez = 0;
    if (kernel) {
      ex = ey = ez = static_cast<Real>(rule_.width);
    } else {
      std::vector<Other> sorted = others;
      std::stable_sort(sorted.begin(), sorted.end(), [](const Other& a, const Other& b) { return a.joint < b.joint; });
      for (int64_t q = 0; q < rule_.neighbours; ++q) {
        ex = std::max(ex, one ? sorted[q].joint : sorted[q].x);
        ey = std::max(ey, one ? sorted[q].joint : sorted[q].y);
        ez = std::max(ez, one ? sorted[q].joint : sorted[q].z);
      }
    }
    const auto in = [&](Real d, Real e) { return one ? d < e : d <= e; };
    int64_t c[4] = {0, 0, 0, 0};
    for (const Other& o : others) {
      const bool x_in = in(o.x, ex), y_in = in(o.y, ey), z_in = z_.dims == 0 || in(o.z, ez);
      c[0] += x_in && y_in && z_in;
      c[1] += x_in && z_in;
      c[2] += y_in && z_in;
      c[3] += z_in;
    }
    if (z_.dims == 0) c[3] = n_ - 1;
    for (int s = 0; s < 4; ++s) counts[s] = static_cast<int32_t>(c[s] + (kernel ? 1 : 0));
    if (!kernel) counts[0] = static_cast<int32_t>(rule_.neighbours);
  }

  Status estimate(std::span<const InformationRequest> requests, const Control& control) override {
    return guarded("information", [&]() -> Status {
      if (Status shape = check_requests(requests, n_); !shape) return shape;
      for (const auto& request : requests) {
        const Matrix<Real> x(request.source, n_);
        thread_pool().parallel_for(request.surrogates + 1, 1, control, [&](int64_t begin, int64_t end, int) {
          for (int64_t draw = begin; draw < end; ++draw) {
            std::vector<int32_t> order;
            const int32_t* use = nullptr;
            if (draw > 0) {
              if (request.orderings != nullptr) {
                use = request.orderings + (draw - 1) * n_;
              } else {
                order.resize(static_cast<size_t>(n_));
                permutation(request.stream, static_cast<uint32_t>(draw - 1), n_, order.data());
                use = order.data();
              }
            }
            int64_t sum = 0;
            for (int64_t i = 0; i < n_; ++i) {
              int32_t c[4];
              point(x, use, i, c);
              sum += tables_.point(c[0], c[1], c[2], c[3]);
            }
            request.out[draw] = tables_.value(sum, n_);
          }
        });
      }
      return control.cancelled() ? cancelled("information") : Status{};
    });
  }

  Status counts(const Columns& source, int32_t* out, const Control&) override {
    return guarded("information", [&]() -> Status {
      if (Status shape = check_source(source, n_); !shape) return shape;
      const Matrix<Real> x(source, n_);
      for (int64_t i = 0; i < n_; ++i) {
        int32_t c[4];
        point(x, nullptr, i, c);
        for (int s = 0; s < 4; ++s) out[s * n_ + i] = c[s];
      }
      return {};
    });
  }

 private:
  int64_t n_;
  NeighbourRule rule_;
  Matrix<Real> y_, z_;
  InformationTables tables_;
};

}  // namespace

Status open_information(const Columns& target, const Columns& condition, const NeighbourRule& rule, Precision precision,
                        const Control&, std::unique_ptr<InformationSession>& session) {
  return guarded("information", [&]() -> Status {
    if (Status arguments = check_information(target, condition, rule); !arguments) return arguments;
    if (precision == Precision::f32) session = std::make_unique<Brute<float>>(target, condition, rule);
    else session = std::make_unique<Brute<double>>(target, condition, rule);
    return {};
  });
}

}  // namespace corrente
