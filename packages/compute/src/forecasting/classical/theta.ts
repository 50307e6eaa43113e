/**
 * The standard Theta method: Assimakopoulos and Nikolopoulos (2000), as simple exponential smoothing with half the slope
 * of the series as drift: Hyndman and Billah (2003), on the seasonally adjusted series.
 */
import { seasonalIndices } from './decompose.ts';
import type { Turn } from './minimise.ts';

export interface ThetaFit {
  readonly period: number;
  /** none; or how the season was taken out. */
  readonly season: 'none' | 'additive' | 'multiplicative';
  readonly indices: Float64Array<ArrayBuffer>;
  readonly alpha: number;
  /** The level before the first row. */
  readonly level: number;
  /** Half the slope of the least-squares line, per row. */
  readonly drift: number;
  readonly sse: number;
}

/** SSE of simple exponential smoothing with the first level at its best, which is linear in the errors; and that level. */
export function smoothingError(values: Float64Array, alpha: number): { readonly sse: number; readonly level: number } {
  // Error t is a - level · w, with w = (1 - alpha)^t.
  let [level, weight] = [0, 1];
  let [aa, aw, ww] = [0, 0, 0];
  for (const value of values) {
    const a = value - level;
    aa += a * a;
    aw += a * weight;
    ww += weight * weight;
    level += alpha * a;
    weight *= 1 - alpha;
  }
  const first = aw / ww;
  // About the first level, so that no digits are lost to a level far above the errors.
  let [smooth, sse] = [first, 0];
  for (const value of values) {
    const error = value - smooth;
    sse += error * error;
    smooth += alpha * error;
  }
  return { sse: Number.isFinite(aa) ? sse : Number.POSITIVE_INFINITY, level: first };
}

const golden = (Math.sqrt(5) - 1) / 2;

/** alpha in (0, 1) with the smallest SSE: the best of a grid, then by the golden section beside it. */
export async function bestAlpha(values: Float64Array, turn: Turn): Promise<number> {
  const grid = Array.from({ length: 50 }, (_, k) => 0.0001 + (0.9998 * k) / 49);
  const errorOf = async (alpha: number): Promise<number> => {
    await turn();
    return smoothingError(values, alpha).sse;
  };
  const errors: number[] = [];
  for (const alpha of grid) errors.push(await errorOf(alpha));
  const at = errors.indexOf(Math.min(...errors));
  let low = grid[Math.max(0, at - 1)]!;
  let high = grid[Math.min(grid.length - 1, at + 1)]!;
  while (high - low > 1e-9) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if ((await errorOf(left)) < (await errorOf(right))) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

function slopeOf(values: Float64Array): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [products, squares] = [0, 0];
  for (const [t, value] of values.entries()) {
    products += (t - middle) * (value - mean);
    squares += (t - middle) ** 2;
  }
  return squares > 0 ? products / squares : 0;
}

/**
 * Fits a series of two rows or more. `period` above 1 takes the season out first: by division where all values are
 * above 0, otherwise by difference.
 */
export async function fitTheta(values: Float64Array, period: number, turn: Turn): Promise<ThetaFit> {
  const positive = values.every((value) => value > 0);
  const season = period < 2 ? 'none' : positive ? 'multiplicative' : 'additive';
  const indices = season === 'none' ? new Float64Array(0) : seasonalIndices(values, period, positive);
  const plain = values.map((value, t) => (season === 'none' ? value : positive ? value / indices[t % period]! : value - indices[t % period]!));
  const alpha = await bestAlpha(plain, turn);
  const { level, sse } = smoothingError(plain, alpha);
  return { period: season === 'none' ? 1 : period, season, indices, alpha, level, drift: slopeOf(plain) / 2, sse };
}

/**
 * Forecasts at ascending origins of a series that begins with the rows it was fitted to, [origins × horizon]: the
 * level goes on, everything else stays.
 */
export function thetaForecasts({ period, season, indices, alpha, level: first, drift }: ThetaFit, values: Float64Array, origins: Int32Array, horizon: number, out: Float64Array): void {
  let [level, row] = [first, 0];
  for (const [k, origin] of origins.entries()) {
    for (; row < origin; row++) {
      const index = season === 'none' ? 0 : indices[row % period]!;
      const plain = season === 'multiplicative' ? values[row]! / index : values[row]! - index;
      level += alpha * (plain - level);
    }
    // The drift that simple exponential smoothing lags behind by, of Hyndman and Billah's equation 3.
    const behind = (1 - (1 - alpha) ** origin) / alpha;
    for (let h = 0; h < horizon; h++) {
      const value = level + drift * (h + behind);
      const index = season === 'none' ? 0 : indices[(origin + h) % period]!;
      out[k * horizon + h] = season === 'multiplicative' ? value * index : value + index;
    }
  }
}
