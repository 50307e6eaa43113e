#include "lead_lag.h"

#include "arguments.h"
#include "session_handle.h"
#include "work.h"

namespace corrente {

namespace {

constexpr napi_type_tag kTag = {0x3d7c52b19e0a4f68, 0xa1f6c83be49720d5};
constexpr const char *kOpen = "lead-lag", *kTile = "lead-lag tile", *kProfile = "lead-lag profile";

using Open = OpenSession<LeadLagSession>;

class OpenWork final : public Work {
 public:
  OpenWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kOpen),
        columns_(columns_arguments(info, 1, kOpen)),
        request_{integer_argument(info, 6, "lead-lag: maxLag"), integer_argument(info, 7, "lead-lag: minPeriods")},
        open_(std::make_shared<Open>()) {
    open_->values = std::make_unique<Pin>(info[1].As<Napi::TypedArray>().ArrayBuffer());
    open_->precision = precision_argument(info, 5, kOpen);
  }

 private:
  Status execute(const Control& control) override {
    return open_lead_lag(columns_, request_, open_->precision, control, open_->session);
  }
  Napi::Value result(Napi::Env env) override { return make_handle(env, kTag, std::move(open_)); }

  const Columns columns_;
  const LeadLagRequest request_;
  std::shared_ptr<Open> open_;
};

class TileWork final : public Work {
 public:
  TileWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kTile),
        open_(open_argument<Open>(info, 1, kTag, kTile)),
        tile_(rectangle_arguments(info, 2, "lead-lag tile: a bound")) {}

 private:
  Status execute(const Control& control) override {
    const int64_t rows = std::max<int64_t>(0, tile_.rows()), cols = std::max<int64_t>(0, tile_.cols());
    r_bytes_ = output_bytes(rows, cols, real_bytes(open_->precision));
    n_bytes_ = output_bytes(rows, cols, sizeof(int32_t));
    r_ = Block(r_bytes_);
    lag_ = Block(n_bytes_);
    n_ = Block(n_bytes_);
    return open_->session->tile(tile_, r_.data(), lag_.as<int32_t>(), n_.as<int32_t>(), control);
  }
  Napi::Value result(Napi::Env env) override {
    auto object = Napi::Object::New(env);
    object.Set("r", lend(env, std::move(r_), r_bytes_));
    object.Set("lag", lend(env, std::move(lag_), n_bytes_));
    object.Set("n", lend(env, std::move(n_), n_bytes_));
    return object;
  }

  const std::shared_ptr<Open> open_;
  const Rectangle tile_;
  size_t r_bytes_ = 0, n_bytes_ = 0;
  Block r_, lag_, n_;
};

class ProfileWork final : public Work {
 public:
  ProfileWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kProfile),
        open_(open_argument<Open>(info, 1, kTag, kProfile)),
        a_(integer_argument(info, 2, "lead-lag profile: a")),
        b_(integer_argument(info, 3, "lead-lag profile: b")),
        lags_(2 * integer_argument(info, 4, "lead-lag profile: maxLag") + 1) {}

 private:
  Status execute(const Control& control) override {
    r_bytes_ = output_bytes(lags_, 1, real_bytes(open_->precision));
    n_bytes_ = output_bytes(lags_, 1, sizeof(int32_t));
    r_ = Block(r_bytes_);
    n_ = Block(n_bytes_);
    return open_->session->profile(a_, b_, r_.data(), n_.as<int32_t>(), control);
  }
  Napi::Value result(Napi::Env env) override {
    auto object = Napi::Object::New(env);
    object.Set("r", lend(env, std::move(r_), r_bytes_));
    object.Set("n", lend(env, std::move(n_), n_bytes_));
    return object;
  }

  const std::shared_ptr<Open> open_;
  const int64_t a_, b_, lags_;
  size_t r_bytes_ = 0, n_bytes_ = 0;
  Block r_, n_;
};

}  // namespace

// openLeadLag(control: ArrayBuffer, values: Float64Array, series: number, length: number, stride: number,
//             precision: 'f64' | 'f32', maxLag: number, minPeriods: number): Promise<Session>
Napi::Value open_lead_lag_session(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<OpenWork>(info));
}

// leadLagTile(control: ArrayBuffer, session: Session, rowFrom: number, rowTo: number, colFrom: number, colTo: number):
//             Promise<{ r: ArrayBuffer, lag: ArrayBuffer, n: ArrayBuffer }>
Napi::Value lead_lag_tile(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<TileWork>(info));
}

// leadLagProfile(control: ArrayBuffer, session: Session, a: number, b: number, maxLag: number):
//                Promise<{ r: ArrayBuffer, n: ArrayBuffer }>, with the session's maxLag
Napi::Value lead_lag_profile(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<ProfileWork>(info));
}

// closeLeadLag(session: Session): void. Calls on their way still arrive.
Napi::Value close_lead_lag_session(const Napi::CallbackInfo& info) { return close_handle<Open>(info, kTag, kOpen); }

}  // namespace corrente
