// Pairs of which a series has missing values: r over the rows that both have.
//
// Six sums for each pair, n, x, y, xx, yy and xy, are products of three matrices: the values centred by their series'
// own means with 0 for missing, the pattern of what is present, and the squares (generic/moments.h). They are added a
// block of series by a block of series, in float64 under either precision, because n xx - x x cancels too soon in
// float32. Where the means over the common rows lie so far from the series' own that it cancels in float64 too, the
// pair is done again about its own means.
#include <algorithm>
#include <cmath>

#include "pearson.h"

namespace corrente {

namespace {

// Above this share of the plain sum of squares, the central one keeps 14 of 16 digits.
constexpr double kCancelled = 1e-2;
// Rows that are packed at a time: 64 series of them take 192 KiB of the second cache.
constexpr int64_t kGapRows = 128;
constexpr int64_t kGapSeries = 64;

double clamp(double r) { return r > 1 ? 1 : r < -1 ? -1 : r; }

}  // namespace

std::vector<CpuPearson::GapBlocks> CpuPearson::gap_blocks(const Rectangle& tile) const {
  std::vector<GapBlocks> pairs;
  if (complete()) return pairs;
  const int64_t tasks = static_cast<int64_t>(thread_pool().threads()) * 6;
  int64_t block = kGapSeries;
  while (block > kernels_.doubles && tile.rows() * tile.cols() < tasks * block * block) block /= 2;

  const int64_t places = columns_.series, blocks = (places + block - 1) / block;
  const auto range = [&](int64_t index) { return PlaceRange{index * block, std::min((index + 1) * block, places)}; };
  std::vector<char> has_row(static_cast<size_t>(blocks)), has_col(static_cast<size_t>(blocks));
  for (int64_t place = 0; place < places; ++place) {
    const int64_t s = order_[place];
    if (tile.row_from <= s && s < tile.row_to) has_row[place / block] = 1;
    if (tile.col_from <= s && s < tile.col_to) has_col[place / block] = 1;
  }
  // Series with gaps come last in the order, so the later block has one if either has.
  for (int64_t b = 0; b < blocks; ++b)
    for (int64_t a = b; a < blocks; ++a)
      if (range(a).to > slots_ && ((has_row[a] && has_col[b]) || (has_row[b] && has_col[a]))) pairs.push_back({range(a), range(b)});
  return pairs;
}

void CpuPearson::gap_pairs(const GapBlocks& pair, PairSink& sink, Block& scratch, int worker, const Control& control) const {
  const int64_t lanes = kernels_.doubles, slice = kernels_.gap_slice;
  const int64_t a_vectors = (pair.a.count() + lanes - 1) / lanes, b_vectors = (pair.b.count() + lanes - 1) / lanes;
  const int64_t packed = kGapRows * kernels_.gap_row;
  const int64_t sums_size = a_vectors * b_vectors * lanes * lanes * kMoments;
  const auto bytes = static_cast<size_t>((a_vectors + b_vectors) * packed + sums_size) * sizeof(double);
  if (scratch.bytes() < bytes) scratch = Block(bytes);
  auto* const a = scratch.as<double>();
  double* const b = a + a_vectors * packed;
  double* const sums = b + b_vectors * packed;
  std::fill_n(sums, sums_size, 0.0);

  const auto pack = [&](const PlaceRange& places, int64_t vectors, int64_t from, int64_t to, double* out) {
    for (int64_t v = 0; v < vectors; ++v) {
      const double* rows[kMostLanes];
      Standard standards[kMostLanes];
      for (int64_t lane = 0; lane < lanes; ++lane) {
        const int64_t s = order_[std::min(places.from + v * lanes + lane, places.to - 1)];
        rows[lane] = columns_.row(s);
        standards[lane] = standards_[s];
      }
      kernels_.pack_gaps(rows, standards, from, to, out + v * packed);
    }
  };
  // Where the sums of the pair of lane `lane` of vector p of a and series j of vector q of b begin.
  const auto sums_of = [&](int64_t p, int64_t q, int64_t j) { return sums + ((p * b_vectors + q) * lanes + j) * kMoments * lanes; };

  for (int64_t from = 0; from < columns_.length; from += kGapRows) {
    if (control.cancelled()) return;
    const int64_t to = std::min(from + kGapRows, columns_.length);
    pack(pair.a, a_vectors, from, to, a);
    pack(pair.b, b_vectors, from, to, b);
    for (int64_t q = 0; q < b_vectors; ++q)
      for (int64_t j = 0; j < lanes; j += slice)
        for (int64_t p = 0; p < a_vectors; ++p)
          if (wanted(pair, p, q)) kernels_.add_moments(a + p * packed, b + q * packed, static_cast<int>(j), to - from, sums_of(p, q, j));
    control.done->fetch_add(pair.work() * (to - from), std::memory_order_relaxed);
  }

  for (int64_t p = 0; p < pair.a.count(); ++p)
    for (int64_t q = 0; q < pair.b.count(); ++q) {
      const int64_t of_a = order_[pair.a.from + p], of_b = order_[pair.b.from + q];
      // On the diagonal a pair of vectors holds its pairs in both orders.
      if (pair.a.from + p < pair.b.from + q || (!gaps_[of_a] && !gaps_[of_b]) || !sink.wants(of_a, of_b)) continue;
      const double* const at = sums_of(p / lanes, q / lanes, q % lanes) + p % lanes;
      double moments[kMoments];
      for (int k = 0; k < kMoments; ++k) moments[k] = at[k * lanes];
      sink.pair(of_a, of_b, gap_value(of_a, of_b, moments), static_cast<int64_t>(moments[kMomentN]), worker);
    }
}

// Pairs of vectors before the diagonal are the mirror image of those after it, and those of complete series are products
// of panels.
bool CpuPearson::wanted(const GapBlocks& pair, int64_t p, int64_t q) const {
  const int64_t lanes = kernels_.doubles;
  if (pair.a.from == pair.b.from && p < q) return false;
  return pair.a.from + (p + 1) * lanes > slots_ || pair.b.from + (q + 1) * lanes > slots_;
}

double CpuPearson::gap_value(int64_t a, int64_t b, const double (&m)[kMoments]) const {
  const double n = m[kMomentN];
  const double divisor = n - static_cast<double>(request_.ddof);
  if (n < 2 || (covariance() && divisor <= 0)) return std::nan("");
  if (constant_[a] || constant_[b]) return covariance() ? 0 : std::nan("");
  if (a == b) return diagonal_[a];

  const double xx = n * m[kMomentXX] - m[kMomentX] * m[kMomentX], yy = n * m[kMomentYY] - m[kMomentY] * m[kMomentY];
  const auto value = [&](double of_xy, double of_xx, double of_yy, double rows) {
    if (!covariance()) return clamp(of_xy / (std::sqrt(of_xx) * std::sqrt(of_yy)));
    return of_xy / rows / divisor / (standards_[a].scale * standards_[b].scale);
  };
  if (xx > kCancelled * n * m[kMomentXX] && yy > kCancelled * n * m[kMomentYY])
    return value(n * m[kMomentXY] - m[kMomentX] * m[kMomentY], xx, yy, n);
  // In one order, whichever way round the pair was asked for.
  const int64_t low = std::min(a, b), high = std::max(a, b);
  const PairMoments exact = kernels_.pair_moments(columns_.row(low), standards_[low], columns_.row(high),
                                                  standards_[high], columns_.length);
  if (exact.constant) return covariance() ? 0 : std::nan("");
  return value(exact.xy, exact.xx, exact.yy, 1);
}

}  // namespace corrente
