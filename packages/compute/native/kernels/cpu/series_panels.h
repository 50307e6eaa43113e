// Series dealt out to panels, as many side by side as a vector has lanes; and the pairs of a tile, each computed one way
// only, whichever way round it is asked for.
#pragma once

#include <cstdint>
#include <vector>

#include "../ops.h"

namespace corrente {

// Slot p * lanes + l is lane l of panel p. Series without a gap come first, then those with gaps, so that no panel
// mixes them; panels are filled up with slots that have no series.
struct SeriesPanels {
  // `count` slots from `a` on, all of one panel and with a series, with all slots of panel b, which ends at them or
  // after them. Slots of b before a's are mirror images.
  struct Slice {
    int64_t a, count, b;
  };

  SeriesPanels() = default;
  SeriesPanels(const std::vector<char>& gaps, int64_t lanes);

  int64_t slots() const { return static_cast<int64_t>(series.size()); }
  int64_t panels() const { return slots() / lanes; }
  bool has_gaps(int64_t slot) const { return slot >= gap_slot; }
  // What a tile wants: slices of up to `width`, those with the same panel b one after the other.
  std::vector<Slice> slices(const Rectangle&, int64_t width) const;

  int64_t lanes = 1;
  int64_t gap_slot = 0;         // slots from here on have gaps
  std::vector<int64_t> series;  // of each slot; -1 for none
  std::vector<int64_t> slot;    // of each series
};

// A power of two that brings the largest |x| near 1.
double unit_scale(double least, double most);

}  // namespace corrente
