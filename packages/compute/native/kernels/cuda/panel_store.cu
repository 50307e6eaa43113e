#include "panel_store.cuh"

#include <algorithm>

#include "device.cuh"
#include "measure_series.cuh"
#include "pearson_prepare.cuh"
#include "series_order.cuh"

namespace corrente::cuda {

namespace {

int64_t padded(int64_t rows) { return std::max<int64_t>(1, divide_up(rows, slice_rows)) * slice_rows; }

}  // namespace

void measure_series(const double* raw, int64_t series, int64_t rows, SeriesMoments* moments, cudaStream_t stream) {
  launch("measuring series", measure, series, measure_threads, measure_bytes, stream, raw, rows, moments);
}

PanelStore::PanelStore(const Columns& columns, Precision precision, const PanelContent& content, const Control& control)
    : columns_(columns),
      content_(content),
      panels_(divide_up(columns.series, panel_series)),
      padded_rows_(padded(columns.length)),
      words_(divide_up(padded_rows_, tile_side)),
      panel_complete_(static_cast<size_t>(panels_), true),
      slot_of_(static_cast<size_t>(panels_), -1),
      slot_table_(panels_),
      moments_(columns.series) {
  if (content_.ranked && columns.length * sort_bytes_per_row > use_device().shared_bytes)
    sort_scratch_ = DeviceArray<unsigned char>(panel_series * columns.length * static_cast<int64_t>(sort_bytes_per_row));
  // A fifth is left to the tiles.
  const int64_t budget = free_device_bytes() / 5 * 4;
  const int64_t fit = budget / static_cast<int64_t>(slot_bytes());
  const bool resident = fit >= panels_;
  if (!resident && fit < 2) {
    throw Failure{Code::out_of_memory, "two panels of " + std::to_string(panel_series) + " series of " + std::to_string(columns.length) + " rows need " +
                                           std::to_string(2 * slot_bytes()) + " bytes, the device has " + std::to_string(budget) + " for them"};
  }
  std::vector<SeriesMoments> moments(static_cast<size_t>(columns.series));
  const BorrowedLanes lanes;
  measure_all(resident ? panels_ : 2, *lanes, control);
  check(cudaMemcpyAsync(moments.data(), moments_.data(), moments_.bytes(), cudaMemcpyDeviceToHost, lanes->compute), "reading the moments");
  lanes->compute.wait();
  for (int64_t s = 0; s < columns.series; s++) {
    if (moments[static_cast<size_t>(s)].present < columns.length) complete_ = panel_complete_[static_cast<size_t>(s / panel_series)] = false;
  }
  floats_ = precision == Precision::f32 && complete_ && !content_.by_pair;
  slots_ = resident ? panels_ : fit;
  if (!resident) allocate_raw(slots_);
  allocate_slots();
  if (!resident) return;
  for (int64_t p = 0; p < panels_; p++) {
    standardise_into(p, p, lanes->compute);
    slot_of_[static_cast<size_t>(p)] = panel_in_[static_cast<size_t>(p)] = static_cast<int32_t>(p);
  }
  check(cudaMemcpyAsync(slot_table_.data(), slot_of_.data(), slot_table_.bytes(), cudaMemcpyHostToDevice, lanes->compute), "placing panels");
  lanes->compute.wait();
  if (!keeps_raw()) {
    raw_ = {};
    places_ = {};
  }
}

int64_t PanelStore::series_in(int64_t panel) const { return std::min<int64_t>(panel_series, columns_.series - panel * panel_series); }

// Whether values are missing is known only after they were read once, so the panel is counted as doubles with raw values.
size_t PanelStore::slot_bytes() const {
  const int64_t standardised = content_.by_pair ? 0 : padded_rows_ * 8 + words_ * 4;
  const int64_t places = content_.ranked ? columns_.length * static_cast<int64_t>(sizeof(RankPlace)) : 0;
  return static_cast<size_t>(panel_series) * static_cast<size_t>(std::max<int64_t>(1, columns_.length * 8 + standardised + places));
}

void PanelStore::allocate_raw(int64_t slots) {
  raw_ = DeviceArray<double>(slots * raw_values());
  if (content_.ranked) places_ = DeviceArray<RankPlace>(slots * raw_values());
}

// Once the slot's raw values are there.
void PanelStore::rank(int64_t panel, int64_t slot, cudaStream_t stream) {
  if (!content_.ranked || columns_.length == 0) return;
  const bool shared = sort_scratch_.count() == 0;
  launch("ranking series", sort_series, series_in(panel), sort_threads, shared ? sort_bytes_per_row * static_cast<size_t>(columns_.length) : 0, stream,
         raw_.data() + slot * raw_values(), columns_.length, sort_scratch_.data(), places_.data() + slot * raw_values());
}

void PanelStore::upload(int64_t panel, int64_t slot, Lanes& lanes, const Control& control) {
  const int64_t first = panel * panel_series * columns_.length;
  lanes.uploader.upload(raw_.data() + slot * raw_values(), columns_, first, first + series_in(panel) * columns_.length, lanes.to_device, control);
}

// Panel p passes through raw slot p modulo their number.
void PanelStore::measure_all(int64_t raw_slots, Lanes& lanes, const Control& control) {
  allocate_raw(raw_slots);
  const Settled settled(lanes);
  std::vector<Event> measured(static_cast<size_t>(raw_slots));
  for (int64_t p = 0; p < panels_; p++) {
    const int64_t slot = p % raw_slots;
    Event& done = measured[static_cast<size_t>(slot)];
    if (p >= raw_slots) done.hold_back(lanes.to_device);
    stop_if_cancelled(control);
    upload(p, slot, lanes, control);
    Event uploaded;
    uploaded.record(lanes.to_device);
    uploaded.hold_back(lanes.compute);
    rank(p, slot, lanes.compute);
    measure_series(raw_.data() + slot * raw_values(), series_in(p), columns_.length, moments_.data() + p * panel_series, lanes.compute);
    done.record(lanes.compute);
    // Three panels under way keep the bus busy; more would only put cancelling off.
    if (p >= 2) measured[static_cast<size_t>((p - 2) % raw_slots)].wait();
    control.done->fetch_add(series_in(p) * columns_.length);
  }
  lanes.compute.wait();
}

void PanelStore::allocate_slots() {
  panel_in_.assign(static_cast<size_t>(slots_), -1);
  if (content_.by_pair) return;
  const int64_t word = floats_ ? sizeof(float) : sizeof(double);
  z_ = DeviceArray<unsigned char>(slots_ * panel_series * padded_rows_ * word);
  if (!complete_) presence_ = DeviceArray<uint32_t>(slots_ * panel_series * words_);
}

void PanelStore::standardise_into(int64_t panel, int64_t slot, cudaStream_t stream) {
  if (content_.by_pair) return;
  const int64_t blocks = panel_series / tile_side * divide_up(padded_rows_, tile_side);
  const int64_t at = slot * panel_series * padded_rows_;
  const double* raw = raw_.data() + slot * raw_values();
  const SeriesMoments* moments = moments_.data() + panel * panel_series;
  uint32_t* presence = complete_ ? nullptr : presence_.data() + slot * panel_series * words_;
  const int series = static_cast<int>(series_in(panel));
  if (floats_) {
    launch("standardising", standardise<float>, blocks, standardise_threads, standardise_bytes, stream, raw, series, columns_.length, padded_rows_, moments,
           reinterpret_cast<float*>(z_.data()) + at, presence, words_);
  } else {
    launch("standardising", standardise<double>, blocks, standardise_threads, standardise_bytes, stream, raw, series, columns_.length, padded_rows_, moments,
           reinterpret_cast<double*>(z_.data()) + at, presence, words_);
  }
}

// A free slot, or one whose panel is not among those needed.
int64_t PanelStore::slot_to_leave(std::span<const int32_t> needed) const {
  int64_t found = -1;
  for (int64_t slot = 0; slot < slots_; slot++) {
    const int32_t panel = panel_in_[static_cast<size_t>(slot)];
    if (panel < 0) return slot;
    if (found < 0 && std::find(needed.begin(), needed.end(), panel) == needed.end()) found = slot;
  }
  return found;
}

void PanelStore::bring_in(std::span<const int32_t> panels, Lanes& lanes, const Control& control) {
  bool changed = false;
  const Settled settled(lanes);
  for (const int32_t panel : panels) {
    if (slot_of_[static_cast<size_t>(panel)] >= 0) continue;
    const int64_t slot = slot_to_leave(panels);
    // Until the new panel is wholly there the slot holds none, whatever happens on the way.
    if (const int32_t left = std::exchange(panel_in_[static_cast<size_t>(slot)], -1); left >= 0) slot_of_[static_cast<size_t>(left)] = -1;
    upload(panel, slot, lanes, control);
    Event uploaded;
    uploaded.record(lanes.to_device);
    uploaded.hold_back(lanes.compute);
    rank(panel, slot, lanes.compute);
    standardise_into(panel, slot, lanes.compute);
    panel_in_[static_cast<size_t>(slot)] = panel;
    slot_of_[static_cast<size_t>(panel)] = static_cast<int32_t>(slot);
    changed = true;
  }
  if (!changed) return;
  check(cudaMemcpyAsync(slot_table_.data(), slot_of_.data(), slot_table_.bytes(), cudaMemcpyHostToDevice, lanes.compute), "placing panels");
  lanes.compute.wait();
}

}  // namespace corrente::cuda
