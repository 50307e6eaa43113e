/** Pearson correlation of one pair over the rows both have: exact in its counts, and good however values cancel. */

/** Series one after another, `length` apart: their values, 0 where missing, and 1 where present, 0 where missing. */
export interface MaskedColumns {
  readonly length: number;
  readonly filled: Float64Array;
  readonly present: Float64Array;
}

export interface Pair {
  readonly r: number;
  readonly n: number;
}

/** Below this ratio of squares about the mean to squares about zero, a series may be constant over the common rows. */
const nearlyConstant = 1e-20;

/** r of series a and b over the rows where both are present. */
export const pearsonOfPair = (columns: MaskedColumns, a: number, b: number): Pair => pearsonOfRows(columns, a * columns.length, b * columns.length, columns.length);

/**
 * r of `count` rows from place `fromA` on with as many from place `fromB` on, over those where both are present; NaN with
 * fewer than 2 such rows, or where one of the two is constant over them. The corrected two-pass algorithm (Chan, Golub
 * and LeVeque 1983, eq. 1.7), without a branch per row. Exchanging the two changes no bit.
 */
export function pearsonOfRows(columns: Pick<MaskedColumns, 'filled' | 'present'>, fromA: number, fromB: number, count: number): Pair {
  const { filled, present } = columns;
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  for (let t = 0; t < count; t++) {
    const both = present[fromA + t]! * present[fromB + t]!;
    n += both;
    sumX += both * filled[fromA + t]!;
    sumY += both * filled[fromB + t]!;
  }
  if (n < 2) return { r: Number.NaN, n };
  const meanX = sumX / n;
  const meanY = sumY / n;
  let restX = 0;
  let restY = 0;
  let squaresX = 0;
  let squaresY = 0;
  let products = 0;
  for (let t = 0; t < count; t++) {
    const both = present[fromA + t]! * present[fromB + t]!;
    const dx = both * (filled[fromA + t]! - meanX);
    const dy = both * (filled[fromB + t]! - meanY);
    restX += dx;
    restY += dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
    products += dx * dy;
  }
  squaresX -= (restX * restX) / n;
  squaresY -= (restY * restY) / n;
  if (squaresX <= nearlyConstant * n * meanX * meanX || squaresY <= nearlyConstant * n * meanY * meanY) return pearsonOfNearlyConstantRows(columns, fromA, fromB, count);
  return { r: limited((products - (restX * restY) / n) / (Math.sqrt(squaresX) * Math.sqrt(squaresY))), n };
}

const limited = (r: number): number => Math.min(1, Math.max(-1, r));

/** The same about the first common row, which is exact where values lie close together: tells a constant from nearly one. */
function pearsonOfNearlyConstantRows({ filled, present }: Pick<MaskedColumns, 'filled' | 'present'>, fromA: number, fromB: number, count: number): Pair {
  const x: number[] = [];
  const y: number[] = [];
  for (let t = 0; t < count; t++) {
    if (present[fromA + t] === 0 || present[fromB + t] === 0) continue;
    x.push(filled[fromA + t]!);
    y.push(filled[fromB + t]!);
  }
  const n = x.length;
  const [unitX, unitY] = [unitDeviations(x), unitDeviations(y)];
  if (unitX === null || unitY === null) return { r: Number.NaN, n };
  return { r: limited(unitX.reduce((sum, d, i) => sum + d * unitY[i]!, 0)), n };
}

/** Deviations from the mean, divided by their length as a vector; null where the values are all the same. */
function unitDeviations(values: readonly number[]): number[] | null {
  const origin = values[0]!;
  let deviations = values.map((value) => value - origin);
  const largest = deviations.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
  if (largest === 0) return null;
  deviations = deviations.map((d) => d / largest);
  for (let pass = 0; pass < 2; pass++) {
    const mean = deviations.reduce((sum, d) => sum + d, 0) / deviations.length;
    deviations = deviations.map((d) => d - mean);
  }
  const norm = Math.sqrt(deviations.reduce((sum, d) => sum + d * d, 0));
  return deviations.map((d) => d / norm);
}
