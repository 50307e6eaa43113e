/** Seasons: how long they are, and whether a series has one. */
import type { Frame } from '../frame/frame.ts';
import type { Turn } from './classical/minimise.ts';
import { medianStep } from './time-step.ts';

/** Autocorrelations at lags 0 … most, with the mean and the variance of the whole series. */
export async function autocorrelations(values: Float64Array, most: number, turn: Turn): Promise<Float64Array<ArrayBuffer>> {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const found = new Float64Array(most + 1);
  for (let lag = 0; lag <= most; lag++) {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (values[t]! - mean) * (values[t - lag]! - mean);
    found[lag] = sum;
    await turn();
  }
  const variance = found[0]!;
  return found.map((sum) => (variance > 0 ? sum / variance : 0));
}

/**
 * Whether a series has a season of `period` rows, as the Theta method asks (Fiorucci et al. 2016): the autocorrelation at
 * that lag is beyond the 90 % bound of one whose shorter lags are as they are. Needs two periods.
 */
export async function isSeasonal(values: Float64Array, period: number, turn: Turn): Promise<boolean> {
  if (period < 2 || values.length < 2 * period) return false;
  const r = await autocorrelations(values, period, turn);
  let squares = 0;
  for (let lag = 1; lag < period; lag++) squares += r[lag]! ** 2;
  return Math.abs(r[period]!) > 1.645 * Math.sqrt((1 + 2 * squares) / values.length);
}

const [second, minute, hour, day] = [1e6, 6e7, 3.6e9, 8.64e10];
const year = 365.2425 * day;

/** Periods that a time step suggests, in rows, the likeliest first: of hours a day, of days a week, of months a year. */
export function periodsOf(frame: Pick<Frame, 'time' | 'timeKind'>): number[] {
  if (frame.timeKind === 'index') return [];
  const step = Number(medianStep(frame));
  const cycles = step < 0.5 * second ? [second, minute] : step < 0.5 * minute ? [minute, hour] : step < 0.5 * hour ? [day, hour] : step < 0.9 * day ? [day, 7 * day] : step < 6 * day ? [7 * day, year] : [year];
  return cycles.flatMap((cycle) => {
    const rows = Math.round(cycle / step);
    return rows >= 2 && Math.abs(rows * step - cycle) < 0.1 * cycle ? [rows] : [];
  });
}

/** Rows that a period is looked for in, the last ones: they hold a hundred of the longest periods. */
const mostRows = 150_000;

/** Lags looked at where the time step suggests none. */
const longestSearched = 400;

function differences(values: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: Math.max(0, values.length - 1) }, (_, t) => values[t + 1]! - values[t]!);
}

/**
 * The seasonal period of a series: of those that the time step suggests the one with the largest autocorrelation of
 * differences that passes the test; without time the lag of their largest autocorrelation, where it is a peak above 0.3;
 * otherwise 1.
 */
export async function periodOf(frame: Pick<Frame, 'time' | 'timeKind'>, train: Float64Array, turn: Turn): Promise<number> {
  const steps = differences(train.subarray(Math.max(0, train.length - mostRows)));
  const suggested = periodsOf(frame).filter((period) => 2 * period <= train.length && period <= 1500);
  if (frame.timeKind === 'timestamp') {
    const r = await autocorrelations(steps, Math.max(0, ...suggested), turn);
    for (const period of suggested.toSorted((a, b) => r[b]! - r[a]!)) if (r[period]! > 0 && (await isSeasonal(steps, period, turn))) return period;
    return 1;
  }
  const most = Math.min(longestSearched, Math.floor(train.length / 3));
  if (most < 3) return 1;
  const r = await autocorrelations(steps, most, turn);
  let best = 1;
  for (let lag = 2; lag < most; lag++) {
    const peak = r[lag]! > 0.3 && r[lag]! > r[lag - 1]! && r[lag]! >= r[lag + 1]!;
    if (peak && (best === 1 || r[lag]! > r[best]!)) best = lag;
  }
  return best > 1 && (await isSeasonal(steps, best, turn)) ? best : 1;
}
