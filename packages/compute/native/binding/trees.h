// Ensembles of trees as JavaScript calls them.
#pragma once

#include <napi.h>

namespace corrente {

Napi::Value grow_boosted_of(const Napi::CallbackInfo&);
Napi::Value grow_forest_of(const Napi::CallbackInfo&);
Napi::Value grow_isolation_of(const Napi::CallbackInfo&);
Napi::Value predict_trees_of(const Napi::CallbackInfo&);

}  // namespace corrente
