/** The frame's values while they are filled: a series and a row of the axis for each value that is read. */
import type { JobInput } from '@corrente/shared/contract/job';

export type Aggregate = NonNullable<JobInput['resample']>['aggregate'];

/** Takes values in ascending time within each series. Missing values are never given to it. */
export interface Cells {
  put(series: number, row: number, value: number): void;
  /** After the last value. */
  finish(): void;
}

/** One value per series and row. */
export class PlainCells implements Cells {
  private readonly values: Float64Array;
  private readonly stride: number;

  constructor(values: Float64Array, stride: number) {
    this.values = values;
    this.stride = stride;
  }

  put(series: number, row: number, value: number): void {
    this.values[series * this.stride + row] = value;
  }

  /** The places of some rows of a series. */
  row(series: number, row: number, count: number): Float64Array {
    const start = series * this.stride + row;
    return this.values.subarray(start, start + count);
  }

  finish(): void {
    // Every value stands where it belongs.
  }
}

/** Several values may fall into one row: they become one, by `aggregate`. */
export function aggregatedCells(aggregate: Aggregate, values: Float64Array, series: number, length: number, stride: number): Cells {
  switch (aggregate) {
    case 'first':
      return folded(values, stride, (known) => known);
    case 'last':
      return folded(values, stride, (_, value) => value);
    case 'sum':
      return folded(values, stride, (known, value) => known + value);
    case 'min':
      return folded(values, stride, (known, value) => (value < known ? value : known));
    case 'max':
      return folded(values, stride, (known, value) => (value > known ? value : known));
    case 'count':
      // A row without values counts none: it is not missing.
      for (let one = 0; one < series; one++) values.fill(0, one * stride, one * stride + length);
      return folded(values, stride, (known) => known + 1);
    case 'mean':
      return new Means(values, series, stride);
    case 'median':
      return new Medians(values, series, stride);
  }
}

function folded(values: Float64Array, stride: number, fold: (known: number, value: number) => number): Cells {
  return {
    put(series, row, value) {
      const at = series * stride + row;
      const known = values[at] ?? Number.NaN;
      values[at] = Number.isNaN(known) ? value : fold(known, value);
    },
    finish: () => undefined,
  };
}

/** Sums in place, and divides when a series goes on to its next row. */
class Means implements Cells {
  private readonly values: Float64Array;
  private readonly stride: number;
  private readonly rows: Int32Array;
  private readonly counts: Uint32Array;

  constructor(values: Float64Array, series: number, stride: number) {
    this.values = values;
    this.stride = stride;
    this.rows = new Int32Array(series).fill(-1);
    this.counts = new Uint32Array(series);
  }

  put(series: number, row: number, value: number): void {
    const at = series * this.stride + row;
    if (this.rows[series] === row) {
      this.values[at] = (this.values[at] ?? 0) + value;
      this.counts[series] = (this.counts[series] ?? 0) + 1;
      return;
    }
    this.close(series);
    this.values[at] = value;
    this.rows[series] = row;
    this.counts[series] = 1;
  }

  finish(): void {
    for (let series = 0; series < this.rows.length; series++) this.close(series);
  }

  private close(series: number): void {
    const row = this.rows[series] ?? -1;
    if (row < 0) return;
    const at = series * this.stride + row;
    this.values[at] = (this.values[at] ?? 0) / (this.counts[series] ?? 1);
  }
}

/** Keeps the values of each series' current row. */
class Medians implements Cells {
  private readonly values: Float64Array;
  private readonly stride: number;
  private readonly rows: Int32Array;
  private readonly held: number[][];

  constructor(values: Float64Array, series: number, stride: number) {
    this.values = values;
    this.stride = stride;
    this.rows = new Int32Array(series).fill(-1);
    this.held = Array.from({ length: series }, () => []);
  }

  put(series: number, row: number, value: number): void {
    if (this.rows[series] !== row) {
      this.close(series);
      this.rows[series] = row;
    }
    this.held[series]?.push(value);
  }

  finish(): void {
    for (let series = 0; series < this.rows.length; series++) this.close(series);
  }

  private close(series: number): void {
    const row = this.rows[series] ?? -1;
    const held = this.held[series] ?? [];
    if (row < 0 || held.length === 0) return;
    const sorted = Float64Array.from(held).sort();
    const middle = sorted.length >> 1;
    const high = sorted[middle] ?? Number.NaN;
    this.values[series * this.stride + row] = sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
    held.length = 0;
  }
}
