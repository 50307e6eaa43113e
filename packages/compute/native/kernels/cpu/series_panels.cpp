#include "series_panels.h"

#include <algorithm>
#include <cmath>

namespace corrente {

SeriesPanels::SeriesPanels(const std::vector<char>& gaps, int64_t lanes_of_panel) : lanes(lanes_of_panel), slot(gaps.size()) {
  for (const bool with_gaps : {false, true}) {
    for (size_t s = 0; s < gaps.size(); ++s) {
      if ((gaps[s] != 0) != with_gaps) continue;
      slot[s] = slots();
      series.push_back(static_cast<int64_t>(s));
    }
    while (slots() % lanes != 0) series.push_back(-1);
    if (!with_gaps) gap_slot = slots();
  }
}

std::vector<SeriesPanels::Slice> SeriesPanels::slices(const Rectangle& tile, int64_t width) const {
  struct Sides {
    bool row = false, col = false;
  };
  const auto sides = [&](int64_t from, int64_t to) {
    Sides in;
    for (int64_t at = from; at < to; ++at) {
      const int64_t s = series[static_cast<size_t>(at)];
      in.row = in.row || (tile.row_from <= s && s < tile.row_to);
      in.col = in.col || (tile.col_from <= s && s < tile.col_to);
    }
    return in;
  };
  std::vector<Slice> list;
  for (int64_t panel = 0; panel < panels(); ++panel) {
    const Sides b = sides(panel * lanes, (panel + 1) * lanes);
    if (!b.row && !b.col) continue;
    for (int64_t from = 0; from < (panel + 1) * lanes; from += width) {
      const Sides a = sides(from, from + width);
      if (!(a.row && b.col) && !(a.col && b.row)) continue;
      int64_t count = width;
      while (series[static_cast<size_t>(from + count - 1)] < 0) --count;
      list.push_back({from, count, panel});
    }
  }
  return list;
}

double unit_scale(double least, double most) {
  const double largest = std::max(std::fabs(least), std::fabs(most));
  return largest > 0 ? std::ldexp(1.0, std::clamp(-std::ilogb(largest), -1000, 1000)) : 1;
}

}  // namespace corrente
