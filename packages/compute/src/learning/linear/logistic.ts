/**
 * Logistic regression with a squared penalty, by Newton's method with a step that is halved until the loss falls: of
 * two classes one score (the log-odds of the second), of more a score for each and their softmax.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace, type PaceOptions } from '@corrente/shared/portable/pace';
import type { Engine, OpOptions } from '../../engine/contract.ts';

/** Standardised features without missing values, and the class of each row, 0 … classes − 1. */
export interface ClassifiedRows {
  /** [features × rows] */
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  readonly classes: number;
}

/** A score of a row: intercept + Σ weights · features. */
export interface Scores {
  /** [scores × features] */
  readonly weights: Float64Array;
  /** [scores] */
  readonly intercepts: Float64Array;
}

const mostSteps = 200;
/** The last Newton step lowers the loss by less than this share of it. */
const settled = 1e-16;

export const scoresOf = (classes: number): number => (classes === 2 ? 1 : classes);

/**
 * For each penalty, from large to small, what minimises Σ log loss + alpha ‖weights‖² / 2; intercepts are not
 * penalised, and those of several classes add up to 0. Throws `training-diverged` where the minimum is not reached,
 * as without a penalty where the classes can be told apart by a plane.
 */
export async function logistic(rows: ClassifiedRows, alphas: readonly number[], engine: Engine, options: OpOptions): Promise<Scores[]> {
  const scores = scoresOf(rows.classes);
  const width = rows.columns.length + 1;
  // Of each score: its weights, then its intercept.
  const theta = new Float64Array(scores * width);
  const path: Scores[] = [];
  for (const alpha of alphas) {
    await minimise(rows, theta, alpha, engine, options);
    path.push({
      weights: Float64Array.from({ length: scores * (width - 1) }, (_, i) => theta[Math.floor(i / (width - 1)) * width + (i % (width - 1))] ?? 0),
      intercepts: Float64Array.from({ length: scores }, (_, k) => theta[k * width + width - 1] ?? 0),
    });
  }
  return path;
}

async function minimise(rows: ClassifiedRows, theta: Float64Array, alpha: number, engine: Engine, { signal }: OpOptions): Promise<void> {
  const options: PaceOptions = { signal };
  let now = await derivatives(rows, theta, alpha, options);
  for (let step = 0; step < mostSteps; step++) {
    const inverse = await engine.invertSymmetric(now.hessian, theta.length, { precision: 'f64', ...(signal === undefined ? {} : { signal }) });
    if (inverse === null) break;
    const direction = product(inverse, now.gradient);
    const fall = now.gradient.reduce((sum, value, i) => sum + value * (direction[i] ?? 0), 0);
    let share = 1;
    const from = theta.slice();
    for (let halving = 0; ; halving++) {
      for (let i = 0; i < theta.length; i++) theta[i] = (from[i] ?? 0) - share * (direction[i] ?? 0);
      const loss = lossOf(rows, theta, alpha);
      if (loss <= now.loss - 1e-4 * share * fall || fall <= 1e-12 * now.loss) break;
      if (halving === 40) throw diverged(alpha, step);
      share /= 2;
    }
    if (fall <= settled * now.loss) return;
    now = await derivatives(rows, theta, alpha, options);
  }
  throw diverged(alpha, mostSteps);
}

function diverged(alpha: number, steps: number): CorrenteError {
  return new CorrenteError('training-diverged', `Logistic regression with the penalty ${alpha} did not settle in ${steps} steps; the classes may be told apart without error, which only a penalty (alpha above 0) brings to an end.`);
}

interface Derivatives {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array<ArrayBuffer>;
}

/** The scores of all rows, [scores × rows]. */
function scoreRows({ columns, target, classes }: ClassifiedRows, theta: Float64Array): Float64Array[] {
  const width = columns.length + 1;
  return Array.from({ length: scoresOf(classes) }, (_, k) => {
    const score = new Float64Array(target.length).fill(theta[k * width + width - 1] ?? 0);
    for (const [j, column] of columns.entries()) {
      const weight = theta[k * width + j] ?? 0;
      if (weight !== 0) for (let t = 0; t < score.length; t++) score[t]! += weight * column[t]!;
    }
    return score;
  });
}

function penalty({ columns, classes }: ClassifiedRows, theta: Float64Array, alpha: number): number {
  const width = columns.length + 1;
  let squares = 0;
  for (let k = 0; k < scoresOf(classes); k++) for (let j = 0; j + 1 < width; j++) squares += (theta[k * width + j] ?? 0) ** 2;
  return 0.5 * alpha * squares;
}

function lossOf(rows: ClassifiedRows, theta: Float64Array, alpha: number): number {
  const score = scoreRows(rows, theta);
  const { target, classes } = rows;
  let loss = penalty(rows, theta, alpha);
  for (let t = 0; t < target.length; t++) {
    if (classes === 2) {
      const margin = target[t] === 1 ? score[0]![t]! : -score[0]![t]!;
      loss += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
    } else {
      loss += logSum(score, t) - score[target[t]!]![t]!;
    }
  }
  return loss;
}

function logSum(score: readonly Float64Array[], t: number): number {
  let most = -Infinity;
  for (const one of score) most = Math.max(most, one[t]!);
  let sum = 0;
  for (const one of score) sum += Math.exp(one[t]! - most);
  return most + Math.log(sum);
}

async function derivatives(rows: ClassifiedRows, theta: Float64Array, alpha: number, options: PaceOptions): Promise<Derivatives> {
  const { columns, target, classes } = rows;
  const scores = scoresOf(classes);
  const width = columns.length + 1;
  const pace = new Pace('logistic regression', 1, options);
  const probability = probabilities(scoreRows(rows, theta), classes);
  const ones = new Float64Array(target.length).fill(1);
  const all = [...columns, ones];
  const size = scores * width;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const [weight, weighed] = [new Float64Array(target.length), new Float64Array(target.length)];
  for (let k = 0; k < scores; k++) {
    const p = probability[k]!;
    const own = classes === 2 ? 1 : k;
    for (let t = 0; t < target.length; t++) weight[t] = p[t]! - (target[t] === own ? 1 : 0);
    for (const [j, column] of all.entries()) gradient[k * width + j] = dot(column, weight) + (j + 1 < width ? alpha * (theta[k * width + j] ?? 0) : 0);
    for (let l = k; l < scores; l++) {
      const q = probability[l]!;
      for (let t = 0; t < target.length; t++) weight[t] = p[t]! * ((k === l ? 1 : 0) - q[t]!);
      for (let i = 0; i < width; i++) {
        const column = all[i]!;
        for (let t = 0; t < weighed.length; t++) weighed[t] = column[t]! * weight[t]!;
        for (let j = 0; j < width; j++) {
          if (k === l && j < i) continue;
          place(hessian, size, k * width + i, l * width + j, dot(weighed, all[j]!));
        }
        if (pace.due) await pace.turn();
      }
    }
  }
  // A constant added to all intercepts changes nothing: this holds their sum at 0, and the matrix invertible.
  const level = scores > 1 ? target.length / (scores * scores) : 0;
  for (let k = 0; k < scores; k++) {
    for (let j = 0; j + 1 < width; j++) hessian[(k * width + j) * (size + 1)]! += alpha === 0 ? Number.EPSILON * target.length : alpha;
    for (let l = 0; l < scores; l++) hessian[(k * width + width - 1) * size + l * width + width - 1]! += level;
  }
  return { loss: lossOf(rows, theta, alpha), gradient, hessian };
}

function place(matrix: Float64Array, size: number, row: number, column: number, value: number): void {
  matrix[row * size + column] = value;
  matrix[column * size + row] = value;
}

/** Of two classes the probability of the second from its log-odds; of more the softmax. In place. */
export function probabilities(score: Float64Array[], classes: number): Float64Array[] {
  const [only] = score;
  if (classes === 2 && only !== undefined) {
    for (let t = 0; t < only.length; t++) only[t] = 1 / (1 + Math.exp(-only[t]!));
    return score;
  }
  for (let t = 0; t < (only?.length ?? 0); t++) {
    const total = logSum(score, t);
    for (const one of score) one[t] = Math.exp(one[t]! - total);
  }
  return score;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < a.length; t++) sum += a[t]! * b[t]!;
  return sum;
}

function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  return vector.map((_, i) => dot(matrix.subarray(i * vector.length, (i + 1) * vector.length), vector));
}
