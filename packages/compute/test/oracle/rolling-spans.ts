/**
 * Rolling statistics over windows of varying length, and order statistics over any windows, slow and plain: the present
 * values of each window are looked at on their own.
 */
import type { RollingKind, RollingRequest } from '../../src/engine/contract.ts';
import type { RollingOracle } from './rolling.ts';
import { centredProducts, compensatedSum, deviations } from './sum.ts';

/** The kinds that windows of varying length are for. */
export const spanKinds = ['mean', 'sum', 'std', 'var', 'min', 'max', 'median', 'quantile', 'rank', 'skew', 'kurtosis', 'zscore'] as const satisfies readonly RollingKind[];
export type SpanKind = (typeof spanKinds)[number];

/** First row of the window that ends at row t, by the contract; negative where a whole window would begin before row 0. */
const beginOf = ({ window, minPeriods, begins }: RollingRequest, t: number): number => begins?.[t] ?? (minPeriods === undefined ? t - window + 1 : Math.max(0, t - window + 1));

/** The request for one series, as the engine contract defines it, for the rows from `first` on; NaN before it. */
export function spansOracle(values: Float64Array, request: RollingRequest & { readonly kind: SpanKind }, first = 0): RollingOracle {
  const { kind, window, ddof, parameter = 0, minPeriods } = request;
  const expected = new Float64Array(values.length).fill(Number.NaN);
  const scale = new Float64Array(values.length);
  const allPresent = values.filter((value) => !Number.isNaN(value));
  const presentBefore = new Int32Array(values.length + 1);
  for (const [t, value] of values.entries()) presentBefore[t + 1] = (presentBefore[t] ?? 0) + (Number.isNaN(value) ? 0 : 1);
  for (const [t, newest] of values.entries()) {
    const begin = beginOf(request, t);
    if (t < first || begin < 0) continue;
    const present = allPresent.subarray(presentBefore[begin], presentBefore[t + 1]);
    if (present.length < Math.max(1, minPeriods ?? window)) continue;
    expected[t] = statistic(kind, present, newest, ddof, parameter);
    let largest = 0;
    for (const value of present) largest = Math.max(largest, Math.abs(value));
    scale[t] = kind === 'sum' ? compensatedSum(present.map(Math.abs)) : kind === 'var' ? largest * largest : largest;
  }
  return { expected, scale };
}

function statistic(kind: SpanKind, present: Float64Array, newest: number, ddof: number, parameter: number): number {
  const n = present.length;
  const varies = present.some((value) => value !== present[0]);
  const variance = (): number => (n > ddof ? Math.max(0, centredProducts(present, present)) / (n - ddof) : Number.NaN);
  switch (kind) {
    case 'mean':
      return compensatedSum(present) / n;
    case 'sum':
      return compensatedSum(present);
    case 'var':
      return variance();
    case 'std':
      return Math.sqrt(variance());
    case 'min':
      return present.reduce((least, value) => Math.min(least, value), Infinity);
    case 'max':
      return present.reduce((most, value) => Math.max(most, value), -Infinity);
    case 'median':
      return quantile(present, 0.5);
    case 'quantile':
      return quantile(present, parameter);
    case 'rank':
      return Number.isNaN(newest) ? Number.NaN : present.filter((value) => value < newest).length + (present.filter((value) => value === newest).length + 1) / 2;
    case 'zscore':
      return varies && !Number.isNaN(newest) ? (deviations(present).at(-1) ?? Number.NaN) / Math.sqrt(variance()) : Number.NaN;
    case 'skew':
      return varies && n >= 3 ? (Math.sqrt(n * (n - 1)) / (n - 2)) * standardMoment(present, 3) : Number.NaN;
    case 'kurtosis':
      return varies && n >= 4 ? ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * standardMoment(present, 4) - 3 * (n - 1)) : Number.NaN;
  }
}

/** Linear between the two nearest of the sorted values; position q (n - 1). */
function quantile(present: Float64Array, q: number): number {
  const sorted = present.toSorted();
  const position = q * (sorted.length - 1);
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  const part = position - Math.floor(position);
  return part === 0 ? low : (1 - part) * low + part * high;
}

/** Mean of the deviations to a power, divided by that power of their root mean square. */
function standardMoment(values: Float64Array, power: number): number {
  const all = deviations(values);
  const spread = Math.sqrt(compensatedSum(all.map((d) => d * d)) / values.length);
  return compensatedSum(all.map((d) => (d / spread) ** power)) / values.length;
}
