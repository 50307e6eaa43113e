// The lead-lag session of the CPU engine. How transforms serve it stands in generic/lead_lag.h; lead_lag.cpp opens it,
// lead_lag_overlaps.cpp has what depends on one series and a lag, and lead_lag_tile.cpp makes tiles.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "../common/block_pool.h"
#include "fft.h"
#include "kernels.h"
#include "series_panels.h"

namespace corrente {

// How the rows are cut: chunks of a of so many rows, each against the rows of b within the lags of it.
struct LagTransform {
  int64_t points;  // of the complex transform; its real twin has twice as many
  int64_t chunk_rows, chunks;
};

// By the shape alone, because another transform rounds otherwise.
LagTransform choose_transform(int64_t rows, int64_t lags, int64_t series);

class CpuLeadLag final : public LeadLagSession {
 public:
  CpuLeadLag(const Columns&, const LeadLagRequest&, Precision, const Kernels&);

  // Standardises and transforms; false where it was cancelled.
  bool prepare(const Control&);

  Status tile(const Rectangle&, void* r, int32_t* lag, int32_t* n, const Control&) override;
  Status profile(int64_t a, int64_t b, void* r, int32_t* n, const Control&) override;

 private:
  static constexpr int64_t kMostLanes = 8;

  struct Series {
    Standard standard;
    bool constant;
    double weak = 0;  // below such a central sum of squares over common rows, too much has cancelled
  };
  // What one thread works in.
  struct Scratch {
    Block products, sums, r, n;
  };
  using Slice = SeriesPanels::Slice;
  struct Output {
    Rectangle tile;
    void* r;
    int32_t *lag, *n;
  };

  bool standardise(int64_t series);
  void put_weak(int64_t series);
  void panel_rows(int64_t panel, const double** rows, Standard*) const;
  bool transform_panels(const Control&);
  void transform_chunk(int64_t panel, Channel, int64_t chunk, Block& scratch);
  void put_overlaps(int64_t slot);

  int64_t pieces(const Slice&) const;
  // Profiles of one slot of a slice: r and, of panels with gaps, n, in the scratch.
  template <class Each>
  void profiles(const Slice&, Scratch&, const Control&, Each&&) const;
  void multiply(const Slice&, Channel of_a, Channel of_b, Scratch&) const;
  void finish(int64_t a, int64_t panel, bool weak, double* r, const Control&) const;
  void put(const Output&, int64_t a, int64_t panel, Scratch&) const;
  // Of series, not slots.
  double exact(int64_t a, int64_t b, int64_t lag) const;
  int32_t common_rows(int64_t a, int64_t b, int64_t lag) const;

  int64_t lanes() const { return kernels_.doubles; }
  int64_t size() const { return 2 * transform_.points; }
  int64_t spectrum() const { return (transform_.points + 1) * transform_.chunks * 2 * lanes(); }
  const double* spectra(const std::array<Block, kChannels>& of, Channel channel, int64_t panel) const {
    return of[channel].as<const double>() + panel * spectrum();
  }

  const Columns columns_;
  const LeadLagRequest request_;
  const Precision precision_;
  const Kernels& kernels_;
  const int64_t lags_;  // those that can have a value; below 0 where none can
  const double lift_;   // see `rounded` in generic/lead_lag.h
  const LagTransform transform_;
  const Fft fft_;
  std::vector<Series> series_;
  SeriesPanels panels_;
  int64_t channels_ = 1;
  std::array<Block, kChannels> spectra_a_, spectra_b_;  // [panels][points + 1][chunks][2][lanes]; b's are a's where there is one chunk
  Block overlaps_;                                      // [panels without gaps][lags + 1][kOverlaps][lanes]
};

}  // namespace corrente
