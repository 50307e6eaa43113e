// The CUDA engine of a build without nvcc: the same symbols, and one clear answer.
#include "../common/block_pool.h"
#include "../common/status.h"

namespace corrente {

static constexpr const char* kWhyNot = "this build has no CUDA";

Device describe_device() {
  Device device;
  device.why_not = kWhyNot;
  device.name = "none";
  return device;
}

void* allocate(size_t bytes) { return map_pages(BlockPool::size_class(bytes)); }
void release(void* memory, size_t bytes) { unmap_pages(memory, BlockPool::size_class(bytes)); }

Status open_correlation(const Columns&, const CorrelationRequest&, Precision, const Control&, std::unique_ptr<CorrelationSession>&) {
  return {Code::device, std::string("correlation: ") + kWhyNot};
}

Status open_lead_lag(const Columns&, const LeadLagRequest&, Precision, const Control&, std::unique_ptr<LeadLagSession>&) {
  return {Code::device, std::string("lead-lag: ") + kWhyNot};
}

Status open_rolling_correlation(const Columns&, const RollingCorrelationRequest&, Precision, const Control&,
                                std::unique_ptr<RollingCorrelationSession>&) {
  return {Code::device, std::string("rolling correlation: ") + kWhyNot};
}

Status rolling(const Columns&, std::span<const RollingRequest>, Precision, const Control&) {
  return {Code::device, std::string("rolling: ") + kWhyNot};
}

Status indicators(std::span<const Columns>, std::span<const IndicatorRequest>, Precision, const Control&) {
  return {Code::device, std::string("indicators: ") + kWhyNot};
}

Status open_information(const Columns&, const Columns&, const NeighbourRule&, Precision, const Control&,
                        std::unique_ptr<InformationSession>&) {
  return {Code::device, std::string("information: ") + kWhyNot};
}

Status open_trainer(const TrainingWindows&, const LayeredModel&, TrainingLoss, const double*, Precision, const Control&,
                    std::unique_ptr<TrainerSession>&) {
  return {Code::device, std::string("training: ") + kWhyNot};
}

}  // namespace corrente
