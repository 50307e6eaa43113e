/** The rows of a stored data set as the frame takes them: a time, a series and its value, in ascending time per series. */
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { Duck } from '@corrente/platform/datasets/duckdb';
import { rowsOf, timeColumn } from '@corrente/platform/datasets/reader';
import type { Selection } from '@corrente/platform/datasets/selection';

/** A run of rows of one series; the arrays are valid until the next run is asked for. */
export interface Run {
  /** Index in the selection. */
  readonly series: number;
  /** Whether the run begins where the series' run before ended. */
  readonly continues: boolean;
  readonly time: Float64Array;
  readonly values: Float64Array;
  /** Bit i tells whether value `bitOffset + i` is there; null where all are. */
  readonly validity: Uint8Array | null;
  readonly bitOffset: number;
}

/** Columns of wide data that are read together: bounds the memory of a read. */
const columnsAtOnce = 256;

/** Rows per time from which on times count as shared. */
const manySeries = 4;

const noValues = new Float64Array(0);

/** The selected times only, as runs without values; each series' own, or those of all series together. */
export async function* timesOf(duck: Duck, path: string, dataset: Dataset, selection: Selection): AsyncGenerator<Run> {
  const isLong = dataset.shape === 'long';
  // Times that many series share come once from DuckDB; of others the union is made here, series by series.
  const shared = isLong && dataset.timePoints * manySeries <= dataset.rows;
  if (isLong && !shared) {
    yield* longRuns(duck, path, dataset, selection, null);
    return;
  }
  let continues = false;
  const times = shared ? `SELECT DISTINCT ${timeColumn(dataset)} AS t ${rowsOf(path, dataset, selection, true)} ORDER BY t` : `SELECT ${timeColumn(dataset)} ${rowsOf(path, dataset, selection)}`;
  for await (const block of duck.blocks(times)) {
    yield { series: 0, continues, time: block.doubles(0), values: noValues, validity: null, bitOffset: 0 };
    continues = true;
  }
}

/** Parts of a selection that can be read side by side, each on a connection of its own. */
export function partsOf(dataset: Dataset, selection: Selection): number[] {
  if (dataset.shape === 'long') return [0];
  return Array.from({ length: Math.ceil(selection.indices.length / columnsAtOnce) }, (_, part) => part);
}

/** All values of a part of the selection. */
export async function* valuesOf(duck: Duck, path: string, dataset: Dataset, selection: Selection, part: number): AsyncGenerator<Run> {
  if (dataset.shape === 'long') {
    yield* longRuns(duck, path, dataset, selection, selection.fieldIndex);
    return;
  }
  const from = part * columnsAtOnce;
  const columns = selection.indices.slice(from, from + columnsAtOnce);
  let continues = false;
  for await (const block of duck.blocks(`SELECT ${timeColumn(dataset)}, ${columns.map((column) => `v${column}`).join(', ')} ${rowsOf(path, dataset, selection)}`)) {
    const time = block.doubles(0);
    for (let column = 0; column < columns.length; column++) {
      yield { series: from + column, continues, time, values: block.doubles(column + 1), validity: block.validity(column + 1), bitOffset: 0 };
    }
    continues = true;
  }
}

async function* longRuns(duck: Duck, path: string, dataset: Dataset, selection: Selection, field: number | null): AsyncGenerator<Run> {
  const places = new Int32Array(dataset.series.length).fill(-1);
  for (const [place, index] of selection.indices.entries()) places[index] = place;
  let last = -1;
  for await (const block of duck.blocks(`SELECT series, ${timeColumn(dataset)}${field === null ? '' : `, v${field}`} ${rowsOf(path, dataset, selection)}`)) {
    const codes = block.integers(0);
    const times = block.doubles(1);
    const values = field === null ? noValues : block.doubles(2);
    const validity = field === null ? null : block.validity(2);
    for (let start = 0; start < block.rows;) {
      const code = codes[start] ?? 0;
      let end = start + 1;
      while (end < block.rows && codes[end] === code) end++;
      const series = places[code] ?? -1;
      if (series >= 0) yield { series, continues: code === last, time: times.subarray(start, end), values: values.subarray(start, end), validity, bitOffset: start };
      last = code;
      start = end;
    }
  }
}
