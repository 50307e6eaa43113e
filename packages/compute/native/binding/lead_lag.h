// Lead-lag sessions as JavaScript holds them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value open_lead_lag_session(const Napi::CallbackInfo&);
Napi::Value lead_lag_tile(const Napi::CallbackInfo&);
Napi::Value lead_lag_profile(const Napi::CallbackInfo&);
Napi::Value close_lead_lag_session(const Napi::CallbackInfo&);

}  // namespace corrente
