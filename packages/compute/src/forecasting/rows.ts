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

/** The columns of the table `forecast`: by series, origin and step. Rows that the frame has give `y`. */
export function forecastColumns(frame: Frame, { series, horizon, origins, values, widths }: Forecasts): PartColumn[] {
  const rows = origins.length * series.length * horizon;
  const time = new BigInt64Array(rows);
  const known = new BigInt64Array(rows);
  const step = new Int32Array(rows);
  const name = new Int32Array(rows);
  const y = new Float64Array(rows).fill(Number.NaN);
  const yhat = new Float64Array(rows);
  const lower = new Float64Array(rows);
  const upper = new Float64Array(rows);
  const places = series.map((one) => frame.names.indexOf(one));
  const times = Array.from(origins, (origin) => timesFrom(frame, origin, horizon));
  let row = 0;
  for (const [s, place] of places.entries()) {
    for (const [k, origin] of origins.entries()) {
      for (let h = 0; h < horizon; h++, row++) {
        time[row] = times[k]![h]!;
        known[row] = frame.time[origin - 1] ?? 0n;
        step[row] = h + 1;
        name[row] = s;
        if (origin + h < frame.length) y[row] = frame.values[place * frame.stride + origin + h]!;
        const value = values[(k * series.length + s) * horizon + h]!;
        yhat[row] = value;
        lower[row] = value - widths[s * horizon + h]!;
        upper[row] = value + widths[s * horizon + h]!;
      }
    }
  }
  return [time, { names: series, indices: name }, step, y, yhat, lower, upper, known];
}
