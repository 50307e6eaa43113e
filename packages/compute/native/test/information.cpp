// Information from neighbours: the permutations, and the sessions against distances of every pair, to the last bit.
#include <cstring>
#include <numeric>

#include "../kernels/common/random.h"
#include "../kernels/cpu/information.h"
#include "../kernels/cpu/isa.h"
#include "check.h"
#include "naive_information.h"

namespace corrente::check {

namespace {

struct Series {
  std::vector<double> values;
  Columns columns;
};

// Numbers near a normal distribution, of a seed; `levels` > 0 rounds them so that distances tie.
Series series(int64_t dims, int64_t points, uint32_t seed, int levels = 0) {
  Series s{std::vector<double>(static_cast<size_t>(dims * points)), {}};
  for (size_t i = 0; i < s.values.size(); ++i) {
    const PhiloxBlock words = philox({{static_cast<uint32_t>(i), seed, 0, 0}}, 1, 2);
    double sum = 0;
    for (const uint32_t word : words.word) sum += static_cast<double>(word) * 0x1p-32 - 0.5;
    s.values[i] = levels > 0 ? std::floor(sum * levels) / levels : sum;
  }
  s.columns = {s.values.data(), dims, points, points};
  return s;
}

const char* name_of(NeighbourEstimator estimator) {
  return estimator == NeighbourEstimator::ksg1 ? "ksg1" : estimator == NeighbourEstimator::ksg2 ? "ksg2" : "kernel";
}

struct Shape {
  int64_t points, x_dims, y_dims, z_dims, neighbours, theiler;
  int levels;
};

template <class Real>
void compare(const Shape& shape, NeighbourEstimator estimator, const char* isa, const InformationKernels<Real>& kernels) {
  const NeighbourRule rule{estimator, estimator == NeighbourEstimator::kernel ? 0 : shape.neighbours, 0.25, shape.theiler};
  const int64_t n = shape.points, surrogates = 21;
  const Series x = series(shape.x_dims, n, 1, shape.levels), x2 = series(shape.x_dims, n, 4, shape.levels);
  const Series y = series(shape.y_dims, n, 2, shape.levels), z = series(shape.z_dims, n, 3, shape.levels);
  const std::string label = std::string(name_of(estimator)) + (sizeof(Real) == 4 ? " f32" : " f64") + " on " + isa + ", " +
                            std::to_string(n) + " points of " + std::to_string(shape.x_dims) + ", " + std::to_string(shape.y_dims) +
                            " | " + std::to_string(shape.z_dims) + ", k " + std::to_string(shape.neighbours) + ", theiler " +
                            std::to_string(shape.theiler) + (shape.levels > 0 ? ", tied" : "");

  std::vector<int32_t> orderings(static_cast<size_t>(surrogates * n)), itself(static_cast<size_t>(n));
  std::iota(itself.begin(), itself.end(), 0);
  const uint32_t stream[4] = {7, 8, 9, 10};
  for (int64_t s = 0; s < surrogates; ++s) permutation(stream, static_cast<uint32_t>(s), n, orderings.data() + s * n);

  std::atomic<int32_t> cancel = 0;
  std::atomic<int64_t> done = 0, total = 0;
  const Control control{&cancel, &done, &total};
  std::vector<double> drawn(surrogates + 1), ordered(surrogates + 1), alone(1);
  const InformationRequest requests[] = {{x.columns, surrogates, nullptr, {7, 8, 9, 10}, drawn.data()},
                                         {x.columns, surrogates, orderings.data(), {}, ordered.data()},
                                         {x2.columns, 0, nullptr, {}, alone.data()}};
  CpuInformation<Real> session(y.columns, z.columns, rule, kernels);
  const Status status = session.estimate(requests, control);
  claim(static_cast<bool>(status), label + " goes well: " + status.message);
  claim(done == total, label + " counts all its work: " + std::to_string(done) + " of " + std::to_string(total));

  const Naive<Real> naive{x.columns, y.columns, z.columns, rule}, naive2{x2.columns, y.columns, z.columns, rule};
  bool same = drawn[0] == naive.value(itself), alike = true;
  for (int64_t s = 0; s < surrogates; ++s)
    same = same && drawn[s + 1] == naive.value({orderings.begin() + s * n, orderings.begin() + (s + 1) * n});
  claim(same, label + ": X and its surrogates are those of every pair");
  claim(std::memcmp(drawn.data(), ordered.data(), drawn.size() * sizeof(double)) == 0, label + ": a stream is the orderings it names");
  claim(alone[0] == naive2.value(itself), label + ": another X in the same block");

  std::vector<int32_t> counts(static_cast<size_t>(4 * n));
  session.counts(x.columns, counts.data(), control);
  for (int64_t i = 0; i < n; ++i) {
    int32_t c[4];
    naive.counts(itself, i, c);
    for (int space = 0; space < 4; ++space) alike = alike && counts[space * n + i] == c[space];
  }
  claim(alike, label + ": counts are those of every pair");
}

// Whatever is kept, and however far lists reach, the values are the same.
template <class Real>
void compare_ways(int64_t z_dims, NeighbourEstimator estimator, const char* isa, const InformationKernels<Real>& kernels) {
  const int64_t n = 300, surrogates = 30;
  const NeighbourRule rule{estimator, estimator == NeighbourEstimator::kernel ? 0 : 4, 0.25, 1};
  const std::string label = std::string(name_of(estimator)) + " on " + isa + " given " + std::to_string(z_dims) + ": ";
  const Series y = series(1, n, 2), z = series(z_dims, n, 3), constant = {std::vector<double>(n), {}};
  Series wide = series(1, n, 1);
  // A few are far from all others.
  for (double& v : wide.values) v = v * v * v * v * v;
  const Columns narrow{constant.values.data(), 1, n, n};
  std::atomic<int32_t> cancel = 0;
  std::atomic<int64_t> done = 0, total = 0;
  const Control control{&cancel, &done, &total};
  const auto estimate = [&](InformationSession& session, const Columns& x) {
    std::vector<double> out(surrogates + 1);
    const InformationRequest request{x, surrogates, nullptr, {1, 2, 3, 4}, out.data()};
    claim(static_cast<bool>(session.estimate({&request, 1}, control)), label + "goes well");
    return out;
  };

  CpuInformation<Real> usual(y.columns, z.columns, rule, kernels);
  const std::vector<double> expected = estimate(usual, wide.columns);
  std::vector<int32_t> order(static_cast<size_t>(n));
  const uint32_t stream[4] = {1, 2, 3, 4};
  permutation(stream, 5, n, order.data());
  claim(expected[6] == Naive<Real>{wide.columns, y.columns, z.columns, rule}.value(order), label + "a surrogate of a wide X is that of every pair");

  // X that does not vary needs the shortest lists; then those are too short, and are widened.
  CpuInformation<Real> after_narrow(y.columns, z.columns, rule, kernels);
  estimate(after_narrow, narrow);
  claim(estimate(after_narrow, wide.columns) == expected, label + "lists made for a narrow X serve a wide one");
  claim(estimate(after_narrow, wide.columns) == expected, label + "so do the lists after those");

  CpuInformation<Real> small(y.columns, z.columns, rule, kernels, {1, 0});
  claim(estimate(small, wide.columns) == expected, label + "block by block, with lists made anew for each");
  CpuInformation<Real> half(y.columns, z.columns, rule, kernels, {static_cast<size_t>(20 * n) * sizeof(Real), 30000});
  claim(estimate(half, wide.columns) == expected, label + "in groups, with some of the lists kept");
}

void random_checks() {
  const auto is = [](const PhiloxBlock& block, std::initializer_list<uint32_t> words) { return std::equal(words.begin(), words.end(), block.word); };
  claim(is(philox({{0, 0, 0, 0}}, 0, 0), {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}), "philox of zeros is the published one");
  claim(is(philox({{~0u, ~0u, ~0u, ~0u}}, ~0u, ~0u), {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}), "philox of ones is the published one");
  for (const Implementation& one : implementations()) {
    if (!one.supported()) continue;
    const int lanes = one.kernels->information_f32.lanes;
    const int64_t n = 1003;
    std::vector<uint32_t> draws(static_cast<size_t>(lanes));
    std::vector<uint32_t> streams(static_cast<size_t>(4 * lanes));
    for (int l = 0; l < lanes; ++l) draws[l] = static_cast<uint32_t>(3 * l);
    for (size_t w = 0; w < streams.size(); ++w) streams[w] = static_cast<uint32_t>(w * 2654435761u);
    std::vector<int32_t> together(static_cast<size_t>(n * lanes)), single(static_cast<size_t>(n));
    one.kernels->information_f32.permute(reinterpret_cast<const uint32_t(*)[4]>(streams.data()), draws.data(), n, together.data());
    bool same = true;
    for (int l = 0; l < lanes; ++l) {
      permutation(streams.data() + 4 * l, draws[l], n, single.data());
      for (int64_t i = 0; i < n; ++i) same = same && together[i * lanes + l] == single[i];
    }
    claim(same, std::string(one.kernels->name) + " permutes by lane as random.h does one by one");
  }
}

}  // namespace

void information_checks() {
  random_checks();
  const Shape shapes[] = {
      {150, 1, 1, 3, 4, 0, 0}, {129, 1, 1, 1, 4, 2, 0}, {200, 1, 1, 0, 4, 0, 0},  {200, 1, 1, 0, 3, 5, 3}, {130, 2, 1, 2, 3, 0, 0},
      {128, 3, 2, 0, 6, 1, 0}, {100, 1, 2, 1, 20, 0, 4}, {65, 1, 1, 2, 4, 0, 2},  {40, 2, 1, 0, 1, 0, 1},  {12, 1, 1, 1, 11, 0, 0},
      {30, 1, 1, 8, 4, 3, 0},  {7, 1, 1, 0, 2, 1, 0},
  };
  for (const Implementation& one : implementations()) {
    if (!one.supported()) continue;
    for (const int64_t z_dims : {0, 2})
      for (const NeighbourEstimator estimator : {NeighbourEstimator::ksg1, NeighbourEstimator::ksg2, NeighbourEstimator::kernel}) {
        compare_ways<double>(z_dims, estimator, one.kernels->name, one.kernels->information_f64);
        compare_ways<float>(z_dims, estimator, one.kernels->name, one.kernels->information_f32);
      }
    for (const Shape& shape : shapes)
      for (const NeighbourEstimator estimator : {NeighbourEstimator::ksg1, NeighbourEstimator::ksg2, NeighbourEstimator::kernel}) {
        compare<double>(shape, estimator, one.kernels->name, one.kernels->information_f64);
        compare<float>(shape, estimator, one.kernels->name, one.kernels->information_f32);
      }
  }
}

}  // namespace corrente::check
