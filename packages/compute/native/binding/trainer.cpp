#include "trainer.h"

#include <new>

#include "../kernels/common/check_training.h"
#include "arguments.h"
#include "session_handle.h"
#include "work.h"

namespace corrente {

namespace {

constexpr napi_type_tag kTag = {0x91c4e27ab05f4d38, 0xa7d36e1089f25cb4};
constexpr const char* kOperation = "training";

struct Open {
  std::unique_ptr<TrainerSession> session;
  std::unique_ptr<Pin> values;
  Precision precision;
  int64_t groups = 0, outputs = 0;  // of one sample
};

template <class Value>
Value choice(Napi::Env env, Napi::Value given, const char* what, std::initializer_list<std::pair<const char*, Value>> values) {
  const std::string name = given.ToString();
  std::string names;
  for (const auto& [one, value] : values) {
    if (name == one) return value;
    names += (names.empty() ? "" : ", ") + std::string(one);
  }
  throw Napi::TypeError::New(env, std::string(what) + " is " + name + ", expected one of " + names);
}

double number_value(Napi::Env env, Napi::Value given, const char* what) {
  if (!given.IsNumber()) throw Napi::TypeError::New(env, std::string(what) + " is " + given.ToString().Utf8Value() + ", expected a number");
  return given.As<Napi::Number>().DoubleValue();
}

std::span<const int32_t> integers(Napi::Env env, Napi::Value given, const char* what) {
  if (!given.IsTypedArray() || given.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array)
    throw Napi::TypeError::New(env, std::string(what) + ": expected an Int32Array");
  const auto array = given.As<Napi::Int32Array>();
  return {array.Data(), array.ElementLength()};
}

Napi::Object object_value(Napi::Env env, Napi::Value given, const char* what) {
  if (!given.IsObject()) throw Napi::TypeError::New(env, std::string(what) + ": expected an object");
  return given.As<Napi::Object>();
}

// { kind: string, … } as Layer of shared/portable/trainer/layers.ts
Layer layer_value(Napi::Env env, Napi::Object object) {
  const auto integer = [&](const char* name) { return integer_value(env, object.Get(name), (std::string("training: ") + name).c_str()); };
  Layer layer{choice<LayerKind>(env, object.Get("kind"), "training: a layer",
                                {{"dense", LayerKind::dense}, {"flatten", LayerKind::flatten}, {"last", LayerKind::last}, {"decompose", LayerKind::decompose},
                                 {"lstm", LayerKind::lstm}, {"gru", LayerKind::gru}, {"tcn", LayerKind::tcn}, {"dropout", LayerKind::dropout}})};
  switch (layer.kind) {
    case LayerKind::dense:
      layer.units = integer("units");
      layer.activation = choice<Activation>(env, object.Get("activation"), "training: an activation",
                                            {{"linear", Activation::linear}, {"relu", Activation::relu}, {"tanh", Activation::tanh}, {"sigmoid", Activation::sigmoid}});
      break;
    case LayerKind::lstm:
    case LayerKind::gru:
      layer.units = integer("units");
      layer.sequences = object.Get("sequences").ToBoolean();
      break;
    case LayerKind::tcn:
      layer.units = integer("filters");
      layer.kernel = integer("kernel");
      layer.dilation = integer("dilation");
      layer.rate = number_value(env, object.Get("dropout"), "training: dropout");
      break;
    case LayerKind::decompose: layer.kernel = integer("window"); break;
    case LayerKind::dropout: layer.rate = number_value(env, object.Get("rate"), "training: a rate"); break;
    case LayerKind::flatten:
    case LayerKind::last: break;
  }
  return layer;
}

LayeredModel model_value(Napi::Env env, Napi::Value given) {
  const Napi::Object object = object_value(env, given, "training: the model");
  LayeredModel model{integer_value(env, object.Get("steps"), "training: steps"), integer_value(env, object.Get("features"), "training: features"), object.Get("anchored").ToBoolean(), {}};
  if (!object.Get("layers").IsArray()) throw Napi::TypeError::New(env, "training: expected an array of layers");
  const auto layers = object.Get("layers").As<Napi::Array>();
  for (uint32_t i = 0; i < layers.Length(); ++i) model.layers.push_back(layer_value(env, object_value(env, layers.Get(i), "training: a layer")));
  return model;
}

TrainingWindows windows_value(Napi::Env env, const Columns& columns, Napi::Value given) {
  const Napi::Object object = object_value(env, given, "training: the windows");
  TrainingWindows windows{columns, integer_value(env, object.Get("horizon"), "training: horizon"), integer_value(env, object.Get("groups"), "training: groups"), 0, {}, {}};
  const auto inputs = integers(env, object.Get("inputs"), "training: inputs"), targets = integers(env, object.Get("targets"), "training: targets");
  windows.inputs.assign(inputs.begin(), inputs.end());
  windows.foretold.assign(targets.begin(), targets.end());
  const auto count = static_cast<int64_t>(targets.size());
  if (windows.groups < 1 || count % windows.groups != 0)
    throw Napi::RangeError::New(env, "training: " + std::to_string(count) + " targets of " + std::to_string(windows.groups) + " groups, expected equally many of each");
  windows.targets = count / windows.groups;
  return windows;
}

class OpenWork final : public Work {
 public:
  explicit OpenWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kOperation),
        windows_(windows_value(info.Env(), columns_arguments(info, 1, kOperation), info[6])),
        model_(model_value(info.Env(), info[7])),
        loss_(choice<TrainingLoss>(info.Env(), info[8], "training: the loss", {{"mse", TrainingLoss::mse}, {"mae", TrainingLoss::mae}, {"huber", TrainingLoss::huber}})),
        open_(std::make_shared<Open>()) {
    if (!info[9].IsTypedArray() || info[9].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array)
      throw Napi::TypeError::New(info.Env(), "training: expected the parameters in a Float64Array");
    const auto parameters = info[9].As<Napi::Float64Array>();
    parameters_ = {parameters.Data(), parameters.ElementLength()};
    keep(parameters);
    open_->values = std::make_unique<Pin>(info[1].As<Napi::TypedArray>().ArrayBuffer());
    open_->precision = precision_argument(info, 5, kOperation);
  }

 private:
  Status execute(const Control& control) override {
    if (Status checked = check_training(windows_, model_); !checked) return checked;
    const int64_t count = parameter_count(model_);
    if (static_cast<int64_t>(parameters_.size()) != count)
      return {Code::invalid, "training: " + std::to_string(parameters_.size()) + " parameters, expected the model's " + std::to_string(count)};
    open_->groups = windows_.groups;
    open_->outputs = windows_.targets * windows_.horizon;
    return open_trainer(windows_, model_, loss_, parameters_.data(), open_->precision, control, open_->session);
  }
  Napi::Value result(Napi::Env env) override { return make_handle(env, kTag, std::move(open_)); }

  const TrainingWindows windows_;
  const LayeredModel model_;
  const TrainingLoss loss_;
  std::span<const double> parameters_;
  std::shared_ptr<Open> open_;
};

// A call on a session, over some origins.
class SessionWork : public Work {
 protected:
  explicit SessionWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kOperation),
        open_(open_argument<Open>(info, 1, kTag, kOperation)),
        origins_(integers(info.Env(), info[2], "training: origins")) {
    keep(info[2].As<Napi::TypedArray>());
  }

  TrainerSession& session() const { return *open_->session; }
  // Memory for values of the session's precision, or for doubles.
  Block block(size_t count, bool doubles, size_t& bytes) const {
    bytes = output_bytes(1, static_cast<int64_t>(count), doubles ? sizeof(double) : real_bytes(open_->precision));
    return Block(bytes);
  }
  size_t values(int64_t samples) const { return output_bytes(samples, open_->groups, static_cast<size_t>(open_->outputs)); }

  const std::shared_ptr<Open> open_;
  const std::span<const int32_t> origins_;
};

class EpochWork final : public SessionWork {
 public:
  explicit EpochWork(const Napi::CallbackInfo& info) : SessionWork(info) {
    const Napi::Env env = info.Env();
    request_.origins = origins_;
    request_.batch_size = integer_argument(info, 3, "training: batchSize");
    request_.learning_rate = number_value(env, info[4], "training: learningRate");
    request_.clip_norm = number_value(env, info[5], "training: clipNorm");
    if (!info[6].IsArray() || info[6].As<Napi::Array>().Length() != 4) throw Napi::TypeError::New(env, "training: expected a stream of four words");
    for (uint32_t i = 0; i < 4; ++i) {
      const int64_t word = integer_value(env, info[6].As<Napi::Array>().Get(i), "training: a word of the stream");
      if (word < 0 || word > UINT32_MAX) throw Napi::RangeError::New(env, "training: a word of the stream is " + std::to_string(word) + ", expected 0 to 4294967295");
      request_.stream[i] = static_cast<uint32_t>(word);
    }
  }

 private:
  Status execute(const Control& control) override { return session().epoch(request_, loss_, control); }
  Napi::Value result(Napi::Env env) override { return Napi::Number::New(env, loss_); }

  EpochRequest request_{};
  double loss_ = 0;
};

class ErrorsWork final : public SessionWork {
 public:
  explicit ErrorsWork(const Napi::CallbackInfo& info) : SessionWork(info) {}

 private:
  Status execute(const Control& control) override {
    squared_ = block(values(1), true, bytes_);
    absolute_ = block(values(1), true, bytes_);
    return session().errors(origins_, squared_.as<double>(), absolute_.as<double>(), control);
  }
  Napi::Value result(Napi::Env env) override {
    auto object = Napi::Object::New(env);
    object.Set("squared", lend(env, std::move(squared_), bytes_));
    object.Set("absolute", lend(env, std::move(absolute_), bytes_));
    return object;
  }

  size_t bytes_ = 0;
  Block squared_, absolute_;
};

class ForecastWork final : public SessionWork {
 public:
  explicit ForecastWork(const Napi::CallbackInfo& info) : SessionWork(info) {}

 private:
  Status execute(const Control& control) override {
    forecasts_ = block(values(static_cast<int64_t>(origins_.size())), false, bytes_);
    return session().forecast(origins_, forecasts_.data(), control);
  }
  Napi::Value result(Napi::Env env) override { return lend(env, std::move(forecasts_), bytes_); }

  size_t bytes_ = 0;
  Block forecasts_;
};

class GradientWork final : public SessionWork {
 public:
  explicit GradientWork(const Napi::CallbackInfo& info) : SessionWork(info) {}

 private:
  Status execute(const Control& control) override {
    gradient_ = block(static_cast<size_t>(session().parameter_count()), false, bytes_);
    return session().gradient(origins_, loss_, gradient_.data(), control);
  }
  Napi::Value result(Napi::Env env) override {
    auto object = Napi::Object::New(env);
    object.Set("loss", loss_);
    object.Set("gradient", lend(env, std::move(gradient_), bytes_));
    return object;
  }

  double loss_ = 0;
  size_t bytes_ = 0;
  Block gradient_;
};

template <class SomeWork>
Napi::Value submit(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<SomeWork>(info));
}

size_t state_length(const Open& open) { return 3 * static_cast<size_t>(open.session->parameter_count()) + 1; }

}  // namespace

// openTrainer(control: ArrayBuffer, values: Float64Array, series: number, length: number, stride: number,
//             precision: 'f64' | 'f32', windows: { horizon: number, groups: number, inputs: Int32Array, targets: Int32Array },
//             model: { steps: number, features: number, anchored: boolean, layers: Layer[] }, loss: 'mse' | 'mae' | 'huber',
//             parameters: Float64Array): Promise<Session>
Napi::Value open_trainer_session(const Napi::CallbackInfo& info) { return submit<OpenWork>(info); }

// trainerState(session: Session): ArrayBuffer, [3 count + 1] values of the session's precision
Napi::Value trainer_state(const Napi::CallbackInfo& info) {
  const auto open = open_argument<Open>(info, 0, kTag, kOperation);
  auto buffer = Napi::ArrayBuffer::New(info.Env(), state_length(*open) * real_bytes(open->precision));
  if (const Status status = open->session->read_state(buffer.Data()); !status) throw status_error(info.Env(), status);
  return buffer;
}

// setTrainerState(session: Session, state: Float64Array | Float32Array): void
Napi::Value set_trainer_state(const Napi::CallbackInfo& info) {
  const auto open = open_argument<Open>(info, 0, kTag, kOperation);
  const bool narrow = open->precision == Precision::f32;
  if (!info[1].IsTypedArray() || info[1].As<Napi::TypedArray>().TypedArrayType() != (narrow ? napi_float32_array : napi_float64_array))
    throw Napi::TypeError::New(info.Env(), std::string("training: expected the state in a ") + (narrow ? "Float32Array" : "Float64Array"));
  const auto state = info[1].As<Napi::TypedArray>();
  if (state.ElementLength() != state_length(*open))
    throw Napi::RangeError::New(info.Env(), "training: a state of " + std::to_string(state.ElementLength()) + " values, expected " + std::to_string(state_length(*open)));
  const auto* const values = static_cast<const uint8_t*>(state.ArrayBuffer().Data()) + state.ByteOffset();
  if (const Status status = open->session->write_state(values); !status) throw status_error(info.Env(), status);
  return info.Env().Undefined();
}

// trainerEpoch(control: ArrayBuffer, session: Session, origins: Int32Array, batchSize: number, learningRate: number,
//              clipNorm: number, stream: [number, number, number, number]): Promise<number>
Napi::Value trainer_epoch(const Napi::CallbackInfo& info) { return submit<EpochWork>(info); }

// trainerErrors(control: ArrayBuffer, session: Session, origins: Int32Array):
//               Promise<{ squared: ArrayBuffer, absolute: ArrayBuffer }>, doubles
Napi::Value trainer_errors(const Napi::CallbackInfo& info) { return submit<ErrorsWork>(info); }

// trainerForecast(control: ArrayBuffer, session: Session, origins: Int32Array): Promise<ArrayBuffer>
Napi::Value trainer_forecast(const Napi::CallbackInfo& info) { return submit<ForecastWork>(info); }

// trainerGradient(control: ArrayBuffer, session: Session, origins: Int32Array):
//                 Promise<{ loss: number, gradient: ArrayBuffer }>
Napi::Value trainer_gradient(const Napi::CallbackInfo& info) { return submit<GradientWork>(info); }

// closeTrainer(session: Session): void. Calls on their way still arrive.
Napi::Value close_trainer_session(const Napi::CallbackInfo& info) {
  return close_handle<Open>(info, kTag, kOperation);
}

}  // namespace corrente
