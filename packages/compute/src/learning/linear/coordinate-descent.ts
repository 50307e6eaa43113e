/**
 * Lasso (Tibshirani 1996) and elastic net (Zou and Hastie 2005) by cyclic coordinate descent on the products of the
 * columns (Friedman, Hastie and Tibshirani 2010), until the duality gap is closed.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace, type PaceOptions } from '@corrente/shared/portable/pace';
import type { Moments } from './moments.ts';

/** The gap, as a share of the target's variance, and the largest last step, as a share of the largest weight. */
const gapShare = 1e-12;
const stepShare = 1e-12;
const mostSweeps = 100_000;

/** The smallest penalty at which every weight is zero. */
export function largestAlpha({ towards }: Moments, l1Ratio: number): number {
  return towards.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / l1Ratio;
}

/**
 * For each penalty, from large to small, the weights of the standardised features that minimise
 * ‖y − Xw‖² / 2n + alpha (l1Ratio ‖w‖₁ + (1 − l1Ratio) ‖w‖² / 2). Throws `training-diverged` where they do not settle.
 */
export async function elasticNet(moments: Moments, alphas: readonly number[], l1Ratio: number, options: PaceOptions): Promise<Float64Array[]> {
  const pace = new Pace('coordinate descent', alphas.length, options);
  await pace.start();
  const weights = new Float64Array(moments.towards.length);
  const path: Float64Array[] = [];
  for (const alpha of alphas) {
    await descend(moments, weights, alpha * l1Ratio, alpha * (1 - l1Ratio), pace);
    path.push(weights.slice());
    pace.count(1);
  }
  return path;
}

/** Takes `weights` to the minimum, from where they are. */
async function descend(moments: Moments, weights: Float64Array, l1: number, l2: number, pace: Pace): Promise<void> {
  const { gram, towards, targetVariance } = moments;
  const features = towards.length;
  // What every column still has to say of the target: towards − gram · weights.
  const left = residualProducts(moments, weights);
  let gap = Infinity;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let [largest, farthest] = [0, 0];
    for (let j = 0; j < features; j++) {
      const own = gram[j * features + j] ?? 0;
      if (own === 0) continue;
      const before = weights[j] ?? 0;
      const pull = (left[j] ?? 0) + own * before;
      const after = (Math.sign(pull) * Math.max(0, Math.abs(pull) - l1)) / (own + l2);
      if (after !== before) {
        const step = after - before;
        weights[j] = after;
        for (let i = 0; i < features; i++) left[i]! -= step * (gram[j * features + i] ?? 0);
        farthest = Math.max(farthest, Math.abs(step));
      }
      largest = Math.max(largest, Math.abs(after));
      if (pace.due) await pace.turn();
    }
    if (farthest > stepShare * largest) continue;
    left.set(residualProducts(moments, weights));
    gap = dualityGap(moments, weights, left, l1, l2);
    if (gap <= gapShare * targetVariance || farthest === 0) return;
  }
  throw new CorrenteError('training-diverged', `Coordinate descent did not settle within ${mostSweeps} sweeps: the duality gap is ${gap} of a variance of ${targetVariance}. Choose a larger penalty (alpha), or leave out features that say the same.`);
}

function residualProducts({ gram, towards }: Moments, weights: Float64Array): Float64Array {
  const features = towards.length;
  const left = towards.slice();
  for (let j = 0; j < features; j++) {
    const weight = weights[j] ?? 0;
    if (weight !== 0) for (let i = 0; i < features; i++) left[i]! -= weight * (gram[j * features + i] ?? 0);
  }
  return left;
}

/** How far the objective can at most lie above its minimum (all of it divided by the rows). */
function dualityGap({ towards, targetVariance }: Moments, weights: Float64Array, left: Float64Array, l1: number, l2: number): number {
  let [steepest, squares, absolute, told, explained] = [0, 0, 0, 0, 0];
  for (let j = 0; j < weights.length; j++) {
    const weight = weights[j] ?? 0;
    steepest = Math.max(steepest, Math.abs((left[j] ?? 0) - l2 * weight));
    squares += weight * weight;
    absolute += Math.abs(weight);
    told += weight * (towards[j] ?? 0);
    explained += weight * ((towards[j] ?? 0) - (left[j] ?? 0));
  }
  const rest = targetVariance - 2 * told + explained;
  const scale = steepest > l1 ? l1 / steepest : 1;
  const primal = 0.5 * rest + l1 * absolute + 0.5 * l2 * squares;
  const dual = scale * (targetVariance - told) - 0.5 * scale * scale * (rest + l2 * squares);
  return primal - dual;
}
