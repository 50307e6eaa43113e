/** Cases of the job calls. */
import { correlation, correlationParams } from '@corrente/shared/contract/analyses/correlation';
import type { Calibration } from '@corrente/shared/contract/engine';
import { predictSeconds } from '@corrente/shared/contract/engine-choice';
import { job, jobEstimate, type Job } from '@corrente/shared/contract/job';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampleDataset, sampleEngine, sampleSpec } from '../../testing/samples.ts';
import { problemOf, startTestServer, type TestServer } from '../../testing/test-server.ts';

/** What the sample job needs. */
const sampleNeed = correlation.estimate(correlationParams.parse({}), { series: ['AAPL', 'KO', 'PEP'], rows: 1000, time: 'timestamp' }, 'f64');

const calibration: Calibration = { copyBytesPerSecond: 1e6, operationsPerSecond: { f64: 1e6, f32: 1e6 }, launchSeconds: 0.5, transferBytesPerSecond: null, measuredAt: '2026-01-01T00:00:00.000Z' };

const unknownJob = `job_${'0'.repeat(26)}`;
const unknownDataset = { input: { dataset: `ds_${'f'.repeat(32)}` } };

/** What refuses a spec, both when it is submitted and when it is estimated. */
const refusals = [
  ['an unknown analysis', { analysis: 'astrology' }, 'unknown-analysis', '/analysis'],
  ['a parameter out of its range', { params: { minAbs: 2 } }, 'invalid-params', '/params/minAbs'],
  ['a parameter that is not known', { params: { windw: 2 } }, 'invalid-params', '/params'],
  ['a series that the data set lacks', { input: { ...sampleSpec().input, series: ['KO', 'NOPE'] } }, 'unknown-series', '/input/series/1'],
  ['an engine that no live worker has', { engine: 'cuda' }, 'engine-unavailable', '/engine'],
] as const;

const submitted = async (response: Response): Promise<Job> => job.parse(await response.json());

export function jobCases(): void {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  beforeEach(() => {
    server.platform.workerList = [];
    server.platform.addWorker([sampleEngine(), sampleEngine({ name: 'cuda', available: false, whyNot: 'no device answers' })], 2 ** 30);
  });
  afterAll(() => server.close());

  describe('submitting', () => {
    test('a job is taken with its parameters filled in, at the address that Location names', async () => {
      const response = await server.send('POST', '/v1/jobs', sampleSpec({ params: { output: 'pairs' } }));
      expect(response.status).toBe(202);
      const taken = await submitted(response);
      expect(taken).toMatchObject({ state: 'queued', analysis: 'correlation', spec: { engine: 'auto', params: { output: 'pairs', method: 'pearson', minPeriods: 2 } } });
      expect(response.headers.get('location')).toBe(`/v1/jobs/${taken.id}`);
      expect(await submitted(await server.call('GET', `/v1/jobs/${taken.id}`))).toEqual(taken);
    });

    test('the same key and body give the same job, also where the body spells the defaults out, and after its data set is gone', async () => {
      const headers = { 'idempotency-key': 'one' };
      const first = await submitted(await server.send('POST', '/v1/jobs', sampleSpec(), headers));
      const spelt = await submitted(await server.send('POST', '/v1/jobs', sampleSpec({ precision: 'f64', params: { output: 'matrix' } }), headers));
      server.platform.catalogue.delete(sampleDataset().id);
      const later = await submitted(await server.send('POST', '/v1/jobs', sampleSpec(), headers));
      server.platform.catalogue.set(sampleDataset().id, sampleDataset());
      expect([spelt.id, later.id]).toEqual([first.id, first.id]);
    });

    test('the same key with another body is refused', async () => {
      const headers = { 'idempotency-key': 'two' };
      await server.send('POST', '/v1/jobs', sampleSpec(), headers);
      const response = await server.send('POST', '/v1/jobs', sampleSpec({ seed: 2 }), headers);
      expect(response.status).toBe(422);
      expect(await problemOf(response)).toMatchObject({ code: 'idempotency-conflict' });
    });

    test.each([
      ['a body that is not JSON', '{"analysis":', 400, 'bad-request'],
      ['a spec with a wrong type', JSON.stringify({ ...sampleSpec(), seed: 'one' }), 422, 'invalid-job'],
      ['a spec with an unknown name', JSON.stringify({ ...sampleSpec(), engin: 'cpu' }), 422, 'invalid-job'],
      ['a body above the limit', JSON.stringify({ ...sampleSpec(), params: { text: 'x'.repeat(2 ** 20) } }), 413, 'payload-too-large'],
      ['a data set that is not there', JSON.stringify(sampleSpec(unknownDataset)), 404, 'dataset-not-found'],
    ])('%s is refused, submitted or estimated', async (_what, body, status, code) => {
      for (const path of ['/v1/jobs', '/v1/jobs/estimate']) {
        const response = await server.call('POST', path, { body, headers: { 'content-type': 'application/json' } });
        expect(response.status).toBe(status);
        expect(await problemOf(response)).toMatchObject({ code, status });
      }
    });

    test('the pointers of a refused spec name each wrong place', async () => {
      const response = await server.send('POST', '/v1/jobs', { ...sampleSpec(), seed: -1, input: { dataset: 'x', fill: 'sideways' } });
      expect((await problemOf(response)).errors?.map((place) => place.pointer)).toEqual(['/input/dataset', '/input/fill', '/seed']);
    });

    test('another content type than JSON is refused', async () => {
      for (const path of ['/v1/jobs', '/v1/jobs/estimate']) {
        const response = await server.call('POST', path, { body: JSON.stringify(sampleSpec()), headers: { 'content-type': 'text/plain' } });
        expect(response.status).toBe(415);
        expect(await problemOf(response)).toMatchObject({ code: 'unsupported-media-type' });
      }
    });

    test.each(['', 'k'.repeat(256), 'two words'])('the idempotency key "%.10s" is refused', async (key) => {
      const response = await server.send('POST', '/v1/jobs', sampleSpec(), { 'idempotency-key': key });
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: 'bad-request' });
    });

    test.each(refusals)('%s is refused', async (_what, change, code, pointer) => {
      const response = await server.send('POST', '/v1/jobs', { ...sampleSpec(), ...change });
      expect(response.status).toBe(422);
      const refusal = await problemOf(response);
      expect(refusal.code).toBe(code);
      expect(refusal.errors?.[0]?.pointer).toBe(pointer);
    });

    test('a precision that no live worker computes in is refused', async () => {
      server.platform.workerList = [];
      server.platform.addWorker([sampleEngine({ name: 'portable', precisions: ['f32'] })], 2 ** 30);
      const response = await server.send('POST', '/v1/jobs', sampleSpec());
      expect(response.status).toBe(422);
      expect(await problemOf(response)).toMatchObject({ code: 'precision-unsupported' });
    });

    test('a job that fits into no worker is refused with both figures, and taken once one is large enough', async () => {
      server.platform.workerList = [];
      server.platform.addWorker([sampleEngine()], 10_000);
      const refused = await server.send('POST', '/v1/jobs', sampleSpec());
      expect(refused.status).toBe(422);
      const { code, detail } = await problemOf(refused);
      expect(code).toBe('memory-exceeded');
      expect(detail).toContain(`${sampleNeed.memoryBytes} bytes`);
      expect(detail).toContain('10000 bytes');
      server.platform.addWorker([sampleEngine()], 2 ** 30);
      expect((await server.send('POST', '/v1/jobs', sampleSpec())).status).toBe(202);
    });

    test('with no worker alive a job waits for any, but one that asks for an engine is refused', async () => {
      server.platform.workerList = [];
      expect((await server.send('POST', '/v1/jobs', sampleSpec())).status).toBe(202);
      const response = await server.send('POST', '/v1/jobs', sampleSpec({ engine: 'cpu' }));
      expect(response.status).toBe(422);
      expect((await problemOf(response)).detail).toContain('no worker is alive');
    });
  });

  describe('estimating', () => {
    test('an estimate tells memory, time and the best engine that fits', async () => {
      server.platform.addWorker([sampleEngine({ name: 'cuda', device: 'a GPU', memoryBytes: 2 ** 34 })], 2 ** 34);
      const response = await server.send('POST', '/v1/jobs/estimate', sampleSpec());
      expect(response.status).toBe(200);
      const estimate = jobEstimate.parse(await response.json());
      expect(estimate).toMatchObject({ memoryBytes: sampleNeed.memoryBytes, series: 3, rows: 1000, engine: { name: 'cuda', device: 'a GPU' }, refused: null });
      expect(estimate.seconds).toBeGreaterThan(0);
      expect(await (await server.send('POST', '/v1/jobs/estimate', sampleSpec({ engine: 'cpu' }))).json()).toMatchObject({ engine: { name: 'cpu', reason: 'asked for' } });
    });

    test('an estimate takes the engine that would be the first to end, by the calibration that its worker announced', async () => {
      const slowGpu = sampleEngine({ name: 'cuda', device: 'a GPU behind a slow bus', calibration: { ...calibration, transferBytesPerSecond: 1e4 } });
      const cpu = sampleEngine({ calibration });
      server.platform.workerList = [];
      server.platform.addWorker([slowGpu, cpu], 2 ** 34);
      const estimate = jobEstimate.parse(await (await server.send('POST', '/v1/jobs/estimate', sampleSpec())).json());
      expect(estimate.seconds).toBe(predictSeconds(sampleNeed, cpu, 'f64'));
      expect(estimate.engine?.name).toBe('cpu');
      expect(estimate.engine?.reason).toMatch(/^auto: cpu should take .*; cuda .* s$/);
    });

    test('an estimate takes nothing into the queue', async () => {
      const before = server.platform.entries.size;
      await server.send('POST', '/v1/jobs/estimate', sampleSpec());
      expect(server.platform.entries.size).toBe(before);
    });

    test.each(refusals)('an estimate says that %s would be refused', async (_what, change, code) => {
      const response = await server.send('POST', '/v1/jobs/estimate', { ...sampleSpec(), ...change });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ refused: { code }, engine: null });
    });

    test('an estimate that exceeds the memory still tells the need', async () => {
      server.platform.workerList = [];
      server.platform.addWorker([sampleEngine()], 10_000);
      expect(await (await server.send('POST', '/v1/jobs/estimate', sampleSpec())).json()).toMatchObject({ memoryBytes: sampleNeed.memoryBytes, refused: { code: 'memory-exceeded' } });
    });
  });

  describe('jobs', () => {
    test('a list is filtered by state, analysis and data set, and paged', async () => {
      const own = await startTestServer();
      const jobs = [await own.submit(), await own.submit({ analysis: 'moving-average' }), await own.submit()];
      await own.call('POST', `/v1/jobs/${jobs[0]!.id}/cancel`);
      const ids = async (query: string) => ((await (await own.call('GET', `/v1/jobs${query}`)).json()) as { items: Job[] }).items.map(({ id }) => id);
      expect(await ids('')).toEqual([jobs[2]!.id, jobs[1]!.id, jobs[0]!.id]);
      expect(await ids('?state=cancelled')).toEqual([jobs[0]!.id]);
      expect(await ids('?analysis=moving-average')).toEqual([jobs[1]!.id]);
      expect(await ids(`?dataset=${sampleDataset('b').id}`)).toEqual([]);
      expect(await ids('?limit=1&cursor=1')).toEqual([jobs[1]!.id]);
      await own.close();
    });

    test.each(['?state=lost', '?limit=1.5', '?dataset=7', '?status=failed'])('a list with %s is refused', async (query) => {
      const response = await server.call('GET', `/v1/jobs${query}`);
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: 'bad-request' });
    });

    test('one that is not there is not found, whatever is done to it', async () => {
      for (const [method, path] of [['GET', ''], ['DELETE', ''], ['POST', '/cancel'], ['POST', '/retry'], ['GET', '/events'], ['GET', '/result/matrix']] as const) {
        const response = await server.call(method, `/v1/jobs/${unknownJob}${path}`);
        expect(response.status).toBe(404);
        expect(await problemOf(response)).toMatchObject({ code: 'job-not-found' });
      }
    });

    test('a queued job is cancelled at once, a running one is told to stop, one that has ended is neither', async () => {
      const queued = await server.submit();
      const cancelled = await server.call('POST', `/v1/jobs/${queued.id}/cancel`);
      expect([cancelled.status, (await submitted(cancelled)).state]).toEqual([200, 'cancelled']);

      const running = await server.submit();
      server.platform.advance(running.id, { state: 'running' });
      const told = await server.call('POST', `/v1/jobs/${running.id}/cancel`);
      expect([told.status, (await submitted(told)).state]).toEqual([202, 'running']);

      const again = await server.call('POST', `/v1/jobs/${queued.id}/cancel`);
      expect(again.status).toBe(409);
      expect(await problemOf(again)).toMatchObject({ code: 'job-final' });
    });

    test('a job that has ended is retried as a new job, which names the old one', async () => {
      const old = await server.submit({ seed: 7 });
      const early = await server.call('POST', `/v1/jobs/${old.id}/retry`);
      expect(early.status).toBe(409);
      expect(await problemOf(early)).toMatchObject({ code: 'job-not-final' });

      server.platform.advance(old.id, { state: 'failed' });
      const response = await server.call('POST', `/v1/jobs/${old.id}/retry`);
      expect(response.status).toBe(202);
      const next = await submitted(response);
      expect(next).toMatchObject({ state: 'queued', retryOf: old.id, spec: { seed: 7 } });
      expect(next.id).not.toBe(old.id);
      expect(response.headers.get('location')).toBe(`/v1/jobs/${next.id}`);
    });

    test('a job that could not be submitted now is not retried', async () => {
      const old = await server.submit({ engine: 'cpu' });
      server.platform.advance(old.id, { state: 'failed' });
      server.platform.workerList = [];
      const response = await server.call('POST', `/v1/jobs/${old.id}/retry`);
      expect(response.status).toBe(422);
      expect(await problemOf(response)).toMatchObject({ code: 'engine-unavailable' });
    });

    test('a job is deleted once it has ended', async () => {
      const { id } = await server.submit();
      const early = await server.call('DELETE', `/v1/jobs/${id}`);
      expect(early.status).toBe(409);
      expect(await problemOf(early)).toMatchObject({ code: 'job-not-final' });
      await server.call('POST', `/v1/jobs/${id}/cancel`);
      const deleted = await server.call('DELETE', `/v1/jobs/${id}`);
      expect([deleted.status, await deleted.text()]).toEqual([204, '']);
      expect((await server.call('GET', `/v1/jobs/${id}`)).status).toBe(404);
    });

    test('an answer is never kept by a cache', async () => {
      const { id } = await server.submit();
      const response = await server.call('GET', `/v1/jobs/${id}`);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('etag')).toBeNull();
    });
  });
}
