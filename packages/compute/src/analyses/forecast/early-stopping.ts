/** When a training ends, and which of its epochs was the best. */
import { z } from 'zod';

/** What the step of an epoch returns; null where the training had ended before. */
export const epochRecord = z.object({ trainLoss: z.number(), valLoss: z.number() }).nullable();
export type EpochRecord = z.infer<typeof epochRecord>;

export interface TrainingCourse {
  /** Epochs that were trained. */
  readonly epochs: number;
  /** The first with the smallest validation loss, from 0; -1 before there is one. */
  readonly best: number;
  readonly bestLoss: number;
  /** Whether so many epochs as the patience have gone since the best. */
  readonly ended: boolean;
}

export function courseOf(records: readonly EpochRecord[], patience: number): TrainingCourse {
  const losses = records.flatMap((record) => (record === null ? [] : [record.valLoss]));
  const bestLoss = Math.min(...losses);
  const best = losses.indexOf(bestLoss);
  return { epochs: losses.length, best, bestLoss, ended: losses.length > 0 && losses.length - 1 - best >= patience };
}
