import { useRef } from 'react';
import { GrowingMatrix } from '../../../charts/heatmap/growing-matrix.ts';
import { realsOf } from '../arrow-columns.ts';
import type { TableStore } from '../table-store.ts';

/** The matrix in a table of one column of names and one column per series; grows with the table. */
export function useMatrix(store: TableStore): GrowingMatrix {
  const held = useRef<{ store: TableStore; matrix: GrowingMatrix; batches: number } | null>(null);
  if (held.current?.store !== store) {
    const names = store.schema.fields.slice(1).map((field) => field.name);
    held.current = { store, matrix: new GrowingMatrix(names), batches: 0 };
  }
  const { matrix } = held.current;
  for (; held.current.batches < store.batches.length; held.current.batches++) {
    const batch = store.batches[held.current.batches]!;
    matrix.append(matrix.names.map((_, column) => realsOf(batch, column + 1)), batch.numRows);
  }
  return matrix;
}
