/** The rows of a stored data set as the frame takes them: a time, a series and its value, in ascending time per series and trial. */
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { Block } from '@corrente/platform/datasets/block';
import type { Duck } from '@corrente/platform/datasets/duckdb';
import { rowsOf, timeColumn } from '@corrente/platform/datasets/reader';
import type { Selection } from '@corrente/platform/datasets/selection';
import { trialsOf } from '@corrente/platform/datasets/trials';

/** A run of rows of one series and one trial; the arrays are valid until the next run is asked for. */
export interface Run {
  /** Index in the selection. */
  readonly series: number;
  /** Number of the trial in the data set; 0 for data without. */
  readonly trial: number;
  /** Whether the run begins where the series' run before ended, in the same trial. */
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
  const trial = trialColumn(dataset);
  const columns = [...trial, `${timeColumn(dataset)} AS t`].join(', ');
  const times = shared ? `SELECT DISTINCT ${columns} ${rowsOf(path, dataset, selection, true)} ORDER BY ${[...trial, 't'].join(', ')}` : `SELECT ${columns} ${rowsOf(path, dataset, selection)}`;
  let last = -1;
  for await (const block of duck.blocks(times)) {
    const time = block.doubles(trial.length);
    for (const { trial: number, start, end } of stretches(block, trial.length > 0 ? 0 : null)) {
      yield { series: 0, trial: number, continues: number === last, time: time.subarray(start, end), values: noValues, validity: null, bitOffset: 0 };
      last = number;
    }
  }
}

/** The trial column of data that have one. */
function trialColumn(dataset: Dataset): string[] {
  return trialsOf(dataset) === null ? [] : ['trial'];
}

/** Rows of a block that belong to one trial, one stretch after the other; `column` holds the trials, if there are any. */
function stretches(block: Block, column: number | null, from = 0, to = block.rows): Array<{ trial: number; start: number; end: number }> {
  if (column === null) return [{ trial: 0, start: from, end: to }];
  const trials = block.integers(column);
  const found: Array<{ trial: number; start: number; end: number }> = [];
  for (let start = from; start < to;) {
    const trial = trials[start] ?? 0;
    let end = start + 1;
    while (end < to && trials[end] === trial) end++;
    found.push({ trial, start, end });
    start = end;
  }
  return found;
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
  const trial = trialColumn(dataset);
  let last = -1;
  for await (const block of duck.blocks(`SELECT ${[...trial, timeColumn(dataset), ...columns.map((column) => `v${column}`)].join(', ')} ${rowsOf(path, dataset, selection)}`)) {
    const time = block.doubles(trial.length);
    const values = columns.map((_, column) => ({ cells: block.doubles(trial.length + 1 + column), validity: block.validity(trial.length + 1 + column) }));
    for (const { trial: number, start, end } of stretches(block, trial.length > 0 ? 0 : null)) {
      for (const [column, { cells, validity }] of values.entries()) {
        yield { series: from + column, trial: number, continues: number === last, time: time.subarray(start, end), values: cells.subarray(start, end), validity, bitOffset: start };
      }
      last = number;
    }
  }
}

async function* longRuns(duck: Duck, path: string, dataset: Dataset, selection: Selection, field: number | null): AsyncGenerator<Run> {
  const places = new Int32Array(dataset.series.length).fill(-1);
  for (const [place, index] of selection.indices.entries()) places[index] = place;
  const trial = trialColumn(dataset);
  let [last, lastTrial] = [-1, -1];
  for await (const block of duck.blocks(`SELECT ${['series', ...trial, timeColumn(dataset), ...(field === null ? [] : [`v${field}`])].join(', ')} ${rowsOf(path, dataset, selection)}`)) {
    const codes = block.integers(0);
    const times = block.doubles(1 + trial.length);
    const values = field === null ? noValues : block.doubles(2 + trial.length);
    const validity = field === null ? null : block.validity(2 + trial.length);
    for (let from = 0; from < block.rows;) {
      const code = codes[from] ?? 0;
      let to = from + 1;
      while (to < block.rows && codes[to] === code) to++;
      const series = places[code] ?? -1;
      for (const { trial: number, start, end } of stretches(block, trial.length > 0 ? 1 : null, from, to)) {
        if (series >= 0) yield { series, trial: number, continues: code === last && number === lastTrial, time: times.subarray(start, end), values: values.subarray(start, end), validity, bitOffset: start };
        [last, lastTrial] = [code, number];
      }
      from = to;
    }
  }
}
