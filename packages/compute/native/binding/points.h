// k-means and the matrix profile as JavaScript calls them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value k_means_of(const Napi::CallbackInfo&);
Napi::Value matrix_profile_of(const Napi::CallbackInfo&);

}  // namespace corrente
