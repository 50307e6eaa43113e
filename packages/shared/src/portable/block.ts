/** What the portable kernels work on. */

/** A block [series × time], series-major: value t of series s is `values[s * stride + t]`; NaN is missing. */
export interface Block {
  readonly values: Float64Array;
  readonly series: number;
  readonly length: number;
  readonly stride: number;
}

/** A rectangle of the correlation matrix: rows [rowFrom, rowTo) by columns [colFrom, colTo). */
export interface Rectangle {
  readonly rowFrom: number;
  readonly rowTo: number;
  readonly colFrom: number;
  readonly colTo: number;
}

/** Place of (row, col) in the row-major rectangle. */
export const placeIn = ({ rowFrom, colFrom, colTo }: Rectangle, row: number, col: number): number => (row - rowFrom) * (colTo - colFrom) + col - colFrom;

/** Whether the rectangle also holds (col, row), above the diagonal: then (row, col) needs no computing. */
export const isMirrored = ({ rowFrom, rowTo, colFrom, colTo }: Rectangle, row: number, col: number): boolean =>
  col < row && col >= rowFrom && col < rowTo && row >= colFrom && row < colTo;

/** What `RollingKind` of the engines' contract defines. */
export type RollingKind =
  | 'mean' | 'sum' | 'std' | 'var' | 'min' | 'max' | 'median' | 'quantile' | 'rank' | 'skew' | 'kurtosis' | 'zscore' | 'autocorrelation'
  | 'wma' | 'weighted'
  | 'ema' | 'ewm-mean' | 'ewm-var' | 'ewm-std';

/** One rolling statistic, as the engines' contract defines it. */
export interface RollingRequest {
  readonly kind: RollingKind;
  readonly window: number;
  readonly ddof: number;
  readonly parameter?: number;
  readonly weights?: Float64Array;
  readonly minPeriods?: number;
  readonly begins?: Int32Array;
}
