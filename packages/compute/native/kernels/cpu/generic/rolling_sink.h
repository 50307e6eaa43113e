// Where the outputs of a series go, in the order of their rows.
//
// A result that no cache holds is written past the caches: an ordinary store would first read the line that it is about
// to overwrite, a third of all traffic of a rolling mean. Such stores want whole lines, so outputs are staged, and leave
// line by line; the first and the last line, which may belong to somebody else in part, are written in the ordinary way.
#pragma once

#include "vectors.h"

namespace corrente::ISA {

namespace {

// Whether the operation was cancelled: its outputs are not wanted any more.
inline bool stopped(const int32_t* cancel) { return __atomic_load_n(cancel, __ATOMIC_RELAXED) != 0; }

template <class Out>
class Sink {
 public:
  // Rows that may be put between two flushes, and the most that a flush leaves behind.
  static constexpr int64_t kRoom = 1024;

  Sink(Out* out, int64_t first, bool stream) : out_(out), start_(out), first_(first), stream_(stream) {
    if (!stream) return;
    base_ = first - static_cast<int64_t>(reinterpret_cast<uintptr_t>(out + first) % kLineBytes / sizeof(Out));
    start_ = stage_;
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  // Lanes that nobody wants are overwritten by a later put, or fall away at a flush.
  void put(F64 v, int64_t t) { v.store(start_ + (t - base_)); }
  void put_first(F64 v, int64_t t, int64_t count) { v.store_first(start_ + (t - base_), count); }

  // All rows before `end` have been put.
  void flush(int64_t end) {
    if (!stream_ || end - base_ < kRoom) return;
    const int64_t lines = (end - base_) / kLine * kLine;
    int64_t from = 0;
    if (first_ > base_) {
      for (int64_t i = first_ - base_; i < kLine; ++i) out_[base_ + i] = stage_[i];
      from = kLine;
    }
    for (int64_t i = from; i < lines; i += kLine) stream_line(out_ + base_ + i, stage_ + i);
    for (int64_t i = lines; i < end - base_; ++i) stage_[i - lines] = stage_[i];
    base_ += lines;
    first_ = base_;
  }
  // Ends the writing; `end` is the row after the last one.
  void finish(int64_t end) {
    if (!stream_) return;
    flush(end);
    for (int64_t i = first_ - base_; i < end - base_; ++i) out_[base_ + i] = stage_[i];
    stream_fence();
  }

 private:
  static constexpr int64_t kLineBytes = 64;
  static constexpr int64_t kLine = kLineBytes / sizeof(Out);

  Out* const out_;
  Out* start_;        // where row base_ goes
  int64_t first_;     // the first row that is ours and not written yet
  int64_t base_ = 0;  // of a stage, at the beginning of a line
  const bool stream_;
  alignas(64) Out stage_[2 * kRoom + kLine + F64::lanes];
};

}  // namespace

}  // namespace corrente::ISA
