/**
 * What every engine does. Analyses call these operations and nothing else; which engine answers is decided once per
 * job, recorded in its result, and never changes silently.
 *
 * Numbers: NaN means missing, on the way in and on the way out. Infinite values never reach an engine (the frame
 * refuses them). Same input, same engine: the same bits, whatever the number of threads.
 */
import type { EngineInfo, EngineName, Precision } from '@corrente/shared/contract/engine';
import type { NeighbourRule } from '@corrente/shared/portable/information-rule';
import type { RandomStream } from '@corrente/shared/portable/random';

export type { NeighbourRule, RandomStream };

/** A block [series × time], series-major: value t of series s is `values[s * stride + t]`. */
export interface Columns {
  readonly values: Float64Array;
  readonly series: number;
  readonly length: number;
  /** Distance between series, in values; at least `length`. */
  readonly stride: number;
}

/** Float64Array under f64, Float32Array under f32. */
export type Reals = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

export interface OpOptions {
  readonly precision: Precision;
  /** Aborting ends native work within a second; the promise then rejects with code `cancelled`. */
  readonly signal?: AbortSignal;
  /** Fraction of this operation done, 0 to 1, from work done; called at most some tens of times a second. */
  readonly onProgress?: (fraction: number) => void;
}

/** A rectangle of the correlation matrix, row-major [rows × columns]. */
export interface CorrelationTile {
  readonly r: Reals;
  /** Rows both series have in common, as `r`; one number where no series has a missing value. */
  readonly n: Int32Array<ArrayBuffer> | number;
}

/** Pearson correlation over prepared (centred, masked) columns, a tile at a time. */
export interface PearsonSession {
  /**
   * r of series [rowFrom, rowTo) with series [colFrom, colTo). Each pair uses the rows where both are present.
   * NaN where fewer than 2 rows are common or one of the two is constant over them, on the diagonal too; otherwise
   * the diagonal is exactly 1, and r lies in [-1, 1]. r(a, b) and r(b, a) are the same bits.
   */
  tile(rowFrom: number, rowTo: number, colFrom: number, colTo: number, options: OpOptions): Promise<CorrelationTile>;
  close(): void;
}

/**
 * mean, std, min, max: of the last `window` values; NaN where the window is not full or holds a missing value.
 * Sums never leave the window: a huge value spoils no window that it is not in.
 * wma: weights 1 … window, the last value weighing most, divided by window (window + 1) / 2.
 * ema: alpha = 2 / (window + 1), seeded with the mean of the first `window` present values; a missing value gives a
 * missing output and leaves the average as it was.
 */
export type RollingKind = 'mean' | 'std' | 'min' | 'max' | 'ema' | 'wma';

export interface RollingRequest {
  readonly kind: RollingKind;
  readonly window: number;
  /** std divides by window - ddof; NaN where that is not positive. Other kinds ignore it. */
  readonly ddof: number;
}

/** One X [dimensions × N], with the surrogates that are wanted of it: X permuted, Y and Z as they are. */
export interface InformationRequest {
  readonly source: Columns;
  readonly surrogates: number;
  /**
   * How: a stream, whose draw d is the permutation that `permutation(stream, d, N)` of
   * `@corrente/shared/portable/random` gives; or orderings [surrogates × N], x'[i] = x[ordering[i]].
   */
  readonly permute: { readonly stream: RandomStream } | { readonly orderings: Int32Array<ArrayBuffer> };
}

/** Neighbours of each point with X unpermuted; each [N]. `joint` is k for ksg1 and ksg2. */
export interface NeighbourCounts {
  readonly joint: Int32Array<ArrayBuffer>;
  readonly xz: Int32Array<ArrayBuffer>;
  readonly yz: Int32Array<ArrayBuffer>;
  readonly z: Int32Array<ArrayBuffer>;
}

/** I(X; Y | Z) for fixed Y and Z, in nats. What depends on Y and Z alone is computed once, and shared. */
export interface InformationSession {
  /**
   * For each request [1 + surrogates]: the value of X, then those of its surrogates. Sums over points are of integers
   * (ψ in fixed point), so no engine, thread or order of work changes a bit of a value under f64.
   */
  estimate(requests: readonly InformationRequest[], options: OpOptions): Promise<Array<Float64Array<ArrayBuffer>>>;
  counts(source: Columns, options: OpOptions): Promise<NeighbourCounts>;
  close(): void;
}

export interface Engine {
  readonly name: EngineName;
  info(): EngineInfo;
  /** The columns stay as they are until the session is closed: a tile may read them again. */
  openPearson(columns: Columns, options: OpOptions): Promise<PearsonSession>;
  /** One [series × length] block (stride = length) per request, in their order. */
  rolling(columns: Columns, requests: readonly RollingRequest[], options: OpOptions): Promise<Reals[]>;
  /** `target` (Y) and `condition` (Z; may have no series) are [dimensions × N]. Under f32, distances are of floats. */
  openInformation(target: Columns, condition: Columns, rule: NeighbourRule, options: OpOptions): Promise<InformationSession>;
}
