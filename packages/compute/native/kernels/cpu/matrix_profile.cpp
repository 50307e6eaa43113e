// The matrix profile of each series: threads take bands of diagonals, each with its own list of best neighbours, which
// are then joined by rules that do not ask who found what. The recurrence only finds the neighbour; its distance is
// computed from the two windows.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "../common/status.h"
#include "isa.h"
#include "points_kernels.h"
#include "threads.h"

namespace corrente {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kNone = -2;  // below every correlation
constexpr int64_t kWindowsAtOnce = 4096;

// Rows between two sums of products: these are then a small part of the work, and errors stay small.
int64_t stretch_of(int64_t window) { return std::max<int64_t>(256, 4 * window); }

enum class Kind : uint8_t { varying, constant, missing };

struct Series {
  std::vector<double> x, mean, inverse, df, dg;
  std::vector<Kind> kind;
  std::vector<int32_t> constant, varying;  // windows of each kind, ascending
};

// Values about the first present one, so that a large level costs no digits, and over a power of two, so that no square
// leaves the range of numbers; missing ones at 0.
std::vector<double> about_first(const double* row, int64_t length) {
  const double* const present = std::find_if(row, row + length, [](double value) { return value == value; });
  const double origin = present == row + length ? 0 : *present;
  std::vector<double> x(static_cast<size_t>(length + kDiagonals));
  double largest = 0;
  for (int64_t t = 0; t < length; ++t) {
    // Halves: the difference of two values may be twice as large as any number.
    x[static_cast<size_t>(t)] = row[t] == row[t] ? row[t] / 2 - origin / 2 : 0;
    largest = std::max(largest, std::fabs(x[static_cast<size_t>(t)]));
  }
  if (largest == 0) return x;
  const int exponent = std::ilogb(largest);
  for (int64_t t = 0; t < length; ++t) x[static_cast<size_t>(t)] = std::ldexp(x[static_cast<size_t>(t)], -exponent);
  return x;
}

std::vector<Kind> kinds_of(const double* row, int64_t windows, int64_t window) {
  std::vector<Kind> kinds(static_cast<size_t>(windows));
  int64_t run = 0, last_missing = -1;
  for (int64_t t = 0; t < windows + window - 1; ++t) {
    if (!(row[t] == row[t])) last_missing = t;
    run = t > 0 && row[t] == row[t - 1] ? run + 1 : 1;
    const int64_t begin = t - window + 1;
    if (begin >= 0) kinds[static_cast<size_t>(begin)] = last_missing >= begin ? Kind::missing : run >= window ? Kind::constant : Kind::varying;
  }
  return kinds;
}

Series prepare(const double* row, int64_t length, int64_t window, const PointsKernels& kernels, const Control& control) {
  const int64_t windows = length - window + 1;
  const auto padded = static_cast<size_t>(windows + kDiagonals);
  Series s{about_first(row, length), std::vector<double>(padded), std::vector<double>(padded, kNaN), std::vector<double>(padded), std::vector<double>(padded), kinds_of(row, windows, window), {}, {}};
  thread_pool().parallel_for(windows, kWindowsAtOnce, control, [&](int64_t begin, int64_t end, int) {
    kernels.measure(s.x.data() + begin, end - begin, window, s.mean.data() + begin, s.inverse.data() + begin);
    control.done->fetch_add((end - begin) * window, std::memory_order_relaxed);
  });
  for (int64_t i = 0; i < windows; ++i) {
    const auto at = static_cast<size_t>(i);
    // What varies by less than the numbers beside it can tell does not vary.
    if (s.kind[at] == Kind::varying && !std::isfinite(s.inverse[at])) s.kind[at] = Kind::constant;
    if (s.kind[at] != Kind::varying) s.inverse[at] = kNaN;
    if (s.kind[at] == Kind::constant) s.constant.push_back(static_cast<int32_t>(i));
    if (s.kind[at] == Kind::varying) s.varying.push_back(static_cast<int32_t>(i));
    if (i == 0) continue;
    const double in = s.x[static_cast<size_t>(i + window - 1)], out = s.x[at - 1];
    s.df[at] = (in - out) / 2;
    s.dg[at] = (in - s.mean[at]) + (out - s.mean[at - 1]);
  }
  return s;
}

struct Best {
  std::vector<double> left, left_at, right, right_at;

  explicit Best(size_t padded) : left(padded, kNone), left_at(padded, -1), right(padded, kNone), right_at(padded, -1) {}
};

// The first of some windows that is no near one, or -1.
int32_t first_apart(const std::vector<int32_t>& windows, int64_t i, int64_t exclusion) {
  if (windows.empty()) return -1;
  if (i - windows.front() > exclusion) return windows.front();
  const auto after = std::upper_bound(windows.begin(), windows.end(), i + exclusion);
  return after == windows.end() ? -1 : *after;
}

struct Profile {
  const Series& series;
  const int64_t window, exclusion;
  const PointsKernels& kernels;
  double* distance;
  int32_t* neighbour;

  void settle(int64_t i, const std::vector<std::unique_ptr<Best>>& all) const {
    distance[i] = kNaN;
    neighbour[i] = -1;
    const auto at = static_cast<size_t>(i);
    const Kind kind = series.kind[at];
    if (kind == Kind::missing) return;
    // √window from what is constant where this is not, and the other way round.
    const double apart = std::sqrt(static_cast<double>(window));
    if (kind == Kind::constant) {
      const int32_t like = first_apart(series.constant, i, exclusion), other = first_apart(series.varying, i, exclusion);
      neighbour[i] = like >= 0 ? like : other;
      if (neighbour[i] >= 0) distance[i] = like >= 0 ? 0 : apart;
      return;
    }
    double best = kNone;
    int32_t where = -1;
    const auto offer = [&](double r, double place) {
      const auto j = static_cast<int32_t>(place);
      if (j < 0 || r < best || (r == best && j > where)) return;
      best = r;
      where = j;
    };
    for (const auto& one : all) {
      if (one == nullptr) continue;
      offer(one->left[at], one->left_at[at]);
      offer(one->right[at], one->right_at[at]);
    }
    if (where >= 0) {
      const double* const x = series.x.data();
      const double squares = kernels.difference(x + i, series.mean[at], series.inverse[at], x + where, series.mean[static_cast<size_t>(where)], series.inverse[static_cast<size_t>(where)], window);
      distance[i] = std::sqrt(squares * static_cast<double>(window));
      neighbour[i] = where;
    }
    const int32_t constant = first_apart(series.constant, i, exclusion);
    if (constant >= 0 && (where < 0 || distance[i] > apart || (distance[i] == apart && constant < where))) {
      distance[i] = apart;
      neighbour[i] = constant;
    }
  }
};

void profile_of(const double* row, int64_t length, int64_t window, int64_t exclusion, const PointsKernels& kernels, const Control& control, double* distance, int32_t* neighbour) {
  const int64_t windows = length - window + 1;
  const Series series = prepare(row, length, window, kernels, control);
  ThreadPool& pool = thread_pool();
  std::vector<std::unique_ptr<Best>> best(static_cast<size_t>(pool.threads()));
  const ProfileRows rows{series.x.data(), window, series.mean.data(), series.df.data(), series.dg.data(), series.inverse.data()};
  const int64_t first = exclusion + 1, bands = std::max<int64_t>(0, (windows - first + kDiagonals - 1) / kDiagonals);
  const int64_t stretch = stretch_of(window);
  pool.parallel_for(bands, 1, control, [&](int64_t begin, int64_t end, int worker) {
    auto& mine = best[static_cast<size_t>(worker)];
    if (mine == nullptr) mine = std::make_unique<Best>(static_cast<size_t>(windows + kDiagonals));
    const Nearest nearest{mine->left.data(), mine->left_at.data(), mine->right.data(), mine->right_at.data()};
    for (int64_t band = begin; band < end; ++band) {
      const int64_t from = first + band * kDiagonals, count = windows - from;
      for (int64_t i = 0; i < count && !control.cancelled(); i += stretch) {
        const int64_t to = std::min(i + stretch, count);
        kernels.diagonals(rows, from, i, to, nearest);
        control.done->fetch_add((to - i) * kDiagonals, std::memory_order_relaxed);
      }
    }
  });
  const Profile profile{series, window, exclusion, kernels, distance, neighbour};
  pool.parallel_for(windows, kWindowsAtOnce, control, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; ++i) profile.settle(i, best);
    control.done->fetch_add((end - begin) * window, std::memory_order_relaxed);
  });
}

Status check(const Columns& columns, int64_t window, int64_t exclusion) {
  if (Status shape = check_columns("matrix profile", columns); !shape) return shape;
  if (window < 2 || window > columns.length)
    return invalid("matrix profile: window is " + std::to_string(window) + ", expected 2 to the " + std::to_string(columns.length) + " rows");
  if (exclusion < 0) return invalid("matrix profile: exclusion is " + std::to_string(exclusion) + ", expected at least 0");
  if (columns.length > std::numeric_limits<int32_t>::max() - kDiagonals) return invalid("matrix profile: there are " + std::to_string(columns.length) + " rows, expected fewer than 2³¹");
  return {};
}

}  // namespace

Status matrix_profile(const Columns& columns, int64_t window, int64_t exclusion, double* distance, int32_t* neighbour, const Control& control) {
  return guarded("matrix profile", [&]() -> Status {
    if (Status arguments = check(columns, window, exclusion); !arguments) return arguments;
    const Selection& chosen = selection();
    if (chosen.kernels == nullptr) return invalid("matrix profile: " + chosen.why_not);
    const PointsKernels& kernels = *points_kernels_of(*chosen.kernels);
    const int64_t windows = columns.length - window + 1, diagonals = std::max<int64_t>(0, windows - exclusion - 1);
    control.total->store(columns.series * (2 * windows * window + diagonals * (diagonals + kDiagonals) / 2 + 1), std::memory_order_relaxed);
    for (int64_t s = 0; s < columns.series && !control.cancelled(); ++s)
      profile_of(columns.row(s), columns.length, window, exclusion, kernels, control, distance + s * windows, neighbour + s * windows);
    return control.cancelled() ? cancelled("matrix profile") : Status{};
  });
}

}  // namespace corrente
