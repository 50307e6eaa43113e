/** The p-value of a Pearson correlation. */
import { regularisedBetaHalf } from './beta.ts';

/**
 * The probability of a correlation at least as far from 0 as r, of n pairs of independent normal values: two-sided
 * Student t with n − 2 degrees of freedom, t² = (n − 2) r² / (1 − r²).
 *
 * Since (n − 2) / (n − 2 + t²) = 1 − r², it is I_{1 − r²}((n − 2) / 2, 1/2), without forming t. NaN where r is NaN or
 * n is below 3, where no degree of freedom is left.
 */
export function correlationP(r: number, n: number): number {
  if (Number.isNaN(r) || n < 3) return Number.NaN;
  return regularisedBetaHalf(Math.abs(r), (n - 2) / 2);
}
