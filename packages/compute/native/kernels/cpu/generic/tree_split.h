// The best place to cut a feature's histogram in two.
#pragma once

#include "../trees/tree_kernels.h"

namespace corrente::ISA {

namespace {

// Of bins up to each: sums of g, of h and of rows. Places past the last bin hold no rows, and so split nothing.
struct PrefixSums {
  static constexpr int kPlaces = kMostCodes + F64::lanes;
  double g[kPlaces], h[kPlaces], rows[kPlaces];
};

// Four runs side by side, because each sum waits for the one before it; then each run goes on from the one before.
inline void prefix_sums(const FeatureHistogram& of, PrefixSums& out) {
  const int bins = of.bins, run = bins / 4;
  Sums sum[4] = {};
  for (int i = 0; i < run; ++i) {
    for (int k = 0; k < 4; ++k) {
      sum[k].g += of.sums[k * run + i].g;
      sum[k].h += of.sums[k * run + i].h;
      out.g[k * run + i] = sum[k].g;
      out.h[k * run + i] = sum[k].h;
    }
  }
  Sums before = sum[0];
  for (int k = 1; k < 4; ++k) {
    for (int i = k * run; i < (k + 1) * run; ++i) {
      out.g[i] += before.g;
      out.h[i] += before.h;
    }
    before.g += sum[k].g;
    before.h += sum[k].h;
  }
  for (int i = 4 * run; i < bins; ++i) {
    before.g += of.sums[i].g;
    before.h += of.sums[i].h;
    out.g[i] = before.g;
    out.h[i] = before.h;
  }
  if (of.rows != nullptr) {
    int64_t rows = 0;
    for (int i = 0; i < bins; ++i) out.rows[i] = static_cast<double>(rows += of.rows[i]);
  }
}

// Looks at the first `cuts` places, with `shift` added to what is left of each: nothing, or the missing values.
inline void best_cut(const PrefixSums& prefix, bool counted, int cuts, const NodeSums& shift, bool missing_left, const NodeSums& node, const SplitRule& rule, BestBin& best) {
  const F64 shift_g = F64::broadcast(shift.sums.g), shift_h = F64::broadcast(shift.sums.h), shift_rows = F64::broadcast(shift.rows);
  const F64 all_g = F64::broadcast(node.sums.g), all_h = F64::broadcast(node.sums.h), all_rows = F64::broadcast(node.rows);
  const F64 l2 = F64::broadcast(rule.l2), least_h = F64::broadcast(rule.least_h), least_rows = F64::broadcast(rule.least_rows);
  const F64 none = F64::broadcast(-1), end = F64::broadcast(cuts);
  F64 greatest = none, where = F64::zero();
  for (int i = 0; i < cuts; i += F64::lanes) {
    const F64 place = F64::iota() + F64::broadcast(i);
    const F64 left_g = F64::load(prefix.g + i) + shift_g, left_h = F64::load(prefix.h + i) + shift_h;
    const F64 right_g = all_g - left_g, right_h = all_h - left_h;
    Mask allowed = both(less(place, end), both(at_most(least_h, left_h), at_most(least_h, right_h)));
    if (counted) {
      const F64 left_rows = F64::load(prefix.rows + i) + shift_rows;
      allowed = both(allowed, both(at_most(least_rows, left_rows), at_most(least_rows, all_rows - left_rows)));
    }
    // Over one denominator: a vector's division takes as long as all the rest.
    const F64 left_weight = left_h + l2, right_weight = right_h + l2;
    const F64 score = select(allowed, (left_g * left_g * right_weight + right_g * right_g * left_weight) / (left_weight * right_weight), none);
    const Mask better = less(greatest, score);
    greatest = select(better, score, greatest);
    where = select(better, place, where);
  }
  double score[F64::lanes], place[F64::lanes];
  greatest.store(score);
  where.store(place);
  for (int lane = 0; lane < F64::lanes; ++lane) {
    const int bin = static_cast<int>(place[lane]);
    if (score[lane] < 0 || score[lane] < best.score || (score[lane] == best.score && bin >= best.bin)) continue;
    best = {score[lane], bin, missing_left, {{prefix.g[bin] + shift.sums.g, prefix.h[bin] + shift.sums.h}, counted ? prefix.rows[bin] + shift.rows : prefix.h[bin] + shift.sums.h}};
  }
}

void best_bin(const FeatureHistogram& of, const NodeSums& node, const SplitRule& rule, BestBin& best) {
  best = {-1, kMostCodes, false, {}};
  const bool counted = of.rows != nullptr;
  const Sums& missing = of.sums[of.bins];
  const double missing_rows = counted ? of.rows[of.bins] : missing.h;
  const bool some_missing = missing_rows > 0;
  PrefixSums prefix;
  prefix_sums(of, prefix);
  // Vectors read past the last bin, and what they find there must be numbers.
  for (int i = of.bins; i < of.bins + F64::lanes; ++i) prefix.g[i] = prefix.h[i] = prefix.rows[i] = 0;
  // With missing values the last cut is between all the others and them.
  best_cut(prefix, counted, some_missing ? of.bins : of.bins - 1, {}, false, node, rule, best);
  if (some_missing) best_cut(prefix, counted, of.bins - 1, {missing, missing_rows}, true, node, rule, best);
}

}  // namespace

}  // namespace corrente::ISA
