/** Predictions of one series as lines over time, and beside what came. */
import type { Points } from '../align-lines.ts';
import type { SeriesIndex } from '../series-index.ts';
import type { TableStore } from '../table-store.ts';

export interface PredictionRows {
  readonly time: Float64Array;
  readonly y: Float64Array;
  readonly yhat: Float64Array;
  /** NaN where there are no classes. */
  readonly probability: Float64Array;
}

/** Rows of a series by time. */
export function predictionRows(store: TableStore, index: SeriesIndex, name: string): PredictionRows {
  const column = (of: string) => (store.columnNamed(of) === -1 ? null : index.numbers(name, store.columnNamed(of)));
  const time = column('time') ?? new Float64Array(0);
  const order = Array.from(time, (_, row) => row).sort((a, b) => time[a]! - time[b]!);
  const sorted = (of: Float64Array | null) => Float64Array.from(order, (row) => of?.[row] ?? Number.NaN);
  return { time: sorted(time), y: sorted(column('y')), yhat: sorted(column('yhat')), probability: sorted(column('probability')) };
}

/** Whether the classes are 0 and 1: then the probability tells more than the class that is predicted. */
export function hasTwoClasses({ y, yhat }: Pick<PredictionRows, 'y' | 'yhat'>): boolean {
  return [y, yhat].every((values) => values.every((value) => Number.isNaN(value) || value === 0 || value === 1));
}

/** Whether the table holds forecasts: several steps from one origin, or intervals. */
export function holdsForecasts(store: TableStore): boolean {
  const [origin, step, lower] = ['origin', 'step', 'lower'].map((name) => store.columnNamed(name));
  if (origin === undefined || step === undefined || lower === undefined || origin === -1 || step === -1) return false;
  const first = store.batches[0];
  if (first === undefined) return false;
  const looked = Math.min(first.numRows, 2);
  const text = (column: number, row: number) => store.text(column, row);
  const steps = looked === 2 && text(origin, 0) === text(origin, 1) && text(step, 0) !== text(step, 1);
  return steps || (lower !== -1 && text(lower, 0) !== '');
}

/** As many points as are told apart. */
export const mostDots = 5000;

/** What was predicted against what came, by the prediction, rows where one is missing left out; of many rows every so manieth. */
export function scatter({ y, yhat }: PredictionRows): Points {
  const known = Array.from(y, (_, row) => row).filter((row) => !Number.isNaN(y[row]!) && !Number.isNaN(yhat[row]!));
  const every = Math.ceil(known.length / mostDots);
  const rows = known.filter((_, i) => i % every === 0).sort((a, b) => yhat[a]! - yhat[b]!);
  return { x: Float64Array.from(rows, (row) => yhat[row]!), y: Float64Array.from(rows, (row) => y[row]!) };
}
