/**
 * The seam between what is measured and how: every estimator of I(X; Y | Z), whatever it counts, looks like this to
 * the analyses. Realisations are columns [dimensions × N] without missing values (see realisations.ts).
 */
import type { Columns, OpOptions, RandomStream } from '../engine/contract.ts';

/**
 * Where the values under the hypothesis "X tells nothing of Y beyond Z" come from: X permuted at random, X permuted by
 * given orderings [surrogates × N], or draws from the known distribution of the estimate (only where the estimator is
 * `analytic`).
 */
export type NullDistribution =
  | { readonly kind: 'permuted'; readonly stream: RandomStream }
  | { readonly kind: 'ordered'; readonly orderings: Int32Array<ArrayBuffer> }
  | { readonly kind: 'analytic'; readonly stream: RandomStream };

export interface EstimateRequest {
  /** X: [dimensions × N]. */
  readonly source: Columns;
  /** How many values under the null hypothesis are wanted after the value itself. */
  readonly surrogates: number;
  readonly null: NullDistribution;
}

/** I(X; Y | Z) for fixed Y and Z. */
export interface ConditionalSession {
  /** For each request [1 + surrogates]: the value of X, then those under the null hypothesis. */
  estimate(requests: readonly EstimateRequest[], options: OpOptions): Promise<Array<Float64Array<ArrayBuffer>>>;
  /** The contribution of each realisation [N]; their mean is the value. */
  locals(source: Columns, options: OpOptions): Promise<Float64Array<ArrayBuffer>>;
  /** p of a value of this X by the known distribution; null where there is none. */
  analyticP(source: Columns, value: number): number | null;
  /** The mean of the value of this X under the null hypothesis; 0 for an estimator that corrects for it, null where it is not known. */
  bias(source: Columns): number | null;
  close(): void;
}

export interface ConditionalEstimator {
  readonly unit: 'nats' | 'bits';
  /** Whether the estimate's distribution under the null hypothesis is known. */
  readonly analytic: boolean;
  /** Y, and Z, which may have no series: then the mutual information of X and Y. */
  open(target: Columns, condition: Columns, options: OpOptions): Promise<ConditionalSession>;
}
