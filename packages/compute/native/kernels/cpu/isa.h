// Which instruction set's kernels run.
#pragma once

#include <span>
#include <string>

#include "kernels.h"

namespace corrente {

struct Implementation {
  const Kernels* kernels;
  bool (*supported)();
};

// Best first; the last one runs everywhere.
std::span<const Implementation> implementations();

struct Selection {
  const Kernels* kernels;  // null where CORRENTE_CPU_ISA asks for what is not there
  std::string why_not;
};

// The first implementation that this processor supports, or the one that CORRENTE_CPU_ISA names. Decided once.
const Selection& selection();

}  // namespace corrente
