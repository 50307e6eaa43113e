/** What an import found, as sentences: first what may be wrong, then what is worth knowing. */
import type { ImportReport } from '@corrente/shared/contract/dataset';
import { formatBound, formatCount, plural } from '../../lib/format.ts';

export interface Finding {
  readonly title: string;
  /** What was done about it, or what it means. */
  readonly detail: string;
  readonly severity: 'warning' | 'note';
  /** The first places, a row each; fewer than the count where there are many. */
  readonly places: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[]; readonly total: number };
}

const nowhere = { columns: [], rows: [], total: 0 };
const dash = (text: string | null) => text ?? '–';

export function findings(report: ImportReport): Finding[] {
  const { badRows, badCells, infiniteCells, missingCells, duplicates, unsorted, gaps, lateSeries, constantSeries, ignoredColumns } = report;
  const cells = (found: typeof badCells) => ({ columns: ['Line', 'Column', 'Text'], rows: found.places.map(({ line, column, text }) => [formatCount(line), column, text === '' ? '(empty)' : text]), total: found.count });
  const rows = (found: typeof duplicates) => ({ columns: ['Line', 'Series', 'Time'], rows: found.places.map(({ line, series, time }) => [formatCount(line), dash(series), formatBound(time)]), total: found.count });
  const all: (Finding | null)[] = [
    badRows.count === 0 ? null : { severity: 'warning', title: `${plural(badRows.count, 'row')} of another length`, detail: 'They were skipped.', places: { columns: ['Line', 'Columns', 'Expected'], rows: badRows.places.map(({ line, expected, found }) => [formatCount(line), String(found), String(expected)]), total: badRows.count } },
    badCells.count === 0 ? null : { severity: 'warning', title: `${plural(badCells.count, 'cell')} that ${badCells.count === 1 ? 'is' : 'are'} no number`, detail: 'Taken as missing.', places: cells(badCells) },
    infiniteCells.count === 0 ? null : { severity: 'warning', title: plural(infiniteCells.count, 'infinite value'), detail: 'Kept as they are; an analysis refuses a selection that holds them.', places: cells(infiniteCells) },
    duplicates.count === 0 ? null : { severity: 'warning', title: `${plural(duplicates.count, 'time')} that ${duplicates.count === 1 ? 'occurs' : 'occur'} twice`, detail: sentence(duplicates.action), places: rows(duplicates) },
    unsorted.count === 0 ? null : { severity: 'warning', title: `${plural(unsorted.count, 'row')} out of order in time`, detail: sentence(unsorted.action), places: rows(unsorted) },
    gaps.count === 0 ? null : { severity: 'warning', title: `${plural(gaps.count, 'gap')}, ${plural(gaps.missing, 'row')} missing`, detail: 'Nothing was filled in; choose a fill in the analysis where it needs one.', places: { columns: ['Series', 'After', 'Before', 'Missing'], rows: gaps.places.map(({ series, trial, after, before, missing }) => [trial === undefined ? dash(series) : `${series === null ? 'Trial' : `${series}, trial`} ${trial}`, formatBound(after), formatBound(before), formatCount(missing)]), total: gaps.count } },
    missingCells.count === 0 ? null : { severity: 'note', title: plural(missingCells.count, 'empty cell'), detail: 'Stored as missing.', places: cells(missingCells) },
    lateSeries.count === 0 ? null : { severity: 'note', title: `${formatCount(lateSeries.count)} series ${lateSeries.count === 1 ? 'starts' : 'start'} late`, detail: 'Missing before their first value.', places: { columns: ['Series', 'From'], rows: lateSeries.places.map(({ series, from }) => [series, formatBound(from)]), total: lateSeries.count } },
    constantSeries.count === 0 ? null : { severity: 'note', title: `${formatCount(constantSeries.count)} constant series`, detail: 'They have no correlation with any other.', places: { columns: ['Series'], rows: constantSeries.names.map((name) => [name]), total: constantSeries.count } },
    ignoredColumns.length === 0 ? null : { severity: 'note', title: `${plural(ignoredColumns.length, 'column')} left out`, detail: 'Name them in the mapping to keep them.', places: { columns: ['Column', 'Reason'], rows: ignoredColumns.map(({ column, reason }) => [column === '' ? '(unnamed)' : column, reason]), total: ignoredColumns.length } },
    ...trialFindings(report.trials),
    ...report.notes.map((note): Finding => ({ severity: 'note', title: sentence(note), detail: '', places: nowhere })),
  ];
  return all.filter((finding) => finding !== null);
}

function trialFindings(trials: ImportReport['trials']): Finding[] {
  if (trials === null) return [];
  const { count, shortest, longest, clock, places } = trials;
  const length = shortest === longest ? `of ${plural(longest, 'time point')} each` : `of ${formatCount(shortest)} to ${plural(longest, 'time point')}`;
  const detail = clock === 'own' ? 'Recorded one after the other; rows are matched by the time since each began.' : 'On one clock; rows are matched by their time.';
  const rows = places.map(({ trial, timePoints, from, to }) => [trial, formatCount(timePoints), dash(from === null ? null : formatBound(from)), dash(to === null ? null : formatBound(to))]);
  return [{ severity: 'note', title: `${plural(count, 'trial')} ${length}`, detail, places: { columns: ['Trial', 'Time points', 'From', 'To'], rows, total: count } }];
}

function sentence(text: string): string {
  if (text === '') return '';
  return `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** How the file was read, in a line. */
export function reading(report: ImportReport): string {
  const format = { csv: 'Text', parquet: 'Parquet', arrow: 'Arrow' }[report.format];
  const delimiters: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars', whitespace: 'whitespace' };
  const parts = [
    `${format}${report.compression === 'gzip' ? ', gzipped' : ''}`,
    report.delimiter === null ? null : `separated by ${delimiters[report.delimiter] ?? `"${report.delimiter}"`}`,
    report.format === 'csv' ? (report.header ? 'with a header' : 'without a header') : null,
    report.commentLines > 0 ? plural(report.commentLines, 'comment line') : null,
    report.shape === 'wide' ? 'one column per series' : `series named by ${report.keyColumn ?? 'a column'}`,
    report.timeColumn === null ? 'no time, rows counted' : `time in ${report.timeColumn}`,
    report.trials === null ? null : `trials in ${report.trials.column}`,
  ];
  return `${parts.filter((part) => part !== null).join(', ')}.`;
}
