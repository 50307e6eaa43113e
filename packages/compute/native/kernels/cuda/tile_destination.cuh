// Where the pairs of a rectangle go once they are computed: a tile in host memory, or a selection of the strongest.
#pragma once

#include "memory.cuh"
#include "pairs.cuh"
#include "panel_pairs.h"
#include "streams.cuh"
#include "../common/strongest.h"

namespace corrente::cuda {

template <class Real>
class TileDestination {
 public:
  virtual ~TileDestination() = default;
  // Whether pairs below the diagonal are of no use.
  virtual bool upper() const = 0;
  // Whether rows in common are to be counted, where they are not all of them.
  virtual bool counting() const = 0;
  // Device memory besides the tile, for each of its places.
  virtual int64_t bytes_per_place() const = 0;
  // Before the bands of a tile: how many places the largest of them has.
  virtual void begin(int64_t places) = 0;
  // Rows of the band are whole when the compute lane has done what it was given.
  virtual void take(const Band&, const TileOutput<Real>&, Lanes&) = 0;
};

// Rows of `stride` values in host memory, the first one being that of series (row, col). While one band is computed the
// one before it is on its way.
template <class Real>
class HostTile final : public TileDestination<Real> {
 public:
  HostTile(void* r, int32_t* n, const Rectangle& rectangle)
      : r_(static_cast<Real*>(r)), n_(n), row_(rectangle.row_from), col_(rectangle.col_from), stride_(rectangle.cols()) {}

  bool upper() const override { return false; }
  bool counting() const override { return n_ != nullptr; }
  int64_t bytes_per_place() const override { return 0; }
  void begin(int64_t) override {}

  void take(const Band& band, const TileOutput<Real>& tile, Lanes& lanes) override {
    Event computed;
    computed.record(lanes.compute);
    computed.hold_back(lanes.to_host);
    copy_rows(band, tile, tile.r, r_, lanes.to_host);
    if (tile.n != nullptr) copy_rows(band, tile, tile.n, n_, lanes.to_host);
  }

 private:
  template <class T>
  void copy_rows(const Band& band, const TileOutput<Real>& tile, const T* from, T* to, cudaStream_t stream) const {
    const int64_t width = tile.col_to - tile.col_from;
    check(cudaMemcpy2DAsync(to + (band.row_from - row_) * stride_ + (tile.col_from - col_), sizeof(T) * static_cast<size_t>(stride_),
                            from + (band.row_from - tile.row_from) * width, sizeof(T) * static_cast<size_t>(width), sizeof(T) * static_cast<size_t>(width),
                            static_cast<size_t>(band.row_to - band.row_from), cudaMemcpyDeviceToHost, stream),
          "copying a tile from the device");
  }

  Real* r_;
  int32_t* n_;
  int64_t row_, col_, stride_;
};

constexpr int select_threads = 256;

// Lists the pairs a < b of rows [row_from, row_to) whose |r| reaches the threshold, a place of the list to each by one
// addition per warp. Their order is whatever it comes to; the host sorts. Grid: places / threads.
template <class Real>
__global__ void __launch_bounds__(select_threads) select_pairs(TileOutput<Real> tile, int64_t row_from, int64_t row_to, int32_t rows, double threshold, int64_t min_periods,
                                                              SelectedPair* list, int* count) {
  const int64_t width = tile.col_to - tile.col_from, i = static_cast<int64_t>(blockIdx.x) * select_threads + threadIdx.x;
  const int64_t a = row_from + i / width, b = tile.col_from + i % width;
  SelectedPair pair{0, static_cast<int32_t>(a), static_cast<int32_t>(b), rows};
  bool wanted = a < row_to && a < b;
  if (wanted) {
    const int64_t place = tile.place(a, b);
    pair.r = static_cast<double>(tile.r[place]);
    if (tile.n != nullptr) pair.n = tile.n[place];
    wanted = fabs(pair.r) >= threshold && pair.n >= min_periods;
  }
  const unsigned votes = vote(wanted);
  int begin = 0;
  if (lane_index() == 0 && votes != 0) begin = atomicAdd(count, __popc(votes));
  begin = shuffle_from(begin, 0);
  if (wanted) list[begin + __popc(votes & ((1u << lane_index()) - 1))] = pair;
}

// Of every band only what reaches the threshold crosses the bus, and the threshold rises with every band. A band is
// written and read once more in device memory: 16 bytes a pair, 3.3 ps on an H200, where computing it over 2,520 rows
// takes 75 ps.
template <class Real>
class StrongestTile final : public TileDestination<Real> {
 public:
  StrongestTile(const PairSelection& selection, int64_t rows) : selection_(selection), rows_(static_cast<int32_t>(rows)), pairs_(selection, 1), count_(1) {}

  bool upper() const override { return true; }
  bool counting() const override { return true; }
  int64_t bytes_per_place() const override { return sizeof(SelectedPair); }
  void begin(int64_t places) override {
    if (list_.count() < places) list_ = DeviceArray<SelectedPair>(places);
  }

  void take(const Band& band, const TileOutput<Real>& tile, Lanes& lanes) override {
    check(cudaMemsetAsync(count_.data(), 0, sizeof(int), lanes.compute), "clearing a count");
    const int64_t places = (band.row_to - band.row_from) * (tile.col_to - tile.col_from);
    launch("selecting pairs", select_pairs<Real>, divide_up(places, select_threads), select_threads, 0, lanes.compute, tile, band.row_from, band.row_to, rows_,
           pairs_.threshold(), selection_.min_periods, list_.data(), count_.data());
    int count = 0;
    check(cudaMemcpyAsync(&count, count_.data(), sizeof(int), cudaMemcpyDeviceToHost, lanes.compute), "reading a count");
    lanes.compute.wait();
    if (count == 0) return;
    found_.resize(static_cast<size_t>(count));
    check(cudaMemcpyAsync(found_.data(), list_.data(), sizeof(SelectedPair) * found_.size(), cudaMemcpyDeviceToHost, lanes.compute), "copying pairs from the device");
    lanes.compute.wait();
    for (const SelectedPair& pair : found_) pairs_.offer(pair, 0);
    pairs_.settle();
  }

  std::vector<SelectedPair> pairs() { return pairs_.take(); }

 private:
  const PairSelection selection_;
  const int32_t rows_;
  StrongestPairs pairs_;
  DeviceArray<SelectedPair> list_;
  DeviceArray<int> count_;
  std::vector<SelectedPair> found_;
};

}  // namespace corrente::cuda
