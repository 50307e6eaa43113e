/** Trend, season, and what they leave; and how long a season is. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns, Engine, OpOptions } from '../../engine/contract.ts';
import { median } from './robust.ts';

/** A correlation with itself that counts as a season is at least this, and by a quarter above what the largest of so many lags of noise is. */
const leastCorrelation = 0.1;
const aboveNoise = 1.25;
/** Of nearly equal correlations the shortest lag is the season; the others are its multiples. */
const nearlyEqual = 0.9;

/**
 * The rows of one season of a series: the lag of the largest local maximum of its autocorrelation, up to a third of the
 * series. Throws `invalid-params` where there is none.
 */
export async function findSeason(engine: Engine, row: Columns, name: string, options: OpOptions): Promise<number> {
  const { length } = row;
  const longest = Math.max(2, Math.floor(length / 3));
  const session = await engine.openLeadLag(row, { maxLag: longest, minPeriods: Math.max(2, Math.floor(length / 2)) }, { ...options, precision: 'f64' });
  try {
    const { r } = await session.profile(0, 0, { ...options, precision: 'f64' });
    const at = (lag: number): number => r[longest + lag] ?? Number.NaN;
    const least = Math.max(leastCorrelation, aboveNoise * Math.sqrt((2 * Math.log(2 * longest)) / (length - longest)));
    const peaks = Array.from({ length: Math.max(0, longest - 2) }, (_, i) => i + 2).filter((lag) => at(lag) > at(lag - 1) && at(lag) >= at(lag + 1) && at(lag) >= least);
    const most = peaks.reduce((best, lag) => Math.max(best, at(lag)), 0);
    const season = peaks.find((lag) => at(lag) >= nearlyEqual * most);
    if (season !== undefined) return season;
  } finally {
    session.close();
  }
  throw new CorrenteError('invalid-params', `anomaly: ${name} has no season that its autocorrelation shows up to lag ${longest}.`, { places: [{ pointer: '/params/season', detail: 'is null, and no season was found; give the rows of one, or choose another method' }] });
}

/** Trend and season of each row: what a row is expected to be. */
export async function seasonalExpectation(engine: Engine, row: Columns, season: number, trendRows: number, options: OpOptions): Promise<Float64Array<ArrayBuffer>> {
  const values = row.values.subarray(0, row.length);
  const trend = await centredMedian(engine, values, trendRows, options);
  const left = values.map((value, t) => value - (trend[t] ?? Number.NaN));
  const seasonal = Array.from({ length: season }, (_, phase) => median(Float64Array.from({ length: Math.ceil((row.length - phase) / season) }, (_unused, k) => left[phase + k * season] ?? Number.NaN)));
  return Float64Array.from(trend, (value, t) => value + (seasonal[t % season] ?? Number.NaN));
}

/** The median of the present values among the rows about each; fewer at both ends. */
async function centredMedian(engine: Engine, values: Float64Array, rows: number, options: OpOptions): Promise<Float64Array<ArrayBuffer>> {
  const half = Math.floor(Math.min(rows, 2 * values.length) / 2);
  // A window that ends half its length later is one about the row; nothing is present after the last one.
  const longer = new Float64Array(values.length + half).fill(Number.NaN);
  longer.set(values);
  const [medians] = await engine.rolling({ values: longer, series: 1, length: longer.length, stride: longer.length }, [{ kind: 'median', window: Math.min(2 * half + 1, longer.length), ddof: 0, minPeriods: 1 }], { ...options, precision: 'f64' });
  return Float64Array.from(values, (_, t) => medians?.[t + half] ?? Number.NaN);
}
