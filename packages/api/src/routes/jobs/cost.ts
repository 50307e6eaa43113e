/**
 * Seconds from operations and bytes, by the roofline model (Williams, Waterman, Patterson 2009): the longer of
 * computing and moving, plus what every job costs. The rates are orders of magnitude of ordinary machines of each
 * kind: an estimate tells seconds from hours, no more.
 */
import type { Estimate } from '@corrente/shared/contract/analysis';
import type { EngineInfo, EngineName, Precision } from '@corrente/shared/contract/engine';

interface Rate {
  /** Operations a second under f64, per thread where the engine has threads. */
  readonly operations: number;
  /** How much faster f32 is. */
  readonly f32: number;
  /** Bytes a second, all threads together. */
  readonly bytes: number;
}

const rates: Record<EngineName, Rate> = {
  cuda: { operations: 5e11, f32: 8, bytes: 5e11 },
  cpu: { operations: 8e9, f32: 2, bytes: 1e10 },
  portable: { operations: 5e8, f32: 1, bytes: 4e9 },
};

const overheadSeconds = 0.02;

/** Without an engine (no worker is alive) the job is taken to run on one thread of a CPU. */
export function secondsFor(need: Estimate, engine: EngineInfo | null, precision: Precision): number {
  const rate = rates[engine?.name ?? 'cpu'];
  const operationsPerSecond = rate.operations * (precision === 'f32' ? rate.f32 : 1) * (engine?.threads ?? 1);
  return overheadSeconds + Math.max(need.operations / operationsPerSecond, need.bytes / rate.bytes);
}
