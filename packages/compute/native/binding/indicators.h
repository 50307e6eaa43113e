// Indicators as JavaScript calls them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value indicator_columns(const Napi::CallbackInfo&);

}  // namespace corrente
