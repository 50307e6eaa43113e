import type { ImportReport } from '@corrente/shared/contract/dataset';
import { describe, expect, it } from 'vitest';
import { findings, reading } from './findings.ts';

const none = { count: 0, places: [] };
const clean: ImportReport = {
  format: 'csv', compression: 'none', delimiter: ';', header: true, commentLines: 0, shape: 'wide', timeColumn: 'date', timeKind: 'date', keyColumn: null, trials: null, ignoredColumns: [],
  rowsRead: 10, rowsStored: 10, timePoints: 10, series: 2, fields: ['value'], from: '2020-01-01', to: '2020-01-10', frequency: null,
  missingCells: none, badCells: none, infiniteCells: none, badRows: none, duplicates: { ...none, action: 'kept the last' }, unsorted: { ...none, action: 'sorted' },
  gaps: { ...none, missing: 0 }, lateSeries: none, completeSeries: 2, constantSeries: { count: 0, names: [] }, notes: [], milliseconds: { total: 1, read: 1, check: 0, store: 0 },
};

describe('findings', () => {
  it('are empty for a clean file', () => {
    expect(findings(clean)).toEqual([]);
  });

  it('name the line, the column and the text of a bad cell, and how many there are beyond the places', () => {
    const [finding] = findings({ ...clean, badCells: { count: 1200, places: [{ line: 1042, column: 'OT', text: 'n/a!' }] } });
    expect(finding).toMatchObject({ severity: 'warning', title: '1,200 cells that are no number', places: { rows: [['1,042', 'OT', 'n/a!']], total: 1200 } });
  });

  it('tell what was done about duplicates, and put warnings before notes', () => {
    const found = findings({ ...clean, lateSeries: { count: 1, places: [{ series: 'APTV', from: '2017-12-05T00:00:00Z' }] }, duplicates: { count: 12, action: 'kept the last', places: [{ line: 3, series: null, time: '2014-01-07 02:00:00' }] } });
    expect(found.map(({ severity, title, detail }) => [severity, title, detail])).toEqual([
      ['warning', '12 times that occur twice', 'Kept the last.'],
      ['note', '1 series starts late', 'Missing before their first value.'],
    ]);
    expect(found[1]?.places.rows).toEqual([['APTV', '2017-12-05']]);
  });

  it('tell how many trials there are, how long they are, and which of them has a gap', () => {
    const place = { rows: 10, from: '2020-01-01', to: '2020-01-10' };
    const trials = { column: 'run', clock: 'shared' as const, count: 2, shortest: 9, longest: 10, places: [{ ...place, trial: 'a', timePoints: 10 }, { ...place, trial: 'b', timePoints: 9 }] };
    const [gap, note] = findings({ ...clean, trials, gaps: { count: 1, missing: 1, places: [{ series: null, trial: 'b', after: '2020-01-03', before: '2020-01-05', missing: 1 }] } });
    expect(gap?.places.rows).toEqual([['Trial b', '2020-01-03', '2020-01-05', '1']]);
    expect(note).toMatchObject({ severity: 'note', title: '2 trials of 9 to 10 time points', detail: 'On one clock; rows are matched by their time.', places: { rows: [['a', '10', '2020-01-01', '2020-01-10'], ['b', '9', '2020-01-01', '2020-01-10']], total: 2 } });
    expect(reading({ ...clean, trials })).toMatch(/, time in date, trials in run\.$/);
  });

  it('keep every note of the import', () => {
    expect(findings({ ...clean, notes: ['times were taken as UTC'] }).map(({ title }) => title)).toEqual(['Times were taken as UTC.']);
  });
});

describe('reading', () => {
  it('says how the file was read in one sentence', () => {
    expect(reading(clean)).toBe('Text, separated by semicolons, with a header, one column per series, time in date.');
    expect(reading({ ...clean, compression: 'gzip', delimiter: 'whitespace', header: false, commentLines: 8, timeColumn: null })).toBe('Text, gzipped, separated by whitespace, without a header, 8 comment lines, one column per series, no time, rows counted.');
  });
});
