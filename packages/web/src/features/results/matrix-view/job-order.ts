import type { TableStore } from '../table-store.ts';

/**
 * The rows of a matrix in the order of a table (place, series, …): `order[position]` is the row that stands there. Null
 * while rows of either are missing.
 */
export function jobOrder(order: TableStore, matrix: TableStore): Uint32Array | null {
  const rows = new Map(matrix.texts(0).map((name, row) => [name, row]));
  const series = order.texts(order.columnNamed('series'));
  const places = series.flatMap((name) => rows.get(name) ?? []);
  return places.length === rows.size && rows.size === matrix.schema.fields.length - 1 ? Uint32Array.from(places) : null;
}
