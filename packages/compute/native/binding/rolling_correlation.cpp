#include "rolling_correlation.h"

#include <new>

#include "arguments.h"
#include "session_handle.h"
#include "work.h"

namespace corrente {

namespace {

constexpr napi_type_tag kTag = {0x6b08e1f5a37d49c2, 0x8ce4d0729b5f61a3};
constexpr const char *kOpen = "rolling correlation", *kTile = "rolling correlation tile";

using Open = OpenSession<RollingCorrelationSession>;

class OpenWork final : public Work {
 public:
  OpenWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kOpen),
        columns_(columns_arguments(info, 1, kOpen)),
        request_{integer_argument(info, 6, "rolling correlation: window"), info[7].ToNumber().DoubleValue(),
                 integer_argument(info, 8, "rolling correlation: step"),
                 integer_argument(info, 9, "rolling correlation: minPeriods")},
        open_(std::make_shared<Open>()) {
    open_->values = std::make_unique<Pin>(info[1].As<Napi::TypedArray>().ArrayBuffer());
    open_->precision = precision_argument(info, 5, kOpen);
  }

 private:
  Status execute(const Control& control) override {
    return open_rolling_correlation(columns_, request_, open_->precision, control, open_->session);
  }
  Napi::Value result(Napi::Env env) override { return make_handle(env, kTag, std::move(open_)); }

  const Columns columns_;
  const RollingCorrelationRequest request_;
  std::shared_ptr<Open> open_;
};

class TileWork final : public Work {
 public:
  TileWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], kTile),
        open_(open_argument<Open>(info, 1, kTag, kTile)),
        tile_(rectangle_arguments(info, 2, "rolling correlation tile: a bound")) {}

 private:
  Status execute(const Control& control) override {
    const int64_t rows = std::max<int64_t>(0, tile_.rows()), cols = std::max<int64_t>(0, tile_.cols());
    int64_t pairs = 0;
    if (__builtin_mul_overflow(rows, cols, &pairs)) throw std::bad_alloc();
    bytes_ = output_bytes(pairs, open_->session->windows(), real_bytes(open_->precision));
    r_ = Block(bytes_);
    return open_->session->tile(tile_, r_.data(), control);
  }
  Napi::Value result(Napi::Env env) override { return lend(env, std::move(r_), bytes_); }

  const std::shared_ptr<Open> open_;
  const Rectangle tile_;
  size_t bytes_ = 0;
  Block r_;
};

}  // namespace

// openRollingCorrelation(control: ArrayBuffer, values: Float64Array, series: number, length: number, stride: number,
//                        precision: 'f64' | 'f32', window: number, alpha: number, step: number, minPeriods: number):
//                        Promise<Session>; window is 0 under alpha, and alpha 0 under a window
Napi::Value open_rolling_correlation_session(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<OpenWork>(info));
}

// rollingCorrelationTile(control: ArrayBuffer, session: Session, rowFrom: number, rowTo: number, colFrom: number,
//                        colTo: number): Promise<ArrayBuffer>
Napi::Value rolling_correlation_tile(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<TileWork>(info));
}

// rollingCorrelationWindows(session: Session): number
Napi::Value rolling_correlation_windows(const Napi::CallbackInfo& info) {
  const auto open = open_argument<Open>(info, 0, kTag, kOpen);
  return Napi::Number::New(info.Env(), static_cast<double>(open->session->windows()));
}

// closeRollingCorrelation(session: Session): void. Tiles on their way still arrive.
Napi::Value close_rolling_correlation_session(const Napi::CallbackInfo& info) { return close_handle<Open>(info, kTag, kOpen); }

}  // namespace corrente
