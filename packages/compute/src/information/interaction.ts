/**
 * What many variables share. With H the entropy of all, H_i of one and H_−i of all others: the multi-information (total
 * correlation) Σ H_i − H (Watanabe, IBM J. Res. Dev. 4, 66, 1960), the dual total correlation Σ H_−i − (n − 1) H (Han,
 * Inf. Control 29, 337, 1975), and of these two the difference, the O-information, positive where redundancy prevails,
 * negative where synergy does, and the sum, the S-information (Rosas et al., Phys. Rev. E 100, 032305, 2019).
 */
import { digammas } from '@corrente/shared/portable/digamma';
import type { Columns, OpOptions } from '../engine/contract.ts';
import type { EntropyEstimator } from './entropy.ts';
import { nearestNeighbours, type NearestOptions } from './nearest.ts';
import { stack } from './realisations.ts';

const seriesAt = (columns: Columns, s: number): Columns => ({ ...columns, values: columns.values.subarray(s * columns.stride, s * columns.stride + columns.length), series: 1 });

const indices = ({ series }: Columns): number[] => Array.from({ length: series }, (_, s) => s);

/** The multi-information of the columns by entropies, in their unit. */
export async function totalCorrelation(columns: Columns, entropy: EntropyEstimator, options: OpOptions): Promise<number> {
  let sum = -(await entropy.of(columns, options));
  for (const s of indices(columns)) sum += await entropy.of(seriesAt(columns, s), options);
  return sum;
}

/** The dual total correlation of the columns, in the entropies' unit; 0 of a single one. */
export async function dualTotalCorrelation(columns: Columns, entropy: EntropyEstimator, options: OpOptions): Promise<number> {
  if (columns.series === 1) return 0;
  let sum = -(columns.series - 1) * (await entropy.of(columns, options));
  for (const s of indices(columns)) sum += await entropy.of(stack(indices(columns).filter((other) => other !== s).map((other) => seriesAt(columns, other))), options);
  return sum;
}

/**
 * The multi-information of the columns by neighbours, in nats (Kraskov, Stögbauer and Grassberger 2004, equations 23
 * and 30): ψ(k) + (d − 1) ψ(N) − Σ ⟨ψ(n_i + 1)⟩ with the neighbours strictly within the joint distance, or
 * ψ(k) − (d − 1)/k + (d − 1) ψ(N) − Σ ⟨ψ(n_i)⟩ with those up to the largest distance along i among the k neighbours.
 */
export async function neighbourMultiInformation(columns: Columns, algorithm: 1 | 2, { neighbours, theiler }: Pick<NearestOptions, 'neighbours' | 'theiler'>, options: OpOptions): Promise<number> {
  const nearest = await nearestNeighbours(columns, { neighbours, theiler, metric: 'maximum' }, options);
  const [n, d] = [columns.length, columns.series];
  const psi = digammas(n + 1);
  const of = (count: number): number => psi[count] ?? 0;
  let sum = 0;
  for (const s of indices(columns)) {
    const { values } = seriesAt(columns, s);
    const sorted = values.toSorted();
    for (let i = 0; i < n; i += 1) {
      const from = i * neighbours;
      const value = values[i] ?? 0;
      if (algorithm === 1) {
        const distance = nearest.distances[from + neighbours - 1] ?? 0;
        sum += of(countWithin(values, sorted, i, theiler, (other) => Math.abs(other - value) < distance) + 1);
        continue;
      }
      let distance = 0;
      for (let j = from; j < from + neighbours; j += 1) distance = Math.max(distance, Math.abs((values[nearest.indices[j] ?? 0] ?? 0) - value));
      sum += of(countWithin(values, sorted, i, theiler, (other) => Math.abs(other - value) <= distance));
    }
  }
  return of(neighbours) - (algorithm === 2 ? (d - 1) / neighbours : 0) + (d - 1) * of(n) - sum / n;
}

/** How many points other than those up to `theiler` places away are within; `within` holds around point i's value. */
function countWithin(values: Float64Array, sorted: Float64Array, i: number, theiler: number, within: (other: number) => boolean): number {
  const value = values[i] ?? 0;
  if (!within(value)) return 0;
  const first = partition(sorted, (other) => other >= value || within(other));
  const last = partition(sorted, (other) => other > value && !within(other));
  let count = last - first;
  for (let j = Math.max(0, i - theiler); j <= Math.min(values.length - 1, i + theiler); j += 1) {
    if (within(values[j] ?? 0)) count -= 1;
  }
  return count;
}

/** The first place of an ascending array from which on `holds` does. */
function partition(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
