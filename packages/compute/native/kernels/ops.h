// The operations of a native engine. kernels/cpu, kernels/cuda and kernels/no_cuda define the same symbols; an addon
// is the binding linked with one of them. The meaning of each operation stands in src/engine/contract.ts.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

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

enum class Code { ok, cancelled, invalid, out_of_memory, device };

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

class PearsonSession {
 public:
  virtual ~PearsonSession() = default;
  virtual bool complete() const = 0;  // no series has a missing value
  // r: double or float by precision, row-major. n: may be null.
  virtual Status tile(int64_t row_from, int64_t row_to, int64_t col_from, int64_t col_to, void* r, int32_t* n,
                      const Control&) = 0;
};

// The values stay valid and unchanged for as long as the session lives: pairs with missing values read them again.
Status open_pearson(const Columns&, Precision, const Control&, std::unique_ptr<PearsonSession>& session);

enum class RollingKind { mean, std, min, max, ema, wma };

struct RollingRequest {
  RollingKind kind;
  int64_t window;
  int64_t ddof;
  void* out;  // [series × length], double or float by precision
};

Status rolling(const Columns&, std::span<const RollingRequest>, Precision, const Control&);

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

}  // namespace corrente
