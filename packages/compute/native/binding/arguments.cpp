#include "arguments.h"

#include <cmath>
#include <new>

namespace corrente {

int64_t integer_value(Napi::Env env, Napi::Value value, const char* what) {
  constexpr double kMostSafe = 9007199254740991.0;
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  if (!(std::fabs(number) <= kMostSafe) || number != std::floor(number))
    throw Napi::TypeError::New(env, std::string(what) + " is " + value.ToString().Utf8Value() + ", expected an integer");
  return static_cast<int64_t>(number);
}

int64_t integer_argument(const Napi::CallbackInfo& info, size_t index, const char* what) {
  return integer_value(info.Env(), info[index], what);
}

Columns columns_arguments(const Napi::CallbackInfo& info, size_t index, const char* operation) {
  const std::string name(operation);
  return columns_value(info.Env(), info[index], integer_argument(info, index + 1, (name + ": series").c_str()),
                       integer_argument(info, index + 2, (name + ": length").c_str()),
                       integer_argument(info, index + 3, (name + ": stride").c_str()), operation);
}

Columns columns_value(Napi::Env env, Napi::Value array, int64_t series, int64_t length, int64_t stride, const char* operation) {
  const std::string name(operation);
  if (!array.IsTypedArray() || array.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array)
    throw Napi::TypeError::New(env, name + ": expected the values in a Float64Array");
  const auto values = array.As<Napi::Float64Array>();
  const Columns columns{values.Data(), series, length, stride};
  const auto held = static_cast<int64_t>(values.ElementLength());
  int64_t last = 0;
  const bool fits = columns.series <= 0 || columns.length <= 0 ||
                    (!__builtin_mul_overflow(columns.series - 1, columns.stride, &last) &&
                     !__builtin_add_overflow(last, columns.length, &last) && last <= held);
  if (!fits)
    throw Napi::RangeError::New(env, name + ": " + std::to_string(columns.series) + " series of length " +
                                                std::to_string(columns.length) + " and stride " +
                                                std::to_string(columns.stride) + " do not fit into " +
                                                std::to_string(held) + " values");
  return columns;
}

Precision precision_argument(const Napi::CallbackInfo& info, size_t index, const char* operation) {
  const std::string name = info[index].ToString().Utf8Value();
  if (name == "f64") return Precision::f64;
  if (name == "f32") return Precision::f32;
  throw Napi::TypeError::New(info.Env(), std::string(operation) + ": precision is " + name + ", expected f64 or f32");
}

size_t output_bytes(int64_t rows, int64_t columns, size_t value_bytes) {
  size_t bytes = 0;
  if (rows < 0 || columns < 0 ||
      __builtin_mul_overflow(static_cast<size_t>(rows), static_cast<size_t>(columns), &bytes) ||
      __builtin_mul_overflow(bytes, value_bytes, &bytes))
    throw std::bad_alloc();
  return bytes;
}

Napi::Error status_error(Napi::Env env, const Status& status) {
  const char* code = "invalid";
  switch (status.code) {
    case Code::cancelled: code = "cancelled"; break;
    case Code::out_of_memory: code = "out-of-memory"; break;
    case Code::device: code = "device"; break;
    case Code::unsupported: code = "unsupported"; break;
    case Code::ok:
    case Code::invalid: break;
  }
  Napi::Error error = Napi::Error::New(env, status.message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

Rectangle rectangle_arguments(const Napi::CallbackInfo& info, size_t index, const char* what) {
  return {integer_argument(info, index, what), integer_argument(info, index + 1, what),
          integer_argument(info, index + 2, what), integer_argument(info, index + 3, what)};
}

}  // namespace corrente
