// Correlation sessions as JavaScript holds them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value open_correlation_session(const Napi::CallbackInfo&);
Napi::Value correlation_tile(const Napi::CallbackInfo&);
Napi::Value correlation_strongest(const Napi::CallbackInfo&);
Napi::Value close_correlation_session(const Napi::CallbackInfo&);

}  // namespace corrente
