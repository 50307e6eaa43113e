// Rolling correlation sessions as JavaScript holds them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value open_rolling_correlation_session(const Napi::CallbackInfo&);
Napi::Value rolling_correlation_tile(const Napi::CallbackInfo&);
Napi::Value rolling_correlation_windows(const Napi::CallbackInfo&);
Napi::Value close_rolling_correlation_session(const Napi::CallbackInfo&);

}  // namespace corrente
