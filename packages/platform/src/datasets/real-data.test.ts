/** The reports of real files, against what was counted in them by hand and other tools. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { importBench, type ImportBench } from './testing/imports.ts';

const folder = process.env.CORRENTE_DATA;
const sample = join(import.meta.dirname, '../../../../data/sp500-2013-2018.parquet');

describe.skipIf(folder === undefined)('imports of the files in CORRENTE_DATA', () => {
  let bench: ImportBench;
  beforeAll(async () => {
    bench = await importBench();
  });
  afterAll(() => bench.remove());
  const load = (name: string, mapping = {}): Promise<Dataset> => bench.importPath(join(folder ?? '', name), mapping);

  it('all_stocks_5yr: 619,040 rows, 505 series, of which 470 are complete, 29 late and 6 have holes', async () => {
    const data = await load('all_stocks_5yr.csv.gz');
    const { report } = data;
    expect(data).toMatchObject({ shape: 'long', timeKind: 'timestamp', rows: 619_040, timePoints: 1259, from: '2013-02-08', to: '2018-02-07', fields: ['open', 'high', 'low', 'close', 'volume'] });
    expect(data.series).toHaveLength(505);
    expect(data.series.slice(0, 3)).toEqual(['AAL', 'AAPL', 'AAP']);
    expect(report).toMatchObject({ format: 'csv', compression: 'gzip', delimiter: ',', header: true, timeColumn: 'date', timeKind: 'date', keyColumn: 'Name', ignoredColumns: [], rowsRead: 619_040, rowsStored: 619_040, completeSeries: 470 });
    expect(report.frequency).toMatchObject({ every: '1d', label: 'business days' });
    expect(report.lateSeries.count).toBe(29);
    expect(report.lateSeries.places).toContainEqual({ series: 'APTV', from: '2017-12-05' });
    const holes = new Map<string | null, number>();
    for (const { series, missing } of report.gaps.places) holes.set(series, (holes.get(series) ?? 0) + missing);
    expect(Object.fromEntries(holes)).toEqual({ DHR: 16, O: 16, ES: 10, ICE: 5, BMY: 2, ORCL: 2 });
    expect(report.gaps.missing).toBe(51);
    const cells = { open: 0, high: 0, low: 0, close: 0, volume: 0 };
    for (const { column } of report.missingCells.places) if (column in cells) cells[column as keyof typeof cells]++;
    expect(report.missingCells.count).toBe(27);
    expect(cells).toEqual({ open: 11, high: 8, low: 8, close: 0, volume: 0 });
    expect(report.missingCells.places[0]).toEqual({ line: 82_951, column: 'open', text: '' });
    expect([report.duplicates.count, report.unsorted.count, report.badCells.count, report.infiniteCells.count, report.badRows.count]).toEqual([0, 0, 0, 0, 0]);
  });

  it('the bundled sample has the same content, and so the same id, as the CSV it was made of', async () => {
    const [csv, parquet] = [await load('all_stocks_5yr.csv.gz'), await bench.importPath(sample)];
    expect(parquet.id).toBe(csv.id);
    expect(parquet.report.format).toBe('parquet');
  });

  it('nab_machine_temperature: time steps back at line 10151, and 12 times occur twice', async () => {
    const { report, rows } = await load('nab_machine_temperature_system_failure.csv');
    expect(rows).toBe(22_683);
    expect(report).toMatchObject({ rowsRead: 22_695, frequency: { every: '5min' } });
    expect(report.unsorted).toEqual({ count: 1, places: [{ line: 10_151, series: null, time: '2014-01-07T02:00:00Z' }], action: 'sorted by time' });
    expect(report.duplicates).toMatchObject({ count: 12, action: 'kept the last' });
    expect(report.duplicates.places[0]).toEqual({ line: 10_151, series: null, time: '2014-01-07T02:00:00Z' });
  });

  it('eurusd_ticks: epoch milliseconds, two venues, 55 rows of OANDA with the time of the row before', async () => {
    const data = await load('eurusd_ticks_2venues_20140501.csv');
    expect(data).toMatchObject({ shape: 'long', series: ['FXCM', 'OANDA'], fields: ['bid', 'ask'], rows: 58_671 });
    expect(data.report).toMatchObject({ rowsRead: 58_726, timeKind: 'epoch', timeColumn: 'epoch_ms', keyColumn: 'venue', unsorted: { count: 0 }, duplicates: { count: 55 }, gaps: { count: 0 } });
    expect(new Set(data.report.duplicates.places.map(({ series }) => series))).toEqual(new Set(['OANDA']));
    expect(data.report.frequency?.every).toBeNull();
  });

  it('btc-perp: a complete grid of minutes', async () => {
    const data = await load('btc-perp-20211231-20220201_1m.csv.gz');
    expect(data).toMatchObject({ rows: 45_031, timePoints: 45_031, from: '2021-12-31T23:01:00Z', to: '2022-02-01T05:31:00Z', series: ['open', 'high', 'low', 'close', 'volume'] });
    expect(data.report).toMatchObject({ frequency: { every: '1min', regularity: 1 }, gaps: { count: 0 }, missingCells: { count: 0 }, completeSeries: 5 });
  });

  it('ETTh1: a complete grid of hours, 7 series', async () => {
    const data = await load('ETTh1.csv');
    expect(data).toMatchObject({ rows: 17_420, from: '2016-07-01T00:00:00Z', to: '2018-06-26T19:00:00Z', series: ['HUFL', 'HULL', 'MUFL', 'MULL', 'LUFL', 'LULL', 'OT'] });
    expect(data.report).toMatchObject({ frequency: { every: '1h', label: 'hourly', regularity: 1 }, gaps: { count: 0 }, completeSeries: 7 });
  });

  it('daily-min-temperatures: CRLF, quoted dates, two days missing', async () => {
    const { report } = await load('daily-min-temperatures.csv');
    expect(report).toMatchObject({ rowsStored: 3650, timeKind: 'date', frequency: { every: '1d', label: 'daily' }, from: '1981-01-01', to: '1990-12-31' });
    expect(report.gaps).toEqual({
      count: 2,
      missing: 2,
      places: [
        { series: null, after: '1984-12-30', before: '1985-01-01', missing: 1 },
        { series: null, after: '1988-12-30', before: '1989-01-01', missing: 1 },
      ],
    });
  });

  it.each([
    ['AirPassengers.csv', 144, '1949-01-01', '1960-12-01'],
    ['CO2.csv', 468, '1959-01-01', '1997-12-01'],
    ['sunspot.month.csv', 3310, '1749-01-01', '2024-10-01'],
  ])('%s: decimal years are months, row numbers are no series', async (name, rows, from, to) => {
    const data = await load(name);
    expect(data).toMatchObject({ rows, from, to, series: ['value'] });
    expect(data.report).toMatchObject({ timeKind: 'decimal-year', frequency: { every: '1mo', label: 'monthly', regularity: 1 }, ignoredColumns: [{ column: 'rownames', reason: 'row numbers' }], gaps: { count: 0 } });
  });

  it('SFI-heartRate: 8 comment lines, CRLF, blanks between columns, no time, no header', async () => {
    const data = await load('SFI-heartRate_breathVol_bloodOx.txt');
    expect(data).toMatchObject({ rows: 34_000, timePoints: 34_000, timeKind: 'index', series: ['c0', 'c1', 'c2'], from: null });
    expect(data.report).toMatchObject({ commentLines: 8, delimiter: 'whitespace', header: false, timeKind: 'index', badCells: { count: 0 } });
  });

  it.each([
    ['jidt_2coupledRandomCols-1.txt', 100, 2],
    ['jidt_4ColsPairedOneStepNoisyDependence-1.txt', 1000, 4],
  ])('%s: no header, no time', async (name, rows, series) => {
    const data = await load(name);
    expect(data).toMatchObject({ rows, timeKind: 'index' });
    expect(data.series).toEqual(Array.from({ length: series }, (_, column) => `c${column}`));
  });
});
