/** Kendall's tau-b, slow and plain. */
import type { PairOracle } from './correlation.ts';

const direction = (values: Float64Array, i: number, j: number): number => Math.sign((values[j] ?? 0) - (values[i] ?? 0));

/** Kendall (1945): concordant less discordant pairs of rows, over the root of those untied in a times those untied in b. */
export function kendallOracle(a: Float64Array, b: Float64Array): PairOracle {
  const common = (values: Float64Array): Float64Array => values.filter((_, t) => !Number.isNaN(a[t]) && !Number.isNaN(b[t]));
  const [x, y] = [common(a), common(b)];
  let score = 0;
  let untiedInX = 0;
  let untiedInY = 0;
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) {
      const [dx, dy] = [direction(x, i, j), direction(y, i, j)];
      score += dx * dy;
      untiedInX += Math.abs(dx);
      untiedInY += Math.abs(dy);
    }
  }
  const r = untiedInX === 0 || untiedInY === 0 ? Number.NaN : score / Math.sqrt(untiedInX * untiedInY);
  return { r, n: x.length };
}
