// The rolling correlation session of the CPU engine. How it works stands in generic/rolling_correlation.h and, for
// weights that decay, in generic/ewm_correlation.h.
#pragma once

#include <vector>

#include "../common/block_pool.h"
#include "kernels.h"
#include "series_panels.h"

namespace corrente {

class CpuRollingCorrelation final : public RollingCorrelationSession {
 public:
  CpuRollingCorrelation(const Columns&, const RollingCorrelationRequest&, Precision, const Kernels&);

  // Packs the series, and takes the statistics of each; false where it was cancelled.
  bool prepare(const Control&);

  int64_t windows() const override { return windows_; }
  Status tile(const Rectangle&, void* r, const Control&) override;

 private:
  using Slice = SeriesPanels::Slice;
  static constexpr int64_t kMostLanes = 8;

  // What one thread works in.
  struct Scratch {
    Block r, sums;
  };
  struct Output {
    Rectangle tile;
    void* r;
  };

  bool survey(int64_t series);
  void prepare_panel(int64_t panel);
  WindowGroup group(int64_t index) const;
  bool never() const { return request_.window > 0 && request_.min_periods > request_.window; }

  // Windows of the groups [from, to), or rows in blocks under decaying weights, of a slice.
  void correlate(const Slice&, int64_t from, int64_t to, const Output&, Scratch&, const Control&) const;
  void correlate_gaps(const Slice&, int64_t from, int64_t to, const Output&, Scratch&, const Control&) const;
  void correlate_decaying(const Slice&, const Output&, Scratch&, const Control&) const;
  double exact(int64_t a, int64_t b, int64_t begin) const;
  // Hands windows [first, first + windows) of one slot a with panel b over to the tile: both ways, where it has both.
  void put(const Output&, int64_t a, int64_t panel, double* r, int64_t first, int64_t windows) const;
  template <class Real>
  void spread(const Output&, int64_t a, int64_t panel, const double* r, int64_t first, int64_t windows) const;

  bool gaps(const Slice& slice) const { return panels_.has_gaps(slice.a) || panels_.has_gaps(slice.b * lanes()); }
  int64_t lanes() const { return kernels_.doubles; }
  const double* values(int64_t panel) const { return values_.as<const double>() + panel * columns_.length * lanes(); }
  const double* deviations(int64_t panel) const { return deviations_.as<const double>() + panel * columns_.length * lanes(); }
  const double* inverses(int64_t panel) const { return inverses_.as<const double>() + panel * columns_.length * lanes(); }
  const double* statistics(int64_t panel, int64_t window) const {
    return statistics_.as<const double>() + (panel * windows_ + window) * kWindowStatistics * lanes();
  }

  const Columns columns_;
  const RollingCorrelationRequest request_;
  const Precision precision_;
  const Kernels& kernels_;
  const int64_t windows_;
  const int64_t group_windows_;  // in a whole group
  const int64_t groups_;
  std::vector<double> scales_;  // of each series
  SeriesPanels panels_;
  Block values_;                // [panels][rows][lanes]
  Block statistics_;            // of a window: [panels without gaps][windows][kWindowStatistics][lanes]
  Block deviations_, inverses_;  // under decaying weights: [panels without gaps][rows][lanes]
};

}  // namespace corrente
