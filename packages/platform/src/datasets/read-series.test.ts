/** Reduced series against the definition of M4, and what the catalogue alone tells of a selection. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobInput } from '@corrente/shared/contract/job';
import { inputShape } from './input-shape.ts';
import { readSeries, type ReducedSeries } from './read-series.ts';
import { importBench, type ImportBench } from './testing/imports.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench.remove());

const minute = 60_000_000;
const start = Date.UTC(2024, 0, 1) * 1000;
const rows = Array.from({ length: 5000 }, (_, row) => ({ time: start + row * minute, value: row % 11 === 3 ? null : Math.round(1000 * Math.sin(row / 70) + 300 * Math.cos(row * row)) }));
const text = (key: string): string[] => rows.map(({ time, value }) => `${new Date(time / 1000).toISOString()},${key}${value ?? ''}`);

/** First, last, smallest and largest present value of each of `columns` equal parts of the time range. */
function m4(columns: number): Set<number> {
  const width = (rows.length - 1) / columns;
  const kept = new Set<number>();
  for (let column = 0; column < columns; column++) {
    const inside = rows.flatMap(({ time, value }, row) => (value !== null && Math.min(columns - 1, Math.floor(row / width)) === column ? [{ time, value }] : []));
    for (const extreme of [inside[0], inside.at(-1), inside.reduce((a, b) => (b.value < a.value ? b : a)), inside.reduce((a, b) => (b.value > a.value ? b : a))]) if (extreme) kept.add(extreme.time);
  }
  return kept;
}

function check(series: ReducedSeries | undefined, columns: number): void {
  const times = [...(series?.time ?? [])].map(Number);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const byTime = new Map(rows.map(({ time, value }) => [time, value]));
  expect([...(series?.values ?? [])]).toEqual(times.map((time) => byTime.get(time)));
  // An extreme that occurs twice in a column may be kept at either place: the values decide.
  const valuesAt = (at: Iterable<number>): Array<number | null | undefined> => [...at].map((time) => byTime.get(time));
  expect(new Set(valuesAt(times))).toEqual(new Set(valuesAt(m4(columns))));
  expect(times.length).toBeLessThanOrEqual(4 * columns);
}

describe('readSeries', () => {
  it('keeps first, last, smallest and largest value of each pixel column, for wide data', async () => {
    const data = await bench.import(`time,x\n${text('').join('\n')}\n`);
    const { field, series } = await readSeries(data, bench.path(data), { points: 200 });
    expect(field).toBe('value');
    check(series[0], 50);
  });

  it('keeps them for each series of long data, in the order that is asked for', async () => {
    const data = await bench.import(`time,name,x\n${[...text('b,'), ...text('a,')].join('\n')}\n`);
    const { series } = await readSeries(data, bench.path(data), { points: 400, series: ['a', 'b'] });
    expect(series.map(({ name }) => name)).toEqual(['a', 'b']);
    for (const one of series) check(one, 100);
  });

  it('gives a short series whole, and a range of it', async () => {
    const data = await bench.import('time,x,y\n2024-01-01,1,\n2024-01-02,2,7\n2024-01-03,,8\n2024-01-04,4,9\n');
    const whole = await readSeries(data, bench.path(data), { points: 100 });
    expect(whole.series.map(({ values }) => [...values])).toEqual([[1, 2, 4], [7, 8, 9]]);
    const part = await readSeries(data, bench.path(data), { points: 100, from: '2024-01-02', to: '2024-01-03', series: ['y'] });
    expect(part.series.map(({ values }) => [...values])).toEqual([[7, 8]]);
  });

  it('reads rows without time by their number', async () => {
    const data = await bench.import(`x\n${rows.map((_, row) => row % 100).join('\n')}\n`);
    const { series } = await readSeries(data, bench.path(data), { points: 40, from: 100, to: 4099 });
    expect([Number(series[0]?.time[0]), Number(series[0]?.time.at(-1))]).toEqual([100, 4099]);
    expect(series[0]?.time.length).toBeLessThanOrEqual(40);
  });

  it('refuses names that are not there', async () => {
    const data = await bench.import('time,x\n2024-01-01,1\n2024-01-02,2\n');
    await expect(readSeries(data, bench.path(data), { points: 8, series: ['z'] })).rejects.toMatchObject({ code: 'unknown-series', places: [{ pointer: '/series/0' }] });
  });
});

describe('inputShape', () => {
  const shape = async (input: object) => {
    const data = await bench.import(`time,name,x\n${[...text('b,'), ...text('a,')].join('\n')}\n`);
    return inputShape(data, jobInput.parse({ dataset: data.id, ...input }));
  };

  it('is exact for all of the data, and one row less for differences', async () => {
    expect(await shape({})).toEqual({ series: ['b', 'a'], rows: 5000, time: 'timestamp', trials: 1 });
    expect(await shape({ transform: 'log-return' })).toMatchObject({ rows: 4999 });
  });

  it('counts a range and buckets by their lengths', async () => {
    expect(await shape({ from: '2024-01-01T00:00:00Z', to: '2024-01-01T01:00:00Z' })).toMatchObject({ rows: 61 });
    const { rows: buckets } = await shape({ resample: { every: '1h' } });
    expect(buckets).toBeGreaterThanOrEqual(84);
    expect(buckets).toBeLessThanOrEqual(86);
  });

  it('refuses what the frame would refuse', async () => {
    await expect(shape({ series: ['c'] })).rejects.toMatchObject({ code: 'unknown-series' });
    await expect(shape({ from: '2030-01-01' })).rejects.toMatchObject({ code: 'empty-selection' });
  });
});
