// Training sessions as JavaScript holds them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value open_trainer_session(const Napi::CallbackInfo&);
Napi::Value trainer_state(const Napi::CallbackInfo&);
Napi::Value set_trainer_state(const Napi::CallbackInfo&);
Napi::Value trainer_epoch(const Napi::CallbackInfo&);
Napi::Value trainer_errors(const Napi::CallbackInfo&);
Napi::Value trainer_forecast(const Napi::CallbackInfo&);
Napi::Value trainer_gradient(const Napi::CallbackInfo&);
Napi::Value close_trainer_session(const Napi::CallbackInfo&);

}  // namespace corrente
