#include "../kernels/cpu/isa.h"

#include <cstdlib>
#include <cstring>

#include "check.h"

namespace corrente::check {

void isa_checks() {
  const auto list = implementations();
  for (size_t i = 1; i < list.size(); ++i)
    claim(list[i].kernels->doubles < list[i - 1].kernels->doubles, std::string(list[i].kernels->name) + " has narrower vectors than the one before it");
  claim(std::strcmp(list.back().kernels->name, "baseline") == 0 && list.back().supported(), "the last implementation is the baseline, and runs everywhere");

  const Kernels* best = nullptr;
  for (const Implementation& one : list)
    if (best == nullptr && one.supported()) best = one.kernels;
  const char* forced = std::getenv("CORRENTE_CPU_ISA");
  if (forced == nullptr) {
    claim(selection().kernels == best, "the first supported implementation is chosen");
  } else {
    claim(selection().kernels != nullptr && std::strcmp(selection().kernels->name, forced) == 0, "the implementation that was asked for is chosen");
  }

  // Each table runs its own vectors: the sums of a panel's slices tell how many lanes they had.
  for (const Implementation& one : list) {
    if (!one.supported()) continue;
    claim(one.kernels->panel[0] % one.kernels->doubles == 0 && one.kernels->panel[1] % (2 * one.kernels->doubles) == 0,
          std::string(one.kernels->name) + " packs whole vectors into its panels");
  }
}

}  // namespace corrente::check
