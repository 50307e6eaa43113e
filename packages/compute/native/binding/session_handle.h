// A session as JavaScript holds it: a tagged external, which lives until it is closed and its last call has come back.
#pragma once

#include <napi.h>

#include <memory>

#include "buffers.h"
#include "../kernels/ops.h"

namespace corrente {

// A session, the values it reads and their precision.
template <class Session>
struct OpenSession {
  std::unique_ptr<Session> session;
  std::unique_ptr<Pin> values;
  Precision precision;
};

// Open is a session with what belongs to it, such as OpenSession; shared by the handle and by calls on their way.
template <class Open>
struct SessionHandle {
  std::shared_ptr<Open> open;  // empty once closed
};

template <class Open>
Napi::Value make_handle(Napi::Env env, const napi_type_tag& tag, std::shared_ptr<Open> open) {
  using Handle = SessionHandle<Open>;
  auto external = Napi::External<Handle>::New(env, new Handle{std::move(open)}, [](Napi::Env, Handle* handle) { delete handle; });
  external.TypeTag(&tag);
  return external;
}

// Throws a TypeError where the argument is another thing than such a session.
template <class Open>
SessionHandle<Open>& handle_argument(const Napi::CallbackInfo& info, size_t index, const napi_type_tag& tag, const char* operation) {
  if (info[index].IsExternal()) {
    const auto external = info[index].As<Napi::External<SessionHandle<Open>>>();
    if (external.CheckTypeTag(&tag)) return *external.Data();
  }
  throw Napi::TypeError::New(info.Env(), std::string(operation) + ": expected a session");
}

// The same, of a session that is not closed.
template <class Open>
std::shared_ptr<Open> open_argument(const Napi::CallbackInfo& info, size_t index, const napi_type_tag& tag, const char* operation) {
  const SessionHandle<Open>& handle = handle_argument<Open>(info, index, tag, operation);
  if (handle.open == nullptr) throw Napi::Error::New(info.Env(), std::string(operation) + ": the session is closed");
  return handle.open;
}

// Closes the session that is the only argument; calls on their way still arrive.
template <class Open>
Napi::Value close_handle(const Napi::CallbackInfo& info, const napi_type_tag& tag, const char* operation) {
  handle_argument<Open>(info, 0, tag, operation).open.reset();
  return info.Env().Undefined();
}

}  // namespace corrente
