#include "histogram_pool.h"

#include <algorithm>

namespace corrente {

namespace {

constexpr int64_t kMostBytes = int64_t{512} << 20;

}  // namespace

HistogramPool::HistogramPool(const BinnedTable& table, bool counted, int64_t most) : counted_(counted), first_(1) {
  for (int64_t feature = 0; feature < table.features(); ++feature) first_.push_back(first_.back() + table.bins(feature) + 1);
  const int64_t bytes = first_.back() * static_cast<int64_t>(sizeof(Sums) + (counted ? sizeof(int32_t) : 0));
  most_ = std::max<int64_t>(2, std::min(most, kMostBytes / bytes));
}

HistogramPool::Slot* HistogramPool::take() {
  if (!free_.empty()) {
    Slot* const slot = free_.back();
    free_.pop_back();
    return slot;
  }
  const auto places = static_cast<size_t>(first_.back());
  const Block& block = blocks_.emplace_back(places * (sizeof(Sums) + (counted_ ? sizeof(int32_t) : 0)));
  auto* const sums = block.as<Sums>();
  slots_.push_back(std::make_unique<Slot>(Slot{sums, counted_ ? reinterpret_cast<int32_t*>(sums + places) : nullptr}));
  return slots_.back().get();
}

void HistogramPool::give(Slot* slot) {
  if (slot != nullptr) free_.push_back(slot);
}

void HistogramPool::clear(const Slot& slot, int64_t feature) const {
  const int64_t from = first(feature);
  std::fill_n(slot.sums + from, places(feature), Sums{});
  if (counted_) std::fill_n(slot.rows + from, places(feature), 0);
}

}  // namespace corrente
