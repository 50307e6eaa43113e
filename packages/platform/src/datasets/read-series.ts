/**
 * Series for a chart, reduced so that a line chart of them looks the same: M4 (Jugel, Jerzak, Hackenbroich, Markl:
 * "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014). Of the values in each pixel column the
 * first, the last, the smallest and the largest are kept: they alone decide which pixels a line touches.
 */
import type { Dataset } from '@corrente/shared/contract/dataset';
import { throwIfAborted, type Duck } from './duckdb.ts';
import { connectReader, rowsOf, timeColumn } from './reader.ts';
import { rangeOf, select, type Selection, type SelectionInput } from './selection.ts';
import { trialsOf } from './trials.ts';

export interface SeriesRequest extends SelectionInput {
  /** Points per series, at most: four for each pixel column of the chart. At least 4. */
  readonly points: number;
}

export interface ReducedSeries {
  readonly name: string;
  /** Microseconds since 1970 UTC, or row numbers for data without time; ascending. */
  readonly time: BigInt64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

/** Series of wide data that one statement reads. */
const columnsAtOnce = 64;

/**
 * Missing values and infinities are left out. A series of at most `points` values comes whole. Of trials on one clock
 * the first is taken: a line through several would run back in time.
 *
 * @throws unknown-series, unknown-field, invalid-job, empty-selection, cancelled
 */
export async function readSeries(dataset: Dataset, path: string, request: SeriesRequest, options: { signal?: AbortSignal | undefined } = {}): Promise<{ field: string; series: ReducedSeries[] }> {
  const selection = select(dataset, request, '');
  const columns = Math.max(1, Math.floor(request.points / 4));
  const range = rangeOf(dataset);
  const start = Math.max(selection.from, range.from);
  const width = (Math.min(selection.to, range.to) - start) / columns;
  const duck = await connectReader(path);
  try {
    return await duck.cancellable(options.signal, async () => {
      const series: ReducedSeries[] = [];
      for (let from = 0; from < selection.indices.length; from += columnsAtOnce) {
        throwIfAborted(options.signal);
        const part: Selection = { ...selection, names: selection.names.slice(from, from + columnsAtOnce), indices: selection.indices.slice(from, from + columnsAtOnce) };
        series.push(...(await reduce(duck, dataset, path, part, { start, width, columns, points: request.points })));
      }
      return { field: selection.field, series };
    });
  } finally {
    duck.disconnect();
  }
}

interface Reduction {
  readonly start: number;
  /** Of a pixel column, in the unit of time. */
  readonly width: number;
  readonly columns: number;
  readonly points: number;
}

async function reduce(duck: Duck, dataset: Dataset, path: string, selection: Selection, reduction: Reduction): Promise<ReducedSeries[]> {
  const growing = selection.names.map(() => ({ time: [] as number[], values: [] as number[] }));
  const places = new Map(selection.indices.map((index, place) => [index, place]));
  for await (const block of duck.blocks(m4(dataset, path, selection, reduction))) {
    const codes = block.integers(0);
    const time = block.doubles(1);
    const values = block.doubles(2);
    for (let row = 0; row < block.rows; row++) {
      const series = growing[places.get(codes[row] ?? -1) ?? -1];
      series?.time.push(time[row] ?? 0);
      series?.values.push(values[row] ?? 0);
    }
  }
  return selection.names.map((name, place) => {
    const { time = [], values = [] } = growing[place] ?? {};
    return { name, time: BigInt64Array.from(time, (micros) => BigInt(micros)), values: Float64Array.from(values) };
  });
}

/** Rows (series, time, value) of the kept points, by series and time. */
function m4(dataset: Dataset, path: string, selection: Selection, { start, width, columns, points }: Reduction): string {
  const firstTrial = trialsOf(dataset)?.clock === 'shared' ? ['trial = 0'] : [];
  const rows = rowsOf(path, dataset, selection, true, firstTrial);
  const time = timeColumn(dataset);
  const source = dataset.shape === 'long'
    ? `SELECT series, ${time} AS t, v${selection.fieldIndex} AS v ${rows}`
    : `SELECT series, t, v FROM (${selection.indices.map((index) => `SELECT CAST(${index} AS INTEGER) AS series, ${time} AS t, v${index} AS v ${rows}`).join(' UNION ALL ')})`;
  const column = width > 0 ? `least(CAST(floor((t - (${start})) / ${width}) AS INTEGER), ${columns - 1})` : '0';
  return `WITH present AS MATERIALIZED (SELECT series, t, v FROM (${source}) WHERE isfinite(v)),
    sizes AS (SELECT series, count(*) AS size FROM present GROUP BY series),
    columns AS (SELECT present.series, min(t) AS t1, arg_min(v, t) AS v1, max(t) AS t2, arg_max(v, t) AS v2, arg_min(t, v) AS t3, min(v) AS v3, arg_max(t, v) AS t4, max(v) AS v4
      FROM present JOIN sizes ON present.series = sizes.series AND size > ${points} GROUP BY present.series, ${column})
    SELECT series, t, v FROM (
      SELECT present.series, t, v FROM present JOIN sizes ON present.series = sizes.series AND size <= ${points}
      UNION SELECT series, t1, v1 FROM columns UNION SELECT series, t2, v2 FROM columns
      UNION SELECT series, t3, v3 FROM columns UNION SELECT series, t4, v4 FROM columns)
    ORDER BY series, t`;
}
