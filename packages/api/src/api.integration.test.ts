/** The API over the real platform (embedded PostgreSQL), called through the client; the test plays the worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claim } from '@corrente/platform/platform';
import { openPlatformForTests, type TestPlatform } from '@corrente/platform/testing/platform';
import { addSampleDataset, sampleEngine, sampleTable, succeedSample, writeSamplePart } from '@corrente/platform/testing/samples';
import { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JobEvent, JobSpecInput } from '@corrente/shared/contract/job';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type RunningServer } from './server.ts';

let home: TestPlatform;
let server: RunningServer;
let client: CorrenteClient;
let dataset: Dataset;

beforeAll(async () => {
  home = await openPlatformForTests();
  server = await startServer(home.config, home.platform);
  client = new CorrenteClient({ baseUrl: server.url });
  dataset = await addSampleDataset(home.platform);
});
afterAll(async () => {
  await server.close();
  await home.close();
});

const spec = (change: Partial<JobSpecInput> = {}): JobSpecInput => ({ analysis: 'correlation', input: { dataset: dataset.id }, params: { output: 'pairs' }, ...change });

async function claim(id: string): Promise<Claim> {
  const claimed = await home.platform.jobs.claim(id, 'a-worker', 60_000);
  if (claimed === null) throw new Error(`${id} cannot be claimed.`);
  return claimed;
}

test('a job goes from submission to its result, told by its events', async () => {
  const { jobs } = home.platform;
  const job = await client.submit(spec());
  const seen: JobEvent[] = [];
  const ended = client.wait(job.id, { onEvent: (event) => seen.push(event) });
  const table = client.resultTable(job.id, 'pairs');

  const claimed = await claim(job.id);
  await jobs.progress(claimed, { fraction: 0.5, stage: 'computing', message: 'half' });
  await succeedSample(home.platform, claimed);

  expect(await ended).toMatchObject({ id: job.id, state: 'succeeded', engine: { name: 'cpu' }, tables: [{ name: 'pairs', rows: 2, complete: true }] });
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map(({ seq }) => seq).toSorted((a, b) => a - b));
  expect(seen.filter(({ type }) => type === 'part')).toMatchObject([{ data: { table: 'pairs', rows: 2 } }]);
  expect(seen.filter(({ type }) => ['succeeded', 'failed', 'cancelled'].includes(type))).toEqual([seen.at(-1)]);
  expect((await table).toArray().map((row) => row.toJSON())).toEqual([{ a: 'x', r: 0.5, n: 10 }, { a: 'y', r: null, n: 20 }]);
  await expect(client.events(job.id, { after: seen.at(-1)!.seq }).next()).resolves.toMatchObject({ done: true });
});

test('a batch is read while the job runs, as soon as it is stored', async () => {
  const { jobs } = home.platform;
  const { id } = await client.submit(spec({ seed: 2 }));
  const claimed = await claim(id);
  await jobs.begin(claimed, sampleEngine, [sampleTable]);
  const batches = client.result(id, 'pairs');
  for (const step of [0, 1]) {
    const next = batches.next();
    await jobs.storeStep(claimed, step, [await writeSamplePart(home.platform, claimed, `pairs-${step}`, [[`step ${step}`, step, 1]])]);
    const { value } = await next;
    expect(value?.toArray().map((row: { toJSON(): unknown }) => row.toJSON())).toEqual([{ a: `step ${step}`, r: step, n: 1 }]);
  }
  await jobs.fail(claimed, new CorrenteError('engine-crashed', 'It was killed.').toProblem());
  await expect(batches.next()).rejects.toMatchObject({ code: 'engine-crashed', message: 'It was killed.' });
});

test('ten submissions with one key at the same time make one job', async () => {
  const jobs = await Promise.all(Array.from({ length: 10 }, () => client.submit(spec({ seed: 3 }), { idempotencyKey: 'the-same' })));
  expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
  await expect(client.submit(spec({ seed: 4 }), { idempotencyKey: 'the-same' })).rejects.toMatchObject({ code: 'idempotency-conflict' });
});

test('a running job is told to stop, then retried as another, then deleted', async () => {
  const { jobs } = home.platform;
  const { id } = await client.submit(spec({ seed: 5 }));
  const claimed = await claim(id);
  expect(await client.cancel(id)).toMatchObject({ state: 'running' });
  await expect(client.retry(id)).rejects.toMatchObject({ code: 'job-not-final' });
  await expect(client.deleteJob(id)).rejects.toMatchObject({ code: 'job-not-final' });
  await jobs.cancelled(claimed);
  expect(await client.wait(id)).toMatchObject({ state: 'cancelled' });
  await expect(client.cancel(id)).rejects.toMatchObject({ code: 'job-final' });
  expect(await client.retry(id)).toMatchObject({ state: 'queued', retryOf: id });
  await client.deleteJob(id);
  await expect(client.job(id)).rejects.toMatchObject({ code: 'job-not-found' });
  await expect(client.events(id).next()).rejects.toMatchObject({ code: 'job-not-found' });
});

test('the jobs are paged newest first, by a cursor that must be one of theirs', async () => {
  const ids: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await client.jobs({ dataset: dataset.id, limit: 2, cursor: cursor ?? undefined });
    ids.push(...page.items.map(({ id }) => id));
    ({ cursor } = page);
  } while (cursor !== null);
  expect(ids.length).toBeGreaterThan(3);
  expect(ids).toEqual([...new Set(ids)]);
  await expect(client.jobs({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'bad-request' });
});

test('a file is imported, read for a chart, and nothing of its upload stays', async () => {
  const lines = ['date,AAPL,KO', ...Array.from({ length: 500 }, (_, day) => `${new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10)},${day},${day === 7 ? '' : -day}`)];
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const stored = await client.importDataset(new Blob([bytes]), { name: 'two stocks' });
  expect(stored).toMatchObject({ name: 'two stocks', series: ['AAPL', 'KO'], timePoints: 500, report: { missingCells: { count: 1, places: [{ line: 9, column: 'KO' }] } } });
  const again = await client.importDataset(new Blob([bytes]).stream(), { name: 'the same' });
  expect(again.id).toBe(stored.id);

  const chart = await client.series(stored.id, { series: ['KO'], from: '2020-01-02', points: 40 });
  const values = chart.getChild('value')?.toArray() as Float64Array;
  expect(chart.numRows).toBeLessThanOrEqual(40);
  expect([values[0], values.at(-1)]).toEqual([-1, -499]);
  await expect(client.series(stored.id, { series: ['KOO'] })).rejects.toMatchObject({ code: 'unknown-series' });
  expect(await client.estimate({ analysis: 'correlation', input: { dataset: stored.id } })).toMatchObject({ series: 2, rows: 500, refused: null });
  // The folder of the import process stays, empty; files are uploads.
  const left = await readdir(join(home.config.home, 'uploads'), { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => !entry.isDirectory()).map((entry) => entry.name)).toEqual([]);
});

test('an analysis of several fields is refused at submission where the data set lacks one of them, or the input does not suit it', async () => {
  const bars = await client.importDataset(new Blob(['date,name,close,High,low\n2020-01-01,a,2,3,1\n2020-01-02,a,3,4,2\n2020-01-03,a,4,5,3\n']), { name: 'bars' });
  const asked = (names: string[], input = {}) => ({ analysis: 'indicators', params: { names }, input: { dataset: bars.id, field: 'close', ...input } });
  await expect(client.submit(asked(['obv']))).rejects.toMatchObject({ code: 'unknown-field', message: expect.stringContaining('"volume", which obv reads'), places: [{ pointer: '/params/volume' }] });
  await expect(client.submit(asked(['atr(1)'], { transform: 'difference' }))).rejects.toMatchObject({ code: 'invalid-job', places: [{ pointer: '/input/transform' }] });
  await expect(client.submit(asked(['art']))).rejects.toMatchObject({ code: 'invalid-params', message: expect.stringContaining('did you mean atr?'), places: [{ pointer: '/params/names/0' }] });
  expect(await client.estimate(asked(['obv']))).toMatchObject({ refused: { code: 'unknown-field' } });
  const [one, three] = await Promise.all([client.estimate(asked(['momentum(1)'])), client.estimate(asked(['atr(1)']))]);
  expect([one.refused, three.refused]).toEqual([null, null]);
  expect(three.memoryBytes - one.memoryBytes).toBe(2 * 3 * 8);
});

test('a file that cannot be read is refused with its code, its line and what to do', async () => {
  const ragged = new Blob(['time,a\n2020-01-01,1\n2020-01-02,2,3\n']);
  await expect(client.importDataset(ragged)).rejects.toMatchObject({ code: 'ragged-rows', message: expect.stringContaining('3'), advice: expect.stringContaining('badRows=skip') });
  expect(await client.importDataset(ragged, { mapping: { badRows: 'skip' } })).toMatchObject({ report: { badRows: { count: 1 } } });
  await expect(client.importDataset(new Blob([]))).rejects.toMatchObject({ code: 'file-empty' });
});

test('a data set in use is not deleted; one that nobody uses is', async () => {
  await expect(client.deleteDataset(dataset.id)).rejects.toMatchObject({ code: 'dataset-in-use' });
  const other = await addSampleDataset(home.platform, 'other');
  expect((await client.datasets()).items.map(({ id }) => id)).toContain(other.id);
  await client.deleteDataset(other.id);
  await expect(client.dataset(other.id)).rejects.toMatchObject({ code: 'dataset-not-found' });
});

test('readiness and metrics come from the real parts', async () => {
  expect(await client.readiness()).toMatchObject({ ready: true, dependencies: expect.arrayContaining([{ name: 'queue', ok: true, required: true, detail: null }]) });
  await home.platform.workers.announce({ id: 'w', engines: [], memoryBytes: 1 });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/corrente_jobs\{state="succeeded"\} 1/);
  expect(metrics).toMatch(/corrente_queue_depth\{state="waiting"\} \d+/);
  expect(metrics).toContain('corrente_workers 1');
  expect(metrics).toContain('corrente_process_resident_memory_bytes');
});

test('a server that closes ends event streams, and a reader goes on where another server is at its address', async () => {
  const first = await startServer(home.config, home.platform);
  const port = Number(new URL(first.url).port);
  const { id } = await client.submit(spec({ seed: 6 }));
  const types: string[] = [];
  const watching = (async () => {
    for await (const { type } of new CorrenteClient({ baseUrl: first.url }).events(id)) types.push(type);
  })();
  await expect.poll(() => types).toEqual(['progress']);
  await first.close();
  await sleep(50);
  const second = await startServer({ ...home.config, port }, home.platform);
  await succeedSample(home.platform, await claim(id));
  await watching;
  expect(types.at(-1)).toBe('succeeded');
  expect(types.filter((type) => type === 'succeeded')).toHaveLength(1);
  await second.close();
});

test('the shares of a job stand in no list but that of their parent, and are neither cancelled, retried, deleted nor read by themselves', async () => {
  const { jobs } = home.platform;
  const { id } = await client.submit(spec({ seed: 50, workers: 2 }));
  const claimed = await claim(id);
  await jobs.begin(claimed, sampleEngine, [sampleTable]);
  await jobs.shareOut(claimed, { steps: [0, 1, 2].map((step) => ({ step, work: 1 })), totalWork: 3 });
  const { items } = await client.jobs({ parent: id });
  expect(items.map(({ share }) => share)).toEqual([1, 0].map((index) => ({ parent: id, index, of: 2 })));
  const listed = (await client.jobs({ limit: 500 })).items.map((job) => job.id);
  expect(listed).toContain(id);
  for (const { id: share } of items) {
    expect(listed).not.toContain(share);
    for (const call of [() => client.cancel(share), () => client.retry(share), () => client.deleteJob(share)]) await expect(call()).rejects.toMatchObject({ code: 'job-is-share', message: expect.stringContaining(id) });
    await expect(client.resultTable(share, 'pairs', { follow: false })).rejects.toMatchObject({ code: 'table-not-found', message: expect.stringContaining(id) });
  }
  expect(await client.cancel(id)).toMatchObject({ state: 'cancelled', shares: 2 });
  await client.deleteJob(id);
  await expect(client.job(items[0]?.id ?? '')).rejects.toMatchObject({ code: 'job-not-found' });
});

test('provisional rows are given with follow=false until the job has succeeded', async () => {
  const { jobs } = home.platform;
  const { id } = await client.submit(spec({ seed: 51 }));
  const claimed = await claim(id);
  await jobs.begin(claimed, sampleEngine, [sampleTable]);
  await jobs.storeStep(claimed, 0, [await writeSamplePart(home.platform, claimed, 'pairs-0', [['good', 1, 1]])]);
  await jobs.showParts(claimed, 1, [await writeSamplePart(home.platform, claimed, 'pairs-1', [['shown', 1, 1]])]);
  const names = async (follow: boolean) => [...((await client.resultTable(id, 'pairs', { follow })).getChild('a') ?? [])];
  expect(await names(false)).toEqual(['good', 'shown']);
  expect(await (await client.download(id, 'pairs', 'csv', { follow: false })).text()).toContain('shown');
  await jobs.succeed(claimed, {}, 'provisional over HTTP');
  expect(await names(false)).toEqual(['good']);
  expect(await names(true)).toEqual(['good']);
});

test('results as input are refused at submission and in the estimate where they cannot be used', async () => {
  const { id } = await client.submit(spec({ seed: 52 }));
  const reading = spec({ input: { dataset: dataset.id, results: { a: [id] } } });
  await expect(client.submit(reading)).rejects.toMatchObject({ code: 'unsuitable-result', message: expect.stringContaining('takes no results') });
  expect(await client.estimate(reading)).toMatchObject({ refused: { code: 'unsuitable-result' } });
  const tooMany = { dataset: dataset.id, results: { a: Array.from({ length: 65 }, () => id) } };
  await expect(client.submit(spec({ input: tooMany }))).rejects.toMatchObject({ code: 'invalid-job' });
  await expect(client.submit(spec({ workers: 65 }))).rejects.toMatchObject({ code: 'invalid-job', places: [{ pointer: '/workers' }] });
});
