#include "points.h"

#include <algorithm>
#include <string>

#include "arguments.h"
#include "work.h"

namespace corrente {

namespace {

Columns block_argument(const Napi::CallbackInfo& info, const char* operation) {
  const std::string name(operation);
  if (!info[1].IsObject()) throw Napi::TypeError::New(info.Env(), name + ": expected a block as its second argument");
  const auto from = info[1].As<Napi::Object>();
  return columns_value(info.Env(), from.Get("values"), integer_value(info.Env(), from.Get("series"), (name + ": series").c_str()),
                       integer_value(info.Env(), from.Get("length"), (name + ": length").c_str()),
                       integer_value(info.Env(), from.Get("stride"), (name + ": stride").c_str()), operation);
}

class KMeansWork final : public Work {
 public:
  explicit KMeansWork(const Napi::CallbackInfo& info) : Work(info.Env(), info[0], "k-means"), points_(block_argument(info, "k-means")) {
    const Napi::Env env = info.Env();
    if (!info[2].IsObject()) throw Napi::TypeError::New(env, "k-means: expected a request as its third argument");
    const auto from = info[2].As<Napi::Object>();
    request_.clusters = integer_value(env, from.Get("clusters"), "k-means: clusters");
    request_.starts = integer_value(env, from.Get("starts"), "k-means: starts");
    request_.iterations = integer_value(env, from.Get("iterations"), "k-means: iterations");
    request_.tolerance = from.Get("tolerance").ToNumber();
    if (!from.Get("stream").IsArray()) throw Napi::TypeError::New(env, "k-means: expected four words of a stream");
    const auto words = from.Get("stream").As<Napi::Array>();
    for (uint32_t i = 0; i < 4; ++i) request_.stream[i] = words.Get(i).ToNumber().Uint32Value();
    keep(info[1].As<Napi::Object>().Get("values").As<Napi::TypedArray>());
  }

 private:
  Status execute(const Control& control) override {
    Status status = k_means(points_, request_, clusters_, control);
    if (!status) return status;
    centre_bytes_ = clusters_.centres.size() * sizeof(double);
    assignment_bytes_ = clusters_.assignments.size() * sizeof(int32_t);
    centres_ = Block(centre_bytes_);
    assignments_ = Block(assignment_bytes_);
    std::copy(clusters_.centres.begin(), clusters_.centres.end(), centres_.as<double>());
    std::copy(clusters_.assignments.begin(), clusters_.assignments.end(), assignments_.as<int32_t>());
    return status;
  }
  Napi::Value result(Napi::Env env) override {
    auto object = Napi::Object::New(env);
    object.Set("centres", lend(env, std::move(centres_), centre_bytes_));
    object.Set("assignments", lend(env, std::move(assignments_), assignment_bytes_));
    object.Set("inertia", clusters_.inertia);
    object.Set("iterations", static_cast<double>(clusters_.iterations));
    return object;
  }

  const Columns points_;
  KMeansRequest request_{};
  Clusters clusters_{};
  size_t centre_bytes_ = 0, assignment_bytes_ = 0;
  Block centres_, assignments_;
};

class MatrixProfileWork final : public Work {
 public:
  explicit MatrixProfileWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], "matrix profile"),
        columns_(block_argument(info, "matrix profile")),
        window_(integer_argument(info, 2, "matrix profile: window")),
        exclusion_(integer_argument(info, 3, "matrix profile: exclusion")) {
    keep(info[1].As<Napi::Object>().Get("values").As<Napi::TypedArray>());
  }

 private:
  Status execute(const Control& control) override {
    const int64_t windows = std::max<int64_t>(0, columns_.length - std::max<int64_t>(1, window_) + 1);
    distance_bytes_ = output_bytes(columns_.series, windows, sizeof(double));
    neighbour_bytes_ = output_bytes(columns_.series, windows, sizeof(int32_t));
    distance_ = Block(distance_bytes_);
    neighbour_ = Block(neighbour_bytes_);
    return matrix_profile(columns_, window_, exclusion_, distance_.as<double>(), neighbour_.as<int32_t>(), control);
  }
  Napi::Value result(Napi::Env env) override {
    auto object = Napi::Object::New(env);
    object.Set("distance", lend(env, std::move(distance_), distance_bytes_));
    object.Set("neighbour", lend(env, std::move(neighbour_), neighbour_bytes_));
    return object;
  }

  const Columns columns_;
  const int64_t window_, exclusion_;
  size_t distance_bytes_ = 0, neighbour_bytes_ = 0;
  Block distance_, neighbour_;
};

}  // namespace

// kMeans(control: ArrayBuffer, points: { values: Float64Array, series: number, length: number, stride: number },
//        request: { clusters, starts, iterations, tolerance: number, stream: number[4] }):
//     Promise<{ centres: ArrayBuffer, assignments: ArrayBuffer, inertia: number, iterations: number }>
Napi::Value k_means_of(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<KMeansWork>(info));
}

// matrixProfile(control: ArrayBuffer, columns: { values: Float64Array, series: number, length: number, stride: number },
//               window: number, exclusion: number): Promise<{ distance: ArrayBuffer, neighbour: ArrayBuffer }>
Napi::Value matrix_profile_of(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<MatrixProfileWork>(info));
}

}  // namespace corrente
