/** The chi-square distribution. */
import { incompleteGamma, inverseUpperGamma } from './gamma.ts';

/** The probability of a value of at least x with `dof` degrees of freedom; 1 where there is no degree of freedom. */
export function chiSquareTail(x: number, dof: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (dof <= 0 || x <= 0) return 1;
  return x === Number.POSITIVE_INFINITY ? 0 : incompleteGamma(dof / 2, x / 2).upper;
}

/** The value that is reached with probability `tail`, which lies in (0, 1); 0 where there is no degree of freedom. */
export function chiSquareQuantile(tail: number, dof: number): number {
  if (dof <= 0) return 0;
  return dof === 2 ? -2 * Math.log(tail) : 2 * inverseUpperGamma(dof / 2, tail);
}
