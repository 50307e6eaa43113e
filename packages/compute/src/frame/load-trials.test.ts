/** Frames of data with trials: nothing of one trial reaches another. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportMappingInput } from '@corrente/platform/datasets/import-file';
import { importFile } from '@corrente/platform/datasets/import-file';
import { closeReaders } from '@corrente/platform/datasets/reader';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { jobInput, type JobInput } from '@corrente/shared/contract/job';
import type { Frame } from './frame.ts';
import { loadFrame } from './load-frame.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corrente-trials-'));
});
afterAll(async () => {
  await closeReaders();
  await rm(folder, { recursive: true, force: true });
});

async function store(text: string, mapping: ImportMappingInput): Promise<Dataset> {
  const path = join(folder, `${files++}.csv`);
  await writeFile(path, text);
  return importFile(path, { store: folder, tempFolder: folder, mapping });
}

const load = (dataset: Dataset, input: Partial<JobInput> = {}): Promise<Frame> => loadFrame(join(folder, `${dataset.id}.parquet`), dataset, jobInput.parse({ dataset: dataset.id, ...input }));
const values = (frame: Frame): Record<string, number[]> => Object.fromEntries(frame.names.map((name, series) => [name, [...frame.values.subarray(series * frame.stride, series * frame.stride + frame.length)]]));
const seconds = (frame: Frame): number[] => [...frame.time].map((time) => Number(time) / 1e6);

/** Trial 2 has a missing cell (y at 1) and a missing sample (at 3). */
const gapped = 'trial,sample,x,y\n1,0,1,10\n1,1,2,20\n1,2,4,30\n1,3,8,40\n1,4,16,50\n2,0,100,5\n2,1,200,\n2,2,400,15\n2,4,800,25\n';
const clocks = 'time,day,x\n2024-01-01 09:00,mon,1\n2024-01-01 10:00,mon,2\n2024-01-01 11:00,mon,4\n2024-01-01 12:00,mon,7\n2024-01-02 09:30,tue,10\n2024-01-02 10:30,tue,20\n2024-01-02 12:30,tue,70\n';

describe('trials on one clock', () => {
  const data = (): Promise<Dataset> => store(gapped, { trial: 'trial' });

  it('stand one whole after the other, their times repeating, with what is missing in one missing there', async () => {
    const frame = await load(await data());
    expect(frame).toMatchObject({ trials: 2, length: 10, series: 2, stride: 16, names: ['x', 'y'], timeKind: 'timestamp' });
    expect(values(frame)).toEqual({ x: [1, 2, 4, 8, 16, 100, 200, 400, NaN, 800], y: [10, 20, 30, 40, 50, 5, NaN, 15, NaN, 25] });
    expect(seconds(frame)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    expect([...frame.present]).toEqual([9, 8]);
    expect(frame.values.slice(10, 16)).toEqual(new Float64Array(6).fill(Number.NaN));
  });

  it('are filled each by itself', async () => {
    const dataset = await store('trial,t,x\n1,0,1\n1,1,2\n1,2,\n2,0,\n2,1,5\n2,2,6\n', { trial: 'trial' });
    expect(values(await load(dataset, { fill: 'forward' }))).toEqual({ x: [1, 2, 2, NaN, 5, 6] });
    expect(values(await load(dataset, { fill: 'linear' }))).toEqual({ x: [1, 2, NaN, NaN, 5, 6] });
    expect(values(await load(await data(), { fill: 'linear' }))).toEqual({ x: [1, 2, 4, 8, 16, 100, 200, 400, 600, 800], y: [10, 20, 30, 40, 50, 5, 10, 15, 20, 25] });
  });

  it.each([
    ['difference', [1, 2, 4, 8, 100, 200, NaN, NaN], [10, 10, 10, 10, NaN, NaN, NaN, NaN]],
    ['return', [1, 1, 1, 1, 1, 1, NaN, NaN], [1, 0.5, 40 / 30 - 1, 0.25, NaN, NaN, NaN, NaN]],
  ] as const)('lose the first row of each to a %s, and none is made of two trials', async (transform, x, y) => {
    const frame = await load(await data(), { transform });
    expect(frame).toMatchObject({ trials: 2, length: 8 });
    expect(values(frame)).toEqual({ x, y });
    expect(seconds(frame)).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    expect([...frame.values.subarray(8, frame.stride)]).toEqual(new Array<number>(frame.stride - 8).fill(Number.NaN));
  });

  it('are ranked and standardised together', async () => {
    expect(values(await load(await data(), { transform: 'rank', series: ['x'] }))).toEqual({ x: [1, 2, 3, 4, 5, 6, 7, 8, NaN, 9] });
    const z = values(await load(await data(), { transform: 'zscore', series: ['y'] }))['y']?.filter((value) => !Number.isNaN(value)) ?? [];
    expect(z.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(z.reduce((sum, value) => sum + value ** 2, 0) / 7).toBeCloseTo(1, 12);
  });

  it('are resampled each by itself, though a bucket holds rows of both', async () => {
    const frame = await load(await data(), { resample: { every: '2s', aggregate: 'sum' } });
    expect(frame).toMatchObject({ trials: 2, length: 6 });
    expect(values(frame)).toEqual({ x: [3, 12, 16, 300, 400, 800], y: [30, 70, 50, 5, 15, 25] });
    expect(seconds(frame)).toEqual([0, 2, 4, 0, 2, 4]);
  });

  it('take a time range within each', async () => {
    const frame = await load(await data(), { from: '1970-01-01T00:00:01Z', to: '1970-01-01T00:00:02Z' });
    expect(frame.trials).toBe(2);
    expect(values(frame)).toEqual({ x: [2, 4, 200, 400], y: [20, 30, NaN, 15] });
  });

  it('without time take rows by their number in the trial, and differ in length by name until a range fits', async () => {
    const dataset = await store('trial,x\nb,1\nb,2\nb,3\na,4\na,5\n', { trial: 'trial' });
    const error = await load(dataset).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'trials-differ', message: '1 of 2 trials do not have all 3 rows (row 0 to row 2): a has 2 (row 0 to row 1).' });
    const frame = await load(dataset, { from: 0, to: 1 });
    expect(frame).toMatchObject({ trials: 2, length: 4, timeKind: 'index' });
    expect(values(frame)).toEqual({ x: [1, 2, 4, 5] });
    expect([...frame.time]).toEqual([0n, 1n, 0n, 1n]);
    await expect(load(dataset, { from: 2, to: 2 })).rejects.toMatchObject({ code: 'trials-differ', message: 'Of the 2 trials 1 have no rows in the selection: a.' });
    await expect(load(dataset, { from: 3 })).rejects.toMatchObject({ code: 'empty-selection' });
  });

  it('name the trial of a value for which the transform is not defined', async () => {
    const dataset = await store('trial,t,x\n1,0,1\n1,1,2\n2,0,3\n2,1,-4\n', { trial: 'trial' });
    const error = await load(dataset, { transform: 'log-return' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'transform-domain', message: 'The log-return of x at 1970-01-01T00:00:01Z in trial 2 is not defined: the value is -4, and a logarithm needs values above 0.' });
  });

  it('of long data come the same as of wide data', async () => {
    const long = gapped.trim().split('\n').slice(1).flatMap((line) => {
      const [trial, sample, x, y] = line.split(',');
      return [`${trial},x,${sample},${x}`, ...(y === '' ? [] : [`${trial},y,${sample},${y}`])];
    });
    const dataset = await store(`trial,name,sample,v\n${long.join('\n')}\n`, { trial: 'trial', key: 'name', time: 'sample' });
    for (const input of [{}, { fill: 'linear' as const, transform: 'difference' as const }, { resample: { every: '2s', aggregate: 'median' as const } }]) {
      const [one, other] = [await load(dataset, input), await load(await data(), input)];
      expect(values(one)).toEqual(values(other));
      expect(one.time).toEqual(other.time);
      expect(one.trials).toBe(other.trials);
    }
  });

  it('that are very many, and longer than one block of rows, all find their places', async () => {
    const [count, length] = [7, 3000];
    const rows = Array.from({ length: count * length }, (_, row) => `${row % count},${Math.floor(row / count)},${row}`);
    const frame = await load(await store(`trial,t,x\n${rows.join('\n')}\n`, { trial: 'trial' }));
    expect(frame).toMatchObject({ trials: count, length: count * length });
    const wrong = [...frame.values.subarray(0, frame.length)].findIndex((value, row) => value !== (row % length) * count + Math.floor(row / length));
    expect(wrong).toBe(-1);
  });
});

describe('recordings one after the other', () => {
  const data = (): Promise<Dataset> => store(clocks, { trial: 'day' });

  it('are matched by the time since each began, and keep their own times', async () => {
    const frame = await load(await data());
    expect(frame).toMatchObject({ trials: 2, length: 8 });
    expect(values(frame)).toEqual({ x: [1, 2, 4, 7, 10, 20, NaN, 70] });
    expect([...frame.time].map((time) => new Date(Number(time / 1000n)).toISOString().slice(8, 16))).toEqual(['01T09:00', '01T10:00', '01T11:00', '01T12:00', '02T09:30', '02T10:30', '02T11:30', '02T12:30']);
  });

  it('are left out as a whole where the range does not reach them', async () => {
    const frame = await load(await data(), { from: '2024-01-02' });
    expect(frame).toMatchObject({ trials: 1, length: 3 });
    expect(values(frame)).toEqual({ x: [10, 20, 70] });
  });

  it('that are cut to different lengths by the range are refused with those lengths', async () => {
    const error = await load(await data(), { to: '2024-01-02T10:30:00Z' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'trials-differ', message: '1 of 2 trials do not have all 4 rows: tue has 2 (2024-01-02T09:30:00Z to 2024-01-02T10:30:00Z).' });
  });
});

describe('any data, however resampled, filled and transformed', () => {
  const cell = fc.option(fc.integer({ min: 1, max: 9 }), { nil: null, freq: 3 });
  const any = fc.record({
    trials: fc.integer({ min: 1, max: 4 }).chain((count) => fc.integer({ min: 2, max: 7 }).chain((rows) => fc.array(fc.array(fc.tuple(cell, cell), { minLength: rows, maxLength: rows }), { minLength: count, maxLength: count }))),
    fill: fc.constantFrom('none', 'forward', 'linear'),
    transform: fc.constantFrom('none', 'difference', 'return', 'log-return'),
    resample: fc.option(fc.record({ every: fc.constantFrom('2s', '3s'), aggregate: fc.constantFrom('first', 'last', 'mean', 'sum', 'min', 'max', 'median', 'count') }), { nil: null }),
  });

  it('is what each trial gives by itself, one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(any, async ({ trials, ...input }) => {
        const line = (row: number, cells: readonly (number | null)[]): string => `1970-01-01 00:00:0${row},${cells.map((value) => value ?? '').join(',')}`;
        const all = trials.flatMap((rows, trial) => rows.map((cells, row) => `${trial},${line(row, cells)}`));
        const together = await load(await store(`trial,time,x,y\n${all.join('\n')}\n`, { trial: 'trial', time: 'time', fields: ['x', 'y'] }), input).catch(codeOf);
        const alone = await Promise.all(trials.map(async (rows) => load(await store(`time,x,y\n${rows.map((cells, row) => line(row, cells)).join('\n')}\n`, { time: 'time', fields: ['x', 'y'] }), input).catch(codeOf)));
        const refused = alone.find((one) => typeof one === 'string');
        if (typeof together === 'string' || refused !== undefined) {
          expect(together).toBe(refused);
          return;
        }
        const frames = alone.filter((one) => typeof one !== 'string');
        expect(together.trials).toBe(trials.length);
        for (const name of ['x', 'y']) expect(values(together)[name]).toEqual(frames.flatMap((one) => values(one)[name] ?? []));
        expect(seconds(together)).toEqual(frames.flatMap(seconds));
        expect([...together.present]).toEqual([0, 1].map((series) => frames.reduce((sum, { present }) => sum + (present[series] ?? 0), 0)));
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});

function codeOf(error: unknown): string {
  if (error instanceof CorrenteError) return error.code;
  throw error;
}
