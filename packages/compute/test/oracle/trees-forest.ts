/** Random and isolation forests, plainly, from the same random words in the same order. */
import { randomWords } from '@corrente/shared/portable/random';
import type { ForestRequest, IsolationRequest } from '../../src/engine/contract.trees.ts';
import { binCuts, sidesOf, sumOf, type Condition, type OracleTree, type Table } from './trees.ts';

/** The words of draw `draw`, as numbers below a bound, or in [0, 1). */
function wordsOf(stream: ForestRequest['stream'], draw: number): { below: (count: number) => number; uniform: () => number; odd: () => boolean } {
  const words = randomWords(stream, draw);
  const next = (): number => words.next().value;
  return { below: (count) => Number((BigInt(next()) * BigInt(count)) >> 32n), uniform: () => next() / 2 ** 32, odd: () => next() % 2 === 1 };
}

function swap(list: number[], i: number, j: number): void {
  const moved = list[i] ?? Number.NaN;
  list[i] = list[j] ?? Number.NaN;
  list[j] = moved;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Tree `t` of a random forest. */
export function forestOracle(table: Table, request: ForestRequest, t: number): OracleTree {
  const { train, target, classes, minLeaf, maxDepth, featuresPerSplit } = request;
  const words = wordsOf(request.stream, t);
  const weights = upTo(train.length).map(() => (request.bootstrap ? 0 : 1));
  if (request.bootstrap) for (let i = 0; i < train.length; i++) weights[words.below(train.length)]! += 1;
  // From here on a row is a place in `train`.
  const columns = table.map((values) => Float64Array.from(train, (row) => values[row] ?? Number.NaN));
  const y = [...train].map((row) => target[row] ?? Number.NaN);
  const cuts = columns.map((values) => binCuts([...values], request.bins));
  const order = upTo(table.length);
  const weightOf = (rows: readonly number[]): number => sumOf(rows.map((row) => weights[row] ?? 0));
  const classWeights = (rows: readonly number[]): number[] => upTo(classes).map((k) => weightOf(rows.filter((row) => y[row] === k)));
  const mean = (rows: readonly number[]): number => sumOf(rows.map((row) => (weights[row] ?? 0) * (y[row] ?? 0))) / weightOf(rows);
  /** Weight times impurity: the sum of squared errors, or of the Gini impurity. */
  const impurity = (rows: readonly number[]): number => {
    if (classes === 0) {
      const centre = mean(rows);
      return sumOf(rows.map((row) => (weights[row] ?? 0) * ((y[row] ?? 0) - centre) ** 2));
    }
    return weightOf(rows) - sumOf(classWeights(rows).map((weight) => weight ** 2)) / weightOf(rows);
  };
  const bestOf = (rows: readonly number[], feature: number): (Condition & { gain: number }) | null => {
    const values = columns[feature] ?? new Float64Array(0);
    const edges = cuts[feature] ?? [];
    const codes = [...new Set(rows.filter((row) => !Number.isNaN(values[row])).map((row) => edges.filter((cut) => cut < (values[row] ?? 0)).length))].toSorted((a, b) => a - b);
    const someMissing = rows.some((row) => Number.isNaN(values[row]));
    // Between two bins that hold rows of the node, the middle one of those that meet there.
    const between = codes.slice(1).map((next, i) => edges[(codes[i] ?? 0) + Math.floor((next - 1 - (codes[i] ?? 0)) / 2)] ?? Number.NaN);
    const last = codes.at(-1);
    const thresholds = someMissing && last !== undefined ? [...between, edges[last] ?? Number.MAX_VALUE] : between;
    const whole = impurity(rows);
    let best: (Condition & { gain: number }) | null = null;
    for (const threshold of thresholds) {
      for (const missingLeft of someMissing ? [false, true] : [false]) {
        const [left, right] = sidesOf(columns, rows, { feature, threshold, missingLeft });
        if (left.length < minLeaf || right.length < minLeaf) continue;
        const gain = whole - impurity(left) - impurity(right);
        if (best !== null && !(gain > best.gain + 1e-11 * whole)) continue;
        best = { feature, threshold, missingLeft: someMissing ? missingLeft : 2 * weightOf(left) >= weightOf(rows), gain };
      }
    }
    return best;
  };
  const grow = (rows: readonly number[], depth: number): OracleTree => {
    let best: (Condition & { gain: number }) | null = null;
    const stop = rows.length < 2 * minLeaf || (maxDepth > 0 && depth >= maxDepth) || rows.every((row) => y[row] === y[rows[0] ?? 0]);
    for (let tried = 0; tried < (stop ? 0 : order.length); tried++) {
      if (tried >= featuresPerSplit && best !== null) break;
      swap(order, tried, tried + words.below(order.length - tried));
      const found = bestOf(rows, order[tried] ?? 0);
      if (found !== null && (best === null || found.gain > best.gain + 1e-11 * impurity(rows))) best = found;
      if (rows.length === 2 && best !== null) break;
    }
    if (best === null) return { kind: 'leaf', rows: rows.length, value: classes === 0 ? [mean(rows)] : classWeights(rows).map((weight) => weight / weightOf(rows)) };
    const [left, right] = sidesOf(columns, rows, best);
    const ofLeft = grow(left, depth + 1);
    return { kind: 'split', rows: rows.length, ...best, left: ofLeft, right: grow(right, depth + 1) };
  };
  return grow(
    upTo(train.length).filter((row) => (weights[row] ?? 0) > 0),
    0,
  );
}

/** The mean depth at which a search ends that fails, in a binary tree of `rows` values. */
export function meanDepth(rows: number): number {
  if (rows <= 2) return rows <= 1 ? 0 : 1;
  const eulerGamma = 0.5772156649015329;
  return 2 * (Math.log(rows - 1) + eulerGamma) - (2 * (rows - 1)) / rows;
}

/** Tree `t` of an isolation forest. */
export function isolationOracle(table: Table, { train, sampleSize, stream }: IsolationRequest, t: number): OracleTree {
  const words = wordsOf(stream, t);
  const size = Math.min(sampleSize, train.length);
  const places = upTo(train.length);
  for (let i = 0; i < size; i++) swap(places, i, i + words.below(train.length - i));
  const order = upTo(table.length);
  const deepest = Math.ceil(Math.log2(Math.max(2, size)));
  const choose = (rows: readonly number[]): Condition | null => {
    for (let tried = 0; tried < order.length; tried++) {
      swap(order, tried, tried + words.below(order.length - tried));
      const feature = order[tried] ?? 0;
      const present = rows.map((row) => table[feature]?.[row] ?? Number.NaN).filter((value) => !Number.isNaN(value));
      const [least, most] = [Math.min(...present), Math.max(...present)];
      if (!(least < most)) continue;
      const share = words.uniform();
      const at = least * (1 - share) + most * share;
      return { feature, threshold: at >= least && at < most ? at : least, missingLeft: words.odd() };
    }
    return null;
  };
  const grow = (rows: readonly number[], depth: number): OracleTree => {
    const condition = rows.length < 2 || depth >= deepest ? null : choose(rows);
    if (condition === null) return { kind: 'leaf', rows: rows.length, value: [depth + meanDepth(rows.length)] };
    const [left, right] = sidesOf(table, rows, condition);
    const ofLeft = grow(left, depth + 1);
    return { kind: 'split', rows: rows.length, ...condition, gain: 0, left: ofLeft, right: grow(right, depth + 1) };
  };
  return grow(
    places.slice(0, size).map((place) => train[place] ?? 0),
    0,
  );
}
