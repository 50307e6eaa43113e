// Checks of what JavaScript cannot see: addresses, threads, the choice of the instruction set, how lists are kept. `make check` runs them;
// the last line is "N passed, N failed".
#include "check.h"

#include <cstdio>

namespace corrente::check {

static int passed = 0, failed = 0;

void claim(bool holds, const std::string& sentence) {
  ++(holds ? passed : failed);
  if (!holds) std::printf("not so: %s\n", sentence.c_str());
}

}  // namespace corrente::check

int main() {
  using namespace corrente::check;
  pool_checks();
  thread_checks();
  isa_checks();
  information_checks();
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
