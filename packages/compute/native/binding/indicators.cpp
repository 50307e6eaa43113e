#include "indicators.h"

#include "arguments.h"
#include "work.h"

namespace corrente {

namespace {

class IndicatorsWork final : public Work {
 public:
  explicit IndicatorsWork(const Napi::CallbackInfo& info) : Work(info.Env(), info[0], "indicators"), precision_(precision_argument(info, 2, "indicators")) {
    const Napi::Env env = info.Env();
    if (!info[1].IsArray()) throw Napi::TypeError::New(env, "indicators: expected an array of blocks");
    if (!info[3].IsArray()) throw Napi::TypeError::New(env, "indicators: expected an array of requests");
    const auto blocks = info[1].As<Napi::Array>();
    for (uint32_t i = 0; i < blocks.Length(); ++i) add_block(env, blocks.Get(i).ToObject());
    const auto requests = info[3].As<Napi::Array>();
    for (uint32_t i = 0; i < requests.Length(); ++i) add_request(env, requests.Get(i).ToObject());
  }

 private:
  void add_block(Napi::Env env, Napi::Object from) {
    const Napi::Value values = from.Get("values");
    blocks_.push_back(columns_value(env, values, integer_value(env, from.Get("series"), "indicators: series"),
                                    integer_value(env, from.Get("length"), "indicators: length"),
                                    integer_value(env, from.Get("stride"), "indicators: stride"), "indicators"));
    keep(values.As<Napi::TypedArray>());
  }

  void add_request(Napi::Env env, Napi::Object from) {
    const Napi::Value parameters = from.Get("parameters"), inputs = from.Get("inputs");
    if (!parameters.IsArray() || !inputs.IsArray())
      throw Napi::TypeError::New(env, "indicators: expected arrays of parameters and of inputs");
    IndicatorRequest request{from.Get("name").ToString(), {}, {}, {}};
    const auto numbers = parameters.As<Napi::Array>();
    for (uint32_t i = 0; i < numbers.Length(); ++i) request.parameters.push_back(numbers.Get(i).ToNumber());
    const auto places = inputs.As<Napi::Array>();
    for (uint32_t i = 0; i < places.Length(); ++i)
      request.inputs.push_back(static_cast<int32_t>(integer_value(env, places.Get(i), "indicators: an input")));
    const int outputs = indicator_outputs(request.name);
    if (outputs < 0) throw Napi::TypeError::New(env, "indicators: there is none named " + request.name);
    request.out.resize(static_cast<size_t>(outputs));
    requests_.push_back(std::move(request));
  }

  Status execute(const Control& control) override {
    if (!blocks_.empty()) bytes_ = output_bytes(blocks_[0].series, blocks_[0].length, real_bytes(precision_));
    for (IndicatorRequest& request : requests_)
      for (void*& out : request.out) out = outputs_.emplace_back(bytes_).data();
    return indicators(blocks_, requests_, precision_, control);
  }

  Napi::Value result(Napi::Env env) override {
    auto all = Napi::Array::New(env, requests_.size());
    size_t next = 0;
    for (uint32_t i = 0; i < requests_.size(); ++i) {
      auto buffers = Napi::Array::New(env, requests_[i].out.size());
      for (uint32_t o = 0; o < requests_[i].out.size(); ++o) buffers.Set(o, lend(env, std::move(outputs_[next++]), bytes_));
      all.Set(i, buffers);
    }
    return all;
  }

  const Precision precision_;
  std::vector<Columns> blocks_;
  std::vector<IndicatorRequest> requests_;
  std::vector<Block> outputs_;
  size_t bytes_ = 0;
};

}  // namespace

// indicators(control: ArrayBuffer, blocks: { values: Float64Array, series: number, length: number, stride: number }[],
//            precision: 'f64' | 'f32', requests: { name: string, parameters: number[], inputs: number[] }[]):
//     Promise<ArrayBuffer[][]>
Napi::Value indicator_columns(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<IndicatorsWork>(info));
}

}  // namespace corrente
