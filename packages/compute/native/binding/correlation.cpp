#include "correlation.h"

#include <cmath>

#include "arguments.h"
#include "session_handle.h"
#include "work.h"

namespace corrente {

namespace {

constexpr napi_type_tag kSessionTag = {0x8f1b6c0e5d2a4f37, 0x9a64c1d7be820f55};

using Open = OpenSession<CorrelationSession>;

CorrelationMethod method_argument(const Napi::CallbackInfo& info, size_t index) {
  constexpr std::pair<const char*, CorrelationMethod> methods[] = {
      {"pearson", CorrelationMethod::pearson},   {"spearman", CorrelationMethod::spearman},
      {"kendall", CorrelationMethod::kendall},   {"distance", CorrelationMethod::distance},
      {"covariance", CorrelationMethod::covariance},
  };
  const std::string name = info[index].ToString();
  for (const auto& [known, method] : methods)
    if (name == known) return method;
  throw Napi::TypeError::New(info.Env(), "correlation: method is " + name + ", expected pearson, spearman, kendall, distance or covariance");
}

class OpenWork final : public Work {
 public:
  OpenWork(const Napi::CallbackInfo& info)
      : Work(info.Env(), info[0], "correlation"),
        columns_(columns_arguments(info, 1, "correlation")),
        request_{method_argument(info, 6), integer_argument(info, 7, "correlation: ddof")},
        open_(std::make_shared<Open>()) {
    open_->values = std::make_unique<Pin>(info[1].As<Napi::TypedArray>().ArrayBuffer());
    open_->precision = precision_argument(info, 5, "correlation");
  }

 private:
  Status execute(const Control& control) override {
    return open_correlation(columns_, request_, open_->precision, control, open_->session);
  }
  Napi::Value result(Napi::Env env) override {
    return make_handle(env, kSessionTag, std::move(open_));
  }

  const Columns columns_;
  const CorrelationRequest request_;
  std::shared_ptr<Open> open_;
};

class TileWork final : public Work {
 public:
  TileWork(const Napi::CallbackInfo& info, std::shared_ptr<Open> open)
      : Work(info.Env(), info[0], "correlation tile"),
        open_(std::move(open)),
        rectangle_(rectangle_arguments(info, 2, "correlation tile: a bound")) {}

 private:
  Status execute(const Control& control) override {
    const int64_t rows = std::max<int64_t>(0, rectangle_.rows()), cols = std::max<int64_t>(0, rectangle_.cols());
    r_bytes_ = output_bytes(rows, cols, real_bytes(open_->precision));
    n_bytes_ = open_->session->complete() ? 0 : output_bytes(rows, cols, sizeof(int32_t));
    r_ = Block(r_bytes_);
    if (n_bytes_ > 0) n_ = Block(n_bytes_);
    return open_->session->tile(rectangle_, r_.data(), n_.as<int32_t>(), control);
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

  const std::shared_ptr<Open> open_;
  const Rectangle rectangle_;
  size_t r_bytes_ = 0, n_bytes_ = 0;
  Block r_, n_;
};

class StrongestWork final : public Work {
 public:
  StrongestWork(const Napi::CallbackInfo& info, std::shared_ptr<Open> open)
      : Work(info.Env(), info[0], "strongest pairs"),
        open_(std::move(open)),
        rectangle_(rectangle_arguments(info, 2, "strongest pairs: a bound")),
        selection_{info[6].ToNumber().DoubleValue(), integer_argument(info, 7, "strongest pairs: minPeriods"),
                   info[8].IsNull() ? -1 : integer_argument(info, 8, "strongest pairs: top")} {
    const bool all = info[8].IsNull();
    if (std::isnan(selection_.min_abs)) throw Napi::TypeError::New(info.Env(), "strongest pairs: minAbs is not a number");
    if (!all && selection_.top < 0)
      throw Napi::RangeError::New(info.Env(), "strongest pairs: top is " + std::to_string(selection_.top) + ", expected at least 0");
  }

 private:
  Status execute(const Control& control) override {
    std::vector<SelectedPair> pairs;
    Status status = open_->session->strongest(rectangle_, selection_, pairs, control);
    if (!status) return status;
    count_ = static_cast<int64_t>(pairs.size());
    const size_t places = output_bytes(count_, 1, sizeof(int32_t));
    a_ = Block(places);
    b_ = Block(places);
    if (!open_->session->complete()) n_ = Block(places);
    r_ = Block(output_bytes(count_, 1, real_bytes(open_->precision)));
    for (int64_t i = 0; i < count_; ++i) {
      const SelectedPair& pair = pairs[static_cast<size_t>(i)];
      a_.as<int32_t>()[i] = pair.a;
      b_.as<int32_t>()[i] = pair.b;
      if (n_.data() != nullptr) n_.as<int32_t>()[i] = pair.n;
      if (open_->precision == Precision::f32) {
        r_.as<float>()[i] = static_cast<float>(pair.r);
      } else {
        r_.as<double>()[i] = pair.r;
      }
    }
    return {};
  }
  Napi::Value result(Napi::Env env) override {
    const size_t places = output_bytes(count_, 1, sizeof(int32_t));
    auto object = Napi::Object::New(env);
    object.Set("a", lend(env, std::move(a_), places));
    object.Set("b", lend(env, std::move(b_), places));
    object.Set("r", lend(env, std::move(r_), output_bytes(count_, 1, real_bytes(open_->precision))));
    if (open_->session->complete()) {
      object.Set("n", env.Null());
    } else {
      object.Set("n", lend(env, std::move(n_), places));
    }
    return object;
  }

  const std::shared_ptr<Open> open_;
  const Rectangle rectangle_;
  const PairSelection selection_;
  int64_t count_ = 0;
  Block a_, b_, r_, n_;
};

template <class SessionWork>
Napi::Value submit_on_session(const Napi::CallbackInfo& info) {
  auto open = open_argument<Open>(info, 1, kSessionTag, "correlation");
  return WorkQueue::of(info.Env()).submit(std::make_unique<SessionWork>(info, std::move(open)));
}

}  // namespace

// openCorrelation(control: ArrayBuffer, values: Float64Array, series: number, length: number, stride: number,
//                 precision: 'f64' | 'f32', method: CorrelationMethod, ddof: number): Promise<Session>
Napi::Value open_correlation_session(const Napi::CallbackInfo& info) {
  return WorkQueue::of(info.Env()).submit(std::make_unique<OpenWork>(info));
}

// correlationTile(control: ArrayBuffer, session: Session, rowFrom: number, rowTo: number, colFrom: number,
//                 colTo: number): Promise<{ r: ArrayBuffer, n: ArrayBuffer | null }>
Napi::Value correlation_tile(const Napi::CallbackInfo& info) { return submit_on_session<TileWork>(info); }

// correlationStrongest(control: ArrayBuffer, session: Session, rowFrom: number, rowTo: number, colFrom: number,
//                      colTo: number, minAbs: number, minPeriods: number, top: number | null):
//                      Promise<{ a: ArrayBuffer, b: ArrayBuffer, r: ArrayBuffer, n: ArrayBuffer | null }>
Napi::Value correlation_strongest(const Napi::CallbackInfo& info) { return submit_on_session<StrongestWork>(info); }

// closeCorrelation(session: Session): void. Work on its way still arrives.
Napi::Value close_correlation_session(const Napi::CallbackInfo& info) { return close_handle<Open>(info, kSessionTag, "correlation"); }

}  // namespace corrente
