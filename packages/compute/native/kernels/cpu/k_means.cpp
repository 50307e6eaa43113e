// k-means: points lie in tiles of as many as a vector has lanes; threads take chunks of points. A chunk's size depends on
// the shape alone, and what chunks add up to is joined in their order, so that the threads change no bit.
//
// Lloyd's algorithm with the bounds of Hamerly ("Making k-means even faster", 2010): most points need no distance once
// the centres hardly move. The sums of a chunk are made anew whenever one of its points changes, never corrected, so the
// result is that of the algorithm without bounds.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "../common/block_pool.h"
#include "../common/random.h"
#include "../common/status.h"
#include "isa.h"
#include "points_kernels.h"
#include "threads.h"

namespace corrente {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Points that a thread takes at once.
constexpr int64_t kPointsAtOnce = 2048;

// Uniform numbers in [0, 1) of one draw of a stream, of two words each.
class Uniforms {
 public:
  Uniforms(const uint32_t* stream, uint32_t draw) : stream_(stream), draw_(draw) {}
  double next() {
    const PhiloxBlock words = random_words(stream_, draw_, used_ / 2);
    const uint32_t* const pair = words.word + 2 * (used_ % 2);
    ++used_;
    return (static_cast<double>(pair[0] >> 5) * 67108864.0 + static_cast<double>(pair[1] >> 6)) / 9007199254740992.0;
  }

 private:
  const uint32_t* const stream_;
  const uint32_t draw_;
  uint32_t used_ = 0;
};

// The points of a block, in tiles: [tiles × dimensions × lanes], about the first point so that a large level costs no
// digits. Lanes past the last point repeat it.
struct Tiles {
  const int64_t points, dimensions, lanes;
  const int64_t padded, chunk, chunks;
  std::vector<double> origin;
  Block memory;

  Tiles(const Columns& columns, int64_t clusters, int lanes_of, const Control& control)
      : points(columns.length), dimensions(columns.series), lanes(lanes_of), padded((points + lanes - 1) / lanes * lanes),
        // A chunk's sums take no more than a quarter of the memory of its points; they are made anew where one changes.
        chunk(std::max<int64_t>(128, (4 * clusters + lanes - 1) / lanes * lanes)), chunks((points + chunk - 1) / chunk),
        memory(static_cast<size_t>(padded * dimensions) * sizeof(double)) {
    for (int64_t d = 0; d < dimensions; ++d) origin.push_back(columns.row(d)[0]);
    double* const to = memory.as<double>();
    thread_pool().parallel_for(chunks, 1, control, [&](int64_t begin, int64_t end, int) {
      for (int64_t first = begin * chunk; first < std::min(end * chunk, padded); first += lanes)
        for (int64_t d = 0; d < dimensions; ++d)
          for (int64_t lane = 0; lane < lanes; ++lane)
            to[(first * dimensions) + d * lanes + lane] = columns.row(d)[std::min(first + lane, points - 1)] - origin[static_cast<size_t>(d)];
    });
  }

  int64_t first(int64_t c) const { return c * chunk; }
  int64_t count(int64_t c) const { return std::min(chunk, points - first(c)); }
  const double* at(int64_t i) const { return memory.as<double>() + i * dimensions; }  // i: the first of a tile
  double value(int64_t i, int64_t d) const { return at(i / lanes * lanes)[d * lanes + i % lanes]; }
  void copy(int64_t i, double* to) const {
    for (int64_t d = 0; d < dimensions; ++d) to[d] = value(i, d);
  }
};

// What one start finds.
struct Grouping {
  std::vector<double> centres;
  std::vector<int64_t> cluster;
  double inertia = kInfinity;
  int64_t iterations = 0;
};

class KMeans {
 public:
  KMeans(const Tiles& tiles, const KMeansRequest& request, const PointsKernels& kernels, const Control& control)
      : tiles_(tiles), request_(request), kernels_(kernels), control_(control), k_(request.clusters), dims_(tiles.dimensions),
        centres_(size(k_ * dims_)), new_centres_(size(k_ * dims_)), own_way_(size(k_)), other_way_(size(k_)), half_gap_(size(k_)),
        cluster_(size(tiles.padded)), upper_(size(tiles.padded)), lower_(size(tiles.padded)),
        sums_(size(tiles.chunks * k_ * dims_)), counts_(size(tiles.chunks * k_)), changed_(size(tiles.chunks)), least_(size(tiles.padded)) {
    measure_tolerance();
  }

  Grouping start(uint32_t draw) {
    seed(draw);
    int64_t iteration = 0;
    bool settled = false;
    while (iteration < request_.iterations && !settled && !control_.cancelled()) {
      const bool begins = iteration++ == 0;
      if (assign(begins) == 0 && !begins) break;
      settled = move(begins) <= tolerance_;
    }
    assign(true);
    Grouping grouping{centres_, cluster_, 0, iteration};
    for (int64_t c = 0; c < tiles_.chunks; ++c) {
      double chunk = 0;
      for (int64_t i = tiles_.first(c); i < tiles_.first(c) + tiles_.count(c); ++i) chunk += upper_[size(i)] * upper_[size(i)];
      grouping.inertia += chunk;
    }
    return grouping;
  }

 private:
  static size_t size(int64_t n) { return static_cast<size_t>(n); }

  template <class Body>
  void for_chunks(Body&& body) {
    thread_pool().parallel_for(tiles_.chunks, std::max<int64_t>(1, kPointsAtOnce / tiles_.chunk), control_, [&](int64_t begin, int64_t end, int) {
      for (int64_t c = begin; c < end; ++c) body(c);
    });
  }

  // The tolerance of the squared way of all centres: relative to the mean variance of the dimensions.
  void measure_tolerance() {
    for_chunks([&](int64_t c) { sum_chunk(c); });  // every point is in cluster 0 still
    std::vector<double> mean(size(dims_));
    for (int64_t c = 0; c < tiles_.chunks; ++c)
      for (int64_t d = 0; d < dims_; ++d) mean[size(d)] += sums_[size(c * k_ * dims_ + d)] / static_cast<double>(tiles_.points);
    potential_.assign(size(tiles_.chunks), 0);
    for_chunks([&](int64_t c) { potential_[size(c)] = least_squares(c, mean.data(), nullptr, nullptr); });
    double squares = 0;
    for (const double one : potential_) squares += one;
    tolerance_ = request_.tolerance * squares / static_cast<double>(tiles_.points * dims_);
  }

  // k-means++ with 2 + ⌊ln k⌋ trials for each centre, of which the one that leaves the least stays (the greedy variant
  // of the paper's conclusion).
  void seed(uint32_t draw) {
    Uniforms uniforms(request_.stream, draw);
    const int trials = 2 + static_cast<int>(std::log(static_cast<double>(k_)));
    std::vector<double> candidates(size(trials * dims_));
    // Of each trial what it would leave: of every point, and of every chunk together.
    std::vector<std::vector<double>> least(size(trials), std::vector<double>(size(k_ > 1 ? tiles_.padded : 0))), left(size(trials), std::vector<double>(size(tiles_.chunks)));
    const auto random_point = std::min<int64_t>(static_cast<int64_t>(uniforms.next() * static_cast<double>(tiles_.points)), tiles_.points - 1);
    tiles_.copy(random_point, centres_.data());
    for_chunks([&](int64_t c) { potential_[size(c)] = least_squares(c, centres_.data(), nullptr, least_.data()); });
    for (int64_t next = 1; next < k_ && !control_.cancelled(); ++next) {
      for (int t = 0; t < trials; ++t) tiles_.copy(pick(uniforms.next()), candidates.data() + t * dims_);
      for_chunks([&](int64_t c) {
        for (int t = 0; t < trials; ++t) left[size(t)][size(c)] = least_squares(c, candidates.data() + t * dims_, least_.data(), least[size(t)].data());
      });
      size_t best = 0;
      double fewest = kInfinity;
      for (size_t t = 0; t < size(trials); ++t) {
        double total = 0;
        for (const double one : left[t]) total += one;
        if (total < fewest) best = t;
        fewest = std::min(fewest, total);
      }
      std::copy_n(candidates.data() + static_cast<int64_t>(best) * dims_, dims_, centres_.data() + next * dims_);
      least_.swap(least[best]);
      potential_.swap(left[best]);
    }
  }

  // Of a chunk: the least of what is there, where anything is, and the squared distances from a point.
  double least_squares(int64_t c, const double* point, const double* among, double* keep) const {
    const int64_t first = tiles_.first(c);
    return kernels_.least_squares(tiles_.at(first), tiles_.count(c), dims_, point, among == nullptr ? nullptr : among + first, keep == nullptr ? nullptr : keep + first);
  }

  // The point at this share of the sum of the least squares. Where all points are centres already, the first one.
  int64_t pick(double share) const {
    double total = 0;
    for (const double one : potential_) total += one;
    double wanted = share * total;
    int64_t c = 0;
    while (c + 1 < tiles_.chunks && !(wanted < potential_[size(c)])) wanted -= potential_[size(c++)];
    const int64_t end = tiles_.first(c) + tiles_.count(c);
    int64_t last = tiles_.first(c);
    for (int64_t i = tiles_.first(c); i < end; ++i) {
      const double square = least_[size(i)];
      if (square > 0) last = i;
      if (wanted < square) return i;
      wanted -= square;
    }
    return last;
  }

  int64_t assign(bool all) {
    const Centres centres{k_, dims_, centres_.data(), own_way_.data(), other_way_.data(), half_gap_.data()};
    for_chunks([&](int64_t c) {
      const int64_t first = tiles_.first(c);
      changed_[size(c)] = kernels_.assign(tiles_.at(first), tiles_.count(c), centres, all, {cluster_.data() + first, upper_.data() + first, lower_.data() + first});
    });
    control_.done->fetch_add(1, std::memory_order_relaxed);
    int64_t changed = 0;
    for (const int64_t one : changed_) changed += one;
    return changed;
  }

  void sum_chunk(int64_t c) {
    double* const sums = sums_.data() + c * k_ * dims_;
    int64_t* const counts = counts_.data() + c * k_;
    std::fill_n(sums, k_ * dims_, 0.0);
    std::fill_n(counts, k_, 0);
    const int64_t first = tiles_.first(c), end = first + tiles_.count(c), lanes = tiles_.lanes;
    for (int64_t tile = first; tile < end; tile += lanes) {
      const double* const at = tiles_.at(tile);
      for (int64_t lane = 0; lane < std::min(lanes, end - tile); ++lane) {
        const int64_t group = cluster_[size(tile + lane)];
        ++counts[group];
        double* const to = sums + group * dims_;
        for (int64_t d = 0; d < dims_; ++d) to[d] += at[d * lanes + lane];
      }
    }
  }

  // Moves the centres to the means of their points; returns the sum of their squared ways.
  double move(bool begins) {
    for_chunks([&](int64_t c) {
      if (begins || changed_[size(c)] > 0) sum_chunk(c);
    });
    if (control_.cancelled()) return 0;
    std::vector<double> sums(size(k_ * dims_));
    std::vector<int64_t> counts(size(k_));
    for (int64_t c = 0; c < tiles_.chunks; ++c) {
      for (int64_t i = 0; i < k_ * dims_; ++i) sums[size(i)] += sums_[size(c * k_ * dims_ + i)];
      for (int64_t i = 0; i < k_; ++i) counts[size(i)] += counts_[size(c * k_ + i)];
    }
    if (std::find(counts.begin(), counts.end(), 0) != counts.end()) fill_empty(sums, counts);
    double squared_way = 0;
    for (int64_t c = 0; c < k_; ++c) {
      double way = 0;
      for (int64_t d = 0; d < dims_; ++d) {
        const auto at = size(c * dims_ + d);
        new_centres_[at] = counts[size(c)] > 0 ? sums[at] / static_cast<double>(counts[size(c)]) : centres_[at];
        way += (new_centres_[at] - centres_[at]) * (new_centres_[at] - centres_[at]);
      }
      squared_way += way;
      own_way_[size(c)] = std::sqrt(way);
    }
    centres_.swap(new_centres_);
    measure_bounds();
    return squared_way;
  }

  // Each cluster without points takes the one that is farthest from its centre, of a cluster that has others.
  void fill_empty(std::vector<double>& sums, std::vector<int64_t>& counts) {
    assign(true);  // so that `upper` holds distances; nothing changes
    std::vector<double> far(upper_.begin(), upper_.begin() + tiles_.points);
    for (int64_t c = 0; c < k_; ++c) {
      if (counts[size(c)] > 0) continue;
      int64_t taken = -1;
      for (int64_t i = 0; i < tiles_.points; ++i)
        if (counts[size(cluster_[size(i)])] > 1 && far[size(i)] > (taken < 0 ? 0 : far[size(taken)])) taken = i;
      if (taken < 0) continue;  // every point is a centre already
      far[size(taken)] = 0;
      const int64_t from = cluster_[size(taken)];
      --counts[size(from)];
      counts[size(c)] = 1;
      for (int64_t d = 0; d < dims_; ++d) {
        sums[size(from * dims_ + d)] -= tiles_.value(taken, d);
        sums[size(c * dims_ + d)] = tiles_.value(taken, d);
      }
    }
  }

  void measure_bounds() {
    int64_t longest = 0;
    for (int64_t c = 1; c < k_; ++c)
      if (own_way_[size(c)] > own_way_[size(longest)]) longest = c;
    double second = 0;
    for (int64_t c = 0; c < k_; ++c)
      if (c != longest) second = std::max(second, own_way_[size(c)]);
    for (int64_t c = 0; c < k_; ++c) other_way_[size(c)] = c == longest ? second : own_way_[size(longest)];
    std::fill(half_gap_.begin(), half_gap_.end(), kInfinity);
    for (int64_t a = 0; a < k_; ++a)
      for (int64_t b = 0; b < a; ++b) {
        double square = 0;
        for (int64_t d = 0; d < dims_; ++d) square += (centres_[size(a * dims_ + d)] - centres_[size(b * dims_ + d)]) * (centres_[size(a * dims_ + d)] - centres_[size(b * dims_ + d)]);
        const double half = std::sqrt(square) / 2;
        half_gap_[size(a)] = std::min(half_gap_[size(a)], half);
        half_gap_[size(b)] = std::min(half_gap_[size(b)], half);
      }
  }

  const Tiles& tiles_;
  const KMeansRequest& request_;
  const PointsKernels& kernels_;
  const Control& control_;
  const int64_t k_, dims_;
  double tolerance_ = 0;
  std::vector<double> centres_, new_centres_, own_way_, other_way_, half_gap_;
  std::vector<int64_t> cluster_;
  std::vector<double> upper_, lower_;
  std::vector<double> sums_;  // [chunks × clusters × dimensions]
  std::vector<int64_t> counts_, changed_;
  std::vector<double> least_, potential_;
};

Status check(const Columns& points, const KMeansRequest& request) {
  if (Status shape = check_columns("k-means", points); !shape) return shape;
  const auto refuse = [](const char* what, double came, const std::string& expected) {
    return invalid(std::string("k-means: ") + what + " is " + std::to_string(came) + ", expected " + expected);
  };
  if (points.series < 1) return invalid("k-means: there are no dimensions, expected at least 1");
  if (request.clusters < 1 || request.clusters > points.length)
    return invalid("k-means: " + std::to_string(request.clusters) + " clusters of " + std::to_string(points.length) + " points, expected 1 to as many as there are points");
  if (request.starts < 1) return refuse("the number of starts", static_cast<double>(request.starts), "at least 1");
  if (request.iterations < 1) return refuse("the number of iterations", static_cast<double>(request.iterations), "at least 1");
  if (!(request.tolerance >= 0 && request.tolerance < kInfinity)) return refuse("the tolerance", request.tolerance, "a finite number of at least 0");
  for (int64_t d = 0; d < points.series; ++d)
    for (int64_t i = 0; i < points.length; ++i)
      if (!std::isfinite(points.row(d)[i]))
        return invalid("k-means: dimension " + std::to_string(d) + " of point " + std::to_string(i) + " is " + std::to_string(points.row(d)[i]) + ", expected a finite value");
  return {};
}

}  // namespace

Status k_means(const Columns& points, const KMeansRequest& request, Clusters& clusters, const Control& control) {
  return guarded("k-means", [&]() -> Status {
    if (Status arguments = check(points, request); !arguments) return arguments;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("k-means: " + chosen.why_not);
    const PointsKernels& kernels = *points_kernels_of(*chosen.kernels);
    const int64_t passes = request.iterations + 1;
    control.total->store(request.starts * passes, std::memory_order_relaxed);
    const Tiles tiles(points, request.clusters, kernels.lanes, control);
    KMeans work(tiles, request, kernels, control);
    Grouping best;
    for (int64_t s = 0; s < request.starts && !control.cancelled(); ++s) {
      Grouping one = work.start(static_cast<uint32_t>(s));
      if (one.inertia < best.inertia) best = std::move(one);
      control.done->store((s + 1) * passes, std::memory_order_relaxed);
    }
    if (control.cancelled()) return cancelled("k-means");
    clusters.centres = std::move(best.centres);
    for (size_t i = 0; i < clusters.centres.size(); ++i) clusters.centres[i] += tiles.origin[i % tiles.origin.size()];
    clusters.assignments.assign(best.cluster.begin(), best.cluster.begin() + points.length);
    clusters.inertia = best.inertia;
    clusters.iterations = best.iterations;
    return {};
  });
}

}  // namespace corrente
