// A sequence of launches that the host makes once and starts as one.
#pragma once

#include "runtime.cuh"

namespace corrente::cuda {

class CapturedGraph {
 public:
  // What `body` launches on the stream is captured, and does not run yet. Other streams and threads go on as ever.
  template <class Body>
  CapturedGraph(cudaStream_t stream, Body body) {
    cudaGraph_t graph = nullptr;
    check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "capturing launches");
    try {
      body();
    } catch (...) {
      // The failure that ended it tells more than those that follow from it.
      cudaStreamEndCapture(stream, &graph);
      if (graph != nullptr) cudaGraphDestroy(graph);
      throw;
    }
    check(cudaStreamEndCapture(stream, &graph), "capturing launches");
    const cudaError_t made = cudaGraphInstantiate(&executable_, graph, 0);
    cudaGraphDestroy(graph);
    check(made, "making a graph of launches");
  }
  CapturedGraph(const CapturedGraph&) = delete;
  CapturedGraph& operator=(const CapturedGraph&) = delete;
  // One that is under way ends all the same.
  ~CapturedGraph() { cudaGraphExecDestroy(executable_); }

  void launch(cudaStream_t stream) const { check(cudaGraphLaunch(executable_, stream), "starting a graph of launches"); }

 private:
  cudaGraphExec_t executable_ = nullptr;
};

}  // namespace corrente::cuda
