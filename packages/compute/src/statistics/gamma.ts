/** The gamma function's logarithm and the regularised incomplete gamma functions. */

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** ln Γ(a) − ((a − 1/2) ln a − a + ln √(2π)) for a ≥ 10: Stirling's series (DLMF 5.11.1). */
function stirlingCorrection(a: number): number {
  const u = 1 / (a * a);
  return (1 / 12 + u * (-1 / 360 + u * (1 / 1260 + u * (-1 / 1680 + u * (1 / 1188 + u * (-691 / 360360 + u / 156)))))) / a;
}

/** ln Γ(a) for a > 0; the absolute error stays below some units in the last place of the larger of it and 1. */
export function logGamma(a: number): number {
  let product = 1;
  while (a < 10) {
    product *= a;
    a += 1;
  }
  return (a - 0.5) * Math.log(a) - a + halfLogTwoPi + stirlingCorrection(a) - Math.log(product);
}

/** μ − ln(1 + μ), without the cancellation near 0. */
function excess(mu: number): number {
  if (Math.abs(mu) > 0.1) return mu - Math.log1p(mu);
  let [power, sum] = [mu * mu, 0];
  for (let k = 2; k < 40; k += 1) {
    const term = power / k;
    sum += term;
    if (Math.abs(term) < 1e-18 * sum) break;
    power *= -mu;
  }
  return sum;
}

/**
 * x^a e^(−x) / Γ(a + 1). For large a the three factors are far out of range and nearly cancel: there it is written
 * with the distance of x from a.
 */
function density(a: number, x: number): number {
  if (a < 10) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  return Math.exp(-a * excess((x - a) / a) - stirlingCorrection(a)) / Math.sqrt(2 * Math.PI * a);
}

const converged = 1e-16;
const mostTerms = 1_000_000;

/** P(a, x) for x < a + 1, by its power series (DLMF 8.7.1). */
function lowerSeries(a: number, x: number): number {
  let [term, sum] = [1, 1];
  for (let n = 1; n < mostTerms; n += 1) {
    term *= x / (a + n);
    sum += term;
    if (term < converged * sum) break;
  }
  return density(a, x) * sum;
}

const nonZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);

/** Q(a, x) for x ≥ a + 1, by its continued fraction (DLMF 8.9.2, contracted) with the modified Lentz algorithm. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / nonZero(b);
  let f = d;
  for (let n = 1; n < mostTerms; n += 1) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    f *= c * d;
    if (Math.abs(c * d - 1) <= 2.3e-16) break;
  }
  return density(a, x) * a * f;
}

/** Both regularised incomplete gamma functions at once, the smaller of them to nearly full relative precision. */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x < a + 1) {
    const lower = lowerSeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = upperFraction(a, x);
  return { lower: 1 - upper, upper };
}

/** Derivative of P(a, x) with respect to x. */
function slope(a: number, x: number): number {
  return (density(a, x) * a) / x;
}

/**
 * The x at which Q(a, x) = `upper`, for `upper` in (0, 1): Halley's iteration from the approximation of Wilson and
 * Hilferty (1931), held inside the bracket that its own values give.
 */
export function inverseUpperGamma(a: number, upper: number): number {
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  let x = firstGuess(a, upper);
  for (let i = 0; i < 200; i += 1) {
    const value = incompleteGamma(a, x);
    // Positive where x is too small; of the two tails the one that keeps its digits.
    const error = upper < 0.5 ? value.upper - upper : 1 - upper - value.lower;
    if (error > 0) low = x;
    else high = x;
    const rate = slope(a, x);
    const newton = error / rate;
    const halley = newton / (1 - 0.5 * Math.max(-1, Math.min(1, newton * (1 - (a - 1) / x))));
    let next = x + halley;
    if (!(next > low && next < high)) next = Number.isFinite(high) ? (low + high) / 2 : 2 * x + 1;
    if (Math.abs(next - x) <= 1e-14 * x) return next;
    x = next;
  }
  return x;
}

function firstGuess(a: number, upper: number): number {
  const small = Math.exp((Math.log1p(-upper) + logGamma(a + 1)) / a);
  if (a < 0.3 || small < 0.2 * a) return Math.max(small, Number.MIN_VALUE);
  const cube = 1 - 1 / (9 * a) + normalQuantile(1 - upper) / (3 * Math.sqrt(a));
  return cube > 0.1 ? a * cube ** 3 : small;
}

/** A rough normal quantile (Hastings 1955, 26.2.23 of Abramowitz and Stegun; error below 5e-4): a start to refine. */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.max(Math.min(p, 1 - p), 1e-300)));
  const z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return p < 0.5 ? -z : z;
}
