/** The report of an import: what was read, what was wrong with it, and what was made of it. */
import type { ImportMapping, ImportReport } from '@corrente/shared/contract/dataset';
import { findFrequency, findGaps, lowerBound } from './axis.ts';
import type { Duck } from './duckdb.ts';
import type { Order } from './order.ts';
import { placesKept, type Staged, type StagedCell } from './staged.ts';
import type { RowPlace, Survey } from './survey.ts';
import { formatTime, microsPerDay } from './time.ts';
import { addGaps, gapsWithin, longestAxis, measureTrials, reportTrials, type TrialExtent } from './trials.ts';

/** Times that are held in memory to find frequency and gaps. */
const axisLimit = 32 * 1024 * 1024;

export interface SeriesReport {
  readonly series: readonly string[];
  readonly trials: ImportReport['trials'];
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
export async function describeSeries(duck: Duck, staged: Staged, order: Order): Promise<SeriesReport> {
  const { layout } = staged;
  const { kept, keys, trials, rowsStored } = order;
  const hasTime = layout.time !== null;
  const isLong = layout.key !== null;
  const axis = hasTime ? await readAxis(duck) : { times: new Float64Array(0), points: kept.rows.reduce((most, rows) => Math.max(most, rows), 0) };
  const { times, points } = axis;
  const dateOnly = hasTime && times.every((time) => time % microsPerDay === 0);
  const extents = layout.trial === null ? [] : await measureTrials(duck, layout);
  const trialReport = layout.trial === null ? null : reportTrials(layout.trial.name, trials, extents, hasTime, dateOnly);
  const isOneAxis = trialReport === null || (hasTime && trialReport.clock === 'shared');
  // The steps from one recording to the next say nothing of the frequency.
  const frequency = findFrequency(trialReport?.clock === 'own' ? longestAxis(extents, times) : times);
  const notes = hasTime && points > times.length ? [`Frequency and gaps are those of the first ${times.length} of ${points} times.`] : [];
  const gaps: ImportReport['gaps'] = { count: 0, missing: 0, places: [] };
  if (frequency?.grid && trialReport?.clock === 'own') {
    gapsWithin(extents, trials, times, frequency.grid, dateOnly, gaps);
    if (isLong) await findHoles(duck, layout, order, times, dateOnly, gaps);
  } else if (frequency?.grid) {
    const common = findGaps(times, frequency.grid, dateOnly, placesKept);
    // Holidays differ from place to place; days off that all series share are told in one sentence.
    if (frequency.grid.label !== 'business days') addGaps(gaps, common, { series: null });
    else if (common.missing > 0) notes.push(`${common.missing} weekdays between the first and the last have no row: holidays, or missing for every series.`);
    if (isLong || trialReport !== null) await findHoles(duck, layout, order, times, dateOnly, gaps);
  }
  const values = new SeriesValues(kept, isLong ? keys : layout.fields.map(({ name }) => name), isLong ? layout.fields.map(({ name }) => name) : null);
  const empty = values.names.filter((_, series) => values.most(series) === 0);
  if (empty.length > 0) notes.push(`${empty.length} series have no values: ${empty.slice(0, 10).join(', ')}${empty.length > 10 ? ', …' : ''}.`);
  const begins = isLong ? kept.first : kept.firstPresent;
  const start = times[0] ?? 0;
  const late = hasTime ? values.names.flatMap((name, series) => ((begins[series] ?? 0) > start && begins[series] !== Infinity ? [{ series: name, from: formatTime(begins[series] ?? 0, dateOnly) }] : [])) : [];
  const constant = values.constant();
  const longest = trialReport?.longest ?? points;
  return {
    series: values.names,
    trials: trialReport,
    timePoints: isOneAxis ? points : longest,
    from: hasTime ? start : null,
    to: hasTime ? kept.last.reduce((latest, last) => Math.max(latest, last), -Infinity) : null,
    dateOnly,
    frequency: frequency?.frequency ?? null,
    gaps,
    lateSeries: { count: late.length, places: late.slice(0, placesKept) },
    completeSeries: values.names.filter((_, series) => values.most(series) === (isLong ? allPoints(extents, points) : rowsStored)).length,
    constantSeries: { count: constant.length, names: constant.slice(0, placesKept) },
    notes,
  };
}

/** The survey's counts by series: a field of wide data is a series, a series of long data has fields. */
class SeriesValues {
  readonly names: readonly string[];
  private readonly survey: Survey;
  private readonly fields: readonly string[] | null;

  constructor(survey: Survey, names: readonly string[], fields: readonly string[] | null) {
    this.survey = survey;
    this.names = names;
    this.fields = fields;
  }

  /** Values of the field of a series that has the most. */
  most(series: number): number {
    const width = this.fields?.length ?? 1;
    let most = 0;
    for (let at = series * width; at < (series + 1) * width; at++) most = Math.max(most, this.survey.present[at] ?? 0);
    return most;
  }

  /** Series that never change; the field is named where there are several. */
  constant(): string[] {
    const { present, min, max } = this.survey;
    const width = this.fields?.length ?? 1;
    const constant: string[] = [];
    for (let at = 0; at < present.length; at++) {
      if ((present[at] ?? 0) < 2 || min[at] !== max[at]) continue;
      const name = this.names[Math.floor(at / width)] ?? '';
      constant.push(width === 1 ? name : `${name} ${this.fields?.[at % width] ?? ''}`);
    }
    return constant;
  }
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

/** Time points of all trials together. */
function allPoints(extents: readonly TrialExtent[], points: number): number {
  return extents.length === 0 ? points : extents.reduce((sum, { timePoints }) => sum + timePoints, 0);
}

/** Rows that a series (or a trial of it) lacks between its first and its last, though others have them. */
async function findHoles(duck: Duck, layout: Staged['layout'], { keys, trials, kept }: Order, axis: Float64Array, dateOnly: boolean, gaps: ImportReport['gaps']): Promise<void> {
  const key = layout.key === null ? '0' : 'CAST(enum_code(CAST(k AS keys)) AS INTEGER)';
  const trial = layout.trial === null ? '0' : 'CAST(enum_code(CAST(r AS trials)) AS INTEGER)';
  const holed: string[] = [];
  const look = (unit: string, rows = 0, first = 0, last = 0): void => {
    if (lowerBound(axis, last) - lowerBound(axis, first) + 1 > rows) holed.push(unit);
  };
  if (layout.trial === null) {
    for (const code of keys.keys()) look(`(${code}, 0)`, kept.rows[code], kept.first[code], kept.last[code]);
  } else {
    for await (const block of duck.blocks(`SELECT ${key} AS code, ${trial} AS trial, CAST(count(*) AS DOUBLE), CAST(epoch_us(min(t)) AS DOUBLE), CAST(epoch_us(max(t)) AS DOUBLE) FROM staging GROUP BY code, trial`)) {
      const [codes, numbers, rows, first, last] = [block.integers(0), block.integers(1), block.doubles(2), block.doubles(3), block.doubles(4)];
      for (let unit = 0; unit < block.rows; unit++) look(`(${codes[unit] ?? 0}, ${numbers[unit] ?? 0})`, rows[unit], first[unit], last[unit]);
    }
  }
  if (holed.length === 0) return;
  // Every step of the series, counted in steps of the common axis.
  const positions = { every: '', label: '', between: (a: number, b: number) => lowerBound(axis, b) - lowerBound(axis, a) };
  const only = holed.length > 1000 ? '' : ` WHERE (${key}, ${trial}) IN (${holed.join(', ')})`;
  const pair = new Float64Array(2);
  let [series, number] = [-1, -1];
  for await (const block of duck.blocks(`SELECT ${key} AS code, ${trial} AS trial, CAST(epoch_us(t) AS DOUBLE) AS time FROM staging${only} ORDER BY code, trial, time`)) {
    const codes = block.integers(0);
    const numbers = block.integers(1);
    const times = block.doubles(2);
    for (let row = 0; row < block.rows; row++) {
      const [code = 0, unit = 0] = [codes[row], numbers[row]];
      pair[0] = pair[1] ?? 0;
      pair[1] = times[row] ?? 0;
      if (code === series && unit === number) addGaps(gaps, findGaps(pair, positions, dateOnly, 1), { series: keys[code] ?? null, ...(layout.trial === null ? {} : { trial: trials[unit] ?? '' }) });
      [series, number] = [code, unit];
    }
  }
}

export interface ReportParts {
  readonly staged: Staged;
  readonly order: Order;
  readonly described: SeriesReport;
  readonly action: ImportMapping['duplicates'];
}

/** Puts the parts together; places get the lines of the file, and missing cells their text. */
export async function makeReport({ staged, order, described, action }: ReportParts): Promise<Omit<ImportReport, 'milliseconds'>> {
  const { layout, badRows } = staged;
  const { dateOnly } = described;
  const { missing, infinite, unsorted, withoutTime, withoutKey, withoutTrial } = order.found;
  const isBad = new Set(staged.badCells.places.map(({ row, column }) => `${row} ${column}`));
  const missingPlaces = missing.places.filter(({ row, column }) => !isBad.has(`${row} ${column}`)).slice(0, placesKept);
  const found = await staged.find([...staged.badCells.places, ...missingPlaces, ...infinite.places, ...unsorted.places, ...order.duplicates.places].map(({ row }) => row));
  const lineOf = (row: number): number => found.get(row)?.line ?? row + 1;
  const columnOf = ({ column }: StagedCell): { index: number; name: string } => {
    const of = column === 'time' ? layout.time : column === 'key' ? layout.key : layout.fields[column];
    return { index: of?.column ?? 0, name: of?.name ?? '' };
  };
  const cellPlace = (cell: StagedCell): ImportReport['badCells']['places'][number] => {
    const { index, name } = columnOf(cell);
    return { line: lineOf(cell.row), column: name, text: cell.text || (found.get(cell.row)?.cells(index) ?? '') };
  };
  const rowPlace = ({ row, series, time }: RowPlace): ImportReport['unsorted']['places'][number] => ({ line: lineOf(row), series: series === null ? null : (order.keys[series] ?? null), time: formatTime(time, dateOnly) });
  const left = [
    ...(withoutTime > 0 ? [`${withoutTime} rows without a time were left out.`] : []),
    ...(withoutKey > 0 ? [`${withoutKey} rows without a name in ${JSON.stringify(layout.key?.name ?? '')} were left out.`] : []),
    ...(withoutTrial > 0 ? [`${withoutTrial} rows without a trial in ${JSON.stringify(layout.trial?.name ?? '')} were left out.`] : []),
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
    trials: described.trials,
    ignoredColumns: layout.ignored.map(({ column, reason }) => ({ column, reason })),
    rowsRead: staged.rows + badRows.count,
    rowsStored: order.rowsStored,
    timePoints: described.timePoints,
    series: described.series.length,
    fields: layout.shape === 'long' ? layout.fields.map(({ name }) => name) : ['value'],
    from: described.from === null ? null : formatTime(described.from, dateOnly),
    to: described.to === null ? null : formatTime(described.to, dateOnly),
    frequency: described.frequency,
    // A bad cell is stored as missing, but is not missing in the file; a bad time is no cell of a field.
    missingCells: { count: Math.max(0, missing.count - (staged.badCells.count - staged.badCells.times)), places: missingPlaces.map(cellPlace) },
    badCells: { count: staged.badCells.count, places: staged.badCells.places.map(cellPlace) },
    infiniteCells: { count: infinite.count, places: infinite.places.map(cellPlace) },
    badRows: { count: badRows.count, places: [...badRows.places] },
    duplicates: { count: order.duplicates.count, places: order.duplicates.places.map(rowPlace), action: order.duplicates.count === 0 ? 'none needed' : { last: 'kept the last', first: 'kept the first', mean: 'kept their mean', refuse: 'refused' }[action] },
    unsorted: { count: unsorted.count, places: unsorted.places.map(rowPlace), action: unsorted.count === 0 ? 'none needed' : 'sorted by time' },
    gaps: described.gaps,
    lateSeries: described.lateSeries,
    completeSeries: described.completeSeries,
    constantSeries: described.constantSeries,
    notes: [...staged.notes, ...left, ...described.notes],
  };
}

function timeKindOf({ layout }: Staged, dateOnly: boolean): ImportReport['timeKind'] {
  if (layout.time === null) return 'index';
  const { kind } = layout.time.reading;
  return kind === 'timestamp' && dateOnly ? 'date' : kind;
}
