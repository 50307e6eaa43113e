/** Tables and requests that the cases of trees share. */
import { columnsOf } from '../../test/series/columns.ts';
import { gaussian, uniform } from '../../test/series/random.ts';
import type { Columns, Engine, OpOptions } from './contract.ts';
import type { BoostingRequest, ForestRequest, IsolationRequest } from './contract.trees.ts';

export const options: OpOptions = { precision: 'f64' };

/** Why an engine grows no trees; null where it does. */
export const lacksTrees = ({ name }: Engine): string | null => (name === 'cpu' ? null : `the ${name} engine leaves trees to the CPU engine`);

export interface Sample {
  readonly features: readonly Float64Array[];
  readonly target: Float64Array;
}

export const tableOf = ({ features }: Sample, padding = 0): Columns => columnsOf(features, padding);
export const rowsTo = (to: number, from = 0): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);

const known = (value: number): number => (Number.isNaN(value) ? 0.7 : value);

/** Features in [0, 1), some of them in few steps, some values missing; the target depends on the first two, and on whether the third is missing. */
export function sampleOf(rows: number, features: number, { seed = 1, missing = 0, steps = 0 } = {}): Sample {
  const made = Array.from({ length: features }, (_, f) =>
    Float64Array.from({ length: rows }, (_unused, i) => {
      if (missing > 0 && uniform(seed + 100 + f, i) < missing) return Number.NaN;
      const value = uniform(seed + 200 + f, i);
      return steps > 0 && f % 2 === 1 ? Math.floor(value * steps) : value;
    }),
  );
  const at = (f: number, i: number): number => made[f]?.[i] ?? Number.NaN;
  const target = Float64Array.from({ length: rows }, (_, i) => {
    return 5 * Math.sin(3 * known(at(0, i))) + 2 * known(at(1, i)) + (Number.isNaN(at(2, i)) ? 3 : 0) + 0.3 * gaussian(seed, i);
  });
  return { features: made, target };
}

/** The first regression problem of Friedman (1991): y = 10 sin(π x₀ x₁) + 20 (x₂ - ½)² + 10 x₃ + 5 x₄ + noise. */
export function friedman(rows: number, features: number, seed: number): Sample {
  const made = Array.from({ length: features }, (_, f) => Float64Array.from({ length: rows }, (_unused, i) => uniform(seed + f, i)));
  const at = (f: number, i: number): number => made[f]?.[i] ?? Number.NaN;
  const target = Float64Array.from({ length: rows }, (_, i) => 10 * Math.sin(Math.PI * at(0, i) * at(1, i)) + 20 * (at(2, i) - 0.5) ** 2 + 10 * at(3, i) + 5 * at(4, i) + gaussian(seed + features, i));
  return { features: made, target };
}

/** The target in classes of equal width. */
export function classesOf({ features, target }: Sample, classes: number): Sample {
  const least = Math.min(...target);
  const width = (Math.max(...target) - least) / classes;
  return { features, target: target.map((value) => Math.min(classes - 1, Math.floor((value - least) / width))) };
}

export function boosting({ target }: Sample, changes: Partial<BoostingRequest> = {}): BoostingRequest {
  const none = new Int32Array(0);
  return { target, classes: 0, train: rowsTo(target.length), bins: 255, maxDepth: 0, minLeaf: 3, stream: [1, 2, 3, 4], rounds: 3, learningRate: 0.3, maxLeaves: 8, l2: 0, featureShare: 1, validation: none, patience: 0, ...changes };
}

export function forest({ target }: Sample, changes: Partial<ForestRequest> = {}): ForestRequest {
  return { target, classes: 0, train: rowsTo(target.length), bins: 255, maxDepth: 0, minLeaf: 1, stream: [5, 6, 7, 8], trees: 3, featuresPerSplit: 2, bootstrap: true, ...changes };
}

export function isolation({ target }: Sample, changes: Partial<IsolationRequest> = {}): IsolationRequest {
  return { train: rowsTo(target.length), trees: 4, sampleSize: 40, stream: [9, 10, 11, 12], ...changes };
}
