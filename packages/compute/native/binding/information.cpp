#include "information.h"

#include <algorithm>

#include "arguments.h"
#include "session_handle.h"
#include "work.h"

namespace corrente {

namespace {

constexpr const char* kOperation = "information";
constexpr napi_type_tag kSessionTag = {0x3f5d0a7be2c94816, 0xb8217f60d94ce35a};

// The session copies what it reads.
struct Open {
  std::unique_ptr<InformationSession> session;
  int64_t points = 0;
};

// { estimator: 'ksg1' | 'ksg2' | 'kernel', neighbours?: number, width?: number, theiler: number }
NeighbourRule rule_argument(const Napi::CallbackInfo& info, size_t index) {
  const Napi::Env env = info.Env();
  if (!info[index].IsObject()) throw Napi::TypeError::New(env, "information: expected a rule");
  const auto object = info[index].As<Napi::Object>();
  const std::string name = object.Get("estimator").ToString();
  NeighbourRule rule{};
  rule.theiler = integer_value(env, object.Get("theiler"), "information: theiler");
  if (name == "kernel") {
    rule.estimator = NeighbourEstimator::kernel;
    rule.width = object.Get("width").ToNumber().DoubleValue();
  } else if (name == "ksg1" || name == "ksg2") {
    rule.estimator = name == "ksg1" ? NeighbourEstimator::ksg1 : NeighbourEstimator::ksg2;
    rule.neighbours = integer_value(env, object.Get("neighbours"), "information: neighbours");
  } else {
    throw Napi::TypeError::New(env, "information: estimator is " + name + ", expected ksg1, ksg2 or kernel");
  }
  return rule;
}

class OpenWork final : public Work {
 public:
  explicit OpenWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kOperation),
        target_(columns_arguments(info, 1, "information: target")),
        condition_(columns_arguments(info, 5, "information: condition")),
        precision_(precision_argument(info, 9, kOperation)),
        rule_(rule_argument(info, 10)),
        open_(std::make_shared<Open>()) {
    keep(info[1].As<Napi::TypedArray>());
    keep(info[5].As<Napi::TypedArray>());
  }

 private:
  Status execute(const Control& control) override {
    open_->points = target_.length;
    return open_information(target_, condition_, rule_, precision_, control, open_->session);
  }
  Napi::Value result(Napi::Env env) override { return make_handle(env, kSessionTag, std::move(open_)); }

  const Columns target_, condition_;
  const Precision precision_;
  const NeighbourRule rule_;
  std::shared_ptr<Open> open_;
};

class EstimateWork final : public Work {
 public:
  explicit EstimateWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kOperation), open_(open_argument<Open>(info, 1, kSessionTag, kOperation)) {
    if (!info[2].IsArray()) throw Napi::TypeError::New(info.Env(), "information: expected an array of requests");
    const auto requests = info[2].As<Napi::Array>();
    for (uint32_t r = 0; r < requests.Length(); ++r) {
      if (!requests.Get(r).IsObject()) throw Napi::TypeError::New(info.Env(), "information: expected a request");
      add(info.Env(), requests.Get(r).As<Napi::Object>());
    }
  }

 private:
  void add(Napi::Env env, Napi::Object object) {
    const auto integer = [&](const char* name) {
      return integer_value(env, object.Get(name), (std::string("information: ") + name).c_str());
    };
    InformationRequest request{};
    request.surrogates = integer("surrogates");
    if (request.surrogates < 0)
      throw Napi::RangeError::New(env, "information: surrogates is " + std::to_string(request.surrogates) + ", expected at least 0");
    request.source = columns_value(env, object.Get("values"), integer("series"), integer("length"), integer("stride"), "information: source");
    keep(object.Get("values").As<Napi::TypedArray>());
    const Napi::Value orderings = object.Get("orderings"), stream = object.Get("stream");
    if (orderings.IsTypedArray() && orderings.As<Napi::TypedArray>().TypedArrayType() == napi_int32_array) {
      const auto array = orderings.As<Napi::Int32Array>();
      if (array.ElementLength() < output_bytes(request.surrogates, open_->points, 1))
        throw Napi::RangeError::New(env, "information: " + std::to_string(array.ElementLength()) + " places of orderings, expected " +
                                             std::to_string(request.surrogates) + " × " + std::to_string(open_->points));
      request.orderings = array.Data();
      keep(array);
    } else if (stream.IsArray() && stream.As<Napi::Array>().Length() == 4) {
      for (uint32_t i = 0; i < 4; ++i) {
        const int64_t word = integer_value(env, stream.As<Napi::Array>().Get(i), "information: a word of the stream");
        if (word < 0 || word > UINT32_MAX)
          throw Napi::RangeError::New(env, "information: a word of the stream is " + std::to_string(word) + ", expected 0 to 4294967295");
        request.stream[i] = static_cast<uint32_t>(word);
      }
    } else {
      throw Napi::TypeError::New(env, "information: expected orderings in an Int32Array, or a stream of four words");
    }
    requests_.push_back(request);
  }

  Status execute(const Control& control) override {
    for (InformationRequest& request : requests_) {
      const size_t count = output_bytes(1, request.surrogates + 1, 1);
      request.out = values_.emplace_back(count).data();
    }
    return open_->session->estimate(requests_, control);
  }
  Napi::Value result(Napi::Env env) override {
    auto buffers = Napi::Array::New(env, values_.size());
    for (uint32_t i = 0; i < values_.size(); ++i) {
      auto buffer = Napi::ArrayBuffer::New(env, values_[i].size() * sizeof(double));
      std::copy(values_[i].begin(), values_[i].end(), static_cast<double*>(buffer.Data()));
      buffers.Set(i, buffer);
    }
    return buffers;
  }

  const std::shared_ptr<Open> open_;
  std::vector<InformationRequest> requests_;
  std::deque<std::vector<double>> values_;
};

class CountsWork final : public Work {
 public:
  explicit CountsWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kOperation),
        open_(open_argument<Open>(info, 1, kSessionTag, kOperation)),
        source_(columns_arguments(info, 2, "information: source")) {
    keep(info[2].As<Napi::TypedArray>());
  }

 private:
  Status execute(const Control& control) override {
    bytes_ = output_bytes(4, open_->points, sizeof(int32_t));
    counts_ = Block(bytes_);
    return open_->session->counts(source_, counts_.as<int32_t>(), control);
  }
  Napi::Value result(Napi::Env env) override { return lend(env, std::move(counts_), bytes_); }

  const std::shared_ptr<Open> open_;
  const Columns source_;
  size_t bytes_ = 0;
  Block counts_;
};

}  // namespace

// openInformation(control: ArrayBuffer, target: Float64Array, series: number, length: number, stride: number,
//                 condition: Float64Array, series: number, length: number, stride: number, precision: 'f64' | 'f32',
//                 rule: { estimator: string, neighbours?: number, width?: number, theiler: number }): Promise<Session>
Napi::Value open_information_session(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<OpenWork>(info));
}

// informationEstimate(control: ArrayBuffer, session: Session, requests: { values: Float64Array, series: number,
//                     length: number, stride: number, surrogates: number, orderings: Int32Array | null,
//                     stream: [number, number, number, number] | null }[]): Promise<ArrayBuffer[]>
Napi::Value information_estimate(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<EstimateWork>(info));
}

// informationCounts(control: ArrayBuffer, session: Session, values: Float64Array, series: number, length: number,
//                   stride: number): Promise<ArrayBuffer>, [4 × N] integers: in the joint space, in XZ, in YZ, in Z
Napi::Value information_counts(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<CountsWork>(info));
}

// closeInformation(session: Session): void. Estimates on their way still arrive.
Napi::Value close_information_session(const Napi::CallbackInfo& info) { return close_handle<Open>(info, kSessionTag, kOperation); }

}  // namespace corrente
