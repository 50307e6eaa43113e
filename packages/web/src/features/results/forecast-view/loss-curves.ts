/** The table history of a training as curves: one for each fold, with its best epoch. */
import { columnsOf } from '../network-view/network-tables.ts';
import type { TableStore } from '../table-store.ts';

export interface LossCurve {
  readonly fold: number;
  /** Ascending, from 1. */
  readonly epochs: Float64Array;
  readonly train: Float64Array;
  readonly validation: Float64Array;
  /** Place of the least validation loss, whose model is kept; -1 where no loss is known. */
  readonly best: number;
  /** What all epochs took, in seconds. */
  readonly seconds: number;
}

/** By fold; an epoch that stands there twice, having been trained again, counts as it was the last time. */
export function lossCurves(store: TableStore): LossCurve[] {
  const table = columnsOf(store);
  const [epoch, train, validation, seconds, fold] = [table.numbers('epoch'), table.numbers('train_loss'), table.numbers('val_loss'), table.numbers('seconds'), table.numbers('fold')];
  const folds = new Map<number, Map<number, number>>();
  for (const [row, number] of fold.entries()) {
    const rows = folds.get(number) ?? new Map<number, number>();
    folds.set(number, rows.set(epoch[row]!, row));
  }
  return [...folds].sort(([a], [b]) => a - b).map(([number, byEpoch]) => {
    const rows = [...byEpoch].sort(([a], [b]) => a - b).map(([, row]) => row);
    const pick = (of: Float64Array) => Float64Array.from(rows, (row) => of[row]!);
    const losses = pick(validation);
    return { fold: number, epochs: pick(epoch), train: pick(train), validation: losses, best: leastOf(losses), seconds: pick(seconds).reduce((sum, one) => sum + one, 0) };
  });
}

/** The first of the least values, as a training keeps it. */
function leastOf(values: Float64Array): number {
  let best = -1;
  for (const [i, value] of values.entries()) if (!Number.isNaN(value) && (best === -1 || value < values[best]!)) best = i;
  return best;
}
