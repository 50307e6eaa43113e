/** What the values of a matrix are called, and how they are written, by the method that made them. */
import { correlationMethods, type CorrelationMethodName } from '@corrente/shared/contract/analyses/correlation';
import { formatCoefficient } from '../../../lib/format.ts';

export interface MatrixWords {
  /** By which the range of the colours goes: [-1, 1], [0, 1], or that of the data. */
  readonly kind: 'correlation' | 'distance' | 'covariance';
  readonly symbol: string;
  readonly singular: string;
  readonly plural: string;
  /** A value with so many decimals, or significant digits where it has a unit. */
  readonly figure: (value: number, digits: number) => string;
  /** The ends of the colours. */
  readonly colours: (limit: number) => string;
}

const correlation = { kind: 'correlation', singular: 'Correlation', plural: 'Correlations', figure: formatCoefficient, colours: (limit: number) => `±${limit === 1 ? 1 : limit.toFixed(2)}` } as const;

const words: Readonly<Record<CorrelationMethodName, MatrixWords>> = {
  pearson: { ...correlation, symbol: 'r' },
  spearman: { ...correlation, symbol: 'ρ' },
  kendall: { ...correlation, symbol: 'τ' },
  distance: { ...correlation, kind: 'distance', symbol: 'dCor', colours: (limit) => `0 to ${limit === 1 ? 1 : limit.toFixed(2)}` },
  covariance: { kind: 'covariance', symbol: 'cov', singular: 'Covariance', plural: 'Covariances', figure: significant, colours: (limit) => `±${significant(limit, 2)}` },
};

/** By the parameters of the job; those of a correlation where they do not tell. */
export function matrixWords({ method }: Readonly<Record<string, unknown>>): MatrixWords {
  return words[correlationMethods.find((name) => name === method) ?? 'pearson'];
}

function significant(value: number, digits: number): string {
  return Number.isNaN(value) ? 'no value' : String(Number(value.toPrecision(digits))).replaceAll('-', '−');
}
