/** A trial column: how rows are stored, and what the report says of the trials. */
import type { Dataset } from '@corrente/shared/contract/dataset';
import { jobInput } from '@corrente/shared/contract/job';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputShape } from './input-shape.ts';
import { readSeries } from './read-series.ts';
import { importBench, type ImportBench } from './testing/imports.ts';
import { storedRows } from './testing/stored-rows.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench.remove());

const numbered = 'trial,x,y\n10,1,5\n2,2,6\n10,3,7\n2,4,8\n10,5,9\n';
/** Seconds since the beginning of the trial; trial b lacks the sample at 2. */
const elapsed = 't,run,x\n0,a,1\n1,a,2\n2,a,3\n3,a,4\n3,b,40\n1,b,20\n0,b,10\n';
const days = 'time,day,x\n2024-01-01 09:00,mon,1\n2024-01-01 10:00,mon,2\n2024-01-01 11:00,mon,3\n2024-01-01 13:00,mon,4\n2024-01-02 09:30,tue,5\n2024-01-02 10:30,tue,6\n';
const long = 'time,name,trial,v\n2024-01-01,a,1,1\n2024-01-02,a,1,2\n2024-01-01,b,1,3\n2024-01-02,b,1,4\n2024-01-03,b,1,5\n2024-01-01,a,2,6\n2024-01-03,a,2,7\n2024-01-01,b,2,8\n2024-01-02,b,2,9\n';

const shape = (dataset: Dataset, input = {}): ReturnType<typeof inputShape> => inputShape(dataset, jobInput.parse({ dataset: dataset.id, ...input }));

const renamed = (text: string): string => text.replaceAll(',a,', ',1,').replaceAll(',b,', ',2,');

describe('rows of trials', () => {
  it('without time are numbered within each trial, the trials by value', async () => {
    const dataset = await bench.import(numbered, { trial: 'trial' });
    expect(dataset).toMatchObject({ trials: 2, timePoints: 3, timeKind: 'index', series: ['x', 'y'], rows: 5 });
    expect(dataset.report.trials).toEqual({
      column: 'trial', clock: 'shared', count: 2, shortest: 2, longest: 3,
      places: [{ trial: '2', rows: 2, timePoints: 2, from: null, to: null }, { trial: '10', rows: 3, timePoints: 3, from: null, to: null }],
    });
    expect(await storedRows(bench, dataset)).toEqual([[0, 0, 2, 6], [0, 1, 4, 8], [1, 0, 1, 5], [1, 1, 3, 7], [1, 2, 5, 9]]);
  });

  it('with seconds since the beginning of each are sorted by trial, then time, and a missing sample is a gap of its trial', async () => {
    const dataset = await bench.import(elapsed, { trial: 'run', time: 't' });
    expect(dataset).toMatchObject({ trials: 2, timePoints: 4, timeKind: 'timestamp', series: ['x'] });
    expect(dataset.report.trials).toMatchObject({ clock: 'shared', count: 2, shortest: 3, longest: 4, places: [{ trial: 'a' }, { trial: 'b', from: '1970-01-01T00:00:00Z', to: '1970-01-01T00:00:03Z' }] });
    expect(dataset.report.gaps).toEqual({ count: 1, missing: 1, places: [{ series: null, trial: 'b', after: '1970-01-01T00:00:01Z', before: '1970-01-01T00:00:03Z', missing: 1 }] });
    expect(dataset.report.unsorted.count).toBe(2);
    expect(dataset.report.duplicates.count).toBe(0);
    expect(dataset.report.notes).toContain('The numbers in "t" are read as seconds since the beginning of a trial.');
    expect((await storedRows(bench, dataset)).map(([trial, , x]) => [trial, x])).toEqual([[0, 1], [0, 2], [0, 3], [0, 4], [1, 10], [1, 20], [1, 40]]);
  });

  it('of recordings one after the other have clocks of their own, and no gap between them', async () => {
    const { report, timePoints } = await bench.import(days, { trial: 'day' });
    expect(report.trials).toMatchObject({ clock: 'own', shortest: 2, longest: 4, places: [{ trial: 'mon' }, { trial: 'tue' }] });
    expect(timePoints).toBe(4);
    expect(report.frequency).toEqual({ every: '1h', label: 'hourly', regularity: 2 / 3 });
    expect(report.gaps).toEqual({ count: 1, missing: 1, places: [{ series: null, trial: 'mon', after: '2024-01-01T11:00:00Z', before: '2024-01-01T13:00:00Z', missing: 1 }] });
  });

  it('of long data are sorted by series, trial and time, and each series lacks what others of its trial have', async () => {
    const dataset = await bench.import(long, { trial: 'trial', key: 'name' });
    expect(dataset).toMatchObject({ shape: 'long', trials: 2, timePoints: 3, series: ['a', 'b'] });
    expect((await storedRows(bench, dataset)).map(([series, trial, , v]) => [series, trial, v])).toEqual([[0, 0, 1], [0, 0, 2], [0, 1, 6], [0, 1, 7], [1, 0, 3], [1, 0, 4], [1, 0, 5], [1, 1, 8], [1, 1, 9]]);
    expect(dataset.report.gaps.places).toEqual([{ series: 'a', trial: '2', after: '2024-01-01', before: '2024-01-03', missing: 1 }]);
  });

  it('that occur twice are duplicates only within their trial', async () => {
    const twice = `${elapsed}3,b,41\n`;
    const dataset = await bench.import(twice, { trial: 'run', time: 't', duplicates: 'mean' });
    expect(dataset.report.duplicates).toMatchObject({ count: 1, places: [{ line: 9, time: '1970-01-01T00:00:03Z' }] });
    expect((await storedRows(bench, dataset)).map(([trial, , x]) => [trial, x]).at(-1)).toEqual([1, 40.5]);
  });

  it('without a trial are left out, and counted', async () => {
    const dataset = await bench.import('trial,x\n1,1\n,2\n1,3\n2,4\n', { trial: 'trial' });
    expect(dataset.rows).toBe(3);
    expect(dataset.report.notes).toContain('1 rows without a trial in "trial" were left out.');
  });

  it('come the same from Parquet and from a file with other cells that cannot be read', async () => {
    const plain = await bench.import(numbered, { trial: 'trial' });
    const withBad = await bench.import(numbered.replace('10,3,7', '10,3,?'), { trial: 'trial' });
    expect(withBad.report.badCells.count).toBe(1);
    expect((await storedRows(bench, withBad)).map((row) => row.slice(0, 3))).toEqual((await storedRows(bench, plain)).map((row) => row.slice(0, 3)));
  });
});

describe('the mapping of trials', () => {
  it('makes another data set of the same file', async () => {
    const [with_, without] = [await bench.import(numbered, { trial: 'trial' }), await bench.import(numbered)];
    expect(with_.id).not.toBe(without.id);
    expect(without).toMatchObject({ trials: 1, series: ['trial', 'x', 'y'], report: { trials: null } });
  });

  it('makes the same data set of the same trials in another order of rows', async () => {
    const [head = '', ...rows] = elapsed.trim().split('\n');
    const shuffled = [head, ...rows.slice(3), ...rows.slice(0, 3)].join('\n');
    // Trials that are no numbers are ordered as they come: here b would be the first.
    expect((await bench.import(renamed(shuffled), { trial: 'run' })).id).toBe((await bench.import(renamed(elapsed), { trial: 'run' })).id);
  });

  it.each([
    [{ trial: 'trail' }, '/trial', 'did you mean trial?'],
    [{ trial: 'x', time: 'x' }, '/trial', 'named as the trial and as the time'],
    [{ trial: 'x', fields: ['x', 'y'] }, '/fields/0', 'named as a field and as something else'],
  ])('%j is refused at %s', async (mapping, pointer, words) => {
    const error = await bench.refusal(numbered, mapping);
    expect(error).toMatchObject({ code: 'invalid-mapping', places: [{ pointer }] });
    expect(error.message).toContain(words);
  });

  it('refuses a column without any trial', async () => {
    expect(await bench.refusal('trial,x\n,1\n,2\n', { trial: 'trial' })).toMatchObject({ code: 'invalid-mapping', places: [{ pointer: '/trial' }] });
  });
});

describe('reading data with trials', () => {
  it('has the rows of all trials in its shape, each of which loses one to differences', async () => {
    const dataset = await bench.import(elapsed, { trial: 'run', time: 't' });
    expect(shape(dataset)).toEqual({ series: ['x'], rows: 8, time: 'timestamp', trials: 2 });
    expect(shape(dataset, { transform: 'difference' })).toMatchObject({ rows: 6, trials: 2 });
  });

  it('draws the first of trials on one clock, and all of recordings one after the other', async () => {
    const drawn = async (dataset: Dataset): Promise<number[]> => (await readSeries(dataset, bench.path(dataset), { points: 100 })).series.flatMap(({ values }) => Array.from(values));
    expect(await drawn(await bench.import(elapsed, { trial: 'run', time: 't' }))).toEqual([1, 2, 3, 4]);
    expect(await drawn(await bench.import(days, { trial: 'day' }))).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
