/** Job specs that ask for too much or nothing, and calls that come at the wrong time, many at once, or are broken off. */
import { spawnSync } from 'node:child_process';
import { job as jobSchema, finalStates, type Job } from '@corrente/shared/contract/job';
import { resultFormats } from '@corrente/shared/contract/result';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, datasetReply, goodCsv, type HostileServer, problemOf, startHostileServer } from './server.ts';

let server: HostileServer;
let dataset = '';
let infinite = '';
let flat = '';
let large = '';

const day = (index: number): string => new Date(Date.UTC(1990, 0, 1 + index)).toISOString().slice(0, 10);
const importOf = async (text: string): Promise<string> => datasetReply.parse(await (await server.upload(text)).json()).id;

beforeAll(async () => {
  server = await startHostileServer();
  dataset = await importOf(goodCsv());
  infinite = await importOf('date,a,b\n2020-01-01,inf,1\n2020-01-02,1,6\n2020-01-03,3,6\n');
  flat = await importOf(`date,constant,missing,x\n${Array.from({ length: 9 }, (_, t) => `${day(t)},5,,${t}`).join('\n')}\n`);
  large = await importOf(`date,${Array.from({ length: 24 }, (_, s) => `s${s}`).join(',')}\n${Array.from({ length: 8000 }, (_, t) => `${day(t)},${Array.from({ length: 24 }, (_value, s) => (t * (s + 7)) % 101).join(',')}`).join('\n')}\n`);
});
afterAll(async () => {
  expect(await server?.close()).toBe(0);
});

type Spec = { [name: string]: unknown };
const spec = (change: Spec = {}, input: Spec = {}): Spec => ({ analysis: 'correlation', input: { dataset, ...input }, fresh: true, ...change });
const averages = (params: Spec, of = dataset): Spec => spec({ analysis: 'moving-average', params }, { dataset: of });
/** Half a minute of work in many steps, unless it is cancelled. */
const long = (): Spec => ({ ...averages({ kinds: ['sma', 'std', 'ema', 'wma', 'min', 'max'], windows: Array.from({ length: 40 }, (_, k) => 100 + 150 * k) }, large), engine: 'portable' });

async function submit(body: Spec, headers: Record<string, string> = {}): Promise<Job> {
  const response = await server.json('/v1/jobs', body, headers);
  const text = await response.text();
  expect(response.status, text).toBe(202);
  return jobSchema.parse(JSON.parse(text));
}

async function jobOf(id: string): Promise<Job> {
  return jobSchema.parse(await (await server.call(`/v1/jobs/${id}`)).json());
}

async function until(id: string, states: ReadonlySet<string>): Promise<Job> {
  await expect.poll(async () => states.has((await jobOf(id)).state), { timeout: 25_000, interval: 50 }).toBe(true);
  return jobOf(id);
}

const post = (path: string): Promise<Response> => server.call(path, { method: 'POST' });

describe('a spec that cannot be taken is refused with the places that are wrong, submitted or estimated', () => {
  it.each<[string, () => unknown, string, string]>([
    ['an unknown analysis', () => spec({ analysis: 'corelation' }), 'unknown-analysis', '/analysis'],
    ['an analysis of 500,000 characters', () => spec({ analysis: 'x'.repeat(500_000) }), 'unknown-analysis', '/analysis'],
    ['an unknown parameter', () => spec({ params: { constructor: 1 } }), 'invalid-params', '/params'],
    ['a parameter out of range', () => spec({ params: { minAbs: -1 } }), 'invalid-params', '/params/minAbs'],
    ['a parameter of another type', () => spec({ params: { minAbs: '0.5' } }), 'invalid-params', '/params/minAbs'],
    ['a parameter with depth', () => spec({ params: { top: { a: [1] } } }), 'invalid-params', '/params/top'],
    ['a window of no length', () => averages({ windows: [0] }), 'invalid-params', '/params/windows/0'],
    ['a window that stands twice', () => averages({ windows: [5, 7, 5] }), 'invalid-params', '/params/windows/2'],
    ['100,000 kinds', () => averages({ kinds: Array.from({ length: 100_000 }, () => 'sma') }), 'invalid-params', '/params/kinds'],
    ['an unknown engine', () => spec({ engine: 'tpu' }), 'invalid-job', '/engine'],
    ['an unknown name', () => spec({ engin: 'cpu' }), 'invalid-job', ''],
    ['a seed that is no seed', () => spec({ seed: -1 }), 'invalid-job', '/seed'],
    ['a path for a data set', () => spec({}, { dataset: '../../etc/passwd' }), 'invalid-job', '/input/dataset'],
    ['a data set that is not there', () => spec({}, { dataset: `ds_${'0'.repeat(32)}` }), 'dataset-not-found', '/input/dataset'],
    ['an unknown field', () => spec({}, { field: '__proto__' }), 'unknown-field', '/input/field'],
    ['an unknown series', () => spec({}, { series: ['a', 'b\0'] }), 'unknown-series', '/input/series/1'],
    ['a series named twice', () => spec({}, { series: ['a', 'a'] }), 'unknown-series', '/input/series/1'],
    ['100,000 unknown series', () => spec({}, { series: Array.from({ length: 100_000 }, (_, k) => `s${k}`) }), 'unknown-series', '/input/series/0'],
    ['100,000 numbers for series', () => spec({}, { series: Array.from({ length: 100_000 }, (_, k) => k) }), 'invalid-job', '/input/series/0'],
    ['a day that does not exist', () => spec({}, { from: '2020-02-30' }), 'invalid-job', '/input/from'],
    ['a row number for a date', () => spec({}, { from: 5 }), 'invalid-job', '/input/from'],
    ['no length to resample to', () => spec({}, { resample: { every: '0d' } }), 'invalid-job', '/input/resample/every'],
  ])('%s', async (_what, body, code, pointer) => {
    const refused = await problemOf(await server.json('/v1/jobs', body()));
    expect(refused).toMatchObject({ code });
    expect(refused.errors?.[0]?.pointer).toBe(pointer);
    const estimated = await server.json('/v1/jobs/estimate', body());
    const said: unknown = await estimated.json();
    expect(said).toMatchObject(estimated.status === 200 ? { refused: { code } } : { code });
  });

  it('a time range without data tells the range there is', async () => {
    const refused = await problemOf(await server.json('/v1/jobs', spec({}, { from: '2030-01-01' })));
    expect(refused).toMatchObject({ code: 'empty-selection' });
    expect(refused.detail).toContain('2020-01-01 to 2020-02-09');
  });

  it.each<[string, string, string, RegExp]>([
    ['half a text', '{"analysis":', 'bad-request', /not JSON/],
    ['null', 'null', 'invalid-job', /received null/],
    ['a list', '[]', 'invalid-job', /received array/],
    ['NaN', '{"params":{"minAbs":NaN}}', 'bad-request', /not JSON/],
    ['a number beyond doubles', '{"analysis":"correlation","input":{"dataset":"ds_00000000000000000000000000000000"},"params":{"minAbs":1e309}}', 'invalid-params', /Infinity/],
    ['100,000 brackets', `{"params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'invalid-job', /received array/],
    ['a prototype', '{"__proto__":{"analysis":"correlation"}}', 'invalid-job', /__proto__/],
    ['two MiB', `"${'x'.repeat(2 ** 21)}"`, 'payload-too-large', /1048576/],
  ])('JSON of %s', async (_what, body, code, detail) => {
    const refused = await problemOf(await server.json('/v1/jobs', body));
    expect(refused.code).toBe(code);
    expect(refused.detail).toMatch(detail);
  });

  it.each([
    [{ 'content-type': 'text/plain' }, 'unsupported-media-type'],
    [{ 'content-type': 'application/json; charset=klingon' }, 'unsupported-media-type'],
    [{ 'content-encoding': 'zstd2' }, 'unsupported-media-type'],
    [{ 'content-encoding': 'gzip' }, 'bad-request'],
    [{ 'idempotency-key': 'two words' }, 'bad-request'],
  ])('a body under %j', async (headers, code) => {
    expect((await problemOf(await server.json('/v1/jobs', spec(), headers))).code).toBe(code);
  });
});

describe('what only the data can tell fails the job with its reason', () => {
  it.each<[string, () => Spec, string, RegExp]>([
    ['a window longer than the series', () => averages({ windows: [41] }), 'window-too-long', /is 41, and there are 40 rows/],
    ['infinite values', () => spec({}, { dataset: infinite }), 'infinite-values', /a at 2020-01-01 is Infinity/],
    ['a logarithm of what is not above 0', () => spec({}, { transform: 'log-return' }), 'transform-domain', /log-return/],
  ])('%s', async (_what, body, code, detail) => {
    const failed = await until((await submit(body())).id, finalStates);
    expect(failed).toMatchObject({ state: 'failed', error: { code } });
    expect(failed.error?.detail).toMatch(detail);
    for (const format of Object.keys(resultFormats)) {
      expect((await problemOf(await server.call(`/v1/jobs/${failed.id}/result/values?format=${format}`))).code).toBe('table-not-found');
    }
    expect((await problemOf(await post(`/v1/jobs/${failed.id}/cancel`))).code).toBe('job-final');
  });

  it('constant and missing series correlate with nothing, on every engine: their cells are empty', async () => {
    for (const engine of ['cpu', 'portable']) {
      const available = (await (await server.call('/v1/engines')).text()).includes(`"name":"${engine}","available":true`);
      if (!available) continue;
      const { id } = await until((await submit({ ...spec({}, { dataset: flat }), engine })).id, new Set(['succeeded']));
      expect(await (await server.call(`/v1/jobs/${id}/result/matrix?format=json`)).json()).toEqual([
        { series: 'constant', constant: null, missing: null, x: null },
        { series: 'missing', constant: null, missing: null, x: null },
        { series: 'x', constant: null, missing: null, x: 1 },
      ]);
    }
  });
});

describe('many at once', () => {
  it('fifty posts with one key make one job, and another body under that key is refused', async () => {
    const headers = { 'idempotency-key': 'fifty' };
    const jobs = await Promise.all(Array.from({ length: 50 }, () => submit(spec({ seed: 5 }), headers)));
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
    expect((await problemOf(await server.json('/v1/jobs', spec({ seed: 6 }), headers))).code).toBe('idempotency-conflict');
  });

  it('of two bodies under one key at the same time one wins, always the same', async () => {
    const headers = { 'idempotency-key': 'either' };
    const answers = await Promise.all(Array.from({ length: 30 }, async (_, k) => ({ seed: k % 2, response: await server.json('/v1/jobs', spec({ seed: k % 2 }), headers) })));
    const taken = answers.filter(({ response }) => response.status === 202);
    expect(taken).toHaveLength(15);
    expect(new Set(taken.map(({ seed }) => seed)).size).toBe(1);
    for (const { response } of answers) if (response.status !== 202) expect((await problemOf(response)).code).toBe('idempotency-conflict');
  });

  it('two hundred jobs submitted at once are all taken, and all can be cancelled', async () => {
    const first = await submit(long());
    const jobs = await Promise.all(Array.from({ length: 200 }, (_, seed) => submit(spec({ seed }))));
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(200);
    expect((await problemOf(await server.call(`/v1/datasets/${dataset}`, { method: 'DELETE' }))).code).toBe('dataset-in-use');
    const cancelled = await Promise.all(jobs.map(({ id }) => post(`/v1/jobs/${id}/cancel`)));
    for (const response of cancelled) expect(response.status).toBe(200);
    await post(`/v1/jobs/${first.id}/cancel`);
    await until(first.id, new Set(['cancelled']));
  });
});

describe('calls at the wrong time', () => {
  it('a running job is neither retried nor deleted, readers may leave, and a cancelled one tells that its result is not whole', async () => {
    const { id } = await submit(long());
    const queued = await submit(spec());
    await expect.poll(async () => (await jobOf(id)).tables[0]?.parts ?? 0, { timeout: 20_000 }).toBeGreaterThan(0);

    for (const path of [`/v1/jobs/${id}/retry`, `/v1/jobs/${queued.id}/retry`]) expect((await problemOf(await post(path))).code).toBe('job-not-final');
    for (const path of [`/v1/jobs/${id}`, `/v1/jobs/${queued.id}`]) expect((await problemOf(await server.call(path, { method: 'DELETE' }))).code).toBe('job-not-final');
    expect((await problemOf(await server.call(`/v1/datasets/${large}`, { method: 'DELETE' }))).code).toBe('dataset-in-use');
    expect((await problemOf(await server.call(`/v1/jobs/${queued.id}/result/matrix?follow=false`))).code).toBe('table-not-found');

    await Promise.all(
      [...Object.keys(resultFormats), 'events'].flatMap((what) =>
        [20, 60, 120].map(async (after) => {
          const path = what === 'events' ? `/v1/jobs/${id}/events` : `/v1/jobs/${id}/result/values?format=${what}`;
          await expect(server.call(path, { signal: AbortSignal.timeout(after) }).then((response) => response.arrayBuffer())).rejects.toThrow();
        }),
      ),
    );

    const follower = server.call(`/v1/jobs/${id}/result/values`).then((response) => response.arrayBuffer());
    const broken = expect(follower).rejects.toThrow('terminated');
    expect([200, 202]).toContain((await post(`/v1/jobs/${id}/cancel`)).status);
    await until(id, new Set(['cancelled']));
    await broken;
    expect((await server.call(`/v1/jobs/${id}/result/values?follow=false`)).status).toBe(200);
    expect((await problemOf(await post(`/v1/jobs/${id}/cancel`))).code).toBe('job-final');
    await until(queued.id, new Set(['succeeded']));
  });

  it.each<[string, number]>([
    ['-1', 400],
    ['1e309', 400],
    ['0x10', 400],
    ['1.5', 400],
    ['99999999999999999999', 400],
    ['9007199254740991', 204],
    ['2147483648', 204],
  ])('the events of an ended job after %s are answered with %i', async (last, status) => {
    const { id } = await until((await submit(spec())).id, finalStates);
    const response = await server.call(`/v1/jobs/${id}/events`, { headers: { 'last-event-id': last } });
    expect(response.status).toBe(status);
    if (status === 400) expect((await problemOf(response)).detail).toContain(last);
  });

  it.each(['nope', 'constructor', '__proto__', 'matrix%00', 'MATRIX'])('the table %s is not found', async (table) => {
    const { id } = await until((await submit(spec())).id, finalStates);
    expect((await problemOf(await server.call(`/v1/jobs/${id}/result/${table}`))).code).toBe('table-not-found');
    expect((await problemOf(await server.call(`/v1/jobs/${id}/result/matrix?format=xlsx`))).code).toBe('not-acceptable');
  });

  it('a data set deleted after its jobs leaves their results, and no retry', async () => {
    const own = await importOf(goodCsv(1234));
    const { id } = await until((await submit(spec({}, { dataset: own }))).id, new Set(['succeeded']));
    expect((await server.call(`/v1/datasets/${own}`, { method: 'DELETE' })).status).toBe(204);
    expect((await problemOf(await post(`/v1/jobs/${id}/retry`))).code).toBe('dataset-not-found');
    expect(await (await server.call(`/v1/jobs/${id}/result/matrix?format=json`)).json()).toHaveLength(3);
  });
});

describe('the command', () => {
  it.each<[string[], string]>([
    [['submit', 'corelation', 'DATASET'], 'unknown-analysis'],
    [['submit', 'correlation', 'DATASET', '--series', 'nope'], 'unknown-series'],
    [['submit', 'correlation', '../../etc'], 'file-not-found'],
    [['result', `job_${'0'.repeat(26)}`], 'job-not-found'],
  ])('%j ends with exit code 2 and one sentence', (args, code) => {
    const done = spawnSync(process.execPath, [command, ...args.map((arg) => arg.replace('DATASET', dataset)), '--server', server.address], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
    expect(done.stderr).toMatch(new RegExp(`^error ${code}: `));
    expect(done.stderr).not.toMatch(/^\s+at /m);
    expect(done.status).toBe(2);
  });
});

it('after all of it the server is well: a good job succeeds, and nothing went wrong inside', async () => {
  expect(await until((await submit(spec({ seed: 77 }))).id, finalStates)).toMatchObject({ state: 'succeeded', attempt: 1 });
  expect(await server.leftovers()).toEqual([]);
  expect(server.faults()).toEqual([]);
});
