/** Scores as rows of the tables of metrics. */
import { added, type MeanErrors, meansOf, noErrors, type ErrorSums, type Scores } from '../../forecasting/scores.ts';
import type { PartColumn } from '../analysis.ts';

function errorColumns(sums: readonly ErrorSums[]): PartColumn[] {
  const means = sums.map(meansOf);
  const column = (of: (mean: MeanErrors) => number): Float64Array<ArrayBuffer> => Float64Array.from(means, of);
  return [column(({ mse }) => mse), column(({ mae }) => mae), column(({ naiveMse }) => naiveMse), column(({ naiveMae }) => naiveMae), column(({ coverage }) => coverage)];
}

/** Each series, then all. */
const withAll = (sums: readonly ErrorSums[]): ErrorSums[] => [...sums, sums.reduce(added, noErrors)];
const filled = (value: number, rows: number): Int32Array<ArrayBuffer> => new Int32Array(rows).fill(value);

/** The table `metrics`. */
export function metricColumns(names: readonly string[], horizon: number, { bySeries, windows }: Scores): PartColumn[] {
  const rows = withAll(bySeries);
  return [[...names, 'all'], filled(horizon, rows.length), ...errorColumns(rows), filled(windows, rows.length)];
}

/** The table `by-step`. */
export function stepColumns({ byStep }: Scores): PartColumn[] {
  return [Int32Array.from(byStep, (_, h) => h + 1), ...errorColumns(byStep)];
}

/** One fold of the table `folds`. */
export function foldColumns(fold: number, names: readonly string[], trainRows: number, { bySeries, windows }: Scores): PartColumn[] {
  const rows = withAll(bySeries);
  return [filled(fold + 1, rows.length), [...names, 'all'], filled(trainRows, rows.length), ...errorColumns(rows), filled(windows, rows.length)];
}
