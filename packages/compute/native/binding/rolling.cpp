#include "rolling.h"

#include "arguments.h"
#include "work.h"

namespace corrente {

namespace {

RollingKind kind_named(Napi::Env env, const std::string& name) {
  constexpr std::pair<const char*, RollingKind> kinds[] = {
      {"mean", RollingKind::mean},         {"sum", RollingKind::sum},           {"std", RollingKind::std},
      {"var", RollingKind::var},           {"min", RollingKind::min},           {"max", RollingKind::max},
      {"median", RollingKind::median},     {"quantile", RollingKind::quantile}, {"rank", RollingKind::rank},
      {"skew", RollingKind::skew},         {"kurtosis", RollingKind::kurtosis}, {"zscore", RollingKind::zscore},
      {"autocorrelation", RollingKind::autocorrelation},
      {"wma", RollingKind::wma},           {"weighted", RollingKind::weighted}, {"ema", RollingKind::ema},
      {"ewm-mean", RollingKind::ewm_mean}, {"ewm-var", RollingKind::ewm_var},   {"ewm-std", RollingKind::ewm_std},
  };
  std::string known;
  for (const auto& [kind_name, kind] : kinds) {
    if (name == kind_name) return kind;
    known += (known.empty() ? "" : ", ") + std::string(kind_name);
  }
  throw Napi::TypeError::New(env, "rolling: kind is " + name + ", expected one of " + known);
}

// A typed array of one entry for each of `expected`; null where `value` is null.
template <class Element, napi_typedarray_type type>
const Element* optional_array(Napi::Env env, Napi::Value value, int64_t expected, const char* what) {
  if (value.IsNull()) return nullptr;
  const std::string name(what);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type)
    throw Napi::TypeError::New(env, name + " come in no typed array of their type");
  const auto array = value.As<Napi::TypedArrayOf<Element>>();
  if (static_cast<int64_t>(array.ElementLength()) != expected)
    throw Napi::RangeError::New(env, name + ": got " + std::to_string(array.ElementLength()) + ", expected " + std::to_string(expected));
  return array.Data();
}

class RollingWork final : public Work {
 public:
  explicit RollingWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], "rolling"),
        columns_(columns_arguments(info, 1, "rolling")),
        precision_(precision_argument(info, 5, "rolling")) {
    if (!info[6].IsArray()) throw Napi::TypeError::New(info.Env(), "rolling: expected an array of requests");
    const auto requests = info[6].As<Napi::Array>();
    for (uint32_t i = 0; i < requests.Length(); ++i) add(info.Env(), requests.Get(i).ToObject());
    keep(info[1].As<Napi::TypedArray>());
  }

 private:
  void add(Napi::Env env, Napi::Object from) {
    RollingRequest request{kind_named(env, from.Get("kind").ToString()), integer_value(env, from.Get("window"), "rolling: window"),
                           integer_value(env, from.Get("ddof"), "rolling: ddof"), nullptr};
    request.parameter = from.Get("parameter").ToNumber();
    const Napi::Value weights = from.Get("weights"), begins = from.Get("begins"), min_periods = from.Get("minPeriods");
    request.weights = optional_array<double, napi_float64_array>(env, weights, request.window, "rolling: weights");
    request.begins = optional_array<int32_t, napi_int32_array>(env, begins, columns_.length, "rolling: begins");
    if (!min_periods.IsNull()) {
      request.min_periods = integer_value(env, min_periods, "rolling: minPeriods");
      if (request.min_periods < 0)
        throw Napi::RangeError::New(env, "rolling: minPeriods is " + std::to_string(request.min_periods) + ", expected at least 0");
    }
    for (const Napi::Value& array : {weights, begins})
      if (!array.IsNull()) keep(array.As<Napi::TypedArray>());
    requests_.push_back(request);
  }

  Status execute(const Control& control) override {
    bytes_ = output_bytes(columns_.series, columns_.length, real_bytes(precision_));
    for (RollingRequest& request : requests_) request.out = outputs_.emplace_back(bytes_).data();
    return rolling(columns_, requests_, precision_, control);
  }
  Napi::Value result(Napi::Env env) override {
    auto buffers = Napi::Array::New(env, outputs_.size());
    for (uint32_t i = 0; i < outputs_.size(); ++i) buffers.Set(i, lend(env, std::move(outputs_[i]), bytes_));
    return buffers;
  }

  const Columns columns_;
  const Precision precision_;
  std::vector<RollingRequest> requests_;
  std::vector<Block> outputs_;
  size_t bytes_ = 0;
};

}  // namespace

// rolling(control: ArrayBuffer, values: Float64Array, series: number, length: number, stride: number,
//         precision: 'f64' | 'f32', requests: { kind: string, window: number, ddof: number, parameter: number,
//         weights: Float64Array | null, minPeriods: number | null, begins: Int32Array | null }[]): Promise<ArrayBuffer[]>
Napi::Value rolling_columns(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<RollingWork>(info));
}

}  // namespace corrente
