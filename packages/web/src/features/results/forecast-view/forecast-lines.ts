/** The forecasts of one series as lines: one window for each origin, with the ends of its prediction interval. */
import type { Points } from '../align-lines.ts';
import type { SeriesIndex } from '../series-index.ts';
import type { TableStore } from '../table-store.ts';

/** The forecast made at one origin: times ascending. */
export interface ForecastWindow {
  /** The last time that the forecast knew. */
  readonly origin: number;
  readonly time: Float64Array;
  /** What came; NaN beyond the end of the data. */
  readonly y: Float64Array;
  readonly yhat: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

const valueColumns = ['time', 'y', 'yhat', 'lower', 'upper'] as const;

/** The windows of a series, by their origins. */
export function windowsOf(store: TableStore, index: SeriesIndex, name: string): ForecastWindow[] {
  const column = (of: string) => index.numbers(name, store.columnNamed(of));
  const origins = column('origin');
  const [time, y, yhat, lower, upper] = valueColumns.map(column);
  const rows = new Map<number, number[]>();
  for (const [row, origin] of origins.entries()) {
    const found = rows.get(origin);
    if (found === undefined) rows.set(origin, [row]);
    else found.push(row);
  }
  return [...rows].sort(([a], [b]) => a - b).map(([origin, own]) => {
    const pick = (of: Float64Array) => Float64Array.from(own, (row) => of[row]!);
    return { origin, time: pick(time!), y: pick(y!), yhat: pick(yhat!), lower: pick(lower!), upper: pick(upper!) };
  });
}

/** Of the windows those that do not overlap, from the newest back: together they are one line. */
export function apart(windows: readonly ForecastWindow[]): ForecastWindow[] {
  const kept: ForecastWindow[] = [];
  for (const window of windows.toReversed()) {
    const next = kept[0]?.time[0] ?? Number.POSITIVE_INFINITY;
    if ((window.time.at(-1) ?? Number.NEGATIVE_INFINITY) < next) kept.unshift(window);
  }
  return kept;
}

export type WindowColumn = 'y' | 'yhat' | 'lower' | 'upper';

/** One column of windows that do not overlap as one line, on one array of times for all columns; a gap stands between two windows. */
export function joinedWindows(windows: readonly ForecastWindow[]): Record<WindowColumn, Points> {
  const x: number[] = [];
  const ys: Record<WindowColumn, number[]> = { y: [], yhat: [], lower: [], upper: [] };
  const columns = ['y', 'yhat', 'lower', 'upper'] as const;
  for (const [i, window] of windows.entries()) {
    const next = windows[i + 1]?.time[0];
    const last = window.time.at(-1);
    x.push(...window.time);
    for (const column of columns) ys[column].push(...window[column]);
    if (next === undefined || last === undefined) continue;
    x.push((last + next) / 2);
    for (const column of columns) ys[column].push(Number.NaN);
  }
  const time = Float64Array.from(x);
  const points = (column: WindowColumn): Points => ({ x: time, y: Float64Array.from(ys[column]) });
  return { y: points('y'), yhat: points('yhat'), lower: points('lower'), upper: points('upper') };
}

/** So many horizons of history before the first origin let a forecast be judged by what came before. */
const horizonsBefore = 3;

/** From where on the history is shown beside these windows. */
export function recentFrom(windows: readonly ForecastWindow[]): number | null {
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return null;
  return Math.floor(first.origin - horizonsBefore * ((last.time.at(-1) ?? last.origin) - last.origin));
}

/** The most horizons over which windows are legible in one chart. */
const mostHorizons = 12;

/** Whether all windows lie so close together that they are shown at once. */
export function areNear(windows: readonly ForecastWindow[]): boolean {
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return true;
  const end = last.time.at(-1) ?? last.origin;
  return end - first.origin <= mostHorizons * (end - last.origin);
}
