#include "trees.h"

#include <algorithm>
#include <string>

#include "arguments.h"
#include "work.h"

namespace corrente {

namespace {

// What comes in an object; errors begin with the operation.
class Fields {
 public:
  Fields(const Napi::CallbackInfo& info, size_t index, const char* operation) : env_(info.Env()), operation_(operation) {
    if (!info[index].IsObject()) throw Napi::TypeError::New(env_, operation_ + ": expected an object as argument " + std::to_string(index));
    from_ = info[index].As<Napi::Object>();
  }

  int64_t integer(const char* name) const { return integer_value(env_, from_.Get(name), named(name).c_str()); }
  double number(const char* name) const {
    const Napi::Value value = from_.Get(name);
    if (!value.IsNumber()) throw Napi::TypeError::New(env_, named(name) + " is " + value.ToString().Utf8Value() + ", expected a number");
    return value.As<Napi::Number>().DoubleValue();
  }
  bool flag(const char* name) const { return from_.Get(name).ToBoolean(); }
  std::string word(const char* name) const { return from_.Get(name).ToString(); }

  void stream(uint32_t (&words)[4]) const {
    const Napi::Value value = from_.Get("stream");
    if (!value.IsArray() || value.As<Napi::Array>().Length() != 4) throw Napi::TypeError::New(env_, named("stream") + " is no array of four words");
    for (uint32_t i = 0; i < 4; ++i) words[i] = value.As<Napi::Array>().Get(i).ToNumber().Uint32Value();
  }

  Columns columns(const char* operation) const { return columns_value(env_, from_.Get("values"), integer("series"), integer("length"), integer("stride"), operation); }

  // Throws a TypeError where it is another thing than such an array.
  template <class Element>
  Napi::TypedArrayOf<Element> array(const char* name) const {
    constexpr napi_typedarray_type type = std::is_same_v<Element, double> ? napi_float64_array : std::is_same_v<Element, int32_t> ? napi_int32_array : napi_uint8_array;
    const Napi::Value value = from_.Get(name);
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) throw Napi::TypeError::New(env_, named(name) + " comes in no typed array of its type");
    return value.As<Napi::TypedArrayOf<Element>>();
  }
  template <class Element>
  std::vector<Element> copy(const char* name) const {
    const auto values = array<Element>(name);
    return {values.Data(), values.Data() + values.ElementLength()};
  }

  Napi::Env env() const { return env_; }

 private:
  std::string named(const char* name) const { return operation_ + ": " + name; }

  Napi::Env env_;
  std::string operation_;
  Napi::Object from_;
};

// Work on a table, its second argument.
class TableWork : public Work {
 public:
  TableWork(const Napi::CallbackInfo& info, const char* operation) : Work(info.Env(), info[0], operation), table_(Fields(info, 1, operation).columns(operation)) {
    keep(info[1].As<Napi::Object>().Get("values").As<Napi::TypedArray>());
  }

 protected:
  std::span<const int32_t> rows(const Fields& from, const char* name) {
    const auto array = from.array<int32_t>(name);
    keep(array);
    return {array.Data(), array.ElementLength()};
  }

  void read_grow(const Fields& from, GrowRequest& request, const char* operation) {
    const auto target = from.array<double>("target");
    if (static_cast<int64_t>(target.ElementLength()) != table_.length)
      throw Napi::RangeError::New(from.env(), std::string(operation) + ": the target has " + std::to_string(target.ElementLength()) + " values, the table " + std::to_string(table_.length) + " rows");
    keep(target);
    request.target = target.Data();
    request.classes = from.integer("classes");
    request.train = rows(from, "train");
    request.bins = from.integer("bins");
    request.max_depth = from.integer("maxDepth");
    request.min_leaf = from.integer("minLeaf");
    from.stream(request.stream);
  }

  const Columns table_;
};

template <class Value>
Napi::ArrayBuffer lend_copy(Napi::Env env, std::vector<Value>& values) {
  const size_t bytes = values.size() * sizeof(Value);
  Block block(bytes);
  std::copy(values.begin(), values.end(), block.as<Value>());
  values = {};
  return lend(env, std::move(block), bytes);
}

Napi::Object ensemble_object(Napi::Env env, TreeEnsemble& ensemble) {
  auto object = Napi::Object::New(env);
  object.Set("outputs", static_cast<double>(ensemble.outputs));
  object.Set("combine", ensemble.mean ? "mean" : "sum");
  object.Set("baseline", lend_copy(env, ensemble.baseline));
  object.Set("first", lend_copy(env, ensemble.first));
  object.Set("feature", lend_copy(env, ensemble.feature));
  object.Set("threshold", lend_copy(env, ensemble.threshold));
  object.Set("missingLeft", lend_copy(env, ensemble.missing_left));
  object.Set("left", lend_copy(env, ensemble.left));
  object.Set("right", lend_copy(env, ensemble.right));
  object.Set("value", lend_copy(env, ensemble.value));
  object.Set("gain", lend_copy(env, ensemble.gain));
  object.Set("rows", lend_copy(env, ensemble.rows));
  return object;
}

class BoostingWork final : public TableWork {
 public:
  explicit BoostingWork(const Napi::CallbackInfo& info) : TableWork(info, kOperation) {
    const Fields from(info, 2, kOperation);
    read_grow(from, request_, kOperation);
    request_.rounds = from.integer("rounds");
    request_.learning_rate = from.number("learningRate");
    request_.max_leaves = from.integer("maxLeaves");
    request_.l2 = from.number("l2");
    request_.feature_share = from.number("featureShare");
    request_.validation = rows(from, "validation");
    request_.patience = from.integer("patience");
  }

 private:
  static constexpr const char* kOperation = "gradient boosting";

  Status execute(const Control& control) override { return grow_boosted(table_, request_, trees_, control); }
  Napi::Value result(Napi::Env env) override {
    auto object = Napi::Object::New(env);
    object.Set("ensemble", ensemble_object(env, trees_.ensemble));
    object.Set("trainLoss", lend_copy(env, trees_.train_loss));
    object.Set("validationLoss", lend_copy(env, trees_.validation_loss));
    return object;
  }

  BoostingRequest request_{};
  BoostedTrees trees_;
};

class ForestWork final : public TableWork {
 public:
  explicit ForestWork(const Napi::CallbackInfo& info) : TableWork(info, kOperation) {
    const Fields from(info, 2, kOperation);
    read_grow(from, request_, kOperation);
    request_.trees = from.integer("trees");
    request_.features_per_split = from.integer("featuresPerSplit");
    request_.bootstrap = from.flag("bootstrap");
  }

 private:
  static constexpr const char* kOperation = "random forest";

  Status execute(const Control& control) override { return grow_forest(table_, request_, ensemble_, control); }
  Napi::Value result(Napi::Env env) override { return ensemble_object(env, ensemble_); }

  ForestRequest request_{};
  TreeEnsemble ensemble_;
};

class IsolationWork final : public TableWork {
 public:
  explicit IsolationWork(const Napi::CallbackInfo& info) : TableWork(info, kOperation) {
    const Fields from(info, 2, kOperation);
    request_.train = rows(from, "train");
    request_.trees = from.integer("trees");
    request_.sample_size = from.integer("sampleSize");
    from.stream(request_.stream);
  }

 private:
  static constexpr const char* kOperation = "isolation forest";

  Status execute(const Control& control) override { return grow_isolation(table_, request_, ensemble_, control); }
  Napi::Value result(Napi::Env env) override { return ensemble_object(env, ensemble_); }

  IsolationRequest request_{};
  TreeEnsemble ensemble_;
};

class PredictWork final : public TableWork {
 public:
  explicit PredictWork(const Napi::CallbackInfo& info) : TableWork(info, kOperation) {
    const Fields from(info, 2, kOperation);
    ensemble_.outputs = from.integer("outputs");
    const std::string combine = from.word("combine");
    if (combine != "mean" && combine != "sum") throw Napi::TypeError::New(info.Env(), std::string(kOperation) + ": combine is " + combine + ", expected mean or sum");
    ensemble_.mean = combine == "mean";
    ensemble_.baseline = from.copy<double>("baseline");
    ensemble_.first = from.copy<int32_t>("first");
    ensemble_.feature = from.copy<int32_t>("feature");
    ensemble_.threshold = from.copy<double>("threshold");
    ensemble_.missing_left = from.copy<uint8_t>("missingLeft");
    ensemble_.left = from.copy<int32_t>("left");
    ensemble_.right = from.copy<int32_t>("right");
    ensemble_.value = from.copy<double>("value");
  }

 private:
  static constexpr const char* kOperation = "prediction by trees";

  Status execute(const Control& control) override {
    bytes_ = output_bytes(ensemble_.outputs, table_.length, sizeof(double));
    values_ = Block(bytes_);
    return predict_trees(table_, ensemble_, values_.as<double>(), control);
  }
  Napi::Value result(Napi::Env env) override { return lend(env, std::move(values_), bytes_); }

  TreeEnsemble ensemble_;
  Block values_;
  size_t bytes_ = 0;
};

}  // namespace

// A table is { values: Float64Array, series: number, length: number, stride: number }; requests and ensembles are
// objects with the fields that src/engine/contract.trees.ts gives them; in an ensemble that comes back the lists are
// ArrayBuffers.

// growBoosted(control: ArrayBuffer, table, request): Promise<{ ensemble, trainLoss: ArrayBuffer, validationLoss: ArrayBuffer }>
Napi::Value grow_boosted_of(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<BoostingWork>(info));
}

// growForest(control: ArrayBuffer, table, request): Promise<ensemble>
Napi::Value grow_forest_of(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<ForestWork>(info));
}

// growIsolation(control: ArrayBuffer, table, request): Promise<ensemble>
Napi::Value grow_isolation_of(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<IsolationWork>(info));
}

// predictTrees(control: ArrayBuffer, table, ensemble): Promise<ArrayBuffer>
Napi::Value predict_trees_of(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<PredictWork>(info));
}

}  // namespace corrente
