/** Covariance: of complete series what their correlation is in their units; otherwise of each pair over its common rows. */
import type { Block } from './block.ts';
import type { MaskedColumns, Pair } from './pair.ts';

/**
 * Sum of products about the means over n - ddof, of columns that were scaled. Deviations are taken from the first common
 * row before the mean, so that a constant series has exactly 0. Exchanging a and b changes no bit.
 */
export function covarianceOfPair({ length, filled, present }: MaskedColumns, scales: readonly (readonly [number, number])[], ddof: number): (a: number, b: number) => Pair {
  return (a, b) => {
    const [fromA, fromB] = [a * length, b * length];
    let first = 0;
    while (first < length && (present[fromA + first] === 0 || present[fromB + first] === 0)) first += 1;
    const [originX, originY] = first < length ? [filled[fromA + first]!, filled[fromB + first]!] : [0, 0];
    let n = 0;
    let [sumX, sumY] = [0, 0];
    for (let t = first; t < length; t++) {
      const both = present[fromA + t]! * present[fromB + t]!;
      n += both;
      sumX += both * (filled[fromA + t]! - originX);
      sumY += both * (filled[fromB + t]! - originY);
    }
    if (n < 2 || n <= ddof) return { r: Number.NaN, n };
    const [meanX, meanY] = [sumX / n, sumY / n];
    let [restX, restY, products] = [0, 0, 0];
    for (let t = first; t < length; t++) {
      const both = present[fromA + t]! * present[fromB + t]!;
      const dx = both * (filled[fromA + t]! - originX - meanX);
      const dy = both * (filled[fromB + t]! - originY - meanY);
      restX += dx;
      restY += dy;
      products += dx * dy;
    }
    const [a0, a1] = scales[a]!;
    const [b0, b1] = scales[b]!;
    return { r: (products - (restX * restY) / n) / (n - ddof) / a0 / b0 / a1 / b1, n };
  };
}

/** Standard deviations of complete series, dividing by their length - ddof; 0 for a constant one, NaN for too few rows. */
export function standardDeviations({ values, series, length, stride }: Block, ddof: number): Float64Array {
  return Float64Array.from({ length: series }, (_, s) => {
    if (length < 2 || length <= ddof) return Number.NaN;
    const own = values.subarray(s * stride, s * stride + length);
    const origin = own[0]!;
    let [sum, largest] = [0, 0];
    for (const value of own) {
      sum += (value - origin) / length;
      largest = Math.max(largest, Math.abs(value - origin));
    }
    if (largest === 0) return 0;
    let [squares, rest] = [0, 0];
    for (const value of own) {
      const d = (value - origin - sum) / largest;
      squares += d * d;
      rest += d;
    }
    return Math.sqrt((squares - (rest * rest) / length) / (length - ddof)) * largest;
  });
}
