/**
 * The CPU engine: C++ kernels on the vector units, by all threads. Its `device` names the processor, the instruction
 * set that was chosen (`CORRENTE_CPU_ISA` forces one of avx512, avx2, baseline) and the threads (`CORRENTE_THREADS`).
 */
import { loadNative, NativeEngine } from './native.ts';

let engine: NativeEngine | null = null;

/** The one CPU engine of this process. Where the addon is not built it is there, and says so. */
export function cpuEngine(): NativeEngine {
  engine ??= new NativeEngine('cpu', loadNative('corrente_cpu.node'));
  return engine;
}
