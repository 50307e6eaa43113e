// Tiles and profiles of a lead-lag session. A pair is computed one way only, the series of the smaller slot as a; the
// other way is its mirror image.
#include <algorithm>
#include <cmath>
#include <limits>

#include "../common/check_pairs.h"
#include "../common/status.h"
#include "lead_lag.h"
#include "threads.h"

namespace corrente {

namespace {

// 1 over the product of two norms above which rounding shows in the thirteenth digit. All rows have norm 1.
constexpr double kWeak = 300;
// Products of a slice stay in the second cache.
constexpr int64_t kSliceBytes = int64_t{1} << 20;

double* of_size(Block& block, int64_t doubles) {
  const auto bytes = static_cast<size_t>(doubles) * sizeof(double);
  if (block.bytes() < bytes) block = Block(bytes);
  return block.as<double>();
}

}  // namespace

double CpuLeadLag::exact(int64_t a, int64_t b, int64_t lag) const {
  const Series &of_a = series_[a], &of_b = series_[b];
  if (of_a.constant || of_b.constant) return std::nan("");
  const int64_t length = columns_.length - std::abs(lag);
  const PairMoments m = kernels_.pair_moments(columns_.row(a) + std::max<int64_t>(0, -lag), of_a.standard,
                                              columns_.row(b) + std::max<int64_t>(0, lag), of_b.standard, length);
  if (m.n < request_.min_periods || m.constant) return std::nan("");
  const double r = std::clamp(m.xy / (std::sqrt(m.xx) * std::sqrt(m.yy)), -1.0, 1.0);
  return (r + lift_) - lift_;
}

int32_t CpuLeadLag::common_rows(int64_t a, int64_t b, int64_t lag) const {
  const int64_t length = columns_.length - std::abs(lag);
  const double *x = columns_.row(a) + std::max<int64_t>(0, -lag), *y = columns_.row(b) + std::max<int64_t>(0, lag);
  int32_t n = 0;
  for (int64_t t = 0; t < length; ++t) n += !std::isnan(x[t]) && !std::isnan(y[t]);
  return n;
}

// Products of channels that a slice takes.
int64_t CpuLeadLag::pieces(const Slice& slice) const {
  return slice.count * (panels_.has_gaps(slice.a) || panels_.has_gaps(slice.b * lanes()) ? kLagSums : 1);
}

void CpuLeadLag::multiply(const Slice& slice, Channel of_a, Channel of_b, Scratch& scratch) const {
  const LeadLagKernels& kernels = kernels_.lead_lag;
  const int64_t each = size() * lanes();
  double* const products = of_size(scratch.products, slice.count * each);
  kernels.multiply(fft_.plan(), spectra(spectra_a_, of_a, slice.a / lanes()), static_cast<int>(slice.a % lanes()),
                   static_cast<int>(slice.count),
                   spectra(transform_.chunks > 1 ? spectra_b_ : spectra_a_, of_b, slice.b), transform_.chunks, products);
  for (int64_t i = 0; i < slice.count; ++i) kernels.invert(fft_.plan(), products + i * each);
}

// Calls each(slot, r, n): coefficients and, of panels with gaps, numbers of rows, at lags -lags to lags; n is null where
// no row is missing.
template <class Each>
void CpuLeadLag::profiles(const Slice& whole, Scratch& scratch, const Control& control, Each&& each) const {
  const LeadLagKernels& kernels = kernels_.lead_lag;
  const int64_t panel = (2 * lags_ + 1) * lanes(), first_b = whole.b * lanes();
  double* const r = of_size(scratch.r, panel);
  const double scale = 0.5 / static_cast<double>(transform_.points);

  if (!panels_.has_gaps(whole.a) && !panels_.has_gaps(first_b)) {
    const auto wide = static_cast<int64_t>(size() * lanes() * 8) * whole.count <= kSliceBytes ? whole.count : 1;
    const auto overlaps = [&](int64_t p) { return overlaps_.as<const double>() + p * (lags_ + 1) * kOverlaps * lanes(); };
    for (int64_t i = 0; i < whole.count && !control.cancelled(); i += wide) {
      multiply({whole.a + i, wide, whole.b}, kValues, kValues, scratch);
      for (int64_t j = 0; j < wide; ++j) {
        const int64_t a = whole.a + i + j;
        const bool weak = kernels.coefficients(scratch.products.as<const double>() + j * size() * lanes(), size(), lags_, scale,
                                               overlaps(a / lanes()), static_cast<int>(a % lanes()), overlaps(whole.b), kWeak, lift_, r);
        finish(a, whole.b, weak, r, control);
        each(a, r, nullptr);
      }
    }
    return;
  }

  static constexpr Channel kOf[kLagSums][2] = {{kPattern, kPattern}, {kValues, kPattern}, {kPattern, kValues},
                                               {kSquares, kPattern}, {kPattern, kSquares}, {kValues, kValues}};
  double* const sums = of_size(scratch.sums, kLagSums * panel);
  double* const n = of_size(scratch.n, panel);
  double weak_b[kMostLanes];
  for (int64_t lane = 0; lane < lanes(); ++lane) {
    const int64_t s = panels_.series[first_b + lane];
    weak_b[lane] = s < 0 ? 0 : series_[s].weak;
  }
  for (int64_t i = 0; i < whole.count; ++i) {
    const int64_t a = whole.a + i;
    for (int sum = 0; sum < kLagSums; ++sum) {
      if (control.cancelled()) return;
      multiply({a, 1, whole.b}, kOf[sum][0], kOf[sum][1], scratch);
      kernels.gather(scratch.products.as<const double>(), size(), lags_, scale, sums + sum * panel);
    }
    const bool weak = kernels.gap_coefficients(sums, lags_, static_cast<double>(request_.min_periods),
                                               series_[panels_.series[a]].weak, weak_b, lift_, r, n);
    finish(a, whole.b, weak, r, control);
    each(a, r, n);
  }
}

// Sums what is to be summed, and makes a series' profile with itself what it is: symmetric, with 1 in the middle.
void CpuLeadLag::finish(int64_t a, int64_t panel, bool weak, double* r, const Control& control) const {
  const int64_t of_a = panels_.series[a];
  const int64_t self = a / lanes() == panel ? a % lanes() : -1;
  if (weak) {
    for (int64_t k = -lags_; k <= lags_ && !control.cancelled(); ++k) {
      double* const at = r + (lags_ + k) * lanes();
      for (int64_t lane = 0; lane < lanes(); ++lane) {
        const int64_t slot = panel * lanes() + lane;
        // Those before a are mirror images.
        if (at[lane] != kToBeSummed || slot < a) continue;
        at[lane] = panels_.series[slot] < 0 ? std::nan("") : exact(of_a, panels_.series[slot], k);
      }
    }
  }
  if (self < 0) return;
  double* const middle = r + lags_ * lanes() + self;
  if (!std::isnan(*middle)) *middle = 1;
  for (int64_t k = 1; k <= lags_; ++k) middle[-k * lanes()] = middle[k * lanes()];
}

void CpuLeadLag::put(const Output& out, int64_t a, int64_t panel, Scratch& scratch) const {
  double strongest[kStrongest * kMostLanes];
  kernels_.lead_lag.strongest(scratch.r.as<const double>(), lags_, strongest);
  const double* const n = panels_.has_gaps(a) || panels_.has_gaps(panel * lanes()) ? scratch.n.as<const double>() : nullptr;
  const int64_t of_a = panels_.series[a], width = out.tile.cols();
  for (int64_t lane = 0; lane < lanes(); ++lane) {
    const int64_t slot = panel * lanes() + lane, of_b = panels_.series[slot];
    if (of_b < 0 || slot < a) continue;
    const auto store = [&](int64_t row, int64_t col, Strongest value, Strongest which, int64_t sign) {
      if (row < out.tile.row_from || row >= out.tile.row_to || col < out.tile.col_from || col >= out.tile.col_to) return;
      const int64_t at = (row - out.tile.row_from) * width + col - out.tile.col_from;
      const double found = strongest[which * lanes() + lane];
      const bool none = std::isnan(found);
      const double r = none ? found : strongest[value * lanes() + lane];
      const auto lag = none ? 0 : static_cast<int64_t>(found);
      if (precision_ == Precision::f32) {
        static_cast<float*>(out.r)[at] = static_cast<float>(r);
      } else {
        static_cast<double*>(out.r)[at] = r;
      }
      out.lag[at] = static_cast<int32_t>(lag);
      out.n[at] = static_cast<int32_t>(none ? 0 : n == nullptr ? columns_.length - std::abs(lag) : static_cast<int64_t>(n[(lags_ + sign * lag) * lanes() + lane]));
    };
    store(of_a, of_b, kStrongestR, kStrongestLag, 1);
    if (of_a != of_b) store(of_b, of_a, kMirroredR, kMirroredLag, -1);
  }
}

Status CpuLeadLag::tile(const Rectangle& tile, void* r, int32_t* lag, int32_t* n, const Control& control) {
  return guarded("lead-lag tile", [&]() -> Status {
    if (Status range = check_rectangle("lead-lag tile", columns_, tile); !range) return range;
    if (lags_ < 0) {
      for (int64_t at = 0; at < tile.rows() * tile.cols(); ++at) {
        if (precision_ == Precision::f32) static_cast<float*>(r)[at] = std::numeric_limits<float>::quiet_NaN();
        else static_cast<double*>(r)[at] = std::numeric_limits<double>::quiet_NaN();
        lag[at] = n[at] = 0;
      }
      return {};
    }
    const std::vector<Slice> list = panels_.slices(tile, kernels_.lead_lag.a_slice);
    int64_t work = 0;
    for (const Slice& slice : list) work += pieces(slice);
    control.total->store(work, std::memory_order_relaxed);

    const Output out{tile, r, lag, n};
    ThreadPool& pool = thread_pool();
    std::vector<Scratch> scratch(static_cast<size_t>(pool.threads()));
    // Several slices with the same panel b, which then stays in the second cache.
    pool.parallel_for(static_cast<int64_t>(list.size()), 4, control, [&](int64_t begin, int64_t end, int worker) {
      for (int64_t i = begin; i < end && !control.cancelled(); ++i) {
        profiles(list[i], scratch[worker], control, [&](int64_t a, const double*, const double*) {
          if (!control.cancelled()) put(out, a, list[i].b, scratch[worker]);
        });
        control.done->fetch_add(pieces(list[i]), std::memory_order_relaxed);
      }
    });
    return control.cancelled() ? cancelled("lead-lag tile") : Status{};
  });
}

Status CpuLeadLag::profile(int64_t a, int64_t b, void* r, int32_t* n, const Control& control) {
  return guarded("lead-lag profile", [&]() -> Status {
    if (a < 0 || b < 0 || a >= columns_.series || b >= columns_.series)
      return invalid("lead-lag profile: series " + std::to_string(a) + " and " + std::to_string(b) +
                     ", expected both in [0, " + std::to_string(columns_.series) + ")");
    const int64_t max_lag = request_.max_lag;
    const auto put = [&](int64_t lag, double value, int64_t rows) {
      if (precision_ == Precision::f32) {
        static_cast<float*>(r)[max_lag + lag] = static_cast<float>(value);
      } else {
        static_cast<double*>(r)[max_lag + lag] = value;
      }
      n[max_lag + lag] = static_cast<int32_t>(rows);
    };
    control.total->store(1, std::memory_order_relaxed);
    for (int64_t k = lags_ + 1; k <= max_lag; ++k)
      for (const int64_t lag : {k, -k}) put(lag, std::nan(""), k >= columns_.length ? 0 : common_rows(a, b, lag));
    if (lags_ < 0) return {};

    const bool mirrored = panels_.slot[b] < panels_.slot[a];
    const int64_t low = mirrored ? panels_.slot[b] : panels_.slot[a], high = mirrored ? panels_.slot[a] : panels_.slot[b];
    Scratch scratch;
    profiles({low, 1, high / lanes()}, scratch, control, [&](int64_t, const double* values, const double* rows) {
      for (int64_t k = -lags_; k <= lags_; ++k) {
        const int64_t at = (lags_ + k) * lanes() + high % lanes();
        put(mirrored ? -k : k, values[at], rows == nullptr ? columns_.length - std::abs(k) : static_cast<int64_t>(rows[at]));
      }
    });
    control.done->store(1, std::memory_order_relaxed);
    return control.cancelled() ? cancelled("lead-lag profile") : Status{};
  });
}

}  // namespace corrente
