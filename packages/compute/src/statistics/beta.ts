/** The regularised incomplete beta function with b = 1/2: the tail of Student's t and of a correlation. */

const maxIterations = 20_000;

/**
 * ln Γ(a + 1/2) − ln Γ(a), for a > 0, to some units in the last place.
 *
 * The difference of two logarithms of the gamma function would lose its digits for large a. Its own asymptotic series
 * (the one of the central binomial coefficient) does not; small arguments are first shifted up by
 * Γ(a + 1/2) / Γ(a) = a / (a + 1/2) · Γ(a + 3/2) / Γ(a + 1).
 */
export function logGammaRatioHalf(a: number): number {
  let shift = 1;
  while (a < 12) {
    shift *= a / (a + 0.5);
    a += 1;
  }
  const u = 1 / (a * a);
  const series = (-1 / 8 + u * (1 / 192 + u * (-1 / 640 + u * (17 / 14336 - u * (31 / 18432))))) / a;
  return Math.log(shift) + 0.5 * Math.log(a) + series;
}

/**
 * I_x(a, b) · B(a, b) / (x^a (1 − x)^b) by the even part of its continued fraction (DLMF 8.17.22, contracted), with
 * the modified Lentz algorithm. Taken with both x and 1 − x: the denominators hold a − (a + b) x, which cancels unless
 * it is written with the smaller of the two.
 */
function continuedFraction(x: number, oneMinusX: number, a: number, b: number): number {
  const tiny = 1e-300;
  const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  const start = x < 0.5 ? a + 1 - (a + b) * x : (a + b) * oneMinusX - b + 1;
  let f = nonZero((a * start) / (a + 1));
  let c = f;
  let d = 0;
  for (let m = 1; m < maxIterations; m++) {
    const k = a + 2 * m;
    const numerator = (((a + m - 1) * (a + b + m - 1)) / ((k - 1) * (k - 1))) * m * (b - m) * x * x;
    const denominator = m + (m * (b - m) * x) / (k - 1) + ((a + m) * (start + m * (1 + oneMinusX))) / (k + 1);
    d = 1 / nonZero(denominator + numerator * d);
    c = nonZero(denominator + numerator / c);
    const step = c * d;
    f *= step;
    if (Math.abs(step - 1) <= 2.3e-16) break;
  }
  return 1 / f;
}

/**
 * I_x(a, 1/2) where x = 1 − y² is given by y in [0, 1]; a > 0. Given by y, so that x close to 1 keeps its digits.
 * The relative error stays below 1e-12 down to the smallest positive number, and the result is 0 below it.
 */
export function regularisedBetaHalf(y: number, a: number): number {
  if (y <= 0) return 1;
  if (y >= 1) return 0;
  const x = (1 - y) * (1 + y);
  // Near 0, x is 1 − y² without loss by log1p; near 1, by its two factors.
  const logX = y < 0.5 ? Math.log1p(-y * y) : Math.log1p(-y) + Math.log1p(y);
  // x^a · y / B(a, 1/2), with y = (1 − x)^(1/2) and B(a, 1/2) = Γ(a) √π / Γ(a + 1/2).
  const front = Math.exp(a * logX + logGammaRatioHalf(a) + Math.log(y)) / Math.sqrt(Math.PI);
  // Each side of the mean a / (a + 1/2) has its own quickly converging fraction.
  if (x < (a + 1) / (a + 2.5)) return front * continuedFraction(x, y * y, a, 0.5);
  return 1 - front * continuedFraction(y * y, x, 0.5, a);
}
