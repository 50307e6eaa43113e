/**
 * The CUDA engine: kernels on the first NVIDIA device that the driver lists (`CUDA_VISIBLE_DEVICES` chooses). Its
 * `device` names that device, its compute capability and the version of CUDA the kernels were built with.
 */
import { type LoadedAddon, loadNative, NativeEngine } from './native.ts';

let engine: NativeEngine | null = null;

function load(): LoadedAddon {
  const loaded = loadNative('corrente_cuda.node');
  return 'addon' in loaded ? loaded : { whyNot: `this build has no CUDA: ${loaded.whyNot}` };
}

/** The one CUDA engine of this process. Where the addon, the driver or the device is missing it is there, and says so. */
export function cudaEngine(): NativeEngine {
  engine ??= new NativeEngine('cuda', load());
  return engine;
}
