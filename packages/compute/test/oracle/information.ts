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

/** The largest difference of a coordinate; `round` is what numbers are rounded to. */
function distances(columns: Columns, i: number, round: (value: number) => number): Float64Array {
  const out = new Float64Array(columns.length);
  for (let d = 0; d < columns.series; d++) {
    const series = seriesOf(columns, d);
    for (let j = 0; j < out.length; j++) out[j] = Math.max(out[j] ?? 0, round(Math.abs(round(series[i] ?? Number.NaN) - round(series[j] ?? Number.NaN))));
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
  const round = single ? Math.fround : (value: number): number => value;
  const conditioned = z.series > 0;
  const counts = { joint: new Int32Array(count), xz: new Int32Array(count), yz: new Int32Array(count), z: new Int32Array(count) };
  const locals = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const inX = distances(x, i, round);
    const inY = distances(y, i, round);
    const inZ = conditioned ? distances(z, i, round) : new Float64Array(count);
    const others = Array.from({ length: count }, (_, j) => j).filter((j) => Math.abs(i - j) > rule.theiler);
    const within = withinOf(rule, others, inX, inY, inZ, round);
    const inside = (spaces: ReadonlyArray<'x' | 'y' | 'z'>): number => others.filter((j) => spaces.every((space) => within[space](j))).length;
    const itself = rule.estimator === 'kernel' ? 1 : 0;
    counts.joint[i] = rule.estimator === 'kernel' ? inside(['x', 'y', 'z']) + 1 : rule.neighbours;
    counts.xz[i] = inside(['x', 'z']) + itself;
    counts.yz[i] = inside(['y', 'z']) + itself;
    counts.z[i] = (conditioned ? inside(['z']) : count - 1) + itself;
    locals[i] = localOf(rule, { joint: counts.joint[i] ?? 0, xz: counts.xz[i] ?? 0, yz: counts.yz[i] ?? 0, z: counts.z[i] ?? 0 }, count, conditioned);
  }
  return { value: compensatedSum(locals) / count, locals, counts };
}

const at = (values: Float64Array, j: number): number => values[j] ?? Number.NaN;

type Within = Readonly<Record<'x' | 'y' | 'z', (j: number) => boolean>>;

/** Which points count as neighbours of a point in each space. */
function withinOf(rule: NeighbourRule, others: readonly number[], inX: Float64Array, inY: Float64Array, inZ: Float64Array, round: (value: number) => number): Within {
  const upTo = (values: Float64Array, bound: number) => (j: number): boolean => at(values, j) <= bound;
  if (rule.estimator === 'kernel') {
    const width = round(rule.width);
    return { x: upTo(inX, width), y: upTo(inY, width), z: upTo(inZ, width) };
  }
  const joint = (j: number): number => Math.max(at(inX, j), at(inY, j), at(inZ, j));
  const nearest = others.toSorted((a, b) => joint(a) - joint(b) || a - b).slice(0, rule.neighbours);
  const largest = (of: (j: number) => number): number => nearest.reduce((most, j) => Math.max(most, of(j)), 0);
  if (rule.estimator === 'ksg2') {
    const bound = (values: Float64Array): number => largest((j) => at(values, j));
    return { x: upTo(inX, bound(inX)), y: upTo(inY, bound(inY)), z: upTo(inZ, bound(inZ)) };
  }
  const radius = largest(joint);
  const strictly = (values: Float64Array) => (j: number): boolean => at(values, j) < radius;
  return { x: strictly(inX), y: strictly(inY), z: strictly(inZ) };
}

function localOf(rule: NeighbourRule, n: Readonly<Record<keyof NeighbourCounts, number>>, count: number, conditioned: boolean): number {
  if (rule.estimator === 'kernel') return Math.log((n.joint * n.z) / (n.xz * n.yz));
  const k = rule.neighbours;
  if (rule.estimator === 'ksg1') return digamma(k) + digamma(n.z + 1) - digamma(n.xz + 1) - digamma(n.yz + 1);
  if (!conditioned) return digamma(k) - 1 / k + digamma(count) - digamma(n.xz) - digamma(n.yz);
  return digamma(k) - 2 / k + digamma(n.z) - digamma(n.xz) - digamma(n.yz) + 1 / n.xz + 1 / n.yz;
}
