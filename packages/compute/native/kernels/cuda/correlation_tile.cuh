// One rectangle of a correlation session on the device, from the first launch to the last byte on the host.
//
// It is made in bands of 512 rows. While one band is computed the one before it is on its way to the host, which takes
// longer than the arithmetic unless the series are long. Pairs on both sides of the diagonal are computed once. Products
// of complete panels, products with gaps and pairs that are walked each by itself follow each other within a band.
#pragma once

#include <algorithm>
#include <vector>

#include "device.cuh"
#include "distance.cuh"
#include "kendall.cuh"
#include "panel_store.cuh"
#include "pearson_complete.cuh"
#include "pearson_masked.cuh"
#include "spearman.cuh"
#include "tile_destination.cuh"

namespace corrente::cuda {

// One tile, from the first launch to the last byte on the host.
template <class Z, class Real>
class TileRun {
 public:
  TileRun(PanelStore& store, const Columns& columns, const CorrelationRequest& request, TileDestination<Real>& destination, Lanes& lanes, const Control& control)
      : device_(use_device()), store_(store), columns_(columns), method_(request.method), coefficient_{request.method == CorrelationMethod::covariance ? request.ddof : -1},
        destination_(destination), lanes_(lanes), control_(control), pacer_(control), chunks_(divide_up(columns.length, chunk_rows)) {}

  // In halves where the rectangle, or the panels that it needs, are too much for the device at once.
  void run(const Rectangle& rectangle) {
    if (rectangle.empty()) return;
    std::vector<int32_t> panels = needed(rectangle);
    const int64_t bytes = rectangle.rows() * rectangle.cols() * (static_cast<int64_t>(sizeof(Real) + (counting() ? sizeof(int32_t) : 0)) + destination_.bytes_per_place());
    if (static_cast<int64_t>(panels.size()) > store_.slots() || bytes > free_device_bytes() / 2) {
      if (const auto halves = halve(rectangle, panel_series); !halves.empty()) {
        for (const Rectangle& half : halves) run(half);
        return;
      }
    }
    store_.bring_in(panels, lanes_, control_);
    compute(rectangle);
  }

 private:
  // What one rectangle needs on the device besides the panels.
  struct Buffers {
    DeviceArray<Real> r;
    DeviceArray<int32_t> n;
    DeviceArray<PanelPair> pairs;
    DeviceArray<double> partial, totals;
    DeviceArray<PairList::Pair> cancelling;
    DeviceArray<int> cancelling_count;
  };

  // Pairs of panels that one launch makes, over chunks of rows that one launch sums.
  struct Batch {
    int64_t pairs, chunks;
  };

  bool counting() const { return destination_.counting() && !store_.complete(); }
  bool walks() const { return method_ == CorrelationMethod::spearman || by_pair(); }
  bool by_pair() const { return method_ == CorrelationMethod::kendall || method_ == CorrelationMethod::distance; }

  static std::vector<int32_t> needed(const Rectangle& rectangle) {
    const PanelRange rows = panels_of(rectangle.row_from, rectangle.row_to, panel_series);
    const PanelRange cols = panels_of(rectangle.col_from, rectangle.col_to, panel_series);
    std::vector<int32_t> panels;
    for (int64_t p = rows.from; p < rows.to; p++) panels.push_back(static_cast<int32_t>(p));
    for (int64_t p = cols.from; p < cols.to; p++) {
      if (!rows.holds(p)) panels.push_back(static_cast<int32_t>(p));
    }
    return panels;
  }

  // As many thread blocks as last launch_seconds, and as what they leave has room for: partial sums, and pairs that
  // cancel, which may be all.
  Batch batch(bool masked) const {
    const double products = masked ? 5 : 1;
    const double operations = 2 * products * complete_places * static_cast<double>(std::min<int64_t>(chunk_rows, std::max<int64_t>(1, columns_.length)));
    const double rate = sizeof(Z) == sizeof(float) ? device_.f32_rate : device_.f64_rate;
    int64_t most = std::max<int64_t>(device_.multiprocessors, static_cast<int64_t>(launch_seconds * rate / operations));
    // A third of it each: partial sums, totals, the list.
    const size_t room = std::min(most_partial_bytes, static_cast<size_t>(std::max<int64_t>(0, free_device_bytes())) / 3);
    const size_t each = std::max(chunks_ > 1 ? partial_bytes(masked) : 0, masked ? complete_places * sizeof(PairList::Pair) : 0);
    if (each > 0) most = std::min(most, static_cast<int64_t>(room / each));
    most = std::max<int64_t>(1, most);
    const int64_t chunks = std::clamp<int64_t>(chunks_, 1, most);
    return {std::max<int64_t>(1, most / chunks), chunks};
  }

  static size_t partial_bytes(bool masked) { return sizeof(double) * complete_places * (masked ? masked_sums : 1); }

  void compute(const Rectangle& rectangle) {
    std::vector<Band> bands = plan_bands(rectangle, panel_series, panels_per_band, destination_.upper());
    std::vector<PanelPair> pairs;
    std::vector<size_t> masked_from;  // of each band; the pairs that are products of complete panels come first
    for (Band& band : bands) {
      const auto complete = [&](const auto& pair) { return !by_pair() && store_.complete(pair.first) && store_.complete(pair.second); };
      const auto masked = std::stable_partition(band.pairs.begin(), band.pairs.end(), complete);
      masked_from.push_back(static_cast<size_t>(masked - band.pairs.begin()));
      for (const auto& [a, b] : band.pairs) pairs.push_back({static_cast<int32_t>(a), static_cast<int32_t>(b)});
    }
    Buffers buffers = allocate_buffers(rectangle, static_cast<int64_t>(pairs.size()));
    const Settled settled(lanes_);
    check(cudaMemcpyAsync(buffers.pairs.data(), pairs.data(), buffers.pairs.bytes(), cudaMemcpyHostToDevice, lanes_.compute), "listing pairs of panels");
    const TileOutput<Real> tile{buffers.r.data(), counting() ? buffers.n.data() : nullptr, rectangle.row_from, rectangle.row_to, rectangle.col_from, rectangle.col_to, !coefficient_.covariance()};
    destination_.begin(most_places(bands, rectangle));
    const PanelPair* first = buffers.pairs.data();
    for (size_t i = 0; i < bands.size(); i++) {
      complete_pairs(first, static_cast<int64_t>(masked_from[i]), tile, buffers);
      if constexpr (sizeof(Z) == sizeof(double)) {
        pairs_with_gaps(first + masked_from[i], static_cast<int64_t>(bands[i].pairs.size() - masked_from[i]), tile, buffers);
      }
      first += bands[i].pairs.size();
      destination_.take(bands[i], tile, lanes_);
    }
    pacer_.drain();
    lanes_.wait();
  }

  static int64_t most_places(const std::vector<Band>& bands, const Rectangle& rectangle) {
    int64_t rows = 0;
    for (const Band& band : bands) rows = std::max(rows, band.row_to - band.row_from);
    return rows * rectangle.cols();
  }

  Buffers allocate_buffers(const Rectangle& rectangle, int64_t pairs) {
    Buffers buffers;
    const int64_t places = rectangle.rows() * rectangle.cols();
    buffers.r = DeviceArray<Real>(places);
    buffers.pairs = DeviceArray<PanelPair>(pairs);
    if (counting()) buffers.n = DeviceArray<int32_t>(places);
    complete_batch_ = batch(false);
    masked_batch_ = batch(true);
    const bool any_masked = !store_.complete() && !walks();
    if (any_masked) {
      buffers.cancelling = DeviceArray<PairList::Pair>(masked_batch_.pairs * complete_places);
      buffers.cancelling_count = DeviceArray<int>(1);
    }
    if (chunks_ > 1) {
      const auto doubles = [&](const Batch& b, bool is_masked) { return static_cast<int64_t>(partial_bytes(is_masked) / sizeof(double)) * b.pairs; };
      const int64_t places_of_complete = doubles(complete_batch_, false), places_of_masked = any_masked ? doubles(masked_batch_, true) : 0;
      buffers.partial = DeviceArray<double>(std::max(places_of_complete * complete_batch_.chunks, places_of_masked * masked_batch_.chunks));
      buffers.totals = DeviceArray<double>(std::max(places_of_complete, places_of_masked));
    }
    return buffers;
  }

  // Calls sum(grid, pairs, partial) for batches of pairs and chunks; with more than one chunk the partial sums are added
  // up, and finish(grid, pairs) gets the totals.
  template <class Sum, class Finish>
  void in_batches(const PanelPair* pairs, int64_t count, bool masked, const Buffers& buffers, Sum sum, Finish finish) {
    const Batch most = masked ? masked_batch_ : complete_batch_;
    for (int64_t from = 0; from < count; from += most.pairs) {
      const int64_t some = std::min(most.pairs, count - from);
      const int64_t places = some * static_cast<int64_t>(partial_bytes(masked) / sizeof(double));
      for (int64_t chunk = 0; chunk < std::max<int64_t>(1, chunks_); chunk += most.chunks) {
        const int64_t together = std::min(most.chunks, std::max<int64_t>(1, chunks_) - chunk);
        sum(PairGrid{pairs + from, chunk, together}, some, chunks_ > 1 ? buffers.partial.data() : nullptr);
        if (chunks_ > 1) {
          launch("adding partial sums", add_partials, divide_up(places, pair_threads), pair_threads, 0, lanes_.compute, buffers.partial.data(), places, together,
                 static_cast<int>(chunk == 0), buffers.totals.data());
        }
        pacer_.launched(lanes_.compute, some * together);
      }
      finish(PairGrid{pairs + from, 0, 1}, some);
    }
  }

  void complete_pairs(const PanelPair* pairs, int64_t count, const TileOutput<Real>& tile, const Buffers& buffers) {
    const auto output = [&](double* partial, int64_t some) { return CompleteOutput<Real>{tile, coefficient_, store_.view<Z>().moments, columns_.series, partial, some, static_cast<int32_t>(columns_.length)}; };
    in_batches(
        pairs, count, false, buffers,
        [&](const PairGrid& grid, int64_t some, double* partial) { launch_complete(some * grid.chunks, grid, output(partial, some)); },
        [&](const PairGrid& grid, int64_t some) {
          if (chunks_ <= 1) return;
          launch("storing correlations", finish_complete<Real>, some * complete_places / pair_threads, pair_threads, 0, lanes_.compute, buffers.totals.data(), grid,
                 output(nullptr, some));
        });
  }

  // Four stages where a thread block may have the shared memory, else two.
  void launch_complete(int64_t blocks, const PairGrid& grid, const CompleteOutput<Real>& output) {
    const auto panels = store_.view<Z>();
    constexpr auto action = "correlating complete series";
    constexpr size_t four = slices_bytes<Z, panel_series, 4>, two = slices_bytes<Z, panel_series, 2>;
    const bool deep = four <= device_.shared_bytes;
    if constexpr (sizeof(Z) == sizeof(float)) {
      launch(action, deep ? correlate_floats<4> : correlate_floats<2>, blocks, pair_threads, deep ? four : two, lanes_.compute, panels, grid, output);
    } else {
      launch(action, deep ? correlate_doubles<Real, 4> : correlate_doubles<Real, 2>, blocks, pair_threads, deep ? four : two, lanes_.compute, panels, grid, output);
    }
  }

  // Pairs with missing values, and all of methods that are no products.
  void pairs_with_gaps(const PanelPair* pairs, int64_t count, const TileOutput<Real>& tile, const Buffers& buffers) {
    switch (method_) {
      case CorrelationMethod::spearman: return walk<SpearmanWalk>("ranking pairs", pairs, count, tile);
      case CorrelationMethod::kendall: return walk<KendallWalk>("counting discordant pairs", pairs, count, tile);
      case CorrelationMethod::distance: return walk<DistanceWalk>("correlating distances", pairs, count, tile);
      default: return masked_pairs(pairs, count, tile, buffers);
    }
  }

  // In launches of about launch_seconds, at a tenth of the rate of multiply-adds: most of the work is in looking up.
  template <class Statistic>
  void walk(const char* action, const PanelPair* pairs, int64_t count, const TileOutput<Real>& tile) {
    if (count == 0) return;
    constexpr int64_t blocks_per_multiprocessor = 8;
    const int64_t rows = columns_.length, bytes = divide_up(Statistic::memory_of(rows), 16) * 16;
    const bool shared = bytes + static_cast<int64_t>(walk_shared_bytes) <= static_cast<int64_t>(device_.shared_bytes);
    int64_t together = device_.multiprocessors * blocks_per_multiprocessor;
    DeviceArray<unsigned char> scratch;
    if (!shared) {
      together = std::clamp<int64_t>(free_device_bytes() / 2 / bytes, 1, together);
      scratch = DeviceArray<unsigned char>(together * bytes);
    }
    const Settled settled(lanes_);
    const auto fit = static_cast<int64_t>(launch_seconds * device_.f64_rate / 10 / (Statistic::operations_of(rows) + 1000));
    const int64_t step = std::max(fit, together), all = count * walk_places;
    int64_t panels_done = 0;
    for (int64_t first = 0; first < all; first += step) {
      const int64_t last = std::min(all, first + step);
      launch(action, walk_pairs<Statistic, Real>, std::min(together, last - first), walk_threads, walk_shared_bytes + (shared ? static_cast<size_t>(bytes) : 0), lanes_.compute,
             store_.view<double>(), pairs, first, last, columns_.series, scratch.data(), bytes, tile);
      const int64_t panels = last / walk_places;
      pacer_.launched(lanes_.compute, (panels - panels_done) * std::max<int64_t>(1, chunks_));
      panels_done = panels;
    }
    if (!shared) lanes_.compute.wait();
  }

  void masked_pairs(const PanelPair* pairs, int64_t count, const TileOutput<Real>& tile, const Buffers& buffers) {
    const PairList list{buffers.cancelling.data(), buffers.cancelling_count.data()};
    const auto panels = store_.view<double>();
    const auto output = [&](double* partial, int64_t some) { return MaskedOutput<Real>{tile, coefficient_, panels.moments, columns_.series, list, partial, some}; };
    constexpr int stages = 3;
    in_batches(
        pairs, count, true, buffers,
        [&](const PairGrid& grid, int64_t some, double* partial) {
          if (grid.first_chunk == 0) check(cudaMemsetAsync(list.count, 0, sizeof(int), lanes_.compute), "clearing a count");
          launch("correlating series with missing values", correlate_masked<Real, stages>, some * grid.chunks * quarters, pair_threads,
                 slices_bytes<double, half_panel, stages>, lanes_.compute, panels, grid, output(partial, some));
        },
        [&](const PairGrid& grid, int64_t some) {
          if (chunks_ > 1) {
            launch("storing correlations", finish_masked<Real>, some * complete_places / pair_threads, pair_threads, 0, lanes_.compute, buffers.totals.data(), grid,
                   output(nullptr, some));
          }
          redo_cancelling(list, tile);
        });
  }

  // How many there are only the device knows.
  void redo_cancelling(const PairList& list, const TileOutput<Real>& tile) {
    int count = 0;
    check(cudaMemcpyAsync(&count, list.count, sizeof(int), cudaMemcpyDeviceToHost, lanes_.compute), "reading a count");
    lanes_.compute.wait();
    constexpr int warps = pair_threads / warp_size;
    constexpr double operations_per_row = 1000;  // of one lane in four passes, most of them waiting for memory
    const double rows = static_cast<double>(std::max<int64_t>(1, columns_.length));
    const int64_t most = std::max<int64_t>(int64_t{device_.multiprocessors} * warps, static_cast<int64_t>(launch_seconds * device_.f64_rate / (rows * operations_per_row)));
    for (int64_t from = 0; from < count; from += most) {
      const int64_t to = std::min<int64_t>(count, from + most);
      launch("correlating pairs from their values", correlate_list<Real>, divide_up(to - from, warps), pair_threads, 0, lanes_.compute, store_.view<double>(), coefficient_, list, from,
             to, tile);
      pacer_.launched(lanes_.compute, 0);
    }
  }

  const Profile& device_;
  PanelStore& store_;
  const Columns& columns_;
  const CorrelationMethod method_;
  const Coefficient coefficient_;
  TileDestination<Real>& destination_;
  Lanes& lanes_;
  const Control& control_;
  Pacer pacer_;
  const int64_t chunks_;
  Batch complete_batch_{}, masked_batch_{};  // of the rectangle under way
};

}  // namespace corrente::cuda
