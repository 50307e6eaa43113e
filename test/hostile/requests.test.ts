/** Requests that are malformed, forged, cut off or far too large, against a server that takes no file above 64 KiB. */
import { connect } from 'node:net';
import { problem, type Problem } from '@corrente/shared/contract/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetReply, goodCsv, type HostileServer, problemOf, startHostileServer } from './server.ts';

const unknownJob = `job_${'0'.repeat(26)}`;
const unknownDataset = `ds_${'0'.repeat(32)}`;

let server: HostileServer;
let dataset = '';

beforeAll(async () => {
  server = await startHostileServer({ CORRENTE_MAX_UPLOAD: '64KiB' });
  dataset = datasetReply.parse(await (await server.upload(goodCsv())).json()).id;
});
afterAll(async () => {
  expect(await server?.close()).toBe(0);
});

/** Sends bytes as they are and gives back all that comes until the server closes; `cut` closes after so many milliseconds. */
function raw(text: string, cut?: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1', () => socket.write(text));
    let came = '';
    socket.on('data', (bytes: Buffer) => (came += bytes.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(came));
    if (cut !== undefined) setTimeout(() => (cut % 2 === 0 ? socket.destroy() : socket.resetAndDestroy()), cut);
  });
}

function rawProblem(answer: string): Problem {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  const told = problem.parse(JSON.parse(body));
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${told.status} `));
  return told;
}

describe('addresses', () => {
  it.each<[string, string, string, string]>([
    ['GET', '/v1/jobs/%2e%2e%2fdatasets', 'job-not-found', 'job_ and 26'],
    ['GET', '/v1/jobs/%252e%252e', 'job-not-found', '%2e%2e'],
    ['GET', '/v1/jobs/%00', 'job-not-found', 'job_ and 26'],
    ['GET', `/v1/jobs/${'x'.repeat(10_000)}`, 'job-not-found', '10'],
    ['GET', '/v1/jobs/%ff', 'not-found', 'escapes'],
    ['GET', `/v1/jobs/${unknownJob}`, 'job-not-found', unknownJob],
    ['POST', `/v1/jobs/${unknownJob}/retry`, 'job-not-found', unknownJob],
    ['POST', '/v1/jobs/%00/cancel', 'job-not-found', 'job_ and 26'],
    ['GET', `/v1/jobs/${unknownJob}/result/%252e%252e`, 'table-not-found', '%2e%2e'],
    ['GET', `/v1/jobs/${unknownJob}/events`, 'job-not-found', unknownJob],
    ['GET', '/v1/datasets/..%2f..%2fetc', 'dataset-not-found', 'ds_ and 32'],
    ['GET', `/v1/datasets/${unknownDataset}%0a`, 'dataset-not-found', 'ds_ and 32'],
    ['DELETE', `/v1/datasets/${unknownDataset}`, 'dataset-not-found', unknownDataset],
    ['GET', '/v1/analyses/constructor', 'analysis-not-found', 'correlation, moving-average'],
    ['GET', '/v1/analyses/__proto__', 'analysis-not-found', '__proto__'],
    ['GET', '/assets/..%2f..%2fpackage.json', 'not-found', 'Nothing'],
    ['GET', '/..%2f..%2f..%2fetc/passwd', 'not-found', 'Nothing'],
    ['PUT', '/v1/jobs', 'method-not-allowed', 'POST'],
    ['DELETE', '/v1/jobs', 'method-not-allowed', 'GET'],
    ['POST', '/healthz', 'method-not-allowed', 'GET, HEAD'],
  ])('%s %.60s names nothing', async (method, path, code, told) => {
    const refused = await problemOf(await server.call(path, { method }));
    expect(refused.code).toBe(code);
    expect(refused.detail).toContain(told);
  });

  it.each<[string, string, string]>([
    ['/v1/jobs?analysis=%00', 'bad-request', '/analysis'],
    ['/v1/jobs?limit=0', 'bad-request', '/limit'],
    ['/v1/jobs?limit=NaN', 'bad-request', '/limit'],
    ['/v1/jobs?state=lost', 'bad-request', '/state'],
    ['/v1/jobs?cursor=%00', 'bad-request', '/cursor'],
    [`/v1/jobs?cursor=${Buffer.from('99999999999999999999,x').toString('base64url')}`, 'bad-request', '/cursor'],
    ['/v1/datasets?cursor=zzz', 'bad-request', '/cursor'],
    ['/v1/jobs?__proto__=1', 'bad-request', ''],
    ['/v1/datasets/ID/series?points=1e309', 'bad-request', '/points'],
    ['/v1/datasets/ID/series?points=3', 'bad-request', '/points'],
    ["/v1/datasets/ID/series?from='; drop table x; --", 'invalid-job', '/from'],
    ['/v1/datasets/ID/series?from=5', 'invalid-job', '/from'],
    ['/v1/datasets/ID/series?series=__proto__', 'unknown-series', '/series/0'],
    ['/v1/datasets/ID/series?field=nope', 'unknown-field', '/field'],
  ])('the query of %s is refused, its place named', async (path, code, pointer) => {
    expect(await problemOf(await server.call(path.replace('ID', dataset)))).toMatchObject({ code, errors: [{ pointer }] });
  });

  it('HEAD and OPTIONS answer without a body', async () => {
    const head = await server.call(`/v1/datasets/${dataset}`, { method: 'HEAD' });
    const options = await server.call('/v1/jobs', { method: 'OPTIONS' });
    expect([head.status, await head.text(), options.status, options.headers.get('allow')]).toEqual([200, '', 204, 'POST, GET, HEAD']);
  });
});

describe('heads', () => {
  it.each<[string, string, string]>([
    ['a foreign host', 'GET /v1/jobs HTTP/1.1\r\nHost: evil.example\r\n', 'forbidden-host'],
    ['a host that only begins as ours', 'GET /v1/jobs HTTP/1.1\r\nHost: localhost.evil.example\r\n', 'forbidden-host'],
    ['a host behind a user name', 'GET /v1/jobs HTTP/1.1\r\nHost: localhost@evil.example\r\n', 'forbidden-host'],
    ['two hosts', 'GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n', 'forbidden-host'],
    ['no host', 'GET /v1/jobs HTTP/1.1\r\n', 'forbidden-host'],
    ['a foreign origin', 'POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n', 'forbidden-origin'],
    ['the origin of a file or a sandbox', 'GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n', 'forbidden-origin'],
    ['another scheme', 'GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\n', 'forbidden-origin'],
    ['another port', 'GET /v1/jobs HTTP/1.1\r\nHost: localhost:1\r\nOrigin: http://localhost:2\r\n', 'forbidden-origin'],
    ['headers of 20 kB', `GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n`, 'bad-request'],
    ['a method that is none', 'FOO /v1/jobs HTTP/1.1\r\nHost: localhost\r\n', 'bad-request'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01', 'bad-request'],
    ['two lengths', 'POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n', 'bad-request'],
    ['a negative length', 'POST /v1/datasets HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n', 'bad-request'],
    ['a file without a body', 'POST /v1/datasets HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n', 'file-empty'],
    ['a job without a body', 'POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n', 'invalid-job'],
  ])('%s is answered with a problem', async (_what, head, code) => {
    expect(rawProblem(await raw(`${head}Connection: close\r\n\r\n`)).code).toBe(code);
  });

  it('a chunk of no length is answered with a problem', async () => {
    expect(rawProblem(await raw('POST /v1/datasets HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n')).code).toBe('bad-request');
  });
});

describe('uploads', () => {
  const boundary = { 'content-type': 'multipart/form-data; boundary=x' };
  const part = '--x\r\nContent-Disposition: form-data; name="file"; filename="';

  it.each<[string, string | Uint8Array, Record<string, string>, string, RegExp]>([
    ['a picture', 'x', { 'content-type': 'image/png' }, 'unsupported-media-type', /image\/png.*text\/csv/],
    ['a foreign encoding', 'x', { 'content-encoding': 'br' }, 'unsupported-media-type', /br; none or gzip/],
    ['a body above the limit', Buffer.alloc(70_000, '1,'), {}, 'payload-too-large', /65536 bytes.*CORRENTE_MAX_UPLOAD/],
    ['a form without a boundary', 'x', { 'content-type': 'multipart/form-data' }, 'bad-request', /Boundary/],
    ['a form that is none', 'x', boundary, 'bad-request', /end of form/],
    ['a form that ends in its file', `${part}a.csv"\r\n\r\ndate,a\n`, boundary, 'bad-request', /end of form/],
    ['a form without a file', '--x\r\nContent-Disposition: form-data; name="time"\r\n\r\ndate\r\n--x--\r\n', boundary, 'bad-request', /no file/],
    ['a form with two files', `${part}a.csv"\r\n\r\na\n1\n\r\n${part}b.csv"\r\n\r\na\n1\n\r\n--x--\r\n`, boundary, 'bad-request', /more than one file/],
    ['a form whose file is above the limit', `${part}a.csv"\r\n\r\n${'1,2\n'.repeat(30_000)}\r\n--x--\r\n`, boundary, 'payload-too-large', /65536/],
    ['a form with a field that is not known', `--x\r\nContent-Disposition: form-data; name="tyme"\r\n\r\ndate\r\n${part}a.csv"\r\n\r\ndate,a\n2020-01-01,1\n\r\n--x--\r\n`, boundary, 'bad-request', /tyme/],
  ])('%s is refused, and nothing of it stays', async (_what, bytes, headers, code, detail) => {
    const refused = await problemOf(await server.upload(bytes, '', headers));
    expect(refused.code).toBe(code);
    expect(refused.detail).toMatch(detail);
    await expect.poll(() => server.leftovers()).toEqual([]);
  });

  it('a file above the limit that announces no length is refused', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let k = 0; k < 20; k++) controller.enqueue(new Uint8Array(8_000).fill(49));
        controller.close();
      },
    });
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'text/csv' } };
    expect(await problemOf(await server.call('/v1/datasets', init))).toMatchObject({ code: 'payload-too-large' });
    await expect.poll(() => server.leftovers()).toEqual([]);
  });

  it('names of files that point elsewhere, never end or hold control characters become plain names', async () => {
    const nameOf = async (file: string, value: number): Promise<string> => datasetReply.parse(await (await server.upload(`${part}${file}"\r\n\r\ndate,a\n2020-01-01,1\n2020-01-02,${value}\n\r\n--x--\r\n`, '', boundary)).json()).name;
    expect(await nameOf('../../../etc/passwd', 2)).toBe('passwd');
    expect(await nameOf('z'.repeat(8_000), 3)).toBe('z'.repeat(200));
    expect(await nameOf('a\tb.csv', 4)).toBe('a b.csv');
  });

  it('forty uploads cut off in the middle, half of them forms, leave nothing behind and the server serving', async () => {
    const stored = await server.stored();
    const plain = 'POST /v1/datasets HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 50000\r\n\r\ndate,a\n2020-01-01,1\n';
    const form = `POST /v1/datasets HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 50000\r\n\r\n${part}a.csv"\r\n\r\ndate,a\n`;
    await Promise.all(Array.from({ length: 40 }, (_, k) => raw(k < 20 ? plain : form, 50 + 5 * k)));
    await expect.poll(() => server.leftovers()).toEqual([]);
    expect(await server.stored()).toEqual(stored);
    expect((await server.call('/readyz')).status).toBe(200);
  });
});

it('after all of it the server is well: a good file is imported, and nothing went wrong inside', async () => {
  expect((await server.upload(goodCsv(7))).status).toBe(201);
  expect(await server.leftovers()).toEqual([]);
  expect(server.faults()).toEqual([]);
});
