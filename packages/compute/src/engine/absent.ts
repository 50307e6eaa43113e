/** Stands in for an engine that could not be loaded. */
import type { EngineName } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Engine } from './contract.ts';

/** An engine that is not available, because of this error, and whose operations reject with `engine-unavailable`. */
export function absentEngine(name: EngineName, cause: unknown): Engine {
  const whyNot = cause instanceof Error ? (cause.message.split('\n')[0] ?? cause.name) : String(cause);
  const refuse = (): Promise<never> => Promise.reject(new CorrenteError('engine-unavailable', `The ${name} engine is not available: ${whyNot}`, { cause }));
  return {
    name,
    info: () => ({ name, available: false, whyNot, device: 'none', memoryBytes: null, threads: null, precisions: [], version: '0' }),
    openCorrelation: refuse,
    openLeadLag: refuse,
    openRollingCorrelation: refuse,
    rolling: refuse,
    indicators: refuse,
    symmetricEigen: refuse,
    invertSymmetric: refuse,
    openInformation: refuse,
    openTrainer: refuse,
    growBoosted: refuse,
    growForest: refuse,
    growIsolation: refuse,
    predictTrees: refuse,
    kMeans: refuse,
    matrixProfile: refuse,
  };
}
