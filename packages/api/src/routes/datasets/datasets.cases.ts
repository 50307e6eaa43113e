/** Cases of the data set calls. */
import { connect } from 'node:net';
import { tableFromIPC } from 'apache-arrow';
import { dataset, type ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { seriesReply } from '@corrente/shared/contract/http';
import { resultFormats } from '@corrente/shared/contract/result';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleDataset } from '../../testing/samples.ts';
import { problemOf, startTestServer, type TestServer } from '../../testing/test-server.ts';

const csv = 'time,a,b\n2024-01-01,1,2\n2024-01-02,3,4\n';
const unknownId = `ds_${'f'.repeat(32)}`;

export function datasetCases(): void {
  describe('importing', () => {
    let server: TestServer;
    const imports: { name: string; mapping: ImportMapping; bytes: number }[] = [];
    let fault: CorrenteError | null = null;

    beforeAll(async () => {
      server = await startTestServer({ maxUploadBytes: 200_000 });
      const importFile = server.data.importFile;
      server.data.importFile = async (path, options) => {
        if (fault !== null) throw fault;
        const stored = await importFile(path, options);
        imports.push({ name: options.name, mapping: options.mapping, bytes: stored.bytes });
        return stored;
      };
    });
    afterAll(() => server.close());

    test('a body of bytes becomes a data set, at the address that Location names', async () => {
      const response = await server.call('POST', '/v1/datasets?name=two%20days', { body: csv, headers: { 'content-type': 'text/csv' } });
      expect(response.status).toBe(201);
      const stored = dataset.parse(await response.json());
      expect(stored).toMatchObject({ name: 'two days', bytes: csv.length });
      expect(response.headers.get('location')).toBe(`/v1/datasets/${stored.id}`);
      expect((await server.call('GET', `/v1/datasets/${stored.id}`)).status).toBe(200);
      expect(await server.uploads()).toEqual([]);
    });

    test('the mapping comes as single parameters, as JSON, or both, the single ones winning', async () => {
      const mapping = encodeURIComponent(JSON.stringify({ shape: 'long', key: 'Name', badRows: 'skip' }));
      const response = await server.call('POST', `/v1/datasets?mapping=${mapping}&key=Ticker&fields=close&fields=open&header=false`, { body: csv });
      expect(response.status).toBe(201);
      expect(imports.at(-1)?.mapping).toEqual({ shape: 'long', key: 'Ticker', fields: ['close', 'open'], header: false, duplicates: 'last', badRows: 'skip' });
    });

    test('a form gives the file its name and the mapping, whichever comes first', async () => {
      for (const order of ['file first', 'fields first']) {
        const form = new FormData();
        if (order === 'file first') form.append('file', new Blob([csv]), 'days.csv');
        form.append('time', 'time');
        form.append('fields', 'a');
        if (order === 'fields first') form.append('file', new Blob([csv]), 'days.csv');
        const response = await server.call('POST', '/v1/datasets', { body: form });
        expect(response.status).toBe(201);
        expect(imports.at(-1)).toMatchObject({ name: 'days.csv', bytes: csv.length, mapping: { time: 'time', fields: ['a'] } });
      }
      expect(await server.uploads()).toEqual([]);
    });

    test.each([
      ['a parameter that is not known', '?headr=false', {}, 400, 'bad-request'],
      ['a parameter out of its range', '?shape=round', {}, 400, 'bad-request'],
      ['a mapping that is not JSON', '?mapping=%7B', {}, 422, 'invalid-mapping'],
      ['a mapping with an unknown name', `?mapping=${encodeURIComponent('{"shap":"wide"}')}`, {}, 422, 'invalid-mapping'],
      ['a content type that holds no table', '', { 'content-type': 'application/json' }, 415, 'unsupported-media-type'],
      ['a content encoding that is not opened', '', { 'content-type': 'text/csv', 'content-encoding': 'br' }, 415, 'unsupported-media-type'],
    ])('%s is refused, and nothing stays behind', async (_what, query, headers, status, code) => {
      const response = await server.call('POST', `/v1/datasets${query}`, { body: csv, headers });
      expect(response.status).toBe(status);
      expect(await problemOf(response)).toMatchObject({ code });
      expect(await server.uploads()).toEqual([]);
    });

    test('a form without a file, with two files, or cut short is refused, and nothing stays behind', async () => {
      const none = new FormData();
      none.append('name', 'no file');
      const two = new FormData();
      two.append('file', new Blob([csv]), 'a.csv');
      two.append('more', new Blob([csv]), 'b.csv');
      const cut = { body: '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\ntime,a\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } };
      for (const init of [{ body: none }, { body: two }, cut, { body: 'x', headers: { 'content-type': 'multipart/form-data' } }]) {
        const response = await server.call('POST', '/v1/datasets', init);
        expect(response.status).toBe(400);
        expect(await problemOf(response)).toMatchObject({ code: 'bad-request' });
      }
      expect(await server.uploads()).toEqual([]);
    });

    test('a file above the limit is refused, announced or found out on the way, as a body or in a form', async () => {
      const large = new Uint8Array(300_000).fill(48);
      const unannounced = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let i = 0; i < 30; i++) controller.enqueue(large.subarray(0, 10_000));
          controller.close();
        },
      });
      const form = new FormData();
      form.append('file', new Blob([large]), 'large.csv');
      const streamed: RequestInit & { duplex: 'half' } = { body: unannounced, duplex: 'half' };
      for (const init of [{ body: large }, streamed, { body: form }]) {
        const response = await server.call('POST', '/v1/datasets', init);
        expect(response.status).toBe(413);
        const refusal = await problemOf(response);
        expect(refusal).toMatchObject({ code: 'payload-too-large' });
        expect(refusal.detail).toContain('200000 bytes');
      }
      expect(await server.uploads()).toEqual([]);
    });

    test('a client that goes away in mid-upload leaves no file behind', async () => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.write('POST /v1/datasets HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/csv\r\ncontent-length: 1000\r\n\r\ntime,a\n');
      await expect.poll(() => server.uploads()).toHaveLength(1);
      socket.destroy();
      await expect.poll(() => server.uploads()).toEqual([]);
    });

    test('an error of the import is told with its code, and the upload is removed', async () => {
      for (const [code, status] of [['ragged-rows', 422], ['disk-full', 507], ['import-crashed', 500]] as const) {
        fault = new CorrenteError(code, 'It did not go well.');
        const response = await server.call('POST', '/v1/datasets', { body: csv });
        expect(response.status).toBe(status);
        expect(await problemOf(response)).toMatchObject({ code, detail: 'It did not go well.' });
      }
      fault = null;
      expect((await server.call('POST', '/v1/datasets', { body: '' })).status).toBe(422);
      expect(await server.uploads()).toEqual([]);
    });
  });

  describe('data sets', () => {
    let server: TestServer;
    const { id } = sampleDataset();
    beforeAll(async () => {
      server = await startTestServer();
      for (const hex of ['b', 'c']) server.platform.catalogue.set(sampleDataset(hex).id, sampleDataset(hex));
    });
    afterAll(() => server.close());

    test('a list is paged by its cursor until that is null', async () => {
      const first = await (await server.call('GET', '/v1/datasets?limit=2')).json();
      expect(first).toMatchObject({ items: [{ id: sampleDataset('c').id }, { id: sampleDataset('b').id }] });
      const { cursor } = first as { cursor: string };
      expect(await (await server.call('GET', `/v1/datasets?limit=2&cursor=${cursor}`)).json()).toMatchObject({ items: [{ id }], cursor: null });
    });

    test.each(['?limit=0', '?limit=501', '?limit=many', '?cursor=nonsense', '?page=2', '?limit=1&limit=2'])('a list with %s is refused', async (query) => {
      const response = await server.call('GET', `/v1/datasets${query}`);
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: 'bad-request' });
    });

    test('one that is not there is not found, whatever is done to it', async () => {
      for (const [method, path] of [['GET', ''], ['DELETE', ''], ['GET', '/series']] as const) {
        const response = await server.call(method, `/v1/datasets/${unknownId}${path}`);
        expect(response.status).toBe(404);
        expect(await problemOf(response)).toMatchObject({ code: 'dataset-not-found' });
      }
    });

    test('series come as JSON, missing values as null, times in ISO 8601', async () => {
      const response = await server.call('GET', `/v1/datasets/${id}/series?series=KO&series=AAPL&points=4`);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(seriesReply.parse(await response.json()).series).toEqual([
        { name: 'KO', time: ['2013-02-08T00:00:00Z', '2013-02-09T00:00:00Z', '2013-02-10T00:00:00Z'], values: [0.5, null, 2.5] },
        { name: 'AAPL', time: ['2013-02-08T00:00:00Z', '2013-02-09T00:00:00Z', '2013-02-10T00:00:00Z'], values: [0.5, null, 2.5] },
      ]);
    });

    test.each([{ headers: { accept: resultFormats.arrow }, query: '' }, { headers: {}, query: '&format=arrow' }])('series come as Arrow where that is asked for', async ({ headers, query }) => {
      const response = await server.call('GET', `/v1/datasets/${id}/series?series=KO&series=AAPL${query}`, { headers });
      expect(response.headers.get('content-type')).toBe(resultFormats.arrow);
      const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
      expect(table.schema.fields.map((field) => field.name)).toEqual(['series', 'time', 'value']);
      expect(table.numRows).toBe(6);
      expect(table.toArray().map((row) => row.toJSON())).toMatchObject([
        { series: 'KO', time: 1_360_281_600_000, value: 0.5 }, { series: 'KO', value: null }, { series: 'KO', value: 2.5 },
        { series: 'AAPL', value: 0.5 }, { series: 'AAPL', value: null }, { series: 'AAPL', value: 2.5 },
      ]);
    });

    test.each([
      ['?points=0', {}, 400, 'bad-request'],
      ['?format=csv', {}, 406, 'not-acceptable'],
      ['', { accept: 'image/png' }, 406, 'not-acceptable'],
      ['?field=high', {}, 422, 'unknown-field'],
    ])('series with %s %o are refused', async (query, headers, status, code) => {
      const response = await server.call('GET', `/v1/datasets/${id}/series${query}`, { headers });
      expect(response.status).toBe(status);
      expect(await problemOf(response)).toMatchObject({ code });
    });

    test('one is deleted once no job that has not ended reads it', async () => {
      const job = await server.submit();
      const refused = await server.call('DELETE', `/v1/datasets/${id}`);
      expect(refused.status).toBe(409);
      expect(await problemOf(refused)).toMatchObject({ code: 'dataset-in-use' });
      await server.call('POST', `/v1/jobs/${job.id}/cancel`);
      expect((await server.call('DELETE', `/v1/datasets/${id}`)).status).toBe(204);
      expect((await server.call('GET', `/v1/datasets/${id}`)).status).toBe(404);
    });
  });
}
