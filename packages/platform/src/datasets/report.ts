/** The report of an import: what was read, what was wrong with it, and what was made of it. */
import type { ImportMapping, ImportReport } from '@corrente/shared/contract/dataset';
import { findFrequency, findGaps, lowerBound } from './axis.ts';
import { countFields, countSeries, findCells, type FieldCounts, type SeriesCounts } from './counts.ts';
import type { Duck } from './duckdb.ts';
import type { Order } from './order.ts';
import { columnsPerStatement, inParts, placesKept, type Staged, type StagedCell } from './staged.ts';
import { formatTime, microsPerDay } from './time.ts';

/** Times that are held in memory to find frequency and gaps. */
const axisLimit = 32 * 1024 * 1024;

export interface CellReport {
  readonly fields: readonly FieldCounts[];
  readonly missing: { readonly count: number; readonly places: readonly StagedCell[] };
  readonly infinite: { readonly count: number; readonly places: readonly StagedCell[] };
}

/** Counts the cells of the whole file; before rows are left out, so that lines and counts are the file's. */
export async function countCells(duck: Duck, { layout, rows, badCells }: Staged): Promise<CellReport> {
  const fields = await countFields(duck, layout.fields.length);
  const all = fields.map((_, field) => field);
  const incomplete = all.filter((field) => (fields[field]?.present ?? 0) < rows);
  const missing = incomplete.reduce((sum, field) => sum + rows - (fields[field]?.present ?? 0), 0);
  // Bad cells are stored as missing, but are not missing in the file.
  const badFieldCells = badCells.count - badCells.times;
  const withInfinite = all.filter((field) => fields[field]?.max === Infinity || fields[field]?.min === -Infinity);
  const infinitePlaces = withInfinite.length === 0 ? [] : await findCells(duck, withInfinite, (field) => `isinf(${field})`);
  return {
    fields,
    missing: { count: missing - badFieldCells, places: missing === badFieldCells ? [] : await findCells(duck, incomplete, (field) => `${field} IS NULL`, placesKept + Math.min(badCells.count, 10_000)) },
    infinite: { count: withInfinite.length === 0 ? 0 : await countInfinite(duck, withInfinite), places: infinitePlaces },
  };
}

async function countInfinite(duck: Duck, fields: readonly number[]): Promise<number> {
  let count = 0;
  await inParts(fields, columnsPerStatement, async (part) => {
    const [row = []] = await duck.rows(`SELECT ${part.map((field) => `count_if(isinf(f${field}))`).join(', ')} FROM staging`);
    count += row.reduce<number>((sum, cell) => sum + Number(cell), 0);
  });
  return count;
}

export interface SeriesReport {
  readonly series: readonly string[];
  readonly timePoints: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly dateOnly: boolean;
  readonly frequency: ImportReport['frequency'];
  readonly gaps: ImportReport['gaps'];
  readonly lateSeries: ImportReport['lateSeries'];
  readonly completeSeries: number;
  readonly constantSeries: ImportReport['constantSeries'];
  readonly notes: readonly string[];
}

/** What the rows that are stored hold, series by series. */
export async function describeSeries(duck: Duck, staged: Staged, order: Order, fields: readonly FieldCounts[], rows: number): Promise<SeriesReport> {
  const { layout } = staged;
  const hasTime = layout.time !== null;
  const axis = hasTime ? await readAxis(duck) : { times: new Float64Array(0), points: rows };
  const { times } = axis;
  const dateOnly = hasTime && times.every((time) => time % microsPerDay === 0);
  const found = findFrequency(times);
  const notes = axis.points > times.length && hasTime ? [`Frequency and gaps are those of the first ${times.length} of ${axis.points} times.`] : [];
  const counts = layout.shape === 'long' ? await countSeries(duck, layout.fields.length, hasTime) : null;
  const timePoints = hasTime || counts === null ? axis.points : counts.reduce((most, { rows: own }) => Math.max(most, own), 0);
  const gaps = { count: 0, missing: 0, places: [] as ImportReport['gaps']['places'] };
  if (found !== null && found.grid !== null) {
    const common = findGaps(times, found.grid, dateOnly, placesKept);
    // Holidays differ from place to place; days off that all series share are told in one sentence.
    if (found.grid.label === 'business days') {
      if (common.missing > 0) notes.push(`${common.missing} weekdays between the first and the last have no row: holidays, or missing for every series.`);
    } else addGaps(gaps, common, null);
    if (counts !== null) await findSeriesGaps(duck, counts, order.keys, times, dateOnly, gaps);
  }
  const names = layout.shape === 'long' ? order.keys : layout.fields.map(({ name }) => name);
  const fieldNames = layout.fields.map(({ name }) => name);
  const empty = counts === null ? names.filter((_, index) => (fields[index]?.present ?? 0) === 0) : names.filter((_, index) => counts[index]?.fields.every(({ present }) => present === 0));
  if (empty.length > 0) notes.push(`${empty.length} series have no values: ${empty.slice(0, 10).join(', ')}${empty.length > 10 ? ', …' : ''}.`);
  return {
    series: names,
    timePoints,
    from: times[0] ?? null,
    to: times.length > 0 ? await lastTime(duck, axis) : null,
    dateOnly,
    frequency: found?.frequency ?? null,
    gaps,
    lateSeries: counts === null ? await lateColumns(duck, layout.fields, fields, rows, hasTime, dateOnly, times[0] ?? 0) : lateKeys(counts, order.keys, hasTime, dateOnly, times[0] ?? 0),
    completeSeries: counts === null ? fields.filter(({ present }) => present === rows).length : counts.filter((one) => one.fields.some(({ present }) => present === timePoints)).length,
    constantSeries: counts === null ? constantColumns(names, fields) : constantKeys(order.keys, fieldNames, counts),
    notes,
  };
}

async function readAxis(duck: Duck): Promise<{ times: Float64Array; points: number }> {
  let times = new Float64Array(1 << 16);
  let points = 0;
  for await (const block of duck.blocks('SELECT DISTINCT CAST(epoch_us(t) AS DOUBLE) AS time FROM staging ORDER BY time')) {
    if (points < axisLimit) {
      if (points + block.rows > times.length) {
        const longer = new Float64Array(Math.min(axisLimit + block.rows, Math.max(2 * times.length, points + block.rows)));
        longer.set(times);
        times = longer;
      }
      times.set(block.doubles(0), points);
    }
    points += block.rows;
  }
  return { times: times.subarray(0, Math.min(points, axisLimit)), points };
}

async function lastTime(duck: Duck, { times, points }: { times: Float64Array; points: number }): Promise<number> {
  if (points === times.length) return times[points - 1] ?? 0;
  const [row = []] = await duck.rows('SELECT CAST(epoch_us(max(t)) AS DOUBLE) FROM staging');
  return Number(row[0]);
}

function addGaps(gaps: ImportReport['gaps'], found: ReturnType<typeof findGaps>, series: string | null): void {
  gaps.count += found.count;
  gaps.missing += found.missing;
  for (const place of found.places.slice(0, placesKept - gaps.places.length)) gaps.places.push({ series, ...place });
}

/** Rows that a series lacks between its first and its last, though other series have them. */
async function findSeriesGaps(duck: Duck, counts: readonly SeriesCounts[], keys: readonly string[], axis: Float64Array, dateOnly: boolean, gaps: ImportReport['gaps']): Promise<void> {
  const holed = counts.flatMap(({ rows, first, last }, code) => (lowerBound(axis, last) - lowerBound(axis, first) + 1 > rows ? [code] : []));
  if (holed.length === 0) return;
  // Every step of the series, counted in steps of the common axis.
  const positions = { every: '', label: '', between: (a: number, b: number) => lowerBound(axis, b) - lowerBound(axis, a) };
  const only = holed.length > 1000 ? '' : ` WHERE code IN (${holed.join(', ')})`;
  const pair = new Float64Array(2);
  let [code, known] = [-1, false];
  for await (const block of duck.blocks(`SELECT code, time FROM (SELECT CAST(enum_code(CAST(k AS keys)) AS INTEGER) AS code, CAST(epoch_us(t) AS DOUBLE) AS time FROM staging)${only} ORDER BY code, time`)) {
    const codes = block.integers(0);
    const times = block.doubles(1);
    for (let row = 0; row < block.rows; row++) {
      known = codes[row] === code;
      code = codes[row] ?? 0;
      pair[0] = pair[1] ?? 0;
      pair[1] = times[row] ?? 0;
      if (known) addGaps(gaps, findGaps(pair, positions, dateOnly, 1), keys[code] ?? null);
    }
  }
}

function lateKeys(counts: readonly SeriesCounts[], keys: readonly string[], hasTime: boolean, dateOnly: boolean, start: number): ImportReport['lateSeries'] {
  const late = hasTime ? counts.flatMap(({ first }, code) => (first > start ? [{ series: keys[code] ?? '', from: formatTime(first, dateOnly) }] : [])) : [];
  return { count: late.length, places: late.slice(0, placesKept) };
}

async function lateColumns(duck: Duck, columns: Staged['layout']['fields'], fields: readonly FieldCounts[], rows: number, hasTime: boolean, dateOnly: boolean, start: number): Promise<ImportReport['lateSeries']> {
  const late: ImportReport['lateSeries'] = { count: 0, places: [] };
  if (!hasTime) return late;
  const incomplete = columns.flatMap((_, field) => ((fields[field]?.present ?? 0) < rows && (fields[field]?.present ?? 0) > 0 ? [field] : []));
  await inParts(incomplete, columnsPerStatement, async (part) => {
    const [row = []] = await duck.rows(`SELECT ${part.map((field) => `CAST(epoch_us(min(t) FILTER (f${field} IS NOT NULL)) AS DOUBLE)`).join(', ')} FROM staging`);
    for (const [index, field] of part.entries()) {
      const first = Number(row[index]);
      if (first <= start) continue;
      late.count++;
      if (late.places.length < placesKept) late.places.push({ series: columns[field]?.name ?? '', from: formatTime(first, dateOnly) });
    }
  });
  return late;
}

function isConstant({ present, min, max }: FieldCounts): boolean {
  return present > 1 && min === max;
}

function constantColumns(names: readonly string[], fields: readonly FieldCounts[]): ImportReport['constantSeries'] {
  const constant = names.filter((_, field) => isConstant(fields[field] ?? { present: 0, min: 0, max: 0 }));
  return { count: constant.length, names: constant.slice(0, placesKept) };
}

/** Fields of series that never change; the field is named where there are several. */
function constantKeys(keys: readonly string[], fields: readonly string[], counts: readonly SeriesCounts[]): ImportReport['constantSeries'] {
  const constant = counts.flatMap((one, code) => one.fields.flatMap((field, index) => (isConstant(field) ? [fields.length === 1 ? (keys[code] ?? '') : `${keys[code]} ${fields[index]}`] : [])));
  return { count: constant.length, names: constant.slice(0, placesKept) };
}

export interface ReportParts {
  readonly staged: Staged;
  readonly order: Order;
  readonly cells: CellReport;
  readonly described: SeriesReport;
  readonly rowsStored: number;
  readonly action: ImportMapping['duplicates'];
  readonly milliseconds: ImportReport['milliseconds'];
}

/** Puts the parts together; places get the lines of the file, and missing cells their text. */
export async function makeReport({ staged, order, cells, described, rowsStored, action, milliseconds }: ReportParts): Promise<ImportReport> {
  const { layout, badRows } = staged;
  const { dateOnly } = described;
  const cellPlaces = [...staged.badCells.places, ...cells.missing.places, ...cells.infinite.places];
  const found = await staged.find([...cellPlaces, ...order.unsorted.places, ...order.duplicates.places].map(({ row }) => row));
  const lineOf = (row: number): number => found.get(row)?.line ?? row + 1;
  const columnOf = ({ column }: StagedCell): { index: number; name: string } => {
    const of = column === 'time' ? layout.time : column === 'key' ? layout.key : layout.fields[column];
    return { index: of?.column ?? 0, name: of?.name ?? '' };
  };
  const cellPlace = (cell: StagedCell): ImportReport['badCells']['places'][number] => {
    const { index, name } = columnOf(cell);
    return { line: lineOf(cell.row), column: name, text: cell.text || (found.get(cell.row)?.cells(index) ?? '') };
  };
  const isBad = new Set(staged.badCells.places.map(({ row, column }) => `${row} ${column}`));
  const missing = cells.missing.places.filter(({ row, column }) => !isBad.has(`${row} ${column}`)).slice(0, placesKept);
  const rowPlace = ({ row, series, time }: Order['unsorted']['places'][number]): ImportReport['unsorted']['places'][number] => ({ line: lineOf(row), series: series === null ? null : (order.keys[series] ?? null), time: formatTime(time, dateOnly) });
  const left = [
    ...(order.withoutTime > 0 ? [`${order.withoutTime} rows without a time were left out.`] : []),
    ...(order.withoutKey > 0 ? [`${order.withoutKey} rows without a name in ${JSON.stringify(layout.key?.name ?? '')} were left out.`] : []),
  ];
  return {
    format: staged.format,
    compression: staged.compression,
    delimiter: staged.delimiter,
    header: staged.header,
    commentLines: staged.commentLines,
    shape: layout.shape,
    timeColumn: layout.time?.name ?? null,
    timeKind: timeKindOf(staged, dateOnly),
    keyColumn: layout.key?.name ?? null,
    ignoredColumns: layout.ignored.map(({ column, reason }) => ({ column, reason })),
    rowsRead: staged.rows + badRows.count,
    rowsStored,
    timePoints: described.timePoints,
    series: described.series.length,
    fields: layout.shape === 'long' ? layout.fields.map(({ name }) => name) : ['value'],
    from: described.from === null ? null : formatTime(described.from, dateOnly),
    to: described.to === null ? null : formatTime(described.to, dateOnly),
    frequency: described.frequency,
    missingCells: { count: cells.missing.count, places: missing.map(cellPlace) },
    badCells: { count: staged.badCells.count, places: staged.badCells.places.map(cellPlace) },
    infiniteCells: { count: cells.infinite.count, places: cells.infinite.places.map(cellPlace) },
    badRows: { count: badRows.count, places: [...badRows.places] },
    duplicates: { count: order.duplicates.count, places: order.duplicates.places.map(rowPlace), action: order.duplicates.count === 0 ? 'none needed' : { last: 'kept the last', first: 'kept the first', mean: 'kept their mean', refuse: 'refused' }[action] },
    unsorted: { count: order.unsorted.count, places: order.unsorted.places.map(rowPlace), action: order.unsorted.count === 0 ? 'none needed' : 'sorted by time' },
    gaps: described.gaps,
    lateSeries: described.lateSeries,
    completeSeries: described.completeSeries,
    constantSeries: described.constantSeries,
    notes: [...staged.notes, ...left, ...described.notes],
    milliseconds,
  };
}

function timeKindOf({ layout }: Staged, dateOnly: boolean): ImportReport['timeKind'] {
  if (layout.time === null) return 'index';
  const { kind } = layout.time.reading;
  return kind === 'timestamp' && dateOnly ? 'date' : kind;
}
