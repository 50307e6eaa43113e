// The panels of a data set on the device, as a method needs them: all of them where they fit, else as many as do, brought
// in anew from the columns when a tile needs others.
#pragma once

#include <span>
#include <vector>

#include "memory.cuh"
#include "panel.cuh"
#include "streams.cuh"

namespace corrente::cuda {

struct PanelContent {
  bool ranked;   // values are replaced by their ranks; pairs that are computed each by itself find their places
  bool by_pair;  // all pairs are: the panels hold values and places, and nothing standardised
};

class PanelStore {
 public:
  // Copies the columns up once and measures each series; throws Failure or Cancelled. The columns outlive the store.
  PanelStore(const Columns&, Precision, const PanelContent&, const Control&);

  // Whether no series has a missing value; of a panel's series likewise.
  bool complete() const { return complete_; }
  bool complete(int64_t panel) const { return panel_complete_[static_cast<size_t>(panel)]; }
  // Whether panels are floats. Where values are missing they are doubles under f32 too.
  bool floats() const { return floats_; }
  // Panels that can be on the device at once; at least 2, or all.
  int64_t slots() const { return slots_; }

  // Sees that all of these panels, at most slots(), are on the device. No kernel that reads panels is under way.
  void bring_in(std::span<const int32_t> panels, Lanes&, const Control&);

  template <class Z>
  Panels<Z> view() const {
    return {reinterpret_cast<const Z*>(z_.data()), raw_.data(), places_.data(), presence_.data(), slot_table_.data(), moments_.data(), columns_.length, padded_rows_, words_};
  }

 private:
  int64_t series_in(int64_t panel) const;
  int64_t raw_values() const { return panel_series * columns_.length; }
  size_t slot_bytes() const;
  bool keeps_raw() const { return !complete_ || content_.by_pair; }
  void allocate_raw(int64_t slots);
  void rank(int64_t panel, int64_t slot, cudaStream_t);
  void measure_all(int64_t raw_slots, Lanes&, const Control&);
  void upload(int64_t panel, int64_t slot, Lanes&, const Control&);
  void standardise_into(int64_t panel, int64_t slot, cudaStream_t);
  void allocate_slots();
  int64_t slot_to_leave(std::span<const int32_t> needed) const;

  const Columns columns_;
  const PanelContent content_;
  const int64_t panels_, padded_rows_, words_;
  bool complete_ = true, floats_ = false;
  std::vector<bool> panel_complete_;
  int64_t slots_ = 0;
  std::vector<int32_t> slot_of_;   // of each panel; -1 where it is not on the device
  std::vector<int32_t> panel_in_;  // of each slot; -1 where it is free
  DeviceArray<unsigned char> z_;
  DeviceArray<double> raw_;
  DeviceArray<RankPlace> places_;
  DeviceArray<unsigned char> sort_scratch_;  // of one panel, where shared memory is too small to sort a series in
  DeviceArray<uint32_t> presence_;
  DeviceArray<int32_t> slot_table_;
  DeviceArray<SeriesMoments> moments_;
};

}  // namespace corrente::cuda
