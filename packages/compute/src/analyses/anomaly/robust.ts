/** Medians, and how far values are from them in robust standard deviations. */
import type { Columns, Engine, OpOptions } from '../../engine/contract.ts';

/** The standard deviation of a normal distribution over its median, and over its mean, absolute deviation. */
const overMedian = 1.4826022185056018;
const overMean = Math.sqrt(Math.PI / 2);

/** Of the values that are present; NaN where there is none. Of an even number the mean of the middle two. */
export function median(values: Float64Array): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The standard deviation by the median absolute deviation; where more than half of the deviations are 0, by the mean one
 * (B. Iglewicz and D. Hoaglin, 1993).
 */
export function robustDeviation(deviations: Float64Array): number {
  const middle = overMedian * median(deviations);
  if (middle !== 0) return middle;
  const present = deviations.filter((value) => !Number.isNaN(value));
  return (overMean * present.reduce((sum, value) => sum + value, 0)) / present.length;
}

export interface RobustScores {
  /** |value - median| in robust standard deviations; 0 where nothing deviates. */
  readonly score: Float64Array<ArrayBuffer>;
  readonly middle: Float64Array<ArrayBuffer>;
}

const ratio = (deviation: number, spread: number): number => (spread === 0 ? (deviation === 0 ? 0 : Number.POSITIVE_INFINITY) : deviation / spread);

/** Of each row against the whole series. */
export function wholeScores(values: Float64Array): RobustScores {
  const middle = median(values);
  const deviations = values.map((value) => Math.abs(value - middle));
  const spread = robustDeviation(deviations);
  return { score: Float64Array.from(deviations, (deviation) => ratio(deviation, spread)), middle: new Float64Array(values.length).fill(middle) };
}

/**
 * Of each row of a block against the last `window` rows, itself among them, of which half must be present: its deviation
 * from their median, over the median of such deviations (each row's from its own median) in the same rows.
 */
export async function rollingScores(engine: Engine, block: Columns, window: number, options: OpOptions): Promise<RobustScores[]> {
  const { values, series, length, stride } = block;
  const within = (from: number): OpOptions => ({ ...options, precision: 'f64', onProgress: (fraction) => options.onProgress?.(from + fraction / 2) });
  const request = { window, ddof: 0, minPeriods: Math.ceil(window / 2) };
  const [medians] = await engine.rolling(block, [{ kind: 'median', ...request }], within(0));
  const deviations = new Float64Array(series * length);
  for (let s = 0; s < series; s++) for (let t = 0; t < length; t++) deviations[s * length + t] = Math.abs((values[s * stride + t] ?? Number.NaN) - (medians?.[s * length + t] ?? Number.NaN));
  const spreads = await engine.rolling({ values: deviations, series, length, stride: length }, [{ kind: 'median', ...request, minPeriods: 1 }, { kind: 'mean', ...request, minPeriods: 1 }], within(0.5));
  return Array.from({ length: series }, (_, s) => {
    const of = (all: ArrayLike<number> | undefined, t: number): number => all?.[s * length + t] ?? Number.NaN;
    const score = Float64Array.from({ length }, (_unused, t) => {
      const middle = overMedian * of(spreads[0], t);
      return ratio(of(deviations, t), middle === 0 ? overMean * of(spreads[1], t) : middle);
    });
    return { score, middle: Float64Array.from({ length }, (_unused, t) => of(medians, t)) };
  });
}
