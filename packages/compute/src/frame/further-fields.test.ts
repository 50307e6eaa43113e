/** Further fields stand on the rows of the job's own field, and hold what they would hold if they were it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFile, type ImportMappingInput } from '@corrente/platform/datasets/import-file';
import { inputShape } from '@corrente/platform/datasets/input-shape';
import { closeReaders } from '@corrente/platform/datasets/reader';
import type { FieldRead } from '@corrente/shared/contract/analysis';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { jobInput, type JobInput } from '@corrente/shared/contract/job';
import type { Columns } from '../engine/contract.ts';
import type { Frame } from './frame.ts';
import { loadFrame, type LoadOptions } from './load-frame.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corrente-fields-'));
});
afterAll(async () => {
  await closeReaders();
  await rm(folder, { recursive: true, force: true });
});

async function store(text: string, mapping: ImportMappingInput = {}): Promise<Dataset> {
  const path = join(folder, `${files++}.csv`);
  await writeFile(path, text);
  return importFile(path, { store: folder, tempFolder: folder, mapping });
}

const load = (dataset: Dataset, input: Partial<JobInput> = {}, fields: readonly FieldRead[] = [], options: LoadOptions = {}): Promise<Frame> =>
  loadFrame(join(folder, `${dataset.id}.parquet`), dataset, jobInput.parse({ dataset: dataset.id, field: 'close', ...input }), { ...options, fields });

const rows = ({ values, series, stride, length }: Columns): number[][] => Array.from({ length: series }, (_, s) => [...values.subarray(s * stride, s * stride + length)]);
const field = (frame: Frame, role: string): number[][] => {
  const found = frame.fields.get(role);
  if (found === undefined) throw new Error(`no ${role} among ${[...frame.fields.keys()].join(', ')}`);
  expect(found).toMatchObject({ series: frame.series, length: frame.length, stride: frame.stride });
  expect(found.values.subarray(found.length, found.stride).every(Number.isNaN)).toBe(true);
  return rows(found);
};

const read = (role: string, aggregate: FieldRead['aggregate'], name = role): FieldRead => ({ role, field: name, aggregate });

const bars = `time,name,close,high,volume
2024-01-01 09:00,a,1,10,100
2024-01-01 15:00,a,2,30,50
2024-01-02 09:00,a,3,,70
2024-01-03 09:00,a,,40,
2024-01-01 09:00,b,5,6,1
2024-01-04 09:00,b,7,8,2
`;

describe('further fields', () => {
  it('stand on the rows of the own field, missing where they are missing', async () => {
    const frame = await load(await store(bars), {}, [read('high', 'max'), read('volume', 'sum')]);
    expect(rows(frame)).toEqual([[1, 2, 3, NaN, NaN], [5, NaN, NaN, NaN, 7]]);
    expect(field(frame, 'high')).toEqual([[10, 30, NaN, 40, NaN], [6, NaN, NaN, NaN, 8]]);
    expect(field(frame, 'volume')).toEqual([[100, 50, 70, NaN, NaN], [1, NaN, NaN, NaN, 2]]);
    expect([...frame.fields.keys()]).toEqual(['high', 'volume']);
  });

  it('are joined each by its own aggregate where the job resamples', async () => {
    const frame = await load(await store(bars), { resample: { every: '1d', aggregate: 'last' } }, [read('high', 'max'), read('volume', 'sum')]);
    expect(rows(frame)).toEqual([[2, 3, NaN, NaN], [5, NaN, NaN, 7]]);
    expect(field(frame, 'high')).toEqual([[30, NaN, 40, NaN], [6, NaN, NaN, 8]]);
    expect(field(frame, 'volume')).toEqual([[150, 70, NaN, NaN], [1, NaN, NaN, 2]]);
  });

  it('are filled as the job says and not transformed, the rows that a transform leaves out being left out', async () => {
    const frame = await load(await store(bars), { series: ['a'], fill: 'forward', transform: 'difference' }, [read('high', 'max')]);
    expect(rows(frame)).toEqual([[1, 1, 0]]);
    expect(field(frame, 'high')).toEqual([[30, 30, 40]]);
  });

  it('of trials lose the first row of each where a transform does', async () => {
    const dataset = await store('trial,t,name,close,high\n1,0,a,1,10\n1,1,a,2,20\n1,2,a,4,\n2,0,a,5,50\n2,1,a,7,\n2,2,a,9,90\n', { trial: 'trial', key: 'name' });
    const frame = await load(dataset, { transform: 'difference', fill: 'linear' }, [read('high', 'max')]);
    expect(rows(frame)).toEqual([[1, 2, 2, 2]]);
    expect(field(frame, 'high')).toEqual([[20, NaN, 70, 90]]);
  });

  it('hold what the same field holds as the own one, for every fill and aggregate', async () => {
    const cell = fc.option(fc.integer({ min: -50, max: 50 }), { nil: null, freq: 3 });
    const input = fc.record({ fill: fc.constantFrom('none', 'forward', 'linear'), every: fc.option(fc.constantFrom('1d', '6h', '1mo')) });
    const aggregate = fc.constantFrom('first', 'last', 'min', 'max', 'sum', 'mean');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 300 }), cell, cell), { minLength: 2, maxLength: 60 }), input, aggregate, async (cells, { fill, every }, by) => {
        const text = cells.map(([name, hour, close, high]) => `${new Date(Date.UTC(2024, 0, 1, hour)).toISOString()},${name},${close ?? ''},${high ?? ''}`);
        const dataset = await store(`time,name,close,high\n2024-01-01T00:00:00Z,a,1,2\n${text.join('\n')}\n`);
        const resample = every === null ? null : { every, aggregate: by };
        const own = await load(dataset, { field: 'high', fill, resample });
        const further = await load(dataset, { fill, resample: every === null ? null : { every, aggregate: 'median' } }, [read('high', by)]);
        expect(field(further, 'high')).toEqual(rows(own));
      }),
      { numRuns: 25, seed: 11 },
    );
  });

  it('are found though upper and lower case differ', async () => {
    const frame = await load(await store(bars.replace('high', 'High')), { series: ['b'] }, [read('high', 'max')]);
    expect(field(frame, 'high')).toEqual([[6, 8]]);
  });

  it('that the data set lacks are refused with what reads them, before anything is read', async () => {
    const dataset = await store(bars);
    const missing = { ...read('volume', 'sum', 'volmue'), usedBy: 'obv and mfi read' };
    const wrong = { code: 'unknown-field', message: 'The data set has no field "volmue", which obv and mfi read as the volume; it has close, high, volume; did you mean volume?', places: [{ pointer: '/params/volume' }] };
    await expect(load(dataset, {}, [missing])).rejects.toMatchObject(wrong);
    expect(() => inputShape(dataset, jobInput.parse({ dataset: dataset.id, field: 'close' }), [missing])).toThrow(expect.objectContaining({ code: 'unknown-field' }));
  });

  it('count with the own field against the memory limit', async () => {
    const dataset = await store(bars);
    const oneField = 2 * 8 * 8;
    expect((await load(dataset, {}, [], { memoryLimit: oneField })).series).toBe(2);
    await expect(load(dataset, {}, [read('high', 'max')], { memoryLimit: oneField })).rejects.toMatchObject({ code: 'memory-exceeded', message: '2 fields of 2 series of 8 rows take 256 bytes; 128 may be used.' });
  });

  it('that hold an infinite value are refused', async () => {
    const dataset = await store('time,name,close,high\n2024-01-01,a,1,2\n2024-01-02,a,2,inf\n');
    await expect(load(dataset, {}, [read('high', 'max')])).rejects.toMatchObject({ code: 'infinite-values' });
    expect(rows(await load(dataset))).toEqual([[1, 2]]);
  });

  it('are read in an order that progress follows up to the end', async () => {
    const fractions: number[] = [];
    await load(await store(bars), {}, [read('high', 'max'), read('volume', 'sum')], { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBeCloseTo(1, 12);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });
});
