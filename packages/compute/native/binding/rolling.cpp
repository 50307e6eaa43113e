#include "rolling.h"

#include "arguments.h"
#include "work.h"

namespace corrente {

namespace {

RollingKind kind_named(Napi::Env env, const std::string& name) {
  constexpr std::pair<const char*, RollingKind> kinds[] = {
      {"mean", RollingKind::mean}, {"std", RollingKind::std}, {"min", RollingKind::min},
      {"max", RollingKind::max},   {"ema", RollingKind::ema}, {"wma", RollingKind::wma},
  };
  for (const auto& [known, kind] : kinds)
    if (name == known) return kind;
  throw Napi::TypeError::New(env, "rolling: kind is " + name + ", expected mean, std, min, max, ema or wma");
}

class RollingWork final : public Work {
 public:
  explicit RollingWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], "rolling"),
        columns_(columns_arguments(info, 1, "rolling")),
        precision_(precision_argument(info, 5, "rolling")) {
    if (!info[6].IsArray()) throw Napi::TypeError::New(info.Env(), "rolling: expected an array of requests");
    const auto requests = info[6].As<Napi::Array>();
    for (uint32_t i = 0; i < requests.Length(); ++i) {
      const auto request = requests.Get(i).ToObject();
      requests_.push_back({kind_named(info.Env(), request.Get("kind").ToString()),
                           integer_value(info.Env(), request.Get("window"), "rolling: window"),
                           integer_value(info.Env(), request.Get("ddof"), "rolling: ddof"), nullptr});
    }
    keep(info[1].As<Napi::TypedArray>());
  }

 private:
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
//         precision: 'f64' | 'f32', requests: { kind: string, window: number, ddof: number }[]): Promise<ArrayBuffer[]>
Napi::Value rolling_columns(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<RollingWork>(info));
}

}  // namespace corrente
