/** Tables for tests of what is made of a result. */
import { Bool, Float64, Int32, Table, Utf8, vectorFromArray, type Vector } from 'apache-arrow';
import { TableStore } from './table-store.ts';

export function storeOf(columns: Record<string, Vector>): TableStore {
  const table = new Table(columns);
  const store = new TableStore(table.schema);
  for (const batch of table.batches) store.append(batch);
  return store;
}

export const texts = (values: (string | null)[]): Vector => vectorFromArray(values, new Utf8());
export const reals = (values: (number | null)[]): Vector => vectorFromArray(values, new Float64());
export const integers = (values: (number | null)[]): Vector => vectorFromArray(values, new Int32());
export const verdicts = (values: (boolean | null)[]): Vector => vectorFromArray(values, new Bool());
