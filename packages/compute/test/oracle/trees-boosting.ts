/** Gradient boosting, plainly: every split is looked for over all thresholds, by sums over the rows themselves. */
import { permutation } from '@corrente/shared/portable/random';
import type { BoostingRequest } from '../../src/engine/contract.trees.ts';
import { binCuts, goesLeft, sidesOf, sumOf, type Condition, type OracleTree, type Table } from './trees.ts';

export interface OracleBoosting {
  readonly baseline: number[];
  readonly trees: OracleTree[];
  readonly trainLoss: number[];
  readonly validationLoss: number[];
}

interface Derivatives {
  readonly g: (row: number) => number;
  readonly h: (row: number) => number;
}

interface Leaf {
  readonly rows: number[];
  readonly depth: number;
  readonly put: (tree: OracleTree) => void;
  readonly best: (Condition & { gain: number }) | null;
}

/** Least sum of second derivatives on a side, where they are not all 1. */
const leastCurvature = 1e-3;

/** f of class k for each row; [outputs][rows of the table]. */
type Raw = number[][];

function lossOf(request: BoostingRequest, raw: Raw, rows: Int32Array): number {
  const { classes, target } = request;
  const one = (row: number): number => {
    const f = raw.map((output) => output[row] ?? Number.NaN);
    const y = target[row] ?? Number.NaN;
    if (classes === 0) return (y - (f[0] ?? Number.NaN)) ** 2;
    if (classes === 2) return Math.log1p(Math.exp(f[0] ?? Number.NaN)) - y * (f[0] ?? Number.NaN);
    return Math.log(sumOf(f.map(Math.exp))) - (f[y] ?? Number.NaN);
  };
  return sumOf([...rows].map(one)) / rows.length;
}

function derivativesOf({ classes, target }: BoostingRequest, raw: Raw, output: number): Derivatives {
  const y = (row: number): number => target[row] ?? Number.NaN;
  const f = (row: number, k: number): number => raw[k]?.[row] ?? Number.NaN;
  if (classes === 0) return { g: (row) => f(row, 0) - y(row), h: () => 1 };
  const probability = (row: number): number => (classes === 2 ? 1 / (1 + Math.exp(-f(row, 0))) : Math.exp(f(row, output)) / sumOf(raw.map((_, k) => Math.exp(f(row, k)))));
  const is = (row: number): number => (classes === 2 ? y(row) : Number(y(row) === output));
  const probabilities = Float64Array.from(target, (_, row) => probability(row));
  const p = (row: number): number => probabilities[row] ?? Number.NaN;
  return { g: (row) => p(row) - is(row), h: (row) => p(row) * (1 - p(row)) };
}

function baselineOf({ classes, target, train }: BoostingRequest): number[] {
  const share = (label: number): number => Math.min(Math.max([...train].filter((row) => target[row] === label).length / train.length, Number.EPSILON), 1 - Number.EPSILON);
  if (classes === 0) return [sumOf([...train].map((row) => target[row] ?? Number.NaN)) / train.length];
  if (classes === 2) return [Math.log(share(1) / (1 - share(1)))];
  return Array.from({ length: classes }, (_, label) => Math.log(share(label)));
}

function bestSplit(table: Table, cuts: readonly number[][], features: readonly number[], rows: readonly number[], { g, h }: Derivatives, request: BoostingRequest): (Condition & { gain: number }) | null {
  const score = (side: readonly number[]): number => sumOf(side.map(g)) ** 2 / (sumOf(side.map(h)) + request.l2);
  let best: (Condition & { score: number }) | null = null;
  for (const feature of features) {
    const missing = rows.filter((row) => Number.isNaN(table[feature]?.[row])).length;
    const thresholds = missing > 0 ? [...(cuts[feature] ?? []), Number.MAX_VALUE] : (cuts[feature] ?? []);
    for (const threshold of thresholds) {
      for (const missingLeft of missing > 0 ? [false, true] : [false]) {
        const [left, right] = sidesOf(table, rows, { feature, threshold, missingLeft });
        if (left.length < request.minLeaf || right.length < request.minLeaf) continue;
        if (request.classes > 0 && Math.min(sumOf(left.map(h)), sumOf(right.map(h))) < leastCurvature) continue;
        const found = score(left) + score(right);
        // Of equal ones the first stays: of the lowest feature, then of the lowest threshold, missing values to the right.
        if (best !== null && !(found > best.score * (1 + 1e-11))) continue;
        best = { feature, threshold, missingLeft: missing > 0 ? missingLeft : 2 * left.length >= rows.length, score: found };
      }
    }
  }
  if (best === null) return null;
  const gain = best.score - score(rows);
  return gain > 1e-12 * best.score ? { ...best, gain } : null;
}

function growTree(table: Table, cuts: readonly number[][], features: readonly number[], derivatives: Derivatives, request: BoostingRequest): OracleTree {
  const { minLeaf, maxDepth, maxLeaves, learningRate, l2 } = request;
  let root: OracleTree | null = null;
  const leafOf = (rows: number[], depth: number, put: (tree: OracleTree) => void): Leaf => ({
    rows,
    depth,
    put,
    best: rows.length < 2 * minLeaf || (maxDepth > 0 && depth >= maxDepth) ? null : bestSplit(table, cuts, features, rows, derivatives, request),
  });
  const leaves = [
    leafOf([...request.train], 0, (tree) => {
      root = tree;
    }),
  ];
  while (leaves.length < maxLeaves) {
    const next = leaves.reduce((most, leaf) => ((leaf.best?.gain ?? 0) > (most.best?.gain ?? 0) ? leaf : most));
    if (next.best === null) break;
    leaves.splice(leaves.indexOf(next), 1);
    const [left, right] = sidesOf(table, next.rows, next.best);
    const unset: OracleTree = { kind: 'leaf', rows: 0, value: [] };
    const { feature, threshold, missingLeft, gain } = next.best;
    const split: OracleTree = { kind: 'split', rows: next.rows.length, feature, threshold, missingLeft, gain, left: unset, right: unset };
    next.put(split);
    leaves.push(
      leafOf(left, next.depth + 1, (tree) => {
        split.left = tree;
      }),
      leafOf(right, next.depth + 1, (tree) => {
        split.right = tree;
      }),
    );
  }
  for (const { rows, put } of leaves) put({ kind: 'leaf', rows: rows.length, value: [(-learningRate * sumOf(rows.map(derivatives.g))) / (sumOf(rows.map(derivatives.h)) + l2)] });
  if (root === null) throw new Error('the oracle grew no tree');
  return root;
}

const valueOf = (table: Table, row: number, tree: OracleTree): number => (tree.kind === 'leaf' ? (tree.value[0] ?? Number.NaN) : valueOf(table, row, goesLeft(table, row, tree) ? tree.left : tree.right));

/** The features that tree t may split by, ascending: the first of them as draw t puts them in order. */
function featuresOf({ stream, featureShare }: BoostingRequest, tree: number, all: number): number[] {
  const wanted = Math.max(1, Math.round(featureShare * all));
  return wanted === all ? Array.from({ length: all }, (_, feature) => feature) : [...permutation(stream, tree, all).subarray(0, wanted)].toSorted((a, b) => a - b);
}

/** All rounds, without early stopping. */
export function boostingOracle(table: Table, request: BoostingRequest): OracleBoosting {
  const { train, validation, rounds } = request;
  const baseline = baselineOf(request);
  const cuts = table.map((values) => binCuts([...train].map((row) => values[row] ?? Number.NaN), request.bins));
  const raw: Raw = baseline.map((value) => Array.from({ length: table[0]?.length ?? 0 }, () => value));
  const all: OracleBoosting = { baseline, trees: [], trainLoss: [], validationLoss: [] };
  for (let round = 0; round < rounds; round++) {
    // Every class of a round starts from what the rounds before it gave.
    const before = raw.map((output) => [...output]);
    for (const [k, output] of raw.entries()) {
      const tree = growTree(table, cuts, featuresOf(request, all.trees.length, table.length), derivativesOf(request, before, k), request);
      all.trees.push(tree);
      for (const row of output.keys()) output[row] = (output[row] ?? Number.NaN) + valueOf(table, row, tree);
    }
    all.trainLoss.push(lossOf(request, raw, train));
    if (validation.length > 0) all.validationLoss.push(lossOf(request, raw, validation));
  }
  return all;
}
