/** What the catalogue says of an indicator. */

/** `value` is the job's own field, whatever it holds; the others are fields of the data set, by their role. */
export type IndicatorInput = 'value' | 'open' | 'high' | 'low' | 'close' | 'volume';

export const indicatorGroups = ['average', 'band', 'trend', 'momentum', 'volatility', 'volume', 'regression', 'price'] as const;
export type IndicatorGroup = (typeof indicatorGroups)[number];

export interface IndicatorParameter {
  readonly name: string;
  readonly title: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

export interface IndicatorOutput {
  /** Empty for the indicator's own column; otherwise what its column has after an underscore. */
  readonly name: string;
  readonly title: string;
  /** Leading rows without a value, where they are not the indicator's `warmUp`. */
  readonly warmUp?: (parameters: readonly number[]) => number;
}

/**
 * One indicator. In formulas, x is the value, o h l c v the bar's open, high, low, close and volume; x[-k] is the value
 * k rows before; n is the period; the sum, mean, max and min over n are of the last n rows, the newest included. EMA(n)
 * has alpha 2 / (n + 1) and begins with the mean of its first n rows. Wilder(n) has alpha 1 / n and begins with the mean
 * of its first n rows. A divisor below 1e-14 counts as zero, as in TA-Lib 0.6. No value reads a later row.
 */
export interface Indicator {
  readonly name: string;
  readonly title: string;
  readonly group: IndicatorGroup;
  readonly inputs: readonly IndicatorInput[];
  /** In the order in which they are written: `macd(12,26,9)`. */
  readonly parameters: readonly IndicatorParameter[];
  readonly outputs: readonly IndicatorOutput[];
  readonly formula: string;
  /** Leading rows without a value, the rows being those where every input is present. */
  readonly warmUp: (parameters: readonly number[]) => number;
  /** The function of TA-Lib whose numbers these are, or who defined it. */
  readonly source: string;
}

/** The longest period there can be, TA-Lib's. */
export const longestPeriod = 100_000;

/** A number of rows. */
export function rows(name: string, title: string, value: number, min = 2): IndicatorParameter {
  return { name, title, default: value, min, max: longestPeriod, integer: true };
}

/** `period`, as most indicators have it. */
export const period = (value: number, min = 2): IndicatorParameter => rows('period', 'Period', value, min);

/** A real number. */
export function factor(name: string, title: string, value: number, min: number, max: number): IndicatorParameter {
  return { name, title, default: value, min, max, integer: false };
}

/** The indicator's own column. */
export const own = (title: string): readonly IndicatorOutput[] => [{ name: '', title }];

/** Parameter i of the given ones; a caller that leaves one out has not read the catalogue. */
export function parameterAt(parameters: readonly number[], i: number): number {
  const value = parameters[i];
  if (value === undefined) throw new RangeError(`parameter ${i} is missing; there are ${parameters.length}`);
  return value;
}
