#include "dense.h"

#include "arguments.h"
#include "work.h"

namespace corrente {

namespace {

// A matrix [n × n] in a Float64Array, and n.
class MatrixWork : public Work {
 public:
  MatrixWork(const Napi::CallbackInfo& info, const char* operation)
      : Work(info.Env(), info[0], operation),
        n_(integer_argument(info, 2, (std::string(operation) + ": n").c_str())),
        matrix_(columns_value(info.Env(), info[1], n_, n_, n_, operation).values) {
    if (n_ < 0) throw Napi::RangeError::New(info.Env(), std::string(operation) + ": n is " + std::to_string(n_) + ", expected at least 0");
    keep(info[1].As<Napi::TypedArray>());
  }

 protected:
  const int64_t n_;
  const double* const matrix_;
};

class EigenWork final : public MatrixWork {
 public:
  explicit EigenWork(const Napi::CallbackInfo& info) : MatrixWork(info, "symmetric eigensystem") {}

 private:
  Status execute(const Control& control) override {
    value_bytes_ = output_bytes(n_, 1, sizeof(double));
    vector_bytes_ = output_bytes(n_, n_, sizeof(double));
    values_ = Block(value_bytes_);
    vectors_ = Block(vector_bytes_);
    return symmetric_eigen(matrix_, n_, values_.as<double>(), vectors_.as<double>(), control);
  }
  Napi::Value result(Napi::Env env) override {
    auto object = Napi::Object::New(env);
    object.Set("values", lend(env, std::move(values_), value_bytes_));
    object.Set("vectors", lend(env, std::move(vectors_), vector_bytes_));
    return object;
  }

  size_t value_bytes_ = 0, vector_bytes_ = 0;
  Block values_, vectors_;
};

class InverseWork final : public MatrixWork {
 public:
  explicit InverseWork(const Napi::CallbackInfo& info) : MatrixWork(info, "symmetric inverse") {}

 private:
  Status execute(const Control& control) override {
    bytes_ = output_bytes(n_, n_, sizeof(double));
    inverse_ = Block(bytes_);
    return invert_symmetric(matrix_, n_, inverse_.as<double>(), definite_, control);
  }
  Napi::Value result(Napi::Env env) override {
    if (!definite_) return env.Null();
    return lend(env, std::move(inverse_), bytes_);
  }

  size_t bytes_ = 0;
  Block inverse_;
  bool definite_ = false;
};

}  // namespace

// symmetricEigen(control: ArrayBuffer, matrix: Float64Array, n: number): Promise<{ values: ArrayBuffer, vectors: ArrayBuffer }>
Napi::Value symmetric_eigen_of(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<EigenWork>(info));
}

// invertSymmetric(control: ArrayBuffer, matrix: Float64Array, n: number): Promise<ArrayBuffer | null>
Napi::Value symmetric_inverse_of(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<InverseWork>(info));
}

}  // namespace corrente
