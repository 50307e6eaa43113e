/** Probabilities put right by what came on rows that the model was not fitted to. */

/** A rising function of a probability: a logistic curve of its log-odds, or a step function joined by lines. */
export type Calibrator = { readonly kind: 'platt'; readonly slope: number; readonly intercept: number } | Isotonic;

interface Isotonic {
  readonly kind: 'isotonic';
  readonly from: Float64Array<ArrayBuffer>;
  readonly to: Float64Array<ArrayBuffer>;
}

/** Log-odds beyond this are of a probability that is 0 or 1 in doubles. */
const farthest = 36;

const logOdds = (p: number): number => Math.max(-farthest, Math.min(farthest, Math.log(p / (1 - p))));

/**
 * Fits a calibrator to predicted probabilities and what came (1: of the class, 0: not). A stretch of isotonic's on whose
 * n rows the class never came, or always, is given a probability of 1 / (n + 2) or one less that, as far as the next
 * stretch allows: n rows do not tell more.
 */
export function fitCalibrator(kind: 'platt' | 'isotonic', predicted: Float64Array, came: Float64Array): Calibrator {
  if (kind === 'platt') return fitPlatt(predicted.map(logOdds), came);
  const pools = risingPools(predicted, came);
  const shares = pools.map(shareOf);
  const lowest = pools[0];
  const highest = pools.at(-1);
  if (lowest !== undefined && lowest.sum === 0) shares[0] = Math.min(1 / (lowest.rows + 2), shares[1] ?? 1);
  if (highest !== undefined && highest.sum === highest.rows) shares[pools.length - 1] = Math.max(1 - 1 / (highest.rows + 2), shares.at(-2) ?? 0);
  return isotonicOf(pools, shares);
}

/**
 * Platt's scaling (1999) with his smoothed targets, by Newton's method with halved steps (Lin, Lin and Weng 2007):
 * p = 1 / (1 + exp(−(slope s + intercept))).
 */
export function fitPlatt(scores: Float64Array, came: Float64Array): Calibrator {
  const positive = came.reduce((sum, one) => sum + one, 0);
  const [high, low] = [(positive + 1) / (positive + 2), 1 / (came.length - positive + 2)];
  const target = came.map((one) => (one === 1 ? high : low));
  const loss = (slope: number, intercept: number): number => {
    let sum = 0;
    for (let i = 0; i < scores.length; i++) {
      const z = slope * scores[i]! + intercept;
      sum += (z > 0 ? Math.log1p(Math.exp(-z)) + z : Math.log1p(Math.exp(z))) - target[i]! * z;
    }
    return sum;
  };
  let [slope, intercept] = [0, Math.log((positive + 1) / (came.length - positive + 1))];
  let now = loss(slope, intercept);
  for (let step = 0; step < 100; step++) {
    // A little is added to the diagonal, so that equal scores give a step too.
    let [gs, gi, ss, si, ii] = [0, 0, 1e-12, 0, 1e-12];
    for (let i = 0; i < scores.length; i++) {
      const p = 1 / (1 + Math.exp(-(slope * scores[i]! + intercept)));
      const [off, weight] = [p - target[i]!, p * (1 - p)];
      gs += off * scores[i]!;
      gi += off;
      ss += weight * scores[i]! ** 2;
      si += weight * scores[i]!;
      ii += weight;
    }
    const determinant = ss * ii - si * si;
    const [ds, di] = [-(ii * gs - si * gi) / determinant, -(ss * gi - si * gs) / determinant];
    const fall = gs * ds + gi * di;
    let share = 1;
    while (share > 1e-10 && !(loss(slope + share * ds, intercept + share * di) <= now + 1e-4 * share * fall)) share /= 2;
    slope += share * ds;
    intercept += share * di;
    now = loss(slope, intercept);
    if (!(fall < -1e-14 * (1 + Math.abs(now)))) break;
  }
  return { kind: 'platt', slope, intercept };
}

interface Pool {
  from: number;
  to: number;
  sum: number;
  rows: number;
}

const shareOf = ({ sum, rows }: Pool): number => sum / rows;

/** The rising function of least squared error. */
export function fitIsotonic(predicted: Float64Array, came: Float64Array): Isotonic {
  const pools = risingPools(predicted, came);
  return isotonicOf(pools, pools.map(shareOf));
}

/** Stretches of predictions in rising order, by pooling adjacent violators (Ayer et al. 1955). */
function risingPools(predicted: Float64Array, came: Float64Array): Pool[] {
  const order = Int32Array.from(predicted.keys()).sort((a, b) => predicted[a]! - predicted[b]!);
  const pools: Pool[] = [];
  for (const i of order) {
    const x = predicted[i]!;
    const last = pools.at(-1);
    // Equal predictions have one value, whatever their order.
    if (last !== undefined && last.to === x && last.from === x) {
      last.sum += came[i]!;
      last.rows += 1;
    } else {
      pools.push({ from: x, to: x, sum: came[i]!, rows: 1 });
    }
  }
  const rising: Pool[] = [];
  for (const pool of pools) {
    let next = { ...pool };
    for (let last = rising.at(-1); last !== undefined && last.sum * next.rows >= next.sum * last.rows; last = rising.at(-1)) {
      next = { from: last.from, to: next.to, sum: last.sum + next.sum, rows: last.rows + next.rows };
      rising.pop();
    }
    rising.push(next);
  }
  return rising;
}

/** The function that has a pool's share from its first prediction to its last. */
function isotonicOf(pools: readonly Pool[], shares: readonly number[]): Isotonic {
  const points = pools.flatMap(({ from, to }, i) => (from === to ? [from] : [from, to]).map((x) => [x, shares[i] ?? Number.NaN] as const));
  return { kind: 'isotonic', from: Float64Array.from(points, ([x]) => x), to: Float64Array.from(points, ([, y]) => y) };
}

/** A calibrated probability; missing where it is. Beyond what was seen, isotonic stays at its ends. */
export function calibrated(calibrator: Calibrator, p: number): number {
  if (Number.isNaN(p)) return p;
  return calibrator.kind === 'platt' ? 1 / (1 + Math.exp(-(calibrator.slope * logOdds(p) + calibrator.intercept))) : interpolated(calibrator.from, calibrator.to, p);
}

function interpolated(xs: Float64Array, ys: Float64Array, x: number): number {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return ys[0] ?? x;
  if (low === xs.length) return ys[low - 1]!;
  const [x0, x1, y0, y1] = [xs[low - 1]!, xs[low]!, ys[low - 1]!, ys[low]!];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/**
 * The probabilities of the classes, calibrated in place: of two the second by its calibrator, of more each by its own
 * against all others, then divided by their sum.
 */
export function calibrateAll(calibrators: readonly Calibrator[], probability: readonly Float64Array[]): void {
  const [first, second] = probability;
  const [only] = calibrators;
  if (probability.length === 2 && first !== undefined && second !== undefined && only !== undefined) {
    for (let t = 0; t < second.length; t++) {
      second[t] = calibrated(only, second[t]!);
      first[t] = 1 - second[t]!;
    }
    return;
  }
  for (const [k, calibrator] of calibrators.entries()) {
    const own = probability[k];
    if (own !== undefined) for (let t = 0; t < own.length; t++) own[t] = calibrated(calibrator, own[t]!);
  }
  for (let t = 0; t < (first?.length ?? 0); t++) {
    const total = probability.reduce((sum, one) => sum + one[t]!, 0);
    for (const one of probability) one[t] = total === 0 ? 1 / probability.length : one[t]! / total;
  }
}
