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
  /** Microseconds since 1970 UTC, ascending, one per row; row numbers from 0 for data without time. */
  readonly time: BigInt64Array<ArrayBuffer>;
  readonly timeKind: 'timestamp' | 'index';
  /** Present values of each series. */
  readonly present: Uint32Array;
}
