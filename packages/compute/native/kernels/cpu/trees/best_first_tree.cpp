#include "best_first_tree.h"

#include <algorithm>

namespace corrente {

namespace {

// Second derivatives that each side of a split needs where they are not all 1: where a loss is all but flat, the step
// to its bottom is not to be known.
constexpr double kLeastSecondDerivatives = 1e-3;
// A gain that is a smaller part of the score than this is one of rounding.
constexpr double kLeastGain = 1e-12;
// Rows that are worth the sharing out.
constexpr int64_t kSlice = 32768;

double score_of(const Sums& sums, double l2) { return sums.h + l2 > 0 ? sums.g * sums.g / (sums.h + l2) : 0; }

}  // namespace

BestFirstGrower::BestFirstGrower(const BinnedTable& table, int64_t rows, const BestFirstRules& rules, Crew& crew, const Control& control)
    : table_(table),
      rules_(rules),
      crew_(crew),
      control_(control),
      kernels_(tree_kernels_of_machine()),
      pool_(table, rules.counted, std::min(rules.max_leaves, rows) + 1),
      partition_(rows) {}

BestFirstGrower::Open BestFirstGrower::open(int32_t node, int64_t from, int64_t to, int32_t depth, const NodeSums& sums) const {
  Open made;
  made.node = node;
  made.depth = depth;
  made.from = from;
  made.to = to;
  made.sums = sums;
  return made;
}

NodeSums BestFirstGrower::sums_of_all() const {
  const auto rows = static_cast<int64_t>(partition_.size());
  const int64_t slices = (rows + kSlice - 1) / kSlice;
  std::vector<Sums> parts(static_cast<size_t>(slices));
  crew_.run(slices, [&](int64_t slice, int) {
    Sums sums;
    for (int64_t row = slice * kSlice; row < std::min(rows, (slice + 1) * kSlice); ++row) {
      sums.g += of_row_[row].g;
      sums.h += of_row_[row].h;
    }
    parts[static_cast<size_t>(slice)] = sums;
  });
  NodeSums all{{}, static_cast<double>(rows)};
  for (const Sums& part : parts) {
    all.sums.g += part.g;
    all.sums.h += part.h;
  }
  return all;
}

bool BestFirstGrower::may_split(const Open& node) const {
  return node.count() >= 2 * rules_.min_leaf && (rules_.max_depth == 0 || node.depth < rules_.max_depth);
}

// Adds rows [from, to) of the node to the histograms of `count` features, one or two.
void BestFirstGrower::scan(const Open& node, const HistogramPool::Slot& slot, size_t place, size_t count, int64_t from, int64_t to) const {
  const uint8_t* codes[2];
  Sums* sums[2];
  int32_t* row_counts[2];
  for (size_t i = 0; i < count; ++i) {
    const int32_t feature = features_[place + i];
    pool_.clear(slot, feature);
    codes[i] = table_.codes(feature);
    sums[i] = slot.sums + pool_.first(feature);
    if (rules_.counted) row_counts[i] = slot.rows + pool_.first(feature);
  }
  // At the root the rows are in their own order; a slice of it needs their numbers.
  const bool all = node.depth == 0 && from == 0;
  kernels_.accumulate(codes, static_cast<int>(count), all ? nullptr : partition_.rows() + from, to - from, of_row_, sums, rules_.counted ? row_counts : nullptr);
}

// Where there are more threads than pairs of features, the rows of a large node are dealt out too. False where not.
bool BestFirstGrower::scan_in_slices(const Open& node) {
  const auto pairs = static_cast<int64_t>((features_.size() + 1) / 2);
  const int64_t wanted = (2 * crew_.threads() + pairs - 1) / pairs;
  const int64_t slices = std::min({wanted, node.count() / kSlice, pool_.spare()});
  if (slices < 2) return false;
  std::vector<HistogramPool::Slot*> slots{node.histogram};
  while (static_cast<int64_t>(slots.size()) < slices) slots.push_back(pool_.take());
  const int64_t size = (node.count() + slices - 1) / slices;
  crew_.run(pairs * slices, [&](int64_t item, int) {
    const int64_t slice = item / pairs;
    const auto place = static_cast<size_t>(item % pairs) * 2;
    const int64_t from = node.from + slice * size;
    scan(node, *slots[static_cast<size_t>(slice)], place, std::min<size_t>(2, features_.size() - place), from, std::min(node.to, from + size));
  });
  crew_.run(static_cast<int64_t>(features_.size()), [&](int64_t place, int) {
    const int32_t feature = features_[static_cast<size_t>(place)];
    for (size_t s = 1; s < slots.size(); ++s) {
      for (int64_t i = pool_.first(feature); i < pool_.first(feature + 1); ++i) {
        slots[0]->sums[i].g += slots[s]->sums[i].g;
        slots[0]->sums[i].h += slots[s]->sums[i].h;
        if (rules_.counted) slots[0]->rows[i] += slots[s]->rows[i];
      }
    }
  });
  for (size_t s = 1; s < slots.size(); ++s) pool_.give(slots[s]);
  return true;
}

void BestFirstGrower::search_feature(const Open& node, size_t place, BestBin& found) const {
  const int32_t feature = features_[place];
  const int64_t first = pool_.first(feature);
  const FeatureHistogram histogram{node.histogram->sums + first, rules_.counted ? node.histogram->rows + first : nullptr, table_.bins(feature)};
  kernels_.best_bin(histogram, node.sums, rule_, found);
  const double missing = rules_.counted ? histogram.rows[histogram.bins] : histogram.sums[histogram.bins].h;
  if (missing == 0) found.missing_left = 2 * found.left.rows >= node.sums.rows;
}

void BestFirstGrower::choose(Open& node, const std::vector<BestBin>& found) const {
  double best = -1;
  for (size_t place = 0; place < features_.size(); ++place) {
    if (!(found[place].score > best)) continue;
    best = found[place].score;
    node.split = {found[place], features_[place], 0};
  }
  if (best < 0) return;
  const double gain = best - score_of(node.sums.sums, rule_.l2);
  if (gain > kLeastGain * best) node.split.gain = gain / g_scale_ / g_scale_ * h_scale_;
}

// Scans, takes the small one's histogram from the large one's (which is then their parent's), and searches: two
// features at a time, whose histograms stay in the nearest cache.
void BestFirstGrower::search(Search small, Search large, bool by_difference) {
  for (Search* one : {&small, &large})
    if (one->scanned && scan_in_slices(*one->node)) one->scanned = false;
  const size_t features = features_.size();
  crew_.run(static_cast<int64_t>((features + 1) / 2), [&](int64_t pair, int) {
    const size_t place = 2 * static_cast<size_t>(pair), count = std::min<size_t>(2, features - place);
    for (const Search* one : {&small, &large})
      if (one->scanned) scan(*one->node, *one->node->histogram, place, count, one->node->from, one->node->to);
    for (size_t i = place; i < place + count; ++i) {
      const int32_t feature = features_[i];
      const int64_t first = pool_.first(feature), places = pool_.places(feature);
      if (by_difference) {
        kernels_.subtract(large.node->histogram->sums + first, small.node->histogram->sums + first, places);
        if (rules_.counted)
          for (int64_t at = first; at < first + places; ++at) large.node->histogram->rows[at] -= small.node->histogram->rows[at];
      }
      if (small.searched) search_feature(*small.node, i, found_[0][i]);
      if (large.searched) search_feature(*large.node, i, found_[1][i]);
    }
  });
  if (small.searched) choose(*small.node, found_[0]);
  if (large.searched) choose(*large.node, found_[1]);
}

// Keeps a histogram only for a node that will be split, and while two slots are left for the next search.
void BestFirstGrower::release(Open& node) {
  if (node.histogram == nullptr || (node.split.gain > 0 && pool_.spare() >= 2)) return;
  pool_.give(node.histogram);
  node.histogram = nullptr;
}

void BestFirstGrower::search_root(Open& root) {
  root.histogram = pool_.take();
  search({&root, true, true}, {}, false);
  release(root);
}

void BestFirstGrower::search_children(Open& parent, Open& left, Open& right) {
  Open& small = left.count() <= right.count() ? left : right;
  Open& large = &small == &left ? right : left;
  const bool by_difference = parent.histogram != nullptr && may_split(large);
  if (!by_difference) release_slot(parent);
  std::swap(large.histogram, parent.histogram);
  if (may_split(large) && !by_difference) large.histogram = pool_.take();
  if (may_split(small) || by_difference) small.histogram = pool_.take();
  search({&small, small.histogram != nullptr, may_split(small)}, {&large, large.histogram != nullptr && !by_difference, may_split(large)}, by_difference);
  release(small);
  release(large);
}

// The last split of a tree has leaves for children, whatever they would gain.
void BestFirstGrower::split(Open& parent, bool last) {
  const Split& chosen = parent.split;
  uint8_t goes_left[kMostCodes] = {};
  std::fill_n(goes_left, chosen.at.bin + 1, 1);
  goes_left[table_.bins(chosen.feature)] = chosen.at.missing_left;
  const int64_t middle = partition_.split(parent.from, parent.to, table_.codes(chosen.feature), goes_left, crew_);
  const int32_t left_node = tree_.add(middle - parent.from), right_node = tree_.add(parent.to - middle);
  tree_.split(parent.node, chosen.feature, table_.threshold(chosen.feature, chosen.at.bin), chosen.at.missing_left, chosen.gain, left_node, right_node);
  cuts_[static_cast<size_t>(parent.node)] = static_cast<uint8_t>(chosen.at.bin);
  cuts_.resize(cuts_.size() + 2);
  const NodeSums& whole = parent.sums;
  const NodeSums& of_left = chosen.at.left;
  Open left = open(left_node, parent.from, middle, parent.depth + 1, of_left);
  Open right = open(right_node, middle, parent.to, parent.depth + 1, {{whole.sums.g - of_left.sums.g, whole.sums.h - of_left.sums.h}, whole.rows - of_left.rows});
  if (last) {
    release_slot(parent);
  } else {
    search_children(parent, left, right);
  }
  for (const Open* child : {&left, &right}) push(*child);
}

void BestFirstGrower::release_slot(Open& node) {
  pool_.give(node.histogram);
  node.histogram = nullptr;
}

// Of equal gains the node that was made first.
bool BestFirstGrower::later(const Open& a, const Open& b) {
  return a.split.gain < b.split.gain || (a.split.gain == b.split.gain && a.node > b.node);
}

void BestFirstGrower::push(const Open& node) {
  heap_.push_back(node);
  std::push_heap(heap_.begin(), heap_.end(), later);
}

bool BestFirstGrower::grow(std::span<const int32_t> features, const Sums* of_row, double g_scale, double h_scale) {
  features_ = features;
  of_row_ = of_row;
  g_scale_ = g_scale;
  h_scale_ = h_scale;
  const auto min_leaf = static_cast<double>(rules_.min_leaf);
  rule_ = {rules_.l2 * h_scale, rules_.counted ? kLeastSecondDerivatives * h_scale : min_leaf, min_leaf};
  for (std::vector<BestBin>& found : found_) found.resize(features.size());
  tree_ = {};
  cuts_.assign(1, 0);
  leaves_.clear();
  partition_.reset();
  Open root = open(tree_.add(partition_.size()), 0, partition_.size(), 0, sums_of_all());
  if (may_split(root)) search_root(root);
  push(root);
  for (int64_t leaves = 1; leaves < rules_.max_leaves && heap_.front().split.gain > 0; ++leaves) {
    if (control_.cancelled()) break;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Open parent = heap_.back();
    heap_.pop_back();
    split(parent, leaves + 1 == rules_.max_leaves);
  }
  for (Open& leaf : heap_) {
    release_slot(leaf);
    leaves_.push_back({leaf.node, leaf.from, leaf.to});
    // Newton's step to the bottom of the loss, or a part of it.
    const double curvature = (leaf.sums.sums.h + rule_.l2) / h_scale_;
    if (curvature > 0) *tree_.values(leaf.node) = -rules_.learning_rate * (leaf.sums.sums.g / g_scale_) / curvature;
  }
  heap_.clear();
  return !control_.cancelled();
}

}  // namespace corrente
