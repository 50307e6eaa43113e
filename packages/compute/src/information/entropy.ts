/**
 * Joint entropies: of jointly normal variables ½ (d ln 2πe + ln |Σ|), of discrete ones the plug-in, and of any
 * continuous ones by the distances r to the k-th nearest neighbours, ψ(N) − ψ(k) + ln V_d + d ⟨ln r⟩ in the Euclidean
 * norm with V_d the volume of the unit ball (Kozachenko and Leonenko, Probl. Inf. Transm. 23, 95, 1987).
 */
import { digammas } from '@corrente/shared/portable/digamma';
import type { Columns, OpOptions } from '../engine/contract.ts';
import { logGamma } from '../statistics/gamma.ts';
import { cholesky } from './cholesky.ts';
import type { EstimatorName, EstimatorSettings } from './estimators.ts';
import { gram, unitColumns } from './gaussian.ts';
import { nearestNeighbours } from './nearest.ts';
import { plugInEntropy } from './plug-in.ts';
import { statesOf } from './states.ts';

export interface EntropyEstimator {
  readonly unit: 'nats' | 'bits';
  /** The joint entropy of the columns. Minus infinity where one is constant, or is determined by the others. */
  of(columns: Columns, options: OpOptions): Promise<number>;
}

/** The entropy that goes with an estimator of information; null for kernel, which has none. */
export function openEntropy(name: EstimatorName, settings: EstimatorSettings): EntropyEstimator | null {
  switch (name) {
    case 'gaussian':
      return { unit: 'nats', of: (columns) => Promise.resolve(gaussianEntropy(columns)) };
    case 'discrete':
    case 'symbolic':
      return { unit: 'bits', of: (columns) => Promise.resolve(plugInEntropy(statesOf(columns, settings.alphabet))) };
    case 'ksg1':
    case 'ksg2':
      return { unit: 'nats', of: (columns, options) => neighbourEntropy(columns, settings, options) };
    case 'kernel':
      return null;
  }
}

/** ln of the variance of each column (over N − 1) and of the determinant of their correlations. */
function gaussianEntropy(columns: Columns): number {
  const units = unitColumns(columns);
  const varying = units.filter((column) => column !== null);
  const factor = cholesky(gram(varying));
  if (factor.kept.length < columns.series) return Number.NEGATIVE_INFINITY;
  let logVariances = 0;
  for (let s = 0; s < columns.series; s += 1) logVariances += Math.log(variance(columns.values.subarray(s * columns.stride, s * columns.stride + columns.length)));
  return 0.5 * (columns.series * Math.log(2 * Math.PI * Math.E) + logVariances + factor.logDeterminant);
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

async function neighbourEntropy(columns: Columns, { neighbours, theiler }: EstimatorSettings, options: OpOptions): Promise<number> {
  const { distances } = await nearestNeighbours(columns, { neighbours, theiler, metric: 'euclidean' }, options);
  const [n, d] = [columns.length, columns.series];
  const psi = digammas(Math.max(n, neighbours));
  let logs = 0;
  for (let i = 0; i < n; i += 1) logs += Math.log(distances[i * neighbours + neighbours - 1] ?? 0);
  const logVolume = (d / 2) * Math.log(Math.PI) - logGamma(d / 2 + 1);
  return (psi[n] ?? 0) - (psi[neighbours] ?? 0) + logVolume + (d * logs) / n;
}
