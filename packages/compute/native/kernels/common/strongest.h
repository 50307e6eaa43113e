// The pairs of largest |r| among all that are offered, without holding the others.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "../ops.h"

namespace corrente {

// Workers offer pairs in any order; what is taken depends on the pairs alone. While the wanted number is found and
// passed, the threshold rises to the weakest that is kept, so that nearly all others fail one comparison.
class StrongestPairs {
 public:
  StrongestPairs(const PairSelection&, int workers);

  // Pairs with |r| below it are not wanted. Rises while pairs are offered.
  double threshold() const { return threshold_.load(std::memory_order_relaxed); }
  // A pair a < b. NaN is passed over.
  void offer(const SelectedPair&, int worker);
  // Raises the threshold to what was offered so far. Not while workers offer.
  void settle();
  // All that are wanted, in the order of src/engine/contract.ts. Call it once, when no worker offers any more.
  std::vector<SelectedPair> take();

 private:
  struct alignas(64) Waiting {
    std::vector<SelectedPair> pairs;
  };

  void join(std::vector<SelectedPair>& waiting);

  const PairSelection selection_;
  const size_t most_;     // pairs that are kept
  const size_t together_; // pairs of a worker that join those kept at a time
  std::atomic<double> threshold_;
  std::vector<Waiting> waiting_;
  std::mutex mutex_;
  std::vector<SelectedPair> kept_;
};

}  // namespace corrente
