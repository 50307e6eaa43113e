#include "pearson.h"

#include "arguments.h"
#include "work.h"

namespace corrente {

namespace {

constexpr napi_type_tag kSessionTag = {0x8f1b6c0e5d2a4f37, 0x9a64c1d7be820f55};

// The session and the values it reads; shared by the handle and by tiles on their way.
struct OpenSession {
  std::unique_ptr<PearsonSession> session;
  std::unique_ptr<Pin> values;
  Precision precision;
};

struct Handle {
  std::shared_ptr<OpenSession> open;  // empty once closed
};

Handle& handle_argument(const Napi::CallbackInfo& info, size_t index) {
  if (info[index].IsExternal()) {
    const auto external = info[index].As<Napi::External<Handle>>();
    if (external.CheckTypeTag(&kSessionTag)) return *external.Data();
  }
  throw Napi::TypeError::New(info.Env(), "correlation: expected a session");
}

class OpenWork final : public Work {
 public:
  OpenWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], "correlation"),
        columns_(columns_arguments(info, 1, "correlation")),
        open_(std::make_shared<OpenSession>()) {
    open_->values = std::make_unique<Pin>(info[1].As<Napi::TypedArray>().ArrayBuffer());
    open_->precision = precision_argument(info, 5, "correlation");
  }

 private:
  Status execute(const Control& control) override {
    return open_pearson(columns_, open_->precision, control, open_->session);
  }
  Napi::Value result(Napi::Env env) override {
    auto external = Napi::External<Handle>::New(env, new Handle{std::move(open_)}, [](Napi::Env, Handle* handle) { delete handle; });
    external.TypeTag(&kSessionTag);
    return external;
  }

  const Columns columns_;
  std::shared_ptr<OpenSession> open_;
};

class TileWork final : public Work {
 public:
  TileWork(const Napi::CallbackInfo& info, std::shared_ptr<OpenSession> open)
      : Work(info.Env(), info[0], "correlation tile"), open_(std::move(open)) {
    for (size_t i = 0; i < 4; ++i) range_[i] = integer_argument(info, i + 2, "correlation tile: a bound");
  }

 private:
  Status execute(const Control& control) override {
    const int64_t rows = std::max<int64_t>(0, range_[1] - range_[0]), cols = std::max<int64_t>(0, range_[3] - range_[2]);
    r_bytes_ = output_bytes(rows, cols, real_bytes(open_->precision));
    n_bytes_ = open_->session->complete() ? 0 : output_bytes(rows, cols, sizeof(int32_t));
    r_ = Block(r_bytes_);
    if (n_bytes_ > 0) n_ = Block(n_bytes_);
    return open_->session->tile(range_[0], range_[1], range_[2], range_[3], r_.data(), n_.as<int32_t>(), control);
  }
  Napi::Value result(Napi::Env env) override {
    auto object = Napi::Object::New(env);
    object.Set("r", lend(env, std::move(r_), r_bytes_));
    if (open_->session->complete()) {
      object.Set("n", env.Null());
    } else {
      object.Set("n", lend(env, std::move(n_), n_bytes_));
    }
    return object;
  }

  const std::shared_ptr<OpenSession> open_;
  int64_t range_[4];
  size_t r_bytes_ = 0, n_bytes_ = 0;
  Block r_, n_;
};

}  // namespace

// openPearson(control: ArrayBuffer, values: Float64Array, series: number, length: number, stride: number,
//             precision: 'f64' | 'f32'): Promise<Session>
Napi::Value open_pearson_session(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<OpenWork>(info));
}

// pearsonTile(control: ArrayBuffer, session: Session, rowFrom: number, rowTo: number, colFrom: number, colTo: number):
//             Promise<{ r: ArrayBuffer, n: ArrayBuffer | null }>
Napi::Value pearson_tile(const Napi::CallbackInfo& info) {
  Handle& handle = handle_argument(info, 1);
  if (handle.open == nullptr) throw Napi::Error::New(info.Env(), "correlation tile: the session is closed");
  return WorkQueue::of(info.Env()).submit(std::make_unique<TileWork>(info, handle.open));
}

// closePearson(session: Session): void. Tiles on their way still arrive.
Napi::Value close_pearson_session(const Napi::CallbackInfo& info) {
  handle_argument(info, 0).open.reset();
  return info.Env().Undefined();
}

}  // namespace corrente
