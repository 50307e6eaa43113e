/** The reliability table as a curve for each class: what share of rows with a predicted probability came. */
import type { Points } from '../align-lines.ts';
import { columnsOf } from '../network-view/network-tables.ts';
import type { TableStore } from '../table-store.ts';

export interface Reliability {
  readonly name: string;
  /** Predicted probability, ascending, and the share that came. */
  readonly points: Points;
}

/** By class, without empty bins. */
export function reliabilityCurves(store: TableStore): Reliability[] {
  const table = columnsOf(store);
  const [name, predicted, observed] = [table.texts('class'), table.numbers('predicted'), table.numbers('observed')];
  const byClass = Map.groupBy(
    Array.from(name.keys()).filter((row) => !Number.isNaN(predicted[row]!) && !Number.isNaN(observed[row]!)),
    (row) => name[row] ?? '',
  );
  return Array.from(byClass, ([of, found]) => {
    const rows = found.sort((a, b) => predicted[a]! - predicted[b]!);
    return { name: of, points: { x: Float64Array.from(rows, (row) => predicted[row]!), y: Float64Array.from(rows, (row) => observed[row]!) } };
  });
}
