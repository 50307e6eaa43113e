/** Losses of the difference d between forecast and target: d², |d|, and Huber's (1964), d² / 2 to 1 and |d| - 1/2 beyond. */

/** Of the difference between forecast and target, averaged over all values. huber: quadratic to 1, linear beyond. */
export type TrainingLoss = 'mse' | 'mae' | 'huber';

export function lossOf(loss: TrainingLoss, d: number): number {
  if (loss === 'mse') return d * d;
  if (loss === 'mae') return Math.abs(d);
  return Math.abs(d) <= 1 ? 0.5 * d * d : Math.abs(d) - 0.5;
}

/** Its derivative; of |d| at 0, 0. */
export function slopeOf(loss: TrainingLoss, d: number): number {
  if (loss === 'mse') return 2 * d;
  if (loss === 'mae') return Math.sign(d);
  return Math.max(-1, Math.min(1, d));
}
