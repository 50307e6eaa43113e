/** The p-value of a pair, by method. */
import type { CorrelationParams } from '@corrente/shared/contract/analyses/correlation';
import type { Columns } from '../../engine/contract.ts';
import { correlationP } from '../../statistics/correlation-p.ts';
import { kendallP, PairTies } from '../../statistics/kendall-p.ts';

/** p of series a and b, of their coefficient and their common rows; NaN where there is none. */
export type PairP = (a: number, b: number, r: number, n: number) => number;

/**
 * pearson and spearman: Student's t; kendall: the normal approximation, with ties; none for distance and covariance. At
 * lags: that of Student's t times the number of lags that were looked at (Bonferroni), at most 1.
 */
export function pairP({ method, maxLag }: CorrelationParams, columns: Columns): PairP {
  if (method === 'distance' || method === 'covariance') return () => Number.NaN;
  if (method === 'kendall') return kendallPairP(columns);
  const lags = 2 * maxLag + 1;
  return (_a, _b, r, n) => Math.min(1, lags * correlationP(r, n));
}

function kendallPairP({ values, series, length, stride }: Columns): PairP {
  let ties: PairTies | null = null;
  return (a, b, r, n) => {
    ties ??= new PairTies(Array.from({ length: series }, (_, s) => values.subarray(s * stride, s * stride + length)));
    return kendallP(r, n, ties.of(a, b), ties.of(b, a));
  };
}
