/** Forecasts as rows of the table `forecast`. */
import type { PartColumn } from '../analyses/analysis.ts';
import type { Frame } from '../frame/frame.ts';
import { timesFrom } from './time-step.ts';

/** Forecasts in the series' own units. */
export interface Forecasts {
  /** Names of the series. */
  readonly series: readonly string[];
  readonly horizon: number;
  /** The forecast of origin t is of rows [t, t + horizon) and knows rows [0, t). */
  readonly origins: Int32Array;
  /** [origins × series × horizon]. */
  readonly values: Float64Array<ArrayBuffer>;
  /** Half the prediction intervals, [series × horizon]; NaN where there is none. */
  readonly widths: Float64Array;
}

/** The columns of the table `forecast`: by origin, series and step. Rows that the frame has give `y`. */
export function forecastColumns(frame: Frame, { series, horizon, origins, values, widths }: Forecasts): PartColumn[] {
  const perOrigin = series.length * horizon;
  const rows = origins.length * perOrigin;
  const time = new BigInt64Array(rows);
  const known = new BigInt64Array(rows);
  const step = new Int32Array(rows);
  const name = new Int32Array(rows);
  const y = new Float64Array(rows).fill(Number.NaN);
  const lower = new Float64Array(rows);
  const upper = new Float64Array(rows);
  const places = series.map((one) => frame.names.indexOf(one));
  for (const [k, origin] of origins.entries()) {
    const times = timesFrom(frame, origin, horizon);
    for (const [s, place] of places.entries()) {
      for (let h = 0; h < horizon; h++) {
        const row = k * perOrigin + s * horizon + h;
        time[row] = times[h]!;
        known[row] = frame.time[origin - 1] ?? 0n;
        step[row] = h + 1;
        name[row] = s;
        if (origin + h < frame.length) y[row] = frame.values[place * frame.stride + origin + h]!;
        lower[row] = values[row]! - widths[s * horizon + h]!;
        upper[row] = values[row]! + widths[s * horizon + h]!;
      }
    }
  }
  return [time, { names: series, indices: name }, step, y, values, lower, upper, known];
}
