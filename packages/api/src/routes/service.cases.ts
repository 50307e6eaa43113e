/** Cases of the calls that are about the service itself: catalogue, engines, health, metrics, description. */
import { analyses } from '@corrente/shared/contract/analyses/index';
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import { analysisInfo } from '@corrente/shared/contract/analysis';
import { readiness, engineListing } from '@corrente/shared/contract/http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleEngine } from '../testing/samples.ts';
import { problemOf, startTestServer, type TestServer } from '../testing/test-server.ts';

/** An analysis of results, in the catalogue of this process while a server is started. */
const ofResults = { ...correlation, name: 'test-of-results', inputResults: ['correlation', 'moving-average'] };

export function serviceCases(): void {
  describe('the service', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer();
    });
    afterAll(() => server.close());
    const read = async (path: string): Promise<unknown> => (await server.call('GET', path)).json();

    test('the catalogue holds each analysis with the JSON Schema of its parameters', async () => {
      const { items } = (await read('/v1/analyses')) as { items: unknown[] };
      const parsed = items.map((item) => analysisInfo.parse(item));
      expect(parsed.map(({ name }) => name)).toEqual(expect.arrayContaining(['correlation', 'moving-average']));
      expect(await read('/v1/analyses/correlation')).toEqual(parsed.find(({ name }) => name === 'correlation'));
      expect(parsed[0]?.params).toMatchObject({ properties: { output: { enum: ['matrix', 'pairs', 'both'], default: 'matrix', title: 'Output' } } });
    });

    test('an analysis of results tells whose results it takes, and no other analysis tells of any', async () => {
      if (!(analyses instanceof Map)) throw new TypeError('the catalogue cannot be added to');
      analyses.set(ofResults.name, ofResults);
      const other = await startTestServer();
      analyses.delete(ofResults.name);
      const { items } = (await (await other.call('GET', '/v1/analyses')).json()) as { items: unknown[] };
      const parsed = items.map((item) => analysisInfo.parse(item));
      expect(parsed.find(({ name }) => name === ofResults.name)?.inputResults).toEqual(['correlation', 'moving-average']);
      expect(parsed.find(({ name }) => name === 'correlation')).not.toHaveProperty('inputResults');
      await other.close();
    });

    test('an analysis that is not in the catalogue is not found', async () => {
      for (const name of ['astrology', 'Correlation', '..%2F..']) {
        const response = await server.call('GET', `/v1/analyses/${name}`);
        expect(response.status).toBe(404);
        expect(await problemOf(response)).toMatchObject({ code: 'analysis-not-found' });
      }
    });

    test('engines are those of the live workers, best and available first, each counted once per device', async () => {
      server.platform.workerList = [];
      server.platform.addWorker([sampleEngine({ name: 'portable', device: 'JS' }), sampleEngine(), sampleEngine({ name: 'cuda', available: false, whyNot: 'no device' })], 1);
      server.platform.addWorker([sampleEngine(), sampleEngine({ name: 'cuda', device: 'a GPU' })], 1);
      const { items } = (await read('/v1/engines')) as { items: unknown[] };
      expect(items.map((item) => engineListing.parse(item)).map(({ name, available, workers }) => [name, available, workers])).toEqual([
        ['cuda', true, 1], ['cpu', true, 2], ['portable', true, 1], ['cuda', false, 1],
      ]);
    });

    test('with no worker alive there are no engines, and readiness says that jobs wait', async () => {
      server.platform.workerList = [];
      expect(await read('/v1/engines')).toEqual({ items: [] });
      const response = await server.call('GET', '/readyz');
      expect(response.status).toBe(200);
      const { ready, dependencies } = readiness.parse(await response.json());
      expect(ready).toBe(true);
      expect(dependencies.find(({ name }) => name === 'workers')).toMatchObject({ ok: false, required: false });
    });

    test('readiness names the dependency that does not answer', async () => {
      server.platform.broken = { queue: new Error('the queue is away') };
      const response = await server.call('GET', '/readyz');
      server.platform.broken = {};
      expect(response.status).toBe(503);
      const { ready, dependencies } = readiness.parse(await response.json());
      expect(ready).toBe(false);
      expect(dependencies.filter(({ ok, required }) => required && !ok)).toEqual([{ name: 'queue', ok: false, required: true, detail: 'the queue is away' }]);
    });

    test('liveness needs no dependency', async () => {
      server.platform.broken = { database: new Error('away'), queue: new Error('away') };
      const response = await server.call('GET', '/healthz');
      server.platform.broken = {};
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok', version: expect.any(String) }]);
    });

    test('metrics count requests by route, never by address, and tell jobs, queue and imports', async () => {
      const { id } = await server.submit();
      await (await server.call('GET', `/v1/jobs/${id}`)).text();
      await (await server.call('POST', '/v1/datasets', { body: 'a,b\n1,2\n' })).text();
      const response = await server.call('GET', '/metrics');
      expect(response.headers.get('content-type')).toContain('text/plain');
      const text = await response.text();
      expect(text).toContain('corrente_http_request_duration_seconds_count{method="GET",route="/v1/jobs/:id",status="200"} 1');
      expect(text).not.toContain(id);
      expect(text).toContain('corrente_jobs{state="queued"} 1');
      expect(text).toContain('corrente_jobs{state="failed"} 0');
      expect(text).toContain('corrente_queue_depth{state="waiting"} 3');
      expect(text).toContain('corrente_import_duration_seconds_count{outcome="stored"} 1');
    });

    test("the reader of the description loads nothing but the server's own files", async () => {
      const page = await (await server.call('GET', '/docs/api')).text();
      const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
      expect(addresses.length).toBeGreaterThan(2);
      for (const address of addresses) {
        expect(address).toMatch(/^\/docs\/api\//);
        const response = await server.call('GET', address);
        expect(response.status).toBe(200);
        await response.body?.cancel();
      }
    });

    test('a fault inside is told without its particulars, with the id under which the log has it', async () => {
      server.platform.broken = { database: new Error('password=secret') };
      const response = await server.call('GET', '/v1/jobs', { headers: { 'x-request-id': 'request-4711' } });
      server.platform.broken = {};
      expect(response.status).toBe(500);
      const fault = await problemOf(response);
      expect(fault).toMatchObject({ code: 'internal', requestId: 'request-4711' });
      expect(JSON.stringify(fault)).not.toContain('secret');
    });
  });
}
