// The operations of a native engine. kernels/cpu, kernels/cuda and kernels/no_cuda define the same symbols; an addon
// is the binding linked with one of them. The meaning of each operation stands in src/engine/contract.ts.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace corrente {

enum class Precision { f64, f32 };

// A block [series × time], series-major; NaN is missing.
struct Columns {
  const double* values;
  int64_t series;
  int64_t length;
  int64_t stride;

  const double* row(int64_t s) const { return values + s * stride; }
};

// unsupported: this engine does not compute the method that was asked for.
enum class Code { ok, cancelled, invalid, out_of_memory, device, unsupported };

// Begins with the operation and states what came: "rolling: window is 0, expected at least 1".
struct Status {
  Code code = Code::ok;
  std::string message;

  explicit operator bool() const { return code == Code::ok; }
};

// Shared with the thread that asked: it may cancel, and it reads how far the work is.
struct Control {
  std::atomic<int32_t>* cancel;
  std::atomic<int64_t>* done;   // in units of work, up to total
  std::atomic<int64_t>* total;

  bool cancelled() const { return cancel->load(std::memory_order_relaxed) != 0; }
};

struct Device {
  bool available = false;
  std::string why_not;   // empty where available
  std::string name;      // in words, with instruction set or compute capability
  int64_t memory_bytes = 0;
  int threads = 0;
};

Device describe_device();

// Memory for inputs and outputs: aligned to 64 bytes, in huge pages where the system gives them, and kept in a pool,
// because the first touch of fresh pages costs more than most kernels. Null where there is none.
void* allocate(size_t bytes);
void release(void* memory, size_t bytes);

enum class CorrelationMethod { pearson, spearman, kendall, distance, covariance };

struct CorrelationRequest {
  CorrelationMethod method;
  int64_t ddof;  // of a covariance
};

// Rows [row_from, row_to) and columns [col_from, col_to) of the matrix of pairs.
struct Rectangle {
  int64_t row_from, row_to, col_from, col_to;
  int64_t rows() const { return row_to - row_from; }
  int64_t cols() const { return col_to - col_from; }
  bool empty() const { return rows() <= 0 || cols() <= 0; }
};

struct PairSelection {
  double min_abs;
  int64_t min_periods;
  int64_t top;  // negative: all
};

struct SelectedPair {
  double r;
  int32_t a, b;  // series, a < b
  int32_t n;
};

class CorrelationSession {
 public:
  virtual ~CorrelationSession() = default;
  virtual bool complete() const = 0;  // no series has a missing value
  // r: double or float by precision, row-major. n: may be null.
  virtual Status tile(const Rectangle&, void* r, int32_t* n, const Control&) = 0;
  // The pairs a < b of the rectangle, in the order that src/engine/contract.ts gives; r as `tile` has it.
  virtual Status strongest(const Rectangle&, const PairSelection&, std::vector<SelectedPair>&, const Control&) = 0;
};

// The values stay valid and unchanged for as long as the session lives: pairs with missing values read them again.
Status open_correlation(const Columns&, const CorrelationRequest&, Precision, const Control&,
                        std::unique_ptr<CorrelationSession>& session);

struct LeadLagRequest {
  int64_t max_lag;
  int64_t min_periods;
};

class LeadLagSession {
 public:
  virtual ~LeadLagSession() = default;
  // r: double or float by precision; all three row-major.
  virtual Status tile(const Rectangle&, void* r, int32_t* lag, int32_t* n, const Control&) = 0;
  // r and n at lags -max_lag to max_lag.
  virtual Status profile(int64_t a, int64_t b, void* r, int32_t* n, const Control&) = 0;
};

Status open_lead_lag(const Columns&, const LeadLagRequest&, Precision, const Control&,
                     std::unique_ptr<LeadLagSession>& session);

struct RollingCorrelationRequest {
  int64_t window;  // 0 where weights decay
  double alpha;    // 0 for equal weights over a window
  int64_t step;
  int64_t min_periods;
};

class RollingCorrelationSession {
 public:
  virtual ~RollingCorrelationSession() = default;
  virtual int64_t windows() const = 0;
  // r: double or float by precision, [rows × columns × windows].
  virtual Status tile(const Rectangle&, void* r, const Control&) = 0;
};

Status open_rolling_correlation(const Columns&, const RollingCorrelationRequest&, Precision, const Control&,
                                std::unique_ptr<RollingCorrelationSession>& session);

enum class RollingKind {
  mean, sum, std, var, min, max, median, quantile, rank, skew, kurtosis, zscore, autocorrelation,
  wma, weighted,
  ema, ewm_mean, ewm_var, ewm_std,
};

struct RollingRequest {
  RollingKind kind;
  int64_t window;
  int64_t ddof;
  void* out;                        // [series × length], double or float by precision
  double parameter = 0;             // quantile: q; autocorrelation: the lag
  const double* weights = nullptr;  // weighted: [window]
  int64_t min_periods = -1;         // present values that a window needs; negative: all of it
  const int32_t* begins = nullptr;  // windows in time: the first row of each, [length]
};

Status rolling(const Columns&, std::span<const RollingRequest>, Precision, const Control&);

// An indicator by its name in the catalogue (packages/shared/src/contract/indicators).
struct IndicatorRequest {
  std::string name;
  std::vector<double> parameters;
  std::vector<int32_t> inputs;  // for each input, which of the blocks
  std::vector<void*> out;       // for each output, [series × length], double or float by precision
};

// How many outputs an indicator has; negative where there is none of that name.
int indicator_outputs(const std::string& name);
// The blocks have one shape.
Status indicators(std::span<const Columns> blocks, std::span<const IndicatorRequest>, Precision, const Control&);

// Dense linear algebra of the host, the same code in every native engine (kernels/common/dense). Matrices are
// symmetric, [n × n] row-major; eigenvalues ascend, and eigenvector k is row k.
Status symmetric_eigen(const double* matrix, int64_t n, double* values, double* vectors, const Control&);
// Sets `definite` to false, and leaves `inverse` unsaid, where the matrix is not positive definite.
Status invert_symmetric(const double* matrix, int64_t n, double* inverse, bool& definite, const Control&);

// How I(X; Y | Z) is estimated from neighbours in the maximum norm.
enum class NeighbourEstimator { ksg1, ksg2, kernel };

struct NeighbourRule {
  NeighbourEstimator estimator;
  int64_t neighbours;  // k, for ksg1 and ksg2
  double width;        // radius of the box, for kernel
  int64_t theiler;     // points i and j with |i - j| up to this are no neighbours of each other
};

// One X [dimensions × N], and how its realisations are permuted for the surrogates.
struct InformationRequest {
  Columns source;
  int64_t surrogates;
  const int32_t* orderings;  // [surrogates × N]: x'[i] = x[ordering[i]]; null: the permutations that `stream` names
  uint32_t stream[4];        // the seed, and three words more (kernels/common/random.h)
  double* out;               // [1 + surrogates]: of X itself, then of its surrogates
};

// Y and Z, with what is shared by every X and every surrogate.
class InformationSession {
 public:
  virtual ~InformationSession() = default;
  virtual Status estimate(std::span<const InformationRequest>, const Control&) = 0;
  // For X unpermuted, the neighbours of each point: out [4 × N] in the joint space, in XZ, in YZ and in Z.
  virtual Status counts(const Columns& source, int32_t* out, const Control&) = 0;
};

// Z may have no series; its length is then ignored. Y and Z are copied.
Status open_information(const Columns& target, const Columns& condition, const NeighbourRule&, Precision,
                        const Control&, std::unique_ptr<InformationSession>& session);

// --- Training (src/engine/contract.trainer.ts; layers and the order of parameters: shared/portable/trainer/layers.ts)

enum class Activation { linear, relu, tanh, sigmoid };
enum class LayerKind { dense, flatten, last, decompose, lstm, gru, tcn, dropout };
enum class TrainingLoss { mse, mae, huber };

struct Layer {
  LayerKind kind;
  int64_t units = 0;     // dense, lstm, gru; the filters of tcn
  Activation activation = Activation::linear;  // dense
  bool sequences = false;  // lstm, gru
  int64_t kernel = 0;    // tcn; the window of decompose
  int64_t dilation = 1;  // tcn
  double rate = 0;       // dropout, tcn
};

struct LayeredModel {
  int64_t steps, features;
  bool anchored;
  std::vector<Layer> layers;
};

struct TrainingWindows {
  Columns columns;
  int64_t horizon;
  int64_t groups, targets;       // targets of each group
  std::vector<int32_t> inputs;   // [groups × features]: which series
  std::vector<int32_t> foretold; // [groups × targets]
};

struct EpochRequest {
  std::span<const int32_t> origins;
  int64_t batch_size;
  double learning_rate;
  double clip_norm;    // 0: never
  uint32_t stream[4];  // of dropout; batch b takes draw b
};

class TrainerSession {
 public:
  virtual ~TrainerSession() = default;
  virtual int64_t parameter_count() const = 0;
  // [3 count + 1] doubles or floats by precision: parameters, first moments, second moments, steps.
  virtual Status read_state(void* state) = 0;
  virtual Status write_state(const void* state) = 0;
  virtual Status epoch(const EpochRequest&, double& loss, const Control&) = 0;
  // Each [groups × targets × horizon]: sums over the origins.
  virtual Status errors(std::span<const int32_t> origins, double* squared, double* absolute, const Control&) = 0;
  // [origins × groups × targets × horizon], double or float by precision.
  virtual Status forecast(std::span<const int32_t> origins, void* out, const Control&) = 0;
  // gradient: [count], double or float by precision.
  virtual Status gradient(std::span<const int32_t> origins, double& loss, void* gradient, const Control&) = 0;
};

// The values stay valid and unchanged for as long as the session lives.
Status open_trainer(const TrainingWindows&, const LayeredModel&, TrainingLoss, const double* parameters, Precision,
                    const Control&, std::unique_ptr<TrainerSession>& session);

// --- Trees, groups of points and the matrix profile are of the CPU engine alone (src/engine/contract.trees.ts,
// contract.points.ts); the CUDA engine answers `unsupported` (kernels/cpu_only).

struct TreeEnsemble {
  int64_t outputs = 1;
  bool mean = false;  // the mean over trees, otherwise baseline and sum
  std::vector<double> baseline;
  std::vector<int32_t> first, feature, left, right, rows;
  std::vector<double> threshold, value, gain;
  std::vector<uint8_t> missing_left;
};

struct GrowRequest {
  const double* target;  // [rows of the table]
  int64_t classes;       // 0: regression
  std::span<const int32_t> train;
  int64_t bins, max_depth, min_leaf;
  uint32_t stream[4];
};

struct BoostingRequest : GrowRequest {
  int64_t rounds;
  double learning_rate;
  int64_t max_leaves;
  double l2, feature_share;
  std::span<const int32_t> validation;
  int64_t patience;
};

struct BoostedTrees {
  TreeEnsemble ensemble;
  std::vector<double> train_loss, validation_loss;
};

struct ForestRequest : GrowRequest {
  int64_t trees, features_per_split;
  bool bootstrap;
};

struct IsolationRequest {
  std::span<const int32_t> train;
  int64_t trees, sample_size;
  uint32_t stream[4];
};

Status grow_boosted(const Columns& table, const BoostingRequest&, BoostedTrees&, const Control&);
Status grow_forest(const Columns& table, const ForestRequest&, TreeEnsemble&, const Control&);
Status grow_isolation(const Columns& table, const IsolationRequest&, TreeEnsemble&, const Control&);
// out: [outputs × rows].
Status predict_trees(const Columns& table, const TreeEnsemble&, double* out, const Control&);

struct KMeansRequest {
  int64_t clusters, starts, iterations;
  double tolerance;
  uint32_t stream[4];
};

struct Clusters {
  std::vector<double> centres;       // [clusters × dimensions]
  std::vector<int32_t> assignments;  // [points]
  double inertia;
  int64_t iterations;
};

// Points are the columns of the block [dimensions × points].
Status k_means(const Columns& points, const KMeansRequest&, Clusters&, const Control&);

// Each [series × (length - window + 1)].
Status matrix_profile(const Columns&, int64_t window, int64_t exclusion, double* distance, int32_t* neighbour, const Control&);

}  // namespace corrente
