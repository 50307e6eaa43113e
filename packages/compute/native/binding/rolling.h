// Rolling statistics as JavaScript calls them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value rolling_columns(const Napi::CallbackInfo&);

}  // namespace corrente
