/**
 * I(X; Y | Z) from neighbours, slow and plain: every distance of every pair, by the formulas of the engines' contract
 * (Kraskov, Stögbauer and Grassberger 2004, equations 8 and 9; Frenzel and Pompe 2007).
 */
import type { Columns, NeighbourCounts, NeighbourRule } from '../../src/engine/contract.ts';
import { seriesOf } from '../series/columns.ts';
import { compensatedSum } from './sum.ts';

/** The three spaces of an estimate, each [dimensions × N]; Z may have no dimensions. */
export interface Spaces {
  readonly x: Columns;
  readonly y: Columns;
  readonly z: Columns;
}

export interface InformationOracle {
  /** In nats. */
  readonly value: number;
  /** What each point contributes; their mean is the value. */
  readonly locals: Float64Array;
  readonly counts: NeighbourCounts;
}

/** The coordinates of a space; under `single` as floats. */
const coordinatesOf = (columns: Columns, single: boolean): Float64Array[] =>
  Array.from({ length: columns.series }, (_, d) => (single ? seriesOf(columns, d).map(Math.fround) : seriesOf(columns, d)));

/** The largest difference of a coordinate between point i and every point. */
function distances(coordinates: readonly Float64Array[], i: number, count: number, single: boolean): Float64Array<ArrayBuffer> {
  const out = new Float64Array(count);
  for (const values of coordinates) {
    const own = values[i] ?? Number.NaN;
    for (let j = 0; j < count; j++) {
      const difference = Math.abs(own - (values[j] ?? Number.NaN));
      out[j] = Math.max(out[j] ?? 0, single ? Math.fround(difference) : difference);
    }
  }
  return out;
}

/** ψ(n) = -γ + Σ 1/m over m below n, each summed anew from the smallest term. */
const digamma = memoised((n: number): number => compensatedSum([...Array.from({ length: n - 1 }, (_, i) => 1 / (n - 1 - i)), -0.5772156649015329]));

function memoised(compute: (n: number) => number): (n: number) => number {
  const known = new Map<number, number>();
  return (n) => {
    const value = known.get(n) ?? compute(n);
    known.set(n, value);
    return value;
  };
}

/** The value, each point's part of it, and the neighbours of each point. Under `single` numbers and distances are floats. */
export function informationOracle({ x, y, z }: Spaces, rule: NeighbourRule, single = false): InformationOracle {
  const count = y.length;
  const [ofX, ofY, ofZ] = [coordinatesOf(x, single), coordinatesOf(y, single), coordinatesOf(z, single)];
  const conditioned = z.series > 0;
  const indices = Array.from({ length: count }, (_, i) => i);
  const counts = { joint: new Int32Array(count), xz: new Int32Array(count), yz: new Int32Array(count), z: new Int32Array(count) };
  const locals = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const inX = distances(ofX, i, count, single);
    const inY = distances(ofY, i, count, single);
    const inZ = distances(ofZ, i, count, single);
    const others = indices.filter((j) => Math.abs(i - j) > rule.theiler);
    const { boundX, boundY, boundZ } = boundsOf(rule, others, inX, inY, inZ, single);
    const near = rule.estimator === 'ksg1' ? isBelow : isUpTo;
    const n = { joint: 0, xz: 0, yz: 0, z: 0 };
    for (const j of others) {
      // Without Z every other point is near in it.
      if (conditioned && !near(inZ[j], boundZ)) continue;
      const [nearX, nearY] = [near(inX[j], boundX), near(inY[j], boundY)];
      n.z++;
      if (nearX) n.xz++;
      if (nearY) n.yz++;
      if (nearX && nearY) n.joint++;
    }
    if (!conditioned) n.z = count - 1;
    if (rule.estimator !== 'kernel') n.joint = rule.neighbours;
    const itself = rule.estimator === 'kernel' ? 1 : 0;
    for (const name of ['joint', 'xz', 'yz', 'z'] as const) {
      n[name] += itself;
      counts[name][i] = n[name];
    }
    locals[i] = localOf(rule, n, count, conditioned);
  }
  return { value: compensatedSum(locals) / count, locals, counts };
}

const isBelow = (distance = Number.NaN, bound: number): boolean => distance < bound;

const isUpTo = (distance = Number.NaN, bound: number): boolean => distance <= bound;

interface Bounds {
  readonly boundX: number;
  readonly boundY: number;
  readonly boundZ: number;
}

/** How far the neighbours of a point in each space may lie. */
function boundsOf(rule: NeighbourRule, others: readonly number[], inX: Float64Array, inY: Float64Array, inZ: Float64Array, single: boolean): Bounds {
  if (rule.estimator === 'kernel') {
    const width = single ? Math.fround(rule.width) : rule.width;
    return { boundX: width, boundY: width, boundZ: width };
  }
  const joint = inX.map((distance, j) => Math.max(distance, inY[j] ?? Number.NaN, inZ[j] ?? Number.NaN));
  const radius = Float64Array.from(others, (j) => joint[j] ?? Number.NaN).sort()[rule.neighbours - 1] ?? Number.NaN;
  if (rule.estimator === 'ksg1') return { boundX: radius, boundY: radius, boundZ: radius };
  const nearer = others.filter((j) => isBelow(joint[j], radius));
  const nearest = [...nearer, ...others.filter((j) => joint[j] === radius).slice(0, rule.neighbours - nearer.length)];
  const largest = (values: Float64Array): number => nearest.reduce((most, j) => Math.max(most, values[j] ?? Number.NaN), 0);
  return { boundX: largest(inX), boundY: largest(inY), boundZ: largest(inZ) };
}

function localOf(rule: NeighbourRule, n: Readonly<Record<keyof NeighbourCounts, number>>, count: number, conditioned: boolean): number {
  if (rule.estimator === 'kernel') return Math.log((n.joint * n.z) / (n.xz * n.yz));
  const k = rule.neighbours;
  if (rule.estimator === 'ksg1') return digamma(k) + digamma(n.z + 1) - digamma(n.xz + 1) - digamma(n.yz + 1);
  if (!conditioned) return digamma(k) - 1 / k + digamma(count) - digamma(n.xz) - digamma(n.yz);
  return digamma(k) - 2 / k + digamma(n.z) - digamma(n.xz) - digamma(n.yz) + 1 / n.xz + 1 / n.yz;
}
