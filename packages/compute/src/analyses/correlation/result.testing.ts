/** Results of correlation as tests compare them. */
import type { Collected } from '../../run/collect.testing.ts';

/** NaN for null. */
export const numbers = (values: readonly unknown[]): Float64Array<ArrayBuffer> => Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN));

/** The matrix of a result, row-major. */
export function matrixOf(result: Collected, names: readonly string[]): Float64Array<ArrayBuffer> {
  const columns = names.map((name) => numbers(result.column('matrix', name)));
  return Float64Array.from({ length: names.length ** 2 }, (_, k) => columns[k % names.length]?.[Math.floor(k / names.length)] ?? Number.NaN);
}

export interface PairRow {
  readonly a: unknown;
  readonly b: unknown;
  readonly lag: unknown;
  readonly r: number;
  readonly n: unknown;
  readonly p: number;
}

export function pairsOf(result: Collected): PairRow[] {
  const [a, b, lag, n] = ['a', 'b', 'lag', 'n'].map((name) => result.column('pairs', name));
  const [r, p] = ['r', 'p'].map((name) => numbers(result.column('pairs', name)));
  return Array.from({ length: a?.length ?? 0 }, (_, k) => ({ a: a?.[k], b: b?.[k], lag: lag?.[k], r: r?.[k] ?? Number.NaN, n: n?.[k], p: p?.[k] ?? Number.NaN }));
}
