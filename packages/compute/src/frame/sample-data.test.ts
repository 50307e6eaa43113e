/** The bundled S&P 500 data, imported and framed, against numbers that were computed elsewhere. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { jobInput } from '@corrente/shared/contract/job';
import { importFile } from '@corrente/platform/datasets/import-file';
import { closeReaders } from '@corrente/platform/datasets/reader';
import type { Frame } from './frame.ts';
import { loadFrame } from './load-frame.ts';

let folder: string;
let data: Dataset;
const load = (input: object): Promise<Frame> => loadFrame(join(folder, `${data.id}.parquet`), data, jobInput.parse({ dataset: data.id, ...input }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corrente-sample-'));
  data = await importFile(join(import.meta.dirname, '../../../../data/sp500-2013-2018.parquet'), { store: folder, tempFolder: folder });
});
afterAll(async () => {
  await closeReaders();
  await rm(folder, { recursive: true, force: true });
});

it('the log returns of the 470 complete tickers correlate by 0.282547 in the mean, AAPL with MSFT by 0.367899', async () => {
  const all = await load({ transform: 'log-return' });
  expect(all).toMatchObject({ series: 505, length: 1258 });
  const complete = all.names.filter((_, series) => all.present[series] === 1258);
  expect(complete).toHaveLength(470);
  const frame = await load({ transform: 'log-return', series: complete });
  const rows = frame.names.map((_, series) => standardised(frame.values.subarray(series * frame.stride, series * frame.stride + frame.length)));
  let sum = 0;
  for (const [a, left] of rows.entries()) for (const right of rows.slice(0, a)) sum += dot(left, right);
  expect(sum / ((rows.length * (rows.length - 1)) / 2)).toBeCloseTo(0.282547, 6);
  const row = (name: string): Float64Array => rows[frame.names.indexOf(name)] ?? new Float64Array(0);
  expect(dot(row('AAPL'), row('MSFT'))).toBeCloseTo(0.367899, 6);
  expect(dot(row('KO'), row('PEP'))).toBeCloseTo(0.647164, 6);
});

it('the last 20 closes of AAPL have the mean 171.0125, the last 50 have 171.7554', async () => {
  const frame = await load({ series: ['AAPL'] });
  const mean = (count: number): number => frame.values.subarray(frame.length - count, frame.length).reduce((sum, value) => sum + value, 0) / count;
  expect(mean(20)).toBeCloseTo(171.0125, 4);
  expect(mean(50)).toBeCloseTo(171.7554, 4);
});

function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const length = Math.sqrt(dot(centred, centred));
  return centred.map((value) => value / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
