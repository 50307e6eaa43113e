/** Errors of forecasts over windows, beside those of the last value repeated, as sums that can be added up. */
import { z } from 'zod';
import type { Columns } from '../engine/contract.ts';

/** Sums over windows; `covered` is NaN where there is no interval. */
const sums = z.object({
  squared: z.number(),
  absolute: z.number(),
  naiveSquared: z.number(),
  naiveAbsolute: z.number(),
  covered: z.number().nullable(),
  values: z.number(),
});
export type ErrorSums = z.infer<typeof sums>;

/** By series, over their steps; and by step, over the series. */
export const scores = z.object({ windows: z.int(), bySeries: z.array(sums), byStep: z.array(sums) });
export type Scores = z.infer<typeof scores>;

export const noErrors: ErrorSums = { squared: 0, absolute: 0, naiveSquared: 0, naiveAbsolute: 0, covered: 0, values: 0 };

export function added(a: ErrorSums, b: ErrorSums): ErrorSums {
  return {
    squared: a.squared + b.squared,
    absolute: a.absolute + b.absolute,
    naiveSquared: a.naiveSquared + b.naiveSquared,
    naiveAbsolute: a.naiveAbsolute + b.naiveAbsolute,
    covered: a.covered === null || b.covered === null ? null : a.covered + b.covered,
    values: a.values + b.values,
  };
}

const pairwise = (one: readonly ErrorSums[], other: readonly ErrorSums[]): ErrorSums[] => one.map((each, k) => added(each, other[k] ?? noErrors));

/** Of other windows of the same series (folds). */
export function addedWindows(a: Scores, b: Scores): Scores {
  return { windows: a.windows + b.windows, bySeries: pairwise(a.bySeries, b.bySeries), byStep: pairwise(a.byStep, b.byStep) };
}

/** Of other series over the same windows. */
export function addedSeries(a: Scores, b: Scores): Scores {
  return { windows: a.windows, bySeries: [...a.bySeries, ...b.bySeries], byStep: pairwise(a.byStep, b.byStep) };
}

/** What a mean of errors is in a table. */
export interface MeanErrors {
  readonly mse: number;
  readonly mae: number;
  readonly naiveMse: number;
  readonly naiveMae: number;
  readonly coverage: number;
}

export function meansOf({ squared, absolute, naiveSquared, naiveAbsolute, covered, values }: ErrorSums): MeanErrors {
  return { mse: squared / values, mae: absolute / values, naiveMse: naiveSquared / values, naiveMae: naiveAbsolute / values, coverage: covered === null ? Number.NaN : covered / values };
}

/**
 * Adds up errors of forecasts of `series` series; series s of the forecasts is series s of `columns`, and its errors are
 * divided by `scale[s]`.
 */
export class Scorer {
  readonly #columns: Columns;
  readonly #series: number;
  readonly #horizon: number;
  readonly #scale: Float64Array;
  readonly #widths: Float64Array;
  readonly #squared: Float64Array;
  readonly #absolute: Float64Array;
  readonly #naiveSquared: Float64Array;
  readonly #naiveAbsolute: Float64Array;
  readonly #covered: Float64Array;
  #windows = 0;

  /** @param widths half the intervals, [series × horizon], in the unit of the columns. */
  constructor(columns: Columns, series: number, horizon: number, scale: Float64Array, widths: Float64Array) {
    this.#columns = columns;
    this.#series = series;
    this.#horizon = horizon;
    this.#scale = scale;
    this.#widths = widths;
    const cells = series * horizon;
    this.#squared = new Float64Array(cells);
    this.#absolute = new Float64Array(cells);
    this.#naiveSquared = new Float64Array(cells);
    this.#naiveAbsolute = new Float64Array(cells);
    this.#covered = new Float64Array(cells);
  }

  /** Takes in forecasts [origins × series × horizon], in the unit of the columns. */
  add(origins: Int32Array, forecasts: ArrayLike<number>): void {
    const { values, stride } = this.#columns;
    const cells = this.#series * this.#horizon;
    for (const [k, origin] of origins.entries()) {
      for (let s = 0; s < this.#series; s++) {
        const row = s * stride + origin;
        const last = values[row - 1]!;
        const scale = this.#scale[s]!;
        for (let h = 0; h < this.#horizon; h++) {
          const cell = s * this.#horizon + h;
          const actual = values[row + h]!;
          const error = Math.abs(actual - forecasts[k * cells + cell]!);
          const naive = Math.abs(actual - last) / scale;
          this.#squared[cell]! += (error / scale) ** 2;
          this.#absolute[cell]! += error / scale;
          this.#naiveSquared[cell]! += naive * naive;
          this.#naiveAbsolute[cell]! += naive;
          const width = this.#widths[cell]!;
          this.#covered[cell]! += Number.isNaN(width) ? Number.NaN : Number(error <= width);
        }
      }
    }
    this.#windows += origins.length;
  }

  scores(): Scores {
    const cell = (k: number): ErrorSums => {
      const covered = this.#covered[k]!;
      return { squared: this.#squared[k]!, absolute: this.#absolute[k]!, naiveSquared: this.#naiveSquared[k]!, naiveAbsolute: this.#naiveAbsolute[k]!, covered: Number.isNaN(covered) ? null : covered, values: this.#windows };
    };
    const over = (count: number, at: (i: number) => number): ErrorSums => Array.from({ length: count }, (_, i) => cell(at(i))).reduce(added, noErrors);
    return {
      windows: this.#windows,
      bySeries: Array.from({ length: this.#series }, (_, s) => over(this.#horizon, (h) => s * this.#horizon + h)),
      byStep: Array.from({ length: this.#horizon }, (_, h) => over(this.#series, (s) => s * this.#horizon + h)),
    };
  }
}
