/** Scaling without rounding. */

/**
 * The power of two that brings `magnitude` into [1, 2), in two factors, since 2^1074 is more than a double holds.
 * [1, 1] for 0.
 */
export function powerOfTwoOver(magnitude: number): readonly [number, number] {
  const exponent = magnitude > 0 ? -Math.floor(Math.log2(magnitude)) : 0;
  const half = Math.trunc(exponent / 2);
  return [2 ** half, 2 ** (exponent - half)];
}
