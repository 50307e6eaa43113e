/** Cases of the result tables. */
import { resultFormats, type ResultTable } from '@corrente/shared/contract/result';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemOf, startTestServer, type TestServer } from '../../testing/test-server.ts';

const matrix: ResultTable = { name: 'matrix', title: 'Matrix', columns: [], rows: 2, parts: 2, bytes: 6, complete: true };
const part = (text: string): Uint8Array => new TextEncoder().encode(text);

export function resultCases(): void {
  describe('results', () => {
    let server: TestServer;
    let id: string;
    beforeAll(async () => {
      server = await startTestServer();
      ({ id } = await server.submit());
      server.platform.storePart(id, 'matrix', part('abc'));
      server.platform.storePart(id, 'matrix', part('def'));
      server.platform.advance(id, { state: 'succeeded', tables: [matrix] }, { type: 'succeeded', data: { cachedFrom: null } });
    });
    afterAll(() => server.close());
    const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => server.call('GET', `/v1/jobs/${id}/result/${path}`, { headers });

    test('are the Arrow stream as it was stored, unless something else is asked for', async () => {
      for (const headers of [{}, { accept: '*/*' }, { accept: resultFormats.arrow }]) {
        const response = await get('matrix', headers);
        expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, resultFormats.arrow, 'abcdef']);
      }
    });

    test.each(Object.entries(resultFormats).filter(([format]) => format !== 'arrow'))('come as %s by ?format= and by Accept, the query winning', async (format, mediaType) => {
      for (const [query, headers] of [[`?format=${format}`, { accept: resultFormats.arrow }], ['', { accept: mediaType }]] as const) {
        const response = await get(`matrix${query}`, headers);
        expect(response.headers.get('content-type')).toBe(mediaType);
        expect(await response.text()).toBe(`${format} of 6 bytes\n`);
      }
    });

    test.each([['matrix?format=xlsx', {}], ['matrix', { accept: 'application/pdf' }]])('%s %o are not to be had', async (path, headers) => {
      const response = await get(path, headers);
      expect(response.status).toBe(406);
      expect(await problemOf(response)).toMatchObject({ code: 'not-acceptable' });
    });

    test('a table that the job does not have is not found, and its tables are named', async () => {
      for (const path of ['pairs', 'Matrix', 'no%20table', '..%2Fmatrix']) {
        const response = await get(path);
        expect(response.status).toBe(404);
        expect(await problemOf(response)).toMatchObject({ code: 'table-not-found' });
      }
      expect((await problemOf(await get('pairs'))).detail).toContain('has matrix');
    });

    test('a flag that is neither true nor false is refused', async () => {
      const response = await get('matrix?follow=maybe');
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: 'bad-request' });
    });

    test('a download has a file name', async () => {
      const response = await get('matrix?format=csv&download=true');
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="correlation-matrix-${id}.csv"`);
      await response.text();
    });

    test('HEAD tells the type without a body', async () => {
      const response = await server.call('HEAD', `/v1/jobs/${id}/result/matrix?format=csv`);
      expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'text/csv', '']);
    });

    test('text is compressed for a reader that takes it', async () => {
      server.data.convert = async function* () {
        yield 'a,b\n'.repeat(1000);
      };
      const response = await get('matrix?format=csv', { 'accept-encoding': 'gzip' });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(await response.text()).toBe('a,b\n'.repeat(1000));
    });

    test('stream while the job runs, and end when it does', async () => {
      const { id: running } = await server.submit();
      const response = await server.call('GET', `/v1/jobs/${running}/result/matrix`);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      server.platform.advance(running, { state: 'running', tables: [{ ...matrix, complete: false }] });
      for (const text of ['one', 'two']) {
        server.platform.storePart(running, 'matrix', part(text));
        expect((await reader.read()).value).toBe(text);
      }
      server.platform.advance(running, { state: 'succeeded' }, { type: 'succeeded', data: { cachedFrom: null } });
      expect((await reader.read()).done).toBe(true);
    });

    test('with follow=false are what is there now', async () => {
      const { id: running } = await server.submit();
      server.platform.advance(running, { state: 'running', tables: [{ ...matrix, complete: false }] });
      server.platform.storePart(running, 'matrix', part('one'));
      expect(await (await server.call('GET', `/v1/jobs/${running}/result/matrix?follow=false`)).text()).toBe('one');
    });

    test('of a job that fails meanwhile break off, rather than end as if they were whole', async () => {
      const { id: running } = await server.submit();
      server.platform.advance(running, { state: 'running', tables: [{ ...matrix, complete: false }] });
      server.platform.storePart(running, 'matrix', part('one'));
      const response = await server.call('GET', `/v1/jobs/${running}/result/matrix`);
      const reader = response.body!.getReader();
      await reader.read();
      server.platform.advance(running, { state: 'failed' });
      await expect(reader.read()).rejects.toThrow();
    });

    test('of a job that failed before its first table are not found', async () => {
      const { id: failed } = await server.submit();
      server.platform.advance(failed, { state: 'failed' });
      const response = await server.call('GET', `/v1/jobs/${failed}/result/matrix`);
      expect(response.status).toBe(404);
      expect((await problemOf(response)).detail).toContain('has none');
    });
  });
}
