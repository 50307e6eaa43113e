// Which pairs of panels make up a rectangle of the correlation matrix, and in which order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../ops.h"

namespace corrente::cuda {

// Panels [from, to) that series [from, to) lie in.
struct PanelRange {
  int64_t from, to;

  bool holds(int64_t p) const { return p >= from && p < to; }
  int64_t count() const { return to - from; }
};

inline PanelRange panels_of(int64_t series_from, int64_t series_to, int64_t width) {
  return {series_from / width, (series_to + width - 1) / width};
}

// Rows of the rectangle that are whole once its pairs, and those of the bands before it, are computed.
struct Band {
  int64_t row_from, row_to;
  std::vector<std::pair<int64_t, int64_t>> pairs;  // of panels, the lower one first
};

// The rectangle in bands of `panels_per_band` panels, cut where those begin in the whole matrix. A pair fills both its
// places, so one whose other place lies in this band or in one before it is not computed again. Within a band pairs of
// the same columns follow each other, because they read the same panel. `upper` leaves out what lies below the diagonal.
inline std::vector<Band> plan_bands(const Rectangle& rectangle, int64_t width, int64_t panels_per_band, bool upper = false) {
  std::vector<Band> bands;
  if (rectangle.empty()) return bands;
  const PanelRange rows = panels_of(rectangle.row_from, rectangle.row_to, width);
  const PanelRange cols = panels_of(rectangle.col_from, rectangle.col_to, width);
  for (int64_t first = rows.from / panels_per_band * panels_per_band; first < rows.to; first += panels_per_band) {
    const PanelRange band{std::max(first, rows.from), std::min(first + panels_per_band, rows.to)};
    Band made{std::max(band.from * width, rectangle.row_from), std::min(band.to * width, rectangle.row_to), {}};
    for (int64_t col = cols.from; col < cols.to; col++) {
      for (int64_t row = band.from; row < band.to; row++) {
        const bool mirrored = col < row && (upper || (rows.holds(col) && cols.holds(row)));
        if (!mirrored) made.pairs.emplace_back(std::min(row, col), std::max(row, col));
      }
    }
    bands.push_back(std::move(made));
  }
  return bands;
}

// Two halves of the rectangle, cut between panels on the side that has more of them. Empty where it lies in one pair.
inline std::vector<Rectangle> halve(const Rectangle& rectangle, int64_t width) {
  const PanelRange rows = panels_of(rectangle.row_from, rectangle.row_to, width);
  const PanelRange cols = panels_of(rectangle.col_from, rectangle.col_to, width);
  if (rows.count() <= 1 && cols.count() <= 1) return {};
  Rectangle first = rectangle, second = rectangle;
  if (rows.count() >= cols.count()) {
    first.row_to = second.row_from = (rows.from + rows.count() / 2) * width;
  } else {
    first.col_to = second.col_from = (cols.from + cols.count() / 2) * width;
  }
  return {first, second};
}

}  // namespace corrente::cuda
