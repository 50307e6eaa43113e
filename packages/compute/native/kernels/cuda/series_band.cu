#include "series_band.cuh"

#include "measure_series.cuh"

namespace corrente::cuda {

namespace {

int64_t bytes_of_series(const Columns& columns) { return columns.length * static_cast<int64_t>(sizeof(double)) + static_cast<int64_t>(sizeof(SeriesMoments)); }

}  // namespace

SeriesBands::SeriesBands(const Columns& columns, const Control& control)
    : columns_(columns), fit_(std::min(columns.series, free_device_bytes() / 2 / bytes_of_series(columns))) {
  if (fit_ < std::min<int64_t>(2, columns.series)) {
    throw Failure{Code::out_of_memory, "two series of " + std::to_string(columns.length) + " rows need " + std::to_string(2 * bytes_of_series(columns)) +
                                           " bytes, the device has " + std::to_string(free_device_bytes() / 2) + " for them"};
  }
  if (fit_ < columns.series) return;
  const BorrowedLanes lanes;
  load(rows_, 0, columns.series, *lanes, control);
}

void SeriesBands::load(Band& band, int64_t from, int64_t to, Lanes& lanes, const Control& control) const {
  const int64_t rows = columns_.length, series = to - from;
  band = {};
  band.raw = DeviceArray<double>(series * rows);
  band.moments = DeviceArray<SeriesMoments>(series);
  const Settled settled(lanes);
  lanes.uploader.upload(band.raw.data(), columns_, from * rows, to * rows, lanes.to_device, control);
  Event uploaded;
  uploaded.record(lanes.to_device);
  uploaded.hold_back(lanes.compute);
  measure_series(band.raw.data(), series, rows, band.moments.data(), lanes.compute);
  lanes.compute.wait();
  band.from = from;
  band.to = to;
}

std::vector<Rectangle> SeriesBands::cut(const Rectangle& rectangle) const {
  if (fit_ == columns_.series || rectangle.rows() + rectangle.cols() <= fit_) return {rectangle};
  std::vector<Rectangle> parts;
  for (const Rectangle& half : halve(rectangle, 1)) {
    for (const Rectangle& part : cut(half)) parts.push_back(part);
  }
  return parts;
}

BandPair SeriesBands::bring_in(const Rectangle& rectangle, Lanes& lanes, const Control& control) {
  if (fit_ < columns_.series) {
    if (rows_.from != rectangle.row_from || rows_.to != rectangle.row_to) load(rows_, rectangle.row_from, rectangle.row_to, lanes, control);
    if (cols_.from != rectangle.col_from || cols_.to != rectangle.col_to) load(cols_, rectangle.col_from, rectangle.col_to, lanes, control);
  }
  return {view(rows_), view(cols_)};
}

}  // namespace corrente::cuda
