/** Rolling and exponentially weighted correlation of two series, slow and plain. */
import type { RollingCorrelationRequest } from '../../src/engine/contract.ts';
import { pearsonOracle } from './correlation.ts';
import { compensatedSum } from './sum.ts';

/** r of weighted rows; NaN where fewer than `minPeriods` are common or one series is constant over them. */
function weightedPearson(a: Float64Array, b: Float64Array, alpha: number, minPeriods: number): number {
  const rows = [...a.keys()].filter((t) => !Number.isNaN(a[t]) && !Number.isNaN(b[t]));
  const x = rows.map((t) => a[t] ?? Number.NaN);
  const y = rows.map((t) => b[t] ?? Number.NaN);
  if (rows.length < minPeriods || x.every((value) => value === x[0]) || y.every((value) => value === y[0])) return Number.NaN;
  const weights = rows.map((_, i) => (1 - alpha) ** (rows.length - 1 - i));
  const total = compensatedSum(weights);
  // About a value of the series first, so that a large level costs no digits.
  const centred = (values: readonly number[]): number[] => {
    const shifted = values.map((value) => value - (values.at(-1) ?? 0));
    const mean = compensatedSum(shifted.map((value, i) => value * (weights[i] ?? 0))) / total;
    return shifted.map((value) => value - mean);
  };
  const [dx, dy] = [centred(x), centred(y)];
  const moment = (p: readonly number[], q: readonly number[]): number => compensatedSum(p.map((value, i) => value * (q[i] ?? 0) * (weights[i] ?? 0)));
  return moment(dx, dy) / Math.sqrt(moment(dx, dx)) / Math.sqrt(moment(dy, dy));
}

/** r of each window, in order. */
export function rollingCorrelationOracle(a: Float64Array, b: Float64Array, { window, alpha, step, minPeriods }: RollingCorrelationRequest): Float64Array {
  const values: number[] = [];
  for (let end = (window ?? minPeriods) - 1; end < a.length; end += step) {
    if (alpha !== null) {
      values.push(weightedPearson(a.subarray(0, end + 1), b.subarray(0, end + 1), alpha, minPeriods));
    } else {
      const from = end + 1 - (window ?? 0);
      const { r, n } = pearsonOracle(a.subarray(from, end + 1), b.subarray(from, end + 1));
      values.push(n < minPeriods ? Number.NaN : r);
    }
  }
  return Float64Array.from(values);
}
