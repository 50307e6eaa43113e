/** The frame against slow and plain oracles, over stored data of every shape. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { jobInput, type JobInput } from '@corrente/shared/contract/job';
import type { z } from 'zod';
import { importFile } from '@corrente/platform/datasets/import-file';
import { closeReaders } from '@corrente/platform/datasets/reader';
import { plainFrame, type PlainRow } from '../../test/oracle/frame.ts';
import type { Frame } from './frame.ts';
import { loadFrame, type LoadOptions } from './load-frame.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corrente-frame-'));
});
afterAll(async () => {
  await closeReaders();
  await rm(folder, { recursive: true, force: true });
});

async function store(text: string, mapping = {}): Promise<Dataset> {
  const path = join(folder, `${files++}.csv`);
  await writeFile(path, text);
  return importFile(path, { store: folder, tempFolder: folder, mapping });
}

const load = (dataset: Dataset, input: Partial<z.input<typeof jobInput>> = {}, options: LoadOptions = {}): Promise<Frame> => loadFrame(join(folder, `${dataset.id}.parquet`), dataset, jobInput.parse({ dataset: dataset.id, ...input }), options);

const values = (frame: Frame): Record<string, number[]> => Object.fromEntries(frame.names.map((name, series) => [name, [...frame.values.subarray(series * frame.stride, series * frame.stride + frame.length)]]));
const times = (frame: Frame): string[] => [...frame.time].map((time) => new Date(Number(time / 1000n)).toISOString().replace('T00:00:00.000Z', ''));

const long = 'time,name,x,close\n2024-01-01,b,1,10\n2024-01-02,b,2,20\n2024-01-04,b,4,\n2024-01-01,a,5,50\n2024-01-03,a,7,70\n2024-01-04,a,8,80\n';
const wide = 'time,p,q\n2024-01-01 00:00:00,1,\n2024-01-01 12:00:00,2,5\n2024-01-02 06:00:00,4,7\n2024-01-02 18:00:00,,9\n';

describe('selection', () => {
  it('puts long series on the union of their times', async () => {
    const frame = await load(await store(long));
    expect(times(frame)).toEqual(['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04']);
    expect(values(frame)).toEqual({ b: [10, 20, NaN, NaN], a: [50, NaN, 70, 80] });
    expect([...frame.present]).toEqual([2, 3]);
    expect(frame).toMatchObject({ series: 2, length: 4, stride: 8, timeKind: 'timestamp' });
  });

  it('takes the series in the order that is asked for, and the times of those alone', async () => {
    const data = await store(long);
    expect(values(await load(data, { field: 'x', series: ['a', 'b'] }))).toEqual({ a: [5, NaN, 7, 8], b: [1, 2, NaN, 4] });
    expect(times(await load(data, { series: ['a'] }))).toEqual(['2024-01-01', '2024-01-03', '2024-01-04']);
  });

  it('takes a range with both ends, a date as an end being its whole day', async () => {
    const data = await store(wide);
    expect(values(await load(data, { from: '2024-01-01', to: '2024-01-01' }))).toEqual({ p: [1, 2], q: [NaN, 5] });
    expect(values(await load(data, { from: '2024-01-01T12:00:00Z', to: '2024-01-02T06:00:00Z' }))).toEqual({ p: [2, 4], q: [5, 7] });
    expect(values(await load(data, { to: '2024-01-01T13:00:00+01:00' }))).toEqual({ p: [1, 2], q: [NaN, 5] });
  });

  it('takes rows by number where there is no time', async () => {
    const data = await store('a,b\n1,2\n3,4\n5,6\n7,8\n');
    const frame = await load(data, { from: 1, to: 2 });
    expect(values(frame)).toEqual({ a: [3, 5], b: [4, 6] });
    expect([...frame.time]).toEqual([1n, 2n]);
    expect(frame.timeKind).toBe('index');
  });

  it.each([
    [{ series: ['a', 'B'] }, 'unknown-series', '/input/series/1'],
    [{ series: ['a', 'b', 'a'] }, 'unknown-series', '/input/series/2'],
    [{ field: 'clsoe' }, 'unknown-field', '/input/field'],
    [{ from: 3 }, 'invalid-job', '/input/from'],
  ])('refuses %j as %s at %s', async (input, code, pointer) => {
    await expect(load(await store(long), input)).rejects.toMatchObject({ code, places: [{ pointer }] });
  });

  it('suggests names that were likely meant', async () => {
    const data = await store(long.replaceAll(',b,', ',GOOGL,').replaceAll(',a,', ',AAPL,'));
    await expect(load(data, { series: ['GOOLG'] })).rejects.toThrow('did you mean GOOGL?');
    await expect(load(data, { field: 'clsoe' })).rejects.toThrow('did you mean close?');
  });

  it('needs a field where there are several and none is close', async () => {
    await expect(load(await store(long.replace('close', 'y')))).rejects.toMatchObject({ code: 'unknown-field', message: 'The data set has the fields x, y; name the one to use.' });
  });

  it.each([
    [{ from: '2025-01-01' }],
    [{ to: '2023-01-01' }],
    [{ from: '2024-01-03', to: '2024-01-02' }],
    [{ series: ['a'], from: '2024-01-02', to: '2024-01-02' }],
    [{ from: '2024-01-04', transform: 'difference' as const }],
  ])('refuses %j, which holds nothing, and names the range there is', async (input) => {
    await expect(load(await store(long), input)).rejects.toMatchObject({ code: 'empty-selection', message: expect.stringContaining('2024-01-01 to 2024-01-04') });
  });
});

describe('bounds', () => {
  it('refuses infinite values by series and time, but only where they are selected', async () => {
    const data = await store('time,a,b\n2024-01-01,1,2\n2024-01-02,inf,3\n2024-01-03,2,4\n');
    await expect(load(data)).rejects.toMatchObject({ code: 'infinite-values', message: '1 values are infinite: a at 2024-01-02 is Infinity.' });
    expect(values(await load(data, { series: ['b'] }))).toEqual({ b: [2, 3, 4] });
    expect(values(await load(data, { from: '2024-01-03' }))).toEqual({ a: [2], b: [4] });
  });

  it.each([
    ['log-return', '-3', 'a logarithm needs values above 0'],
    ['log-return', '0', 'a logarithm needs values above 0'],
    ['return', '0', 'the value before is 0'],
  ] as const)('refuses the %s over %s by series and time', async (transform, cell, reason) => {
    const data = await store(`time,a\n2024-01-01,1\n2024-01-02,${cell}\n2024-01-03,2\n`);
    await expect(load(data, { transform })).rejects.toMatchObject({ code: 'transform-domain', message: expect.stringMatching(new RegExp(`The ${transform} of a at 2024-01-0[23] is not defined.*${reason}`)) });
  });

  it('refuses a sum that is no double', async () => {
    const data = await store('time,a\n2024-01-01 01:00:00,1e308\n2024-01-01 02:00:00,1e308\n');
    await expect(load(data, { resample: { every: '1d', aggregate: 'sum' } })).rejects.toMatchObject({ code: 'infinite-values' });
  });

  it('refuses to resample data without time', async () => {
    await expect(load(await store('a\n1\n2\n'), { resample: { every: '1d' } })).rejects.toMatchObject({ code: 'invalid-job', places: [{ pointer: '/input/resample' }] });
  });

  it('refuses more memory than it may take, and puts the values where it is told', async () => {
    const data = await store(wide);
    await expect(load(data, {}, { memoryLimit: 100 })).rejects.toMatchObject({ code: 'memory-exceeded', message: expect.stringContaining('take 128 bytes') });
    const buffers: ArrayBuffer[] = [];
    const frame = await load(data, {}, { allocate: (bytes) => buffers[buffers.push(new ArrayBuffer(bytes)) - 1] ?? new ArrayBuffer(0) });
    expect(frame.values.buffer).toBe(buffers[0]);
  });

  it('ends when it is cancelled, and tells how far it is', async () => {
    const data = await store(wide);
    await expect(load(data, {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    const fractions: number[] = [];
    await load(data, {}, { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });

  it('gives one value less for differences, and leaves the padding empty', async () => {
    const frame = await load(await store(wide), { transform: 'difference', fill: 'linear' });
    expect(values(frame)).toEqual({ p: [1, 2, NaN], q: [NaN, 2, 2] });
    expect(times(frame)[0]).toBe('2024-01-01T12:00:00.000Z');
    expect([...frame.values.subarray(frame.length, frame.stride)].every(Number.isNaN)).toBe(true);
  });
});

const day = 86_400_000_000;
/** Rows as a file might hold them: few series, times that often meet, values that are often missing. */
const rowsOf = fc.uniqueArray(
  fc.record({
    series: fc.constantFrom('a', 'b', 'c'),
    time: fc.integer({ min: 0, max: 60 }).map((step) => 1_704_067_200_000_000 + step * (day / 3)),
    value: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }).map((n) => n / 8) }, { weight: 1, arbitrary: fc.constant(null) }),
  }),
  { selector: ({ series, time }) => `${series} ${time}`, minLength: 4, maxLength: 60 },
);
const inputs = fc.record({
  resample: fc.option(fc.record({ every: fc.constantFrom('8h', '1d', '2d', '1w', '1mo', '1q'), aggregate: fc.constantFrom('first', 'last', 'mean', 'sum', 'min', 'max', 'median', 'count' as const) })),
  fill: fc.constantFrom('none', 'forward', 'linear' as const),
  transform: fc.constantFrom('none', 'difference', 'return', 'zscore', 'rank' as const),
  from: fc.option(fc.constantFrom('2024-01-03', '2024-01-05T08:00:00Z')),
  to: fc.option(fc.constantFrom('2024-01-12', '2024-01-15T16:00:00Z')),
}) as fc.Arbitrary<Pick<JobInput, 'resample' | 'fill' | 'transform' | 'from' | 'to'>>;

const iso = (micros: number): string => new Date(micros / 1000).toISOString();

describe('any data, however selected, resampled, filled and transformed', () => {
  const agree = async (data: Dataset, rows: readonly PlainRow[], input: Pick<JobInput, 'resample' | 'fill' | 'transform' | 'from' | 'to'>): Promise<void> => {
    const expected = plainFrame(rows, data.series, input);
    const frame = await load(data, input).catch((error: unknown) => error instanceof Error && 'code' in error ? String(error.code) : Promise.reject(error instanceof Error ? error : new Error(String(error))));
    if (typeof frame === 'string' || typeof expected === 'string') {
      expect(frame).toBe(expected);
      return;
    }
    expect([...frame.time].map(Number)).toEqual(expected.time);
    for (const [name, own] of Object.entries(values(frame))) {
      const wanted = expected.values.get(name) ?? [];
      expect(own.map(Number.isNaN)).toEqual(wanted.map(Number.isNaN));
      for (const [row, value] of wanted.entries()) if (!Number.isNaN(value)) expect(own[row]).toBeCloseTo(value, 11);
    }
    expect([...frame.present]).toEqual(frame.names.map((name) => (expected.values.get(name) ?? []).filter((value) => !Number.isNaN(value)).length));
  };

  it('long data agree with a plain pivot', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, fc.array(inputs, { minLength: 4, maxLength: 4 }), async (rows, several) => {
        const data = await store(`time,name,x\n${rows.map(({ series, time, value }) => `${iso(time)},${series},${value ?? ''}`).join('\n')}\n`, { key: 'name', time: 'time', fields: ['x'] });
        for (const input of several) await agree(data, rows, input);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('wide data agree with a plain pivot', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, fc.array(inputs, { minLength: 4, maxLength: 4 }), async (rows, several) => {
        const times = [...new Set(rows.map(({ time }) => time))];
        const cell = (name: string, time: number): string => String(rows.find((row) => row.series === name && row.time === time)?.value ?? '');
        const data = await store(`time,a,b,c\n${times.map((time) => `${iso(time)},${cell('a', time)},${cell('b', time)},${cell('c', time)}`).join('\n')}\n`, { shape: 'wide', time: 'time', fields: ['a', 'b', 'c'] });
        // In wide data every series has a row at every time.
        const all = times.flatMap((time) => ['a', 'b', 'c'].map((series) => rows.find((row) => row.series === series && row.time === time) ?? { series, time, value: null }));
        for (const input of several) await agree(data, all, input);
      }),
      { numRuns: 25, seed: 11 },
    );
  });
});
