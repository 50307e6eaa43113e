// What JavaScript passes, checked; and errors, as JavaScript receives them.
#pragma once

#include <napi.h>

#include <string>

#include "../kernels/ops.h"

namespace corrente {

// An integer that a double holds exactly. Throws a TypeError that begins with `what`.
int64_t integer_argument(const Napi::CallbackInfo&, size_t index, const char* what);
int64_t integer_value(Napi::Env, Napi::Value, const char* what);

// A Float64Array, and three integers after it: series, length, stride. Throws a RangeError where the array is too
// short for that shape.
Columns columns_arguments(const Napi::CallbackInfo&, size_t index, const char* operation);
Columns columns_value(Napi::Env, Napi::Value values, int64_t series, int64_t length, int64_t stride, const char* operation);

// 'f64' or 'f32'.
Precision precision_argument(const Napi::CallbackInfo&, size_t index, const char* operation);

// rows * columns * the bytes of a value; throws std::bad_alloc where no memory could hold that.
size_t output_bytes(int64_t rows, int64_t columns, size_t value_bytes);
inline size_t real_bytes(Precision precision) { return precision == Precision::f32 ? sizeof(float) : sizeof(double); }

// An Error whose `code` is cancelled, invalid, out-of-memory, device or unsupported.
Napi::Error status_error(Napi::Env, const Status&);

// Four arguments from `index` on: the bounds of rows, then of columns.
Rectangle rectangle_arguments(const Napi::CallbackInfo& info, size_t index, const char* what);

}  // namespace corrente
