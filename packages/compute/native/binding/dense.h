// Dense linear algebra as JavaScript calls it.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value symmetric_eigen_of(const Napi::CallbackInfo&);
Napi::Value symmetric_inverse_of(const Napi::CallbackInfo&);

}  // namespace corrente
