#include "isa.h"

#include <cstdlib>

namespace corrente {

namespace {

#if defined(__x86_64__)
bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}
bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif
bool always() { return true; }

Selection select() {
  const char* forced = std::getenv("CORRENTE_CPU_ISA");
  const bool any = forced == nullptr || *forced == '\0';
  std::string names;
  for (const Implementation& implementation : implementations()) {
    const std::string name = implementation.kernels->name;
    if (any ? implementation.supported() : name == forced) {
      if (implementation.supported()) return {implementation.kernels, ""};
      return {nullptr, "CORRENTE_CPU_ISA is " + name + ", which this processor does not have"};
    }
    names += (names.empty() ? "" : ", ") + name;
  }
  return {nullptr, "CORRENTE_CPU_ISA is \"" + std::string(forced) + "\", expected one of " + names};
}

}  // namespace

std::span<const Implementation> implementations() {
  static const Implementation list[] = {
#if defined(__x86_64__)
      {&avx512::kernels, has_avx512},
      {&avx2::kernels, has_avx2},
#endif
      {&baseline::kernels, always},
  };
  return list;
}

const Selection& selection() {
  static const Selection chosen = select();
  return chosen;
}

}  // namespace corrente
