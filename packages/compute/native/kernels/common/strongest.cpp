#include "strongest.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace corrente {

namespace {

bool before(const SelectedPair& x, const SelectedPair& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; }

bool stronger(const SelectedPair& x, const SelectedPair& y) {
  const double of_x = std::fabs(x.r), of_y = std::fabs(y.r);
  return of_x != of_y ? of_x > of_y : before(x, y);
}

}  // namespace

StrongestPairs::StrongestPairs(const PairSelection& selection, int workers)
    : selection_(selection),
      most_(selection.top < 0 ? std::numeric_limits<size_t>::max() : static_cast<size_t>(selection.top)),
      together_(std::max<size_t>(4096, most_)),
      threshold_(selection.top == 0 ? std::numeric_limits<double>::infinity() : selection.min_abs),
      waiting_(static_cast<size_t>(workers)) {}

void StrongestPairs::offer(const SelectedPair& pair, int worker) {
  // False for NaN.
  if (!(std::fabs(pair.r) >= threshold()) || pair.n < selection_.min_periods) return;
  std::vector<SelectedPair>& waiting = waiting_[static_cast<size_t>(worker)].pairs;
  waiting.push_back(pair);
  if (waiting.size() >= together_) join(waiting);
}

void StrongestPairs::join(std::vector<SelectedPair>& waiting) {
  std::lock_guard lock(mutex_);
  kept_.insert(kept_.end(), waiting.begin(), waiting.end());
  waiting.clear();
  if (kept_.size() <= most_) return;
  const auto weakest = kept_.begin() + static_cast<std::ptrdiff_t>(most_) - 1;
  std::nth_element(kept_.begin(), weakest, kept_.end(), stronger);
  kept_.resize(most_);
  threshold_.store(std::fabs(kept_.back().r), std::memory_order_relaxed);
}

void StrongestPairs::settle() {
  for (Waiting& waiting : waiting_) join(waiting.pairs);
}

std::vector<SelectedPair> StrongestPairs::take() {
  if (most_ == 0) return {};
  settle();
  std::sort(kept_.begin(), kept_.end(), selection_.top < 0 ? before : stronger);
  return std::move(kept_);
}

}  // namespace corrente
