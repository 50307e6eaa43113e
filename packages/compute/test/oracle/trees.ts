/**
 * Trees, plainly: what the oracles of boosting and of forests share. A table is a list of features, each a list of
 * values; a node holds a list of rows and every sum is taken over that list anew.
 */
import type { TreeEnsemble } from '../../src/engine/contract.trees.ts';

export interface OracleLeaf {
  readonly kind: 'leaf';
  readonly rows: number;
  readonly value: readonly number[];
}

export interface OracleSplit {
  readonly kind: 'split';
  readonly rows: number;
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  left: OracleTree;
  right: OracleTree;
}

export type OracleTree = OracleLeaf | OracleSplit;

export type Table = readonly Float64Array[];

export const sumOf = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

/** Midway between two neighbouring values, or the lower one where rounding reaches the upper one. */
function midway(lower: number, upper: number): number {
  const middle = lower / 2 + upper / 2;
  return middle >= lower && middle < upper ? middle : lower;
}

/**
 * Where the bins of a feature meet. With no more values than bins, between every two neighbours; otherwise each bin in
 * turn takes the values with which it comes nearest to its share of the rows that are left for the bins that are left.
 */
export function binCuts(values: readonly number[], most: number): number[] {
  const counts = new Map<number, number>();
  for (const value of values.filter((one) => !Number.isNaN(one)).toSorted((a, b) => a - b)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const runs = [...counts];
  const cuts: number[] = [];
  let left = sumOf(counts.values());
  let held = 0;
  for (const [i, [value, count]] of runs.entries()) {
    const next = runs[i + 1];
    if (next === undefined || cuts.length === most - 1) break;
    held += count;
    const share = left / (most - cuts.length);
    if (runs.length > most && held + next[1] / 2 < share) continue;
    cuts.push(midway(value, next[0]));
    left -= held;
    held = 0;
  }
  return cuts;
}

export interface Condition {
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
}

/** Whether a row goes left. */
export function goesLeft(table: Table, row: number, { feature, threshold, missingLeft }: Condition): boolean {
  const value = table[feature]?.[row] ?? Number.NaN;
  return Number.isNaN(value) ? missingLeft : value <= threshold;
}

/** Both sides of a node, in the order of its rows. */
export function sidesOf(table: Table, rows: readonly number[], condition: Condition): [number[], number[]] {
  return [rows.filter((row) => goesLeft(table, row, condition)), rows.filter((row) => !goesLeft(table, row, condition))];
}

/** Throws where a tree of an ensemble is another one than the oracle's; values and gains may differ by rounding. */
export function assertSameTree(ensemble: TreeEnsemble, tree: number, expected: OracleTree, place: string): void {
  const width = ensemble.combine === 'mean' ? ensemble.outputs : 1;
  const near = (what: string, got: number | undefined, wanted: number): void => {
    if (got === undefined || !(Math.abs(got - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted)))) throw new Error(`${place}, ${what}: got ${got}, expected ${wanted}`);
  };
  const same = (what: string, got: unknown, wanted: unknown): void => {
    if (!Object.is(got, wanted)) throw new Error(`${place}, ${what}: got ${String(got)}, expected ${String(wanted)}`);
  };
  let nodes = 0;
  const compare = (node: number, wanted: OracleTree, path: string): void => {
    nodes++;
    same(`rows of ${path}`, ensemble.rows[node], wanted.rows);
    if (wanted.kind === 'leaf') {
      same(`feature of ${path}`, ensemble.feature[node], -1);
      same(`gain of ${path}`, ensemble.gain[node], 0);
      for (const [k, value] of wanted.value.entries()) near(`value ${k} of ${path}`, ensemble.value[node * width + k], value);
      return;
    }
    same(`feature of ${path}`, ensemble.feature[node], wanted.feature);
    same(`threshold of ${path}`, ensemble.threshold[node], wanted.threshold);
    same(`missing side of ${path}`, ensemble.missingLeft[node], wanted.missingLeft ? 1 : 0);
    near(`gain of ${path}`, ensemble.gain[node], wanted.gain);
    compare(ensemble.left[node] ?? -1, wanted.left, `${path}L`);
    compare(ensemble.right[node] ?? -1, wanted.right, `${path}R`);
  };
  const first = ensemble.first[tree] ?? -1;
  compare(first, expected, 'root ');
  same('nodes', (ensemble.first[tree + 1] ?? -1) - first, nodes);
}

/** What an ensemble predicts, [outputs × rows]: each row by itself, down each tree in turn. */
export function predictOracle(table: Table, ensemble: TreeEnsemble): Float64Array {
  const rows = table[0]?.length ?? 0;
  const trees = ensemble.first.length - 1;
  const out = new Float64Array(ensemble.outputs * rows);
  for (let row = 0; row < rows; row++) {
    const sums = Array.from({ length: ensemble.outputs }, (_, k) => (ensemble.combine === 'sum' ? (ensemble.baseline[k] ?? 0) : 0));
    for (let tree = 0; tree < trees; tree++) {
      let node = ensemble.first[tree] ?? -1;
      for (let feature = ensemble.feature[node] ?? -1; feature >= 0; feature = ensemble.feature[node] ?? -1) {
        const left = goesLeft(table, row, { feature, threshold: ensemble.threshold[node] ?? Number.NaN, missingLeft: ensemble.missingLeft[node] === 1 });
        node = (left ? ensemble.left[node] : ensemble.right[node]) ?? -1;
      }
      for (let k = 0; k < ensemble.outputs; k++) {
        if (ensemble.combine === 'mean') sums[k] = (sums[k] ?? 0) + (ensemble.value[node * ensemble.outputs + k] ?? 0);
        else if (tree % ensemble.outputs === k) sums[k] = (sums[k] ?? 0) + (ensemble.value[node] ?? 0);
      }
    }
    for (const [k, sum] of sums.entries()) out[k * rows + row] = ensemble.combine === 'mean' ? sum / trees : sum;
  }
  return out;
}
