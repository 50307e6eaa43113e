/** Cases of the result tables. */
import { Float64, Table, Utf8, tableToIPC, vectorFromArray } from 'apache-arrow';
import { resultFormats, type ResultTable } from '@corrente/shared/contract/result';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemOf, startTestServer, type TestServer } from '../../testing/test-server.ts';

const matrix: ResultTable = { name: 'matrix', title: 'Matrix', columns: [], rows: 2, parts: 2, bytes: 6, complete: true, provisionalRows: 0 };
const part = (text: string): Uint8Array => new TextEncoder().encode(text);
const rows = [{ series: 'a, b', r: 1 }, { series: 'c', r: null }];
const arrow = tableToIPC(new Table({ series: vectorFromArray(rows.map(({ series }) => series), new Utf8()), r: vectorFromArray(rows.map(({ r }) => r), new Float64()) }), 'stream');
/** What each format makes of the rows. */
const expected = {
  json: (bytes: Uint8Array) => expect(JSON.parse(text(bytes))).toEqual(rows),
  ndjson: (bytes: Uint8Array) => expect(text(bytes).trim().split('\n').map((line): unknown => JSON.parse(line))).toEqual(rows),
  csv: (bytes: Uint8Array) => expect(text(bytes)).toBe('series,r\r\n"a, b",1\r\nc,\r\n'),
  parquet: (bytes: Uint8Array) => expect([text(bytes.subarray(0, 4)), text(bytes.subarray(-4))]).toEqual(['PAR1', 'PAR1']),
};
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export function resultCases(): void {
  describe('results', () => {
    let server: TestServer;
    let id: string;
    beforeAll(async () => {
      server = await startTestServer();
      ({ id } = await server.submit());
      server.platform.storePart(id, 'matrix', arrow.slice(0, 100));
      server.platform.storePart(id, 'matrix', arrow.slice(100));
      server.platform.advance(id, { state: 'succeeded', tables: [matrix] }, { type: 'succeeded', data: { cachedFrom: null } });
    });
    afterAll(() => server.close());
    const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => server.call('GET', `/v1/jobs/${id}/result/${path}`, { headers });

    test('are the Arrow stream as it was stored, unless something else is asked for', async () => {
      for (const headers of [{}, { accept: '*/*' }, { accept: resultFormats.arrow }]) {
        const response = await get('matrix', headers);
        expect([response.status, response.headers.get('content-type')]).toEqual([200, resultFormats.arrow]);
        expect(new Uint8Array(await response.arrayBuffer())).toEqual(arrow);
      }
    });

    test.each(['json', 'ndjson', 'csv', 'parquet'] as const)('come as %s by ?format= and by Accept, the query winning', async (format) => {
      const mediaType = resultFormats[format];
      for (const [query, headers] of [[`?format=${format}`, { accept: resultFormats.arrow }], ['', { accept: mediaType }]] as const) {
        const response = await get(`matrix${query}`, headers);
        expect(response.headers.get('content-type')).toBe(mediaType);
        expected[format](await response.bytes());
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
      const { id: long } = await server.submit();
      const table = new Table({ series: vectorFromArray(Array.from({ length: 1000 }, (_, row) => `series ${row}`), new Utf8()) });
      server.platform.storePart(long, 'matrix', tableToIPC(table, 'stream'));
      server.platform.advance(long, { state: 'succeeded', tables: [matrix] }, { type: 'succeeded', data: { cachedFrom: null } });
      const response = await server.call('GET', `/v1/jobs/${long}/result/matrix?format=csv`, { headers: { 'accept-encoding': 'gzip' } });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect((await response.text()).split('\r\n').slice(0, 2)).toEqual(['series', 'series 0']);
    });

    test('stream while the job runs, and end when it does', async () => {
      const { id: running } = await server.submit();
      const response = await server.call('GET', `/v1/jobs/${running}/result/matrix`);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      server.platform.advance(running, { state: 'running', tables: [{ ...matrix, complete: false }] });
      for (const piece of ['one', 'two']) {
        server.platform.storePart(running, 'matrix', part(piece));
        expect((await reader.read()).value).toBe(piece);
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
