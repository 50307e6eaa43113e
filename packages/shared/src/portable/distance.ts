/** Distance correlation of one pair (Székely, Rizzo and Bakirov 2007, definition 4), in n² steps and without a matrix. */
import type { Pace } from './pace.ts';
import type { MaskedColumns, Pair } from './pair.ts';

/** Rows of the matrix of distances between two looks at the clock. */
const rowsTogether = 64;

/**
 * Values over the common rows, from 0 to 1, and the mean distance of each from all, less half the mean of all
 * distances: the centred distance of i and j is |x_i - x_j| - means[i] - means[j].
 */
interface Centred {
  readonly x: Float64Array;
  readonly means: Float64Array;
}

/** The value lies in [0, 1]; a long pair gives way to the event loop within. */
export function distanceOfPair({ length, filled, present }: MaskedColumns): (a: number, b: number, pace: Pace) => Promise<Pair> {
  return async (a, b, pace) => {
    const rows: number[] = [];
    for (let t = 0; t < length; t++) if (present[a * length + t] === 1 && present[b * length + t] === 1) rows.push(t);
    const n = rows.length;
    const [x, y] = [centre(Float64Array.from(rows, (t) => filled[a * length + t]!)), centre(Float64Array.from(rows, (t) => filled[b * length + t]!))];
    if (n < 2 || x === null || y === null) return { r: Number.NaN, n };
    let [xx, yy, xy] = [0, 0, 0];
    for (let from = 0; from < n; from += rowsTogether) {
      for (let i = from; i < Math.min(n, from + rowsTogether); i++) {
        const products = productsOfRow(x, y, i);
        xx += products.xx;
        yy += products.yy;
        xy += products.xy;
      }
      if (pace.due) await pace.turn();
    }
    return { r: Math.sqrt(Math.min(1, Math.max(0, xy / (Math.sqrt(xx) * Math.sqrt(yy))))), n };
  };
}

/** Of row i of both centred matrices: sums of products over the columns up to i, those before it counted twice. */
function productsOfRow({ x, means: meansOfX }: Centred, { x: y, means: meansOfY }: Centred, i: number): { xx: number; yy: number; xy: number } {
  const [xi, yi, mx, my] = [x[i]!, y[i]!, meansOfX[i]!, meansOfY[i]!];
  let [xx, yy, xy] = [0, 0, 0];
  for (let j = 0; j < i; j++) {
    const dx = Math.abs(xi - x[j]!) - mx - meansOfX[j]!;
    const dy = Math.abs(yi - y[j]!) - my - meansOfY[j]!;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return { xx: 2 * xx + 4 * mx * mx, yy: 2 * yy + 4 * my * my, xy: 2 * xy + 4 * mx * my };
}

/** Null where all values are the same. Mean distances come from sorted values and their running sum. */
function centre(values: Float64Array): Centred | null {
  const n = values.length;
  const order = Int32Array.from(values.keys()).sort((i, j) => values[i]! - values[j]!);
  const least = values[order[0] ?? 0] ?? 0;
  const range = (values[order[n - 1] ?? 0] ?? 0) - least;
  if (!(range > 0)) return null;
  const x = values.map((value) => (value - least) / range);
  const means = new Float64Array(n);
  let total = 0;
  for (const i of order) total += x[i]!;
  let below = 0;
  for (let k = 0; k < n; k++) {
    const value = x[order[k]!]!;
    means[order[k]!] = ((2 * k - n) * value + total - 2 * below) / n;
    below += value;
  }
  let mean = 0;
  for (const i of order) mean += means[i]! / n;
  return { x, means: means.map((one) => one - mean / 2) };
}
