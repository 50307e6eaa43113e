/** Cases of what stands before every handler: names and origins, keys, rates, methods, odd addresses. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { routes, type Route } from '@corrente/shared/contract/http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const calls = Object.entries<Route>(routes).map(([name, route]) => ({
  name,
  method: route.method.toUpperCase(),
  path: route.path.replace('{id}', route.path.startsWith('/v1/datasets') ? `ds_${'0'.repeat(32)}` : `job_${'0'.repeat(26)}`).replace('{name}', 'correlation').replace('{table}', 'matrix'),
  open: route.open === true,
}));
const guarded = calls.filter((call) => !call.open);

export function guardCases(): void {
  describe('on loopback', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer();
    });
    afterAll(() => server.close());

    test.each(calls)('$name refuses a foreign host and a foreign origin', async ({ method, path }) => {
      const foreignHost = await server.raw(method, path, { host: 'corrente.example' });
      expect([foreignHost.status, JSON.parse(foreignHost.body).code]).toEqual([403, 'forbidden-host']);
      const foreignOrigin = await server.raw(method, path, { host: 'localhost', origin: 'http://page.example' });
      expect([foreignOrigin.status, JSON.parse(foreignOrigin.body).code]).toEqual([403, 'forbidden-origin']);
    });

    test.each(['localhost', 'localhost:8420', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:8420', 'LOCALHOST:80'])('the host %s is served, with and without its own origin', async (host) => {
      expect((await server.raw('GET', '/healthz', { host })).status).toBe(200);
      expect((await server.raw('GET', '/healthz', { host, origin: `http://${host}` })).status).toBe(200);
    });

    test.each(['localhost.evil.example', '127.0.0.1.evil.example', 'localhost:8420@evil.example', '127.0.0.2', '0.0.0.0', '[::]', '::1'])('the host "%s" is not', async (host) => {
      expect((await server.raw('GET', '/healthz', { host })).status).toBe(403);
    });

    test.each(['null', 'http://localhost:9999', 'https://localhost:8420', 'http://127.0.0.1:8420', 'http://localhost:8420.evil.example'])('the origin %s is not that of localhost:8420', async (origin) => {
      expect((await server.raw('GET', '/healthz', { host: 'localhost:8420', origin })).status).toBe(403);
    });

    test.each(['/v1/jobs/..%2f..%2fetc%2fpasswd', '/v1/jobs/%252e%252e', '/v1/jobs/job_%00', '/v1/jobs/../../../etc/passwd', '/v1/datasets/ds_..', '/v1/datasets/%2e%2e/series', '/v1/jobs/%00/result/matrix', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fpackage.json', '/assets/%00', '/v1/jobs/%zz', '/%252e%252e/etc/passwd', '/v1//jobs'])(
      'the address %s is not found', async (path) => {
        for (const accept of ['*/*', 'text/html']) {
          const { status, headers, body } = await server.raw('GET', path, { host: 'localhost', accept });
          expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
          expect(JSON.parse(body).status).toBe(404);
        }
      },
    );

    test('a request without a host is refused', async () => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.end('GET /healthz HTTP/1.0\r\n\r\n');
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /);
    });

    test('a method that an address does not take is refused, and Allow names those it does', async () => {
      for (const [method, path, allow] of [['PUT', '/v1/datasets', 'POST, GET, HEAD'], ['DELETE', '/v1/jobs', 'POST, GET, HEAD'], ['GET', '/v1/jobs/estimate', 'POST'], ['POST', '/healthz', 'GET, HEAD'], ['PATCH', `/v1/jobs/job_${'0'.repeat(26)}`, 'GET, HEAD, DELETE']] as const) {
        const refused = await server.raw(method, path, { host: 'localhost' });
        expect([refused.status, refused.headers.allow, JSON.parse(refused.body).code]).toEqual([405, allow, 'method-not-allowed']);
        const options = await server.raw('OPTIONS', path, { host: 'localhost' });
        expect([options.status, options.headers.allow]).toEqual([204, allow]);
      }
    });

    test('every answer has an id, the sender\'s own where that is sane, and forbids what a page of ours does not need', async () => {
      const own = await server.raw('GET', '/healthz', { host: 'localhost', 'x-request-id': 'abc-123-def' });
      expect(own.headers['x-request-id']).toBe('abc-123-def');
      const odd = await server.raw('GET', '/healthz', { host: 'localhost', 'x-request-id': 'a b<c>' });
      expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(own.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-security-policy': expect.stringContaining("default-src 'self'") });
      expect(own.headers).not.toHaveProperty('x-powered-by');
      expect(own.headers).not.toHaveProperty('strict-transport-security');
      expect(own.headers).not.toHaveProperty('access-control-allow-origin');
    });
  });

  describe('with API keys', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer({ host: '0.0.0.0', apiKeys: ['first-key-1', 'second-key-2'] });
    });
    afterAll(() => server.close());

    test.each(guarded)('$name needs one', async ({ method, path }) => {
      for (const authorization of [undefined, 'Bearer wrong-key', 'Basic first-key-1', 'Bearer first-key-1x', 'Bearer ']) {
        const refused = await server.raw(method, path, authorization === undefined ? {} : { authorization });
        expect([refused.status, JSON.parse(refused.body).code]).toEqual([401, 'unauthorized']);
        expect(refused.headers['www-authenticate']).toContain('Bearer');
      }
    });

    test.each(['first-key-1', 'second-key-2'])('the key %s is taken, under any host name', async (key) => {
      expect((await server.raw('GET', '/v1/jobs', { authorization: `Bearer ${key}`, host: 'corrente.example' })).status).toBe(200);
    });

    test.each(calls.filter((call) => call.open))('$name needs none', async ({ path }) => {
      expect((await server.raw('GET', path)).status).toBe(200);
    });

    test.each(['0.0.0.0', '::', '192.168.1.2', 'corrente.example', '128.0.0.1'])('without one the app does not start on %s', async (host) => {
      await expect(startTestServer({ host, apiKeys: [] })).rejects.toMatchObject({ code: 'invalid-config' });
    });
  });

  describe('with a rate limit', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer({ rateLimit: { windowMs: 60_000, requests: 2 } });
    });
    afterAll(() => server.close());

    test.each(guarded)('$name is refused beyond it, with the seconds to wait', async ({ method, path }) => {
      let last = await server.raw(method, path, { host: 'localhost' });
      for (let i = 0; i < 2; i++) last = await server.raw(method, path, { host: 'localhost' });
      expect([last.status, JSON.parse(last.body).code]).toEqual([429, 'rate-limited']);
      expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
    });

    test('health is told beyond it', async () => {
      expect((await server.raw('GET', '/healthz', { host: 'localhost' })).status).toBe(200);
    });
  });
}
