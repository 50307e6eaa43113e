// The two sinks of coefficients: a rectangle in memory, and the strongest pairs.
#pragma once

#include <vector>

#include "../common/block_pool.h"
#include "kernels.h"
#include "pearson_sink.h"
#include "../common/strongest.h"

namespace corrente {

// What both know of the series: where the slots stand among them, and what their own coefficient is.
struct SlotSeries {
  const std::vector<int64_t>& order;        // slot → series
  const std::vector<int64_t>& slot_before;  // series → how many complete ones come before it
  const std::vector<double>& diagonal;      // of complete series
  int64_t length;
  double limit;  // no |coefficient| may be larger
};

// Writes a rectangle, row-major.
class TileSink final : public PairSink {
 public:
  TileSink(const Rectangle&, void* r, int32_t* n, Precision, const SlotSeries&, const Kernels&);

  bool wants(int64_t a, int64_t b) const override;
  void block(const SlotBlock&, int worker) override;
  void pair(int64_t a, int64_t b, double value, int64_t n, int worker) override;

 private:
  template <class Real>
  void write(const SlotBlock&, Real* r) const;
  template <class Real>
  void copy(const SlotBlock&, Real* r) const;
  void put(int64_t row, int64_t col, double value, int64_t n) const;
  PlaceRange slots(const PlaceRange&, int64_t from, int64_t to) const;

  const Rectangle tile_;
  void* const r_;
  int32_t* const n_;
  const Precision precision_;
  const SlotSeries series_;
  const Kernels& kernels_;
  const bool whole_;  // every series is complete: slots are series
};

// Offers the pairs a < b of a rectangle.
class StrongestSink final : public PairSink {
 public:
  StrongestSink(const Rectangle&, const PairSelection&, Precision, const SlotSeries&, const Kernels&, int workers);

  bool wants(int64_t a, int64_t b) const override;
  void block(const SlotBlock&, int worker) override;
  void pair(int64_t a, int64_t b, double value, int64_t n, int worker) override;
  std::vector<SelectedPair> take() { return pairs_.take(); }

 private:
  struct alignas(64) Found {
    std::vector<double> values;
    std::vector<int32_t> places;
  };

  double rounded(double value) const;

  const Rectangle rectangle_;
  const Precision precision_;
  const SlotSeries series_;
  const Kernels& kernels_;
  StrongestPairs pairs_;
  std::vector<Found> found_;
};

}  // namespace corrente
