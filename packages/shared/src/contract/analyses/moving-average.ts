/** Moving averages and rolling statistics of each series. */
import { z } from 'zod';
import type { AnalysisContract, InputShape } from '../analysis.ts';
import { engineNames } from '../engine.ts';
import type { ColumnSchema } from '../result.ts';

/** Averages weigh the rows of the window; the exponential ones weigh all rows so far. */
export const averageKinds = ['sma', 'ema', 'wma', 'dema', 'tema', 'trima', 'hma', 'kama', 'zlema', 'alma', 'vwma'] as const;
/** Statistics describe the values in the window; the only kinds that take windows in time, and `minPeriods`. */
export const statisticKinds = ['mean', 'sum', 'std', 'var', 'min', 'max', 'median', 'quantile', 'rank', 'skew', 'kurtosis', 'zscore'] as const;
/** What needs the window whole, or weighs all rows so far. */
export const wholeKinds = ['autocorrelation', 'ewm-mean', 'ewm-var', 'ewm-std'] as const;

export const movingAverageKinds = [...averageKinds, ...statisticKinds, ...wholeKinds] as const;
export type MovingAverageKind = (typeof movingAverageKinds)[number];

/** sma is the mean by another name. */
const inTime: ReadonlySet<string> = new Set<MovingAverageKind>(['sma', ...statisticKinds]);

/** Whether a kind is defined over the present values of a window, however many there are. */
export function takesPresentValues(kind: MovingAverageKind): boolean {
  return inTime.has(kind);
}

/** Values of one group of series, over all of them; a longer series is a group by itself. */
export const movingAverageGroup = 250_000;

/** Columns of one job at most: each is as long as the input. */
const mostColumns = 256;

const microseconds = { ms: 1000, s: 1_000_000, min: 60_000_000, h: 3_600_000_000, d: 86_400_000_000, w: 604_800_000_000 } as const;
const timeWindow = /^([1-9]\d{0,8})(ms|s|min|h|d|w)$/;

/** The length of a window in time in microseconds, such as of "5d"; null where it is no such window. */
export function windowMicroseconds(window: string): number | null {
  const [, count, unit] = timeWindow.exec(window) ?? [];
  return unit !== undefined && unit in microseconds ? Number(count) * microseconds[unit as keyof typeof microseconds] : null;
}

/** Each makes one column: a repetition would make two of one name. */
function distinct<T extends string | number>({ value, issues }: z.core.ParsePayload<T[]>): void {
  for (const [index, one] of value.entries()) if (value.indexOf(one) < index) issues.push({ code: 'custom', path: [index], message: `${one} stands there already`, input: one });
}

const expectedWindow = 'expected a number of rows, or a length of time such as 90min, 12h or 5d';
const window = z.union([z.int().min(1).max(1_000_000_000), z.string().regex(timeWindow, expectedWindow)], { error: expectedWindow });

const object = z.strictObject({
  kinds: z.array(z.enum(movingAverageKinds)).min(1).max(movingAverageKinds.length).check(distinct).default(['sma']).meta({ title: 'Kinds', uniqueItems: true }),
  windows: z
    .array(window)
    .min(1)
    .max(64)
    .check(distinct)
    .default([20, 50])
    .meta({ title: 'Windows', description: 'Lengths of the window: rows, or a length of time such as "5d" (w, d, h, min, s, ms).', unit: 'rows' }),
  ddof: z.int().min(0).max(1).default(1).meta({ title: 'Degrees of freedom lost', description: 'std, var, zscore, ewm-var and ewm-std divide by the number of values minus this.' }),
  minPeriods: z.int().min(1).max(1_000_000_000).nullable().default(null).meta({ title: 'Least present values', description: 'Statistics over the present values of a window that has at least so many. Where null: all rows of the window must be present; 1 for windows in time.', unit: 'rows' }),
  quantiles: z.array(z.number().min(0).max(1)).min(1).max(32).check(distinct).default([0.05, 0.95]).meta({ title: 'Quantiles', description: 'quantile: which, between 0 and 1.' }),
  lag: z.int().min(1).max(1_000_000).default(1).meta({ title: 'Lag', description: 'autocorrelation: rows between the values that are compared.', unit: 'rows' }),
  almaOffset: z.number().min(0).max(1).default(0.85).meta({ title: 'ALMA offset', description: 'Where in the window the weight is greatest: 1 is the newest row.' }),
  almaSigma: z.number().positive().max(1000).default(6).meta({ title: 'ALMA sigma', description: 'How narrow the weights are: the window divided by their standard deviation.' }),
  volume: z.string().min(1).default('volume').meta({ title: 'Volume', description: 'vwma: the field of the data set that weighs the values.' }),
});
export type MovingAverageParams = z.output<typeof object>;

function checkTogether({ value, issues }: z.core.ParsePayload<MovingAverageParams>): void {
  const refuse = (path: (string | number)[], message: string, input: unknown): void => void issues.push({ code: 'custom', path, message, input });
  const { kinds, windows, minPeriods, lag } = value;
  const rowKinds = kinds.filter((kind) => !takesPresentValues(kind));
  for (const [i, length] of windows.entries()) {
    if (typeof length === 'string' && rowKinds.length > 0) refuse(['windows', i], `is a length of time; ${rowKinds.join(', ')} ${rowKinds.length === 1 ? 'takes' : 'take'} windows in rows`, length);
    if (typeof length === 'number' && minPeriods !== null && minPeriods > length) refuse(['minPeriods'], `is ${minPeriods}, more than the ${length} rows of a window`, minPeriods);
    if (typeof length === 'number' && kinds.includes('autocorrelation') && length < lag + 2) refuse(['windows', i], `is ${length}; autocorrelation at lag ${lag} needs at least ${lag + 2} rows`, length);
  }
  if (minPeriods !== null && rowKinds.length > 0) refuse(['minPeriods'], `${rowKinds.join(', ')} ${rowKinds.length === 1 ? 'needs its' : 'need their'} rows whole and ${rowKinds.length === 1 ? 'does' : 'do'} not take it`, minPeriods);
  const columns = outputsOf(value).length;
  if (columns > mostColumns) refuse(['windows'], `with the kinds make ${columns} columns; at most ${mostColumns} can be made`, windows);
}

export const movingAverageParams = object.check(checkTogether).meta({ id: 'MovingAverageParams' });

/** One column of the result. */
export interface MovingAverageOutput {
  readonly name: string;
  readonly kind: MovingAverageKind;
  readonly window: number | string;
  /** Of a quantile: q. */
  readonly quantile: number | null;
}

/** The columns that the parameters make, in their order: kinds, then windows, then quantiles. */
export function outputsOf({ kinds, windows, quantiles }: MovingAverageParams): MovingAverageOutput[] {
  return kinds.flatMap((kind) =>
    windows.flatMap((length): MovingAverageOutput[] =>
      kind === 'quantile'
        ? quantiles.map((quantile) => ({ name: `${kind}_${length}_${quantile}`, kind, window: length, quantile }))
        : [{ name: `${kind}_${length}`, kind, window: length, quantile: null }],
    ),
  );
}

function unitOf(kind: MovingAverageKind): string {
  if (kind === 'var' || kind === 'ewm-var') return 'the square of the input’s';
  if (kind === 'rank') return 'rows';
  return kind === 'skew' || kind === 'kurtosis' || kind === 'zscore' || kind === 'autocorrelation' ? '1' : 'as the input';
}

/** Operations for each row of one column; those of sorted windows and of weighted sums grow with the window. */
function operationsPerRow({ kind, window: length }: MovingAverageOutput): number {
  const rows = typeof length === 'number' ? length : 1000;
  if (kind === 'median' || kind === 'quantile' || kind === 'rank') return 40 + 10 * Math.log2(1 + rows);
  if (kind === 'trima' || kind === 'alma' || kind === 'hma') return 2 * rows;
  return kind === 'skew' || kind === 'kurtosis' || kind === 'autocorrelation' ? 40 : 12;
}

/** Kinds that only the native engines have: recursions that are run for many series at once. */
const nativeKinds: ReadonlySet<MovingAverageKind> = new Set(['dema', 'tema', 'kama', 'zlema']);

export const movingAverage: AnalysisContract<typeof movingAverageParams> = {
  name: 'moving-average',
  title: 'Moving averages',
  summary: 'Eleven moving averages, and rolling statistics of each series: mean, spread, extremes, quantiles, rank, shape, autocorrelation, and their exponentially weighted kin; over rows or lengths of time.',
  version: 2,
  params: movingAverageParams,
  engines: ['cuda', 'cpu', 'portable'],
  enginesFor: ({ kinds }) => engineNames.filter((name) => name !== 'portable' || !kinds.some((kind) => nativeKinds.has(kind))),
  fields: ({ kinds, volume }) => (kinds.includes('vwma') ? [{ role: 'volume', field: volume, aggregate: 'sum' }] : []),
  tolerance: {
    metric: 'largest difference relative to the largest absolute value in the window',
    f64: 1e-12,
    f32: 1e-5,
    reason: 'A window of w values is summed in different orders; nothing outside the window takes part.',
  },
  tables(params, { time }: InputShape) {
    const columns = outputsOf(params).map(({ name, kind }): ColumnSchema => ({ name, type: 'real', unit: unitOf(kind) }));
    return [{ name: 'values', title: 'Values', columns: [{ name: 'time', type: time }, { name: 'series', type: 'utf8' }, ...columns] }];
  },
  estimate(params, { series, rows }, precision) {
    const cells = series.length * rows;
    const outputs = outputsOf(params);
    const word = precision === 'f32' ? 4 : 8;
    // Series are computed in groups of this many values, or one at a time; two groups live at once, each with its
    // input, its outputs, and their encoded copy beside the time and the name of each row.
    const group = rows * Math.min(series.length, Math.max(1, Math.floor(movingAverageGroup / rows)));
    const volume = params.kinds.includes('vwma') ? 8 : 0;
    return {
      memoryBytes: cells * (8 + volume) + 2 * group * (8 + 3 * volume + 2 * outputs.length * word + 24),
      operations: cells * outputs.reduce((sum, output) => sum + operationsPerRow(output), 0),
      bytes: cells * (8 + volume + outputs.length * word),
    };
  },
};
