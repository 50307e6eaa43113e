// Sessions of I(X; Y | Z) as JavaScript holds them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value open_information_session(const Napi::CallbackInfo&);
Napi::Value information_estimate(const Napi::CallbackInfo&);
Napi::Value information_counts(const Napi::CallbackInfo&);
Napi::Value close_information_session(const Napi::CallbackInfo&);

}  // namespace corrente
