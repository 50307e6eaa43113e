// I(X; Y | Z) from neighbours on the device. What depends on Y and Z alone, the lists of neighbours, is made once in a
// session and serves every X and every surrogate.
//
//   information_space.cuh       where points lie, what a lane and a group are, counts in X alone
//   information_lists.cuh       neighbours in YZ and in Z, nearest first
//   information_permute.cuh     surrogates, sorted sources
//   information_nearest.cuh     the k nearest so far
//   information_count.cuh       the estimators; the arithmetic of a scan
//   information_list_store.cuh  lists as memory allows
//   information_run.cuh         an estimate, launch by launch
//   information_session.cuh     the session; compiled for either precision by information_f64.cu and information_f32.cu
//
// The ladder, for one value of dimensions 1, 1 | 3 and k = 4 (instructions of a lane; N² = 10⁶ at N = 1,000):
//   directly        every lane looks at every point twice            2 N² · 28   5.6 · 10⁷    2 µs
//   by lists        shared lists, read until the k-th closes         see information_count.cuh: 2 · 10⁶, 0.2 µs
// Beside that stands what is done once for all values of a session: distances, 5 N² operations, and sorting, 55 stages of
// N² / 2 exchanges in shared memory, 15 µs in all; and per value its permutation, N exchanges, 25 µs a draw but thousands
// of draws at once. Values cross the bus once (8 N bytes a source); a sum of 8 bytes comes back for each value.
//
// A network of 70,000 such values (MuTE, N = 1,000) reads about 130 entries a lane and point. Against the H200's 4.8 TB/s of
// memory and 34 TFLOP/s in double:
//   permuted X, written and read once    70,000 · 16 kB = 1.1 GB      0.23 ms    entries come from the caches
//   lists of 60 sessions                 60 · 48 MB = 2.9 GB          0.6 ms
//   distances and comparisons            70,000 · 1.3 · 10⁵ · 3 = 2.7 · 10¹⁰   0.8 ms
// Neither bounds it: issuing instructions does, some 15 ms, and beside that some ten launches and one wait a session,
// 0.1 to 0.2 ms each time. These figures are computed; test/gpu/run measures.
//
// The counts are those of the CPU engine: the same subtractions in the same precision, compared in the same way. They
// become integers by the same table, so their sums do not depend on any order, and neither does a bit of the result.
#include "../common/status.h"
#include "device.cuh"
#include "information_session.h"

namespace corrente {

Status open_information(const Columns& target, const Columns& condition, const NeighbourRule& rule, Precision precision, const Control& control,
                        std::unique_ptr<InformationSession>& session) {
  if (Status arguments = check_information(target, condition, rule); !arguments) return arguments;
  return cuda::guarded("information", [&] {
    cuda::stop_if_cancelled(control);
    control.total->store(1);
    cuda::use_device();
    session = precision == Precision::f64 ? cuda::open_session<double>(target, condition, rule) : cuda::open_session<float>(target, condition, rule);
  });
}

}  // namespace corrente
