// describe_device: the processor, in words.
#include <unistd.h>

#include <fstream>
#include <string>

#include "isa.h"
#include "threads.h"

namespace corrente {

static std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (colon != std::string::npos && line.starts_with("model name")) return line.substr(colon + 2);
  }
  return "CPU";
}

Device describe_device() {
  Device device;
  const Selection& chosen = selection();
  device.available = chosen.kernels != nullptr;
  device.why_not = chosen.why_not;
  device.threads = configured_threads();
  device.name = processor_name();
  if (device.available)
    device.name += ", " + std::string(chosen.kernels->name) + ", " + std::to_string(device.threads) +
                   (device.threads == 1 ? " thread" : " threads");
  device.memory_bytes = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGE_SIZE);
  return device;
}

}  // namespace corrente
