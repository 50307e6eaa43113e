/**
 * The frame: the selected series of a data set on one common time axis, as the engines take them.
 */
import type { Columns } from '../engine/contract.ts';

/**
 * [series × time], series-major, NaN where a value is missing. The stride is a multiple of 8 values, so that each
 * series begins on a 64-byte line. No value is infinite.
 */
export interface Frame extends Columns {
  readonly names: readonly string[];
  /**
   * Trials (replications): the rows are so many trials of equal length, one whole trial after the other. 1 for data
   * without. What looks from one row to another (lags, windows) must not look across the border of two trials.
   */
  readonly trials: number;
  /**
   * Microseconds since 1970 UTC, ascending within each trial, one per row; row numbers from 0 for data without time.
   * Trials on one clock repeat their times.
   */
  readonly time: BigInt64Array<ArrayBuffer>;
  readonly timeKind: 'timestamp' | 'index';
  /** Present values of each series. */
  readonly present: Uint32Array;
  /**
   * The further fields that the analysis asked for (`AnalysisContract.fields`), by their role: blocks of the same
   * shape, series and rows; what a field has at other times is left out. They are resampled, each by its own aggregate,
   * and filled as the values are, and not transformed; a row that the transform leaves out is left out here too.
   */
  readonly fields: ReadonlyMap<string, Columns>;
}
