/** The moving averages that are weighted sums of a window, as their weights: oldest first, of sum 1. */

/** Weights 1 … n, over their sum. */
function linear(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (i + 1) / ((n * (n + 1)) / 2));
}

/**
 * Triangular: an average over `longer` rows of averages over `shorter` ones, TA-Lib's TRIMA. Rises to the middle of the
 * window and falls again; a row weighs as many of both as hold it, so that no length of window takes long to plan.
 */
export function triangularWeights(window: number): Float64Array {
  const longer = Math.floor(window / 2) + 1;
  const shorter = window + 1 - longer;
  return Float64Array.from({ length: window }, (_, i) => Math.min(i + 1, shorter, window - i) / (longer * shorter));
}

/**
 * Hull's average (A. Hull, 2005): wma over √n rows of 2 wma(n / 2) - wma(n), halves and roots rounded down. Reaches
 * back over n + ⌊√n⌋ - 1 rows.
 */
export function hullWeights(window: number): Float64Array {
  const inner = linear(window).map((weight) => -weight);
  const half = linear(Math.max(1, Math.floor(window / 2)));
  for (const [i, weight] of half.entries()) inner[window - half.length + i]! += 2 * weight;
  return combined(inner, linear(Math.max(1, Math.floor(Math.sqrt(window)))));
}

/**
 * Arnaud Legoux's average (A. Legoux and D. Kouzis-Loukas, 2009): a Gaussian bell about `offset` (0 the oldest row, 1
 * the newest), of standard deviation window / sigma.
 */
export function legouxWeights(window: number, offset: number, sigma: number): Float64Array {
  const [middle, width] = [offset * (window - 1), window / sigma];
  const bell = Float64Array.from({ length: window }, (_, i) => Math.exp(-((i - middle) ** 2) / (2 * width ** 2)));
  const sum = bell.reduce((total, weight) => total + weight, 0);
  return bell.map((weight) => weight / sum);
}

/** The weights of one weighted sum of the results of another. */
function combined(inner: Float64Array, outer: Float64Array): Float64Array {
  const weights = new Float64Array(inner.length + outer.length - 1);
  for (const [i, a] of outer.entries()) for (const [j, b] of inner.entries()) weights[i + j]! += a * b;
  return weights;
}
