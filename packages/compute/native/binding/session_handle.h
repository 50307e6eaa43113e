// A session as JavaScript holds it: a tagged external, which lives until it is closed and its last call has come back.
#pragma once

#include <napi.h>

#include <memory>

#include "buffers.h"
#include "../kernels/ops.h"

namespace corrente {

// The session and the values it reads; shared by the handle and by calls on their way.
template <class Session>
struct OpenSession {
  std::unique_ptr<Session> session;
  std::unique_ptr<Pin> values;
  Precision precision;
};

template <class Session>
struct SessionHandle {
  std::shared_ptr<OpenSession<Session>> open;  // empty once closed
};

template <class Session>
Napi::Value make_handle(Napi::Env env, const napi_type_tag& tag, std::shared_ptr<OpenSession<Session>> open) {
  using Handle = SessionHandle<Session>;
  auto external = Napi::External<Handle>::New(env, new Handle{std::move(open)}, [](Napi::Env, Handle* handle) { delete handle; });
  external.TypeTag(&tag);
  return external;
}

// Throws a TypeError where the argument is another thing than such a session.
template <class Session>
SessionHandle<Session>& handle_argument(const Napi::CallbackInfo& info, size_t index, const napi_type_tag& tag, const char* operation) {
  if (info[index].IsExternal()) {
    const auto external = info[index].As<Napi::External<SessionHandle<Session>>>();
    if (external.CheckTypeTag(&tag)) return *external.Data();
  }
  throw Napi::TypeError::New(info.Env(), std::string(operation) + ": expected a session");
}

// The same, of a session that is not closed.
template <class Session>
std::shared_ptr<OpenSession<Session>> open_argument(const Napi::CallbackInfo& info, size_t index, const napi_type_tag& tag, const char* operation) {
  const SessionHandle<Session>& handle = handle_argument<Session>(info, index, tag, operation);
  if (handle.open == nullptr) throw Napi::Error::New(info.Env(), std::string(operation) + ": the session is closed");
  return handle.open;
}

}  // namespace corrente
