// Compiled once for each instruction set, with ISA its name: the table of its kernels.
#define QUOTE_(x) #x
#define QUOTE(x) QUOTE_(x)
#define VOCABULARY(isa) QUOTE(../../simd/isa.h)
#include VOCABULARY(ISA)

#include "../kernels.h"

// Nothing here may come from a header that defines ordinary functions: the linker keeps one copy of such a function,
// and a copy made for wider vectors would then run on every machine.
#include "block_store.h"
#include "dominance.h"
#include "ema.h"
#include "ewm.h"
#include "ewm_correlation.h"
#include "exhaust.h"
#include "lead_lag.h"
#include "moments.h"
#include "order_columns.h"
#include "order_places.h"
#include "order_rank.h"
#include "panel.h"
#include "permute.h"
#include "rolling_direct.h"
#include "rolling_scan.h"
#include "rolling_weighted.h"
#include "series.h"
#include "signs.h"

namespace corrente::ISA {

namespace {

// The rows by which the two values of a pair are apart; 0 where a statistic is not of pairs.
int64_t rolling_lag(const RollingRequest& request) {
  return request.kind == RollingKind::autocorrelation ? static_cast<int64_t>(request.parameter) : 0;
}

int64_t rolling_scratch(const RollingRequest& request) {
  if (request.kind == RollingKind::weighted) return weighted_scratch(request.window);
  const int64_t window = request.window - rolling_lag(request);
  return window <= kDirectWindow ? 0 : scan_scratch(window);
}

template <class Out>
void rolling(const RollingRows& rows, const RollingRequest& request, Out* out, double* scratch) {
  if (request.kind == RollingKind::weighted) {
    rolling_weighted(rows, request, out, scratch);
  } else if (request.window - rolling_lag(request) <= kDirectWindow) {
    rolling_direct(rows, request, out);
  } else {
    rolling_scan(rows, request, out, scratch);
  }
}

}  // namespace

const Kernels kernels = {
    kName,
    F64::lanes,
    {kPanelVectors * F64::lanes, kPanelVectors * F32::lanes},
    kBlockPanels,
    kGapSlice,
    kParts * F64::lanes,
    extent,
    standardise,
    pack<double, F64>,
    pack<float, F32>,
    multiply<double, F64>,
    multiply<float, F32>,
    store_rows<double>,
    store_rows<float>,
    store_columns<double>,
    store_columns<float>,
    find_strong,
    pack_gaps,
    add_moments,
    pair_moments,
    {16 * F64::lanes, signs, disagreements, compare_signs, concordance, concordant_products},
    rolling_scratch,
    rolling<double>,
    rolling<float>,
    ema<double>,
    ema<float>,
    kEwmState,
    ewm<double>,
    ewm<float>,
    kOrderColumnsWindow,
    kOrderRankWindow,
    order_columns_scratch,
    {order_columns<double>, order_rank<double>, order_quantile_places<double>, order_rank_places<double>},
    {order_columns<float>, order_rank<float>, order_quantile_places<float>, order_rank_places<float>},
    {F64::lanes, survey<double>, count_within<double>, find_within<double>, walk<double>, exhaust<double>, permute<F64::lanes>},
    {F32::lanes, survey<float>, count_within<float>, find_within<float>, walk<float>, exhaust<float>, permute<F32::lanes>},
    lead_lag_kernels,
    rolling_correlation_kernels,
};

}  // namespace corrente::ISA
