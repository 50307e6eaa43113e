/** Averages weighted by the volume: the sum of value times volume over the sum of volume. */
import type { Columns, Engine, OpOptions, Reals, RollingRequest } from '../../engine/contract.ts';

/**
 * One [series × length] block for each window, over the rows of it; missing where a value or a volume is, and where
 * the volumes add up to nothing.
 */
export async function volumeWeighted(engine: Engine, values: Columns, volume: Columns, windows: readonly number[], options: OpOptions): Promise<Reals[]> {
  if (windows.length === 0) return [];
  const requests = windows.map((window): RollingRequest => ({ kind: 'sum', window, ddof: 0 }));
  const [traded, amount] = products(values, volume);
  // Each sum is half of the work.
  const half = (from: number): OpOptions => ({ ...options, onProgress: (fraction) => options.onProgress?.(from + fraction / 2) });
  const above = await engine.rolling(traded, requests, half(0));
  const below = await engine.rolling(amount, requests, half(0.5));
  return above.map((numerator, i) => {
    const denominator = below[i] ?? new Float64Array(0);
    return numerator.map((sum, at) => (denominator[at] === 0 ? Number.NaN : sum / (denominator[at] ?? Number.NaN)));
  });
}

/** Value times volume, and the volume where there is a value. */
function products(values: Columns, volume: Columns): [Columns, Columns] {
  const { series, length } = values;
  const [traded, amount] = [new Float64Array(series * length), new Float64Array(series * length)];
  for (let s = 0; s < series; s++) {
    for (let t = 0; t < length; t++) {
      const [value, weight] = [values.values[s * values.stride + t] ?? Number.NaN, volume.values[s * volume.stride + t] ?? Number.NaN];
      traded[s * length + t] = value * weight;
      amount[s * length + t] = Number.isNaN(value) ? Number.NaN : weight;
    }
  }
  return [{ values: traded, series, length, stride: length }, { values: amount, series, length, stride: length }];
}
