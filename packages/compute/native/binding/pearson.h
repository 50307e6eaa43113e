// Pearson sessions as JavaScript holds them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value open_pearson_session(const Napi::CallbackInfo&);
Napi::Value pearson_tile(const Napi::CallbackInfo&);
Napi::Value close_pearson_session(const Napi::CallbackInfo&);

}  // namespace corrente
