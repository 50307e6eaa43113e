/** The import report in words: the headline, then each finding with its count and first places. */
import { inBytes } from '@corrente/shared/contract/bytes';
import type { Dataset } from '@corrente/shared/contract/dataset';

const shown = 3;

function list<T>(places: readonly T[], count: number, word: (place: T) => string): string {
  const first = places.slice(0, shown).map(word).join('; ');
  return count > shown ? `${first}; …` : first;
}

/** How many trials, how long, and from where to where they run. */
function trialLine({ column, count, shortest, longest, clock, places }: NonNullable<Dataset['report']['trials']>): string {
  const lengths = shortest === longest ? `${longest} time points each` : `${shortest} to ${longest} time points`;
  const named = list(places, count, ({ trial, timePoints, from, to }) => `${trial}: ${timePoints}${from === null || to === null ? '' : ` from ${from} to ${to}`}`);
  return `  ${count} trials from ${column}, ${lengths}, ${clock === 'own' ? 'one after the other' : 'on one clock'} (${named})`;
}

export function reportLines(dataset: Dataset): string[] {
  const { report } = dataset;
  const lines = [
    `${dataset.name}: ${dataset.series.length} series × ${dataset.timePoints} time points, ${report.rowsStored} rows (${inBytes(dataset.bytes)} stored)`,
    `  ${report.shape} ${report.format}${report.compression === 'gzip' ? ', gzipped' : ''}; fields ${dataset.fields.join(', ')}`,
    report.timeColumn === null ? '  no time column: rows are numbered' : `  time from ${report.timeColumn}: ${dataset.from} to ${dataset.to}${report.frequency === null ? '' : `, ${report.frequency.label}`}`,
  ];
  if (report.trials !== null) lines.push(trialLine(report.trials));
  const finding = (count: number, words: string): void => {
    if (count > 0) lines.push(`  ${count} ${words}`);
  };
  finding(report.missingCells.count, `missing cells (${list(report.missingCells.places, report.missingCells.count, (p) => `line ${p.line} ${p.column}`)})`);
  finding(report.badCells.count, `cells that are not numbers (${list(report.badCells.places, report.badCells.count, (p) => `line ${p.line} ${p.column} "${p.text}"`)})`);
  finding(report.infiniteCells.count, `infinite cells (${list(report.infiniteCells.places, report.infiniteCells.count, (p) => `line ${p.line} ${p.column}`)})`);
  finding(report.badRows.count, `rows left out for their number of columns (${list(report.badRows.places, report.badRows.count, (p) => `line ${p.line}: ${p.found} of ${p.expected}`)})`);
  finding(report.duplicates.count, `duplicate times, ${report.duplicates.action} (${list(report.duplicates.places, report.duplicates.count, (p) => `line ${p.line} ${p.series ?? ''} ${p.time}`)})`);
  finding(report.unsorted.count, `rows out of order, ${report.unsorted.action} (${list(report.unsorted.places, report.unsorted.count, (p) => `line ${p.line} ${p.time}`)})`);
  finding(report.gaps.count, `gaps with ${report.gaps.missing} rows missing (${list(report.gaps.places, report.gaps.count, (p) => `${[p.series, p.trial === undefined ? null : `trial ${p.trial}`].filter((part) => part !== null).join(' ')} after ${p.after}: ${p.missing}`)})`);
  finding(report.lateSeries.count, `series start late (${list(report.lateSeries.places, report.lateSeries.count, (p) => `${p.series} ${p.from}`)})`);
  finding(report.constantSeries.count, `constant series (${report.constantSeries.names.slice(0, shown).join(', ')})`);
  finding(report.ignoredColumns.length, `columns left out (${list(report.ignoredColumns, report.ignoredColumns.length, (c) => `${c.column}: ${c.reason}`)})`);
  return [...lines, ...report.notes.map((note) => `  ${note}`)];
}
