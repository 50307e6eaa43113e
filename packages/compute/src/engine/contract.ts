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
import type { Clusters, KMeansRequest, MatrixProfile, MatrixProfileRequest } from './contract.points.ts';
import type { TrainerRequest, TrainerSession, TrainingWindows } from './contract.trainer.ts';
import type { BoostedTrees, BoostingRequest, ForestRequest, IsolationRequest, TreeEnsemble } from './contract.trees.ts';

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

/**
 * pearson: the product-moment coefficient. spearman: that of ranks, ties having their mean rank; ranks are taken over the
 * rows that both series have. kendall: tau-b. distance: distance correlation (Székely, Rizzo and Bakirov 2007), in [0, 1].
 * covariance: sum of products about the means, divided by n - ddof, in the product of the two series' units.
 */
export type CorrelationMethod = 'pearson' | 'spearman' | 'kendall' | 'distance' | 'covariance';

export interface CorrelationRequest {
  readonly method: CorrelationMethod;
  /** covariance divides by n - ddof; NaN where that is not positive. Other methods ignore it. */
  readonly ddof: number;
}

/** A rectangle of the correlation matrix, row-major [rows × columns]. */
export interface CorrelationTile {
  readonly r: Reals;
  /** Rows both series have in common, as `r`; one number where no series has a missing value. */
  readonly n: Int32Array<ArrayBuffer> | number;
}

export interface PairSelection {
  /** Pairs with |r| below it are left out; at 0 every pair that has a value stays. */
  readonly minAbs: number;
  /** Pairs with fewer common rows are left out. */
  readonly minPeriods: number;
  /** The most pairs wanted, those of largest |r|, then of smallest a, then of smallest b; all where null. */
  readonly top: number | null;
}

/** Pairs of series a < b, each [pairs]: strongest first where `top` was given, otherwise by a, then b. */
export interface SelectedPairs {
  readonly a: Int32Array<ArrayBuffer>;
  readonly b: Int32Array<ArrayBuffer>;
  readonly r: Reals;
  readonly n: Int32Array<ArrayBuffer> | number;
}

/** A coefficient for every pair of prepared columns, a tile at a time. */
export interface CorrelationSession {
  /**
   * The coefficient of series [rowFrom, rowTo) with series [colFrom, colTo). Each pair uses the rows where both are
   * present. NaN where fewer than 2 rows are common or one of the two is constant over them, on the diagonal too;
   * otherwise the diagonal is exactly 1, and coefficients lie in [-1, 1]. (a, b) and (b, a) are the same bits. Of a
   * covariance, the diagonal is the variance and a constant series has 0.
   */
  tile(rowFrom: number, rowTo: number, colFrom: number, colTo: number, options: OpOptions): Promise<CorrelationTile>;
  /**
   * Of the same rectangle, the pairs a < b (a of the rows, b of the columns) that are wanted, without the rectangle
   * ever being held; the same bits as `tile`.
   */
  strongest(rowFrom: number, rowTo: number, colFrom: number, colTo: number, selection: PairSelection, options: OpOptions): Promise<SelectedPairs>;
  close(): void;
}

export interface LeadLagRequest {
  /** Lags from -maxLag to maxLag. At lag k > 0, a leads b: r of a[t] with b[t + k], over the rows where both are present. */
  readonly maxLag: number;
  /** Lags with fewer common rows have no value; at least 2. */
  readonly minPeriods: number;
}

/** Of each pair of a rectangle, row-major: the lag of largest |r| (of equal ones the shortest, then the positive one). */
export interface LeadLagTile {
  /** NaN where no lag has a value; the lag is then 0, and n 0. */
  readonly r: Reals;
  readonly lag: Int32Array<ArrayBuffer>;
  readonly n: Int32Array<ArrayBuffer>;
}

/** Cross-correlation of every pair over lags. (a, b) at lag k and (b, a) at lag -k are the same bits. */
export interface LeadLagSession {
  tile(rowFrom: number, rowTo: number, colFrom: number, colTo: number, options: OpOptions): Promise<LeadLagTile>;
  /** r at lags -maxLag … maxLag of one pair, each [2 maxLag + 1]; the same bits as `tile` takes the largest of. */
  profile(a: number, b: number, options: OpOptions): Promise<{ r: Reals; n: Int32Array<ArrayBuffer> }>;
  close(): void;
}

/** Windows end at rows window - 1, window - 1 + step, …; under `alpha`, at minPeriods - 1, minPeriods - 1 + step, …. */
export interface RollingCorrelationRequest {
  /** Rows of the window; null where weights decay and all rows up to the window's end take part. */
  readonly window: number | null;
  /** The weight of a row is (1 - alpha)^(common rows after it); null for equal weights over a window. */
  readonly alpha: number | null;
  readonly step: number;
  /** NaN where fewer rows are common; at least 2. */
  readonly minPeriods: number;
}

export interface RollingCorrelationSession {
  /** How many windows there are; the k-th ends at row first + k step. */
  readonly windows: number;
  /** r [rows × columns × windows]: the windows of a pair lie together. NaN where one of the two is constant in a window. */
  tile(rowFrom: number, rowTo: number, colFrom: number, colTo: number, options: OpOptions): Promise<Reals>;
  close(): void;
}

/**
 * Of the window that ends at each row:
 * mean, sum, std, var, min, max; median; quantile (`parameter` q in [0, 1], linear between the two nearest, as numpy);
 * rank of the newest value among them, 1 the smallest, ties the mean of their ranks; skew (G1) and kurtosis (G2, of a
 * normal distribution 0), both corrected for bias as pandas does (Joanes and Gill 1998); zscore: (newest - mean) / std;
 * autocorrelation: Pearson r of the window's values with those `parameter` rows before, both within the window.
 * skew, kurtosis, zscore and autocorrelation of a constant window are NaN.
 * wma: weights 1 … window, the last value weighing most, divided by window (window + 1) / 2.
 * weighted: sum of `weights[i]` times the window's i-th value, oldest first, not divided by anything.
 * ema: alpha = 2 / (window + 1), seeded with the mean of the first `window` present values; a missing value gives a
 * missing output and leaves the average as it was.
 * ewm-mean, ewm-var, ewm-std: alpha = 2 / (window + 1), weights (1 - alpha)^(present values since) divided by their sum
 * (pandas `ewm(span=window, adjust=True, ignore_na=True)`, var corrected for bias where ddof is 1); NaN at a missing
 * value and until `window` values are present.
 * Sums never leave the window: a huge value spoils no window that it is not in.
 */
export type RollingKind =
  | 'mean' | 'sum' | 'std' | 'var' | 'min' | 'max' | 'median' | 'quantile' | 'rank' | 'skew' | 'kurtosis' | 'zscore' | 'autocorrelation'
  | 'wma' | 'weighted'
  | 'ema' | 'ewm-mean' | 'ewm-var' | 'ewm-std';

export interface RollingRequest {
  readonly kind: RollingKind;
  /** Rows of the window; ignored where `begins` is given. */
  readonly window: number;
  /** std, var, zscore and ewm-* divide by window - ddof; NaN where that is not positive. Other kinds ignore it. */
  readonly ddof: number;
  /** quantile: q; autocorrelation: the lag, at least 1. Other kinds ignore it. */
  readonly parameter?: number;
  /** weighted: `window` finite weights. */
  readonly weights?: Float64Array;
  /**
   * Present values that a window needs. Absent: all of `window`, so that a missing value spoils the windows that hold
   * it. Otherwise missing values are passed over, windows at the beginning are shorter, and n is the number of present
   * values. Not for wma, weighted, ema, ewm-* and autocorrelation.
   */
  readonly minPeriods?: number;
  /**
   * Windows in time: the first row of the window that ends at each row, [length], never falling and at most the row
   * itself. Needs `minPeriods`, and is for the same kinds.
   */
  readonly begins?: Int32Array;
}

/** An indicator of the catalogue (`@corrente/shared/contract/indicators`), its numbers and what it reads. */
export interface IndicatorRequest {
  readonly name: string;
  /** In the order of the catalogue's parameters. */
  readonly parameters: readonly number[];
  /** For each input of the indicator, in the catalogue's order, which of the blocks it is. */
  readonly inputs: readonly number[];
}

/** Of a symmetric matrix [n × n]: eigenvalues ascending, and eigenvector k in row k of `vectors` [n × n]. */
export interface Eigensystem {
  readonly values: Float64Array<ArrayBuffer>;
  readonly vectors: Float64Array<ArrayBuffer>;
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
  /** The columns stay as they are until the session is closed: a tile may read them again. So for every session. */
  openCorrelation(columns: Columns, request: CorrelationRequest, options: OpOptions): Promise<CorrelationSession>;
  openLeadLag(columns: Columns, request: LeadLagRequest, options: OpOptions): Promise<LeadLagSession>;
  openRollingCorrelation(columns: Columns, request: RollingCorrelationRequest, options: OpOptions): Promise<RollingCorrelationSession>;
  /** One [series × length] block (stride = length) per request, in their order. */
  rolling(columns: Columns, requests: readonly RollingRequest[], options: OpOptions): Promise<Reals[]>;
  /**
   * For each request one [series × length] block per output of the indicator. The blocks have one shape. An indicator
   * is computed over the rows where all its inputs are present, as if there were no others; the other rows are missing.
   */
  indicators(blocks: readonly Columns[], requests: readonly IndicatorRequest[], options: OpOptions): Promise<Reals[][]>;
  /** Always in float64. `matrix` [n × n] is symmetric and finite, and stays as it is. */
  symmetricEigen(matrix: Float64Array, n: number, options: OpOptions): Promise<Eigensystem>;
  /** The inverse of a symmetric positive definite matrix [n × n], in float64; null where it is not positive definite. */
  invertSymmetric(matrix: Float64Array, n: number, options: OpOptions): Promise<Float64Array<ArrayBuffer> | null>;
  /** `target` (Y) and `condition` (Z; may have no series) are [dimensions × N]. Under f32, distances are of floats. */
  openInformation(target: Columns, condition: Columns, rule: NeighbourRule, options: OpOptions): Promise<InformationSession>;
  /** A model that is trained under `precision`: its parameters, gradients and activations are of floats under f32. */
  openTrainer(windows: TrainingWindows, request: TrainerRequest, options: OpOptions): Promise<TrainerSession>;
  /** Trees over a table [features × rows], NaN where a feature is missing; always in float64. */
  growBoosted(table: Columns, request: BoostingRequest, options: OpOptions): Promise<BoostedTrees>;
  growForest(table: Columns, request: ForestRequest, options: OpOptions): Promise<TreeEnsemble>;
  growIsolation(table: Columns, request: IsolationRequest, options: OpOptions): Promise<TreeEnsemble>;
  /** [outputs × rows of the table] */
  predictTrees(table: Columns, ensemble: TreeEnsemble, options: OpOptions): Promise<Float64Array<ArrayBuffer>>;
  /** Points are the columns of a block [dimensions × points] without a missing value; always in float64. */
  kMeans(points: Columns, request: KMeansRequest, options: OpOptions): Promise<Clusters>;
  /** Always in float64. */
  matrixProfile(columns: Columns, request: MatrixProfileRequest, options: OpOptions): Promise<MatrixProfile>;
}
