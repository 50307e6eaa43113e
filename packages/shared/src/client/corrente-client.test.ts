import { RecordBatchStreamWriter, tableFromArrays, type RecordBatch } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import type { JobEvent } from '../contract/job.ts';
import { answers, json, problem, streamed, type Answer } from './answers.testing.ts';
import { CorrenteClient } from './corrente-client.ts';

const id = `job_${'0'.repeat(26)}`;
const refused = new Error('connect ECONNREFUSED');

function clientOver(...prepared: Answer[]) {
  const { fetch, requests } = answers(...prepared);
  return { client: new CorrenteClient({ baseUrl: 'http://corrente.test/', fetch }), requests };
}

describe('a call', () => {
  test('sends the API key, and its query with lists item by item and without what is absent', async () => {
    const { fetch, requests } = answers(json({ items: [], cursor: null }), new Response(new Uint8Array(), { status: 200 }));
    const client = new CorrenteClient({ baseUrl: 'http://corrente.test', apiKey: 'key', fetch });
    await client.jobs({ state: 'failed', limit: 5, cursor: undefined });
    await client.series('ds_1', { series: ['A&B', 'C'], points: 10 }).catch(() => undefined);
    expect(requests.map(({ url }) => url)).toEqual(['http://corrente.test/v1/jobs?state=failed&limit=5', 'http://corrente.test/v1/datasets/ds_1/series?series=A%26B&series=C&points=10']);
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer key');
  });

  test("throws the server's problem with its code, words and places", async () => {
    const { client } = clientOver(problem('memory-exceeded', 'It needs 9 GiB.'));
    await expect(client.estimate({ analysis: 'correlation', input: { dataset: 'ds_1' } })).rejects.toMatchObject({ name: 'CorrenteError', code: 'memory-exceeded', message: 'It needs 9 GiB.' });
  });

  test('throws server-unreachable where nothing answers, and where only a proxy does', async () => {
    for (const answer of [refused, new Response('<h1>Bad Gateway</h1>', { status: 502 })]) {
      const { client } = clientOver(answer);
      await expect(client.job(id)).rejects.toMatchObject({ code: 'server-unreachable' });
    }
  });

  test('keeps the words of a problem whose code it does not know', async () => {
    const { client } = clientOver(json({ title: 'Teapot', status: 409, code: 'is-a-teapot', detail: 'It pours tea.' }, 409));
    await expect(client.job(id)).rejects.toMatchObject({ status: 409, message: 'It pours tea.' });
  });

  test('throws cancelled where its own signal ended it', async () => {
    const { client } = clientOver((request) => Promise.reject(request.signal.reason));
    await expect(client.job(id, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('tells readiness also where the server is not ready', async () => {
    const { client } = clientOver(json({ ready: false, dependencies: [] }, 503));
    await expect(client.readiness()).resolves.toEqual({ ready: false, dependencies: [] });
  });
});

describe('submitting', () => {
  const spec = { analysis: 'correlation', input: { dataset: 'ds_1' } };

  test('is tried again under the same key where no server answers', async () => {
    const { client, requests } = clientOver(refused, json({ id }, 202));
    await expect(client.submit(spec)).resolves.toEqual({ id });
    const keys = requests.map((request) => request.headers.get('idempotency-key'));
    expect(keys[0]).toMatch(/.{8}/);
    expect(keys[1]).toBe(keys[0]);
  });

  test('is not tried again where the server refuses', async () => {
    const { client, requests } = clientOver(problem('unknown-analysis', 'No.'));
    await expect(client.submit(spec)).rejects.toMatchObject({ code: 'unknown-analysis' });
    expect(requests).toHaveLength(1);
  });
});

describe('events', () => {
  const event = (seq: number, type: string, data: unknown): string => `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  const progress = (seq: number): string => event(seq, 'progress', { fraction: seq / 10, stage: 'computing', message: '', state: 'running' });
  const done = (seq: number): string => event(seq, 'succeeded', { cachedFrom: null });
  const stream = (pieces: string[], error?: Error): Response => new Response(streamed(['retry: 1\n\n', ...pieces], error), { headers: { 'content-type': 'text/event-stream' } });
  const all = async (events: AsyncIterable<JobEvent>): Promise<number[]> => {
    const seqs: number[] = [];
    for await (const { seq } of events) seqs.push(seq);
    return seqs;
  };

  test('come in order however they are cut into pieces, and end with the terminal one', async () => {
    const text = progress(1) + ': heartbeat\n\n' + done(2);
    const { client } = clientOver(stream(text.split('')));
    await expect(all(client.events(id))).resolves.toEqual([1, 2]);
  });

  test('are taken up where the connection broke off or ended, each once', async () => {
    const { client, requests } = clientOver(stream([progress(1), progress(2)], new Error('reset')), refused, stream([progress(2), progress(3)]), stream([done(4)]));
    await expect(all(client.events(id))).resolves.toEqual([1, 2, 3, 4]);
    expect(requests.map((request) => request.headers.get('last-event-id'))).toEqual([null, '2', '2', '3']);
  });

  test('begin after the one that is asked for', async () => {
    const { client, requests } = clientOver(stream([done(8)]));
    await expect(all(client.events(id, { after: 7 }))).resolves.toEqual([8]);
    expect(requests[0]?.headers.get('last-event-id')).toBe('7');
  });

  test('end where the server says that nothing will follow', async () => {
    const { client } = clientOver(new Response(null, { status: 204 }));
    await expect(all(client.events(id, { after: 9 }))).resolves.toEqual([]);
  });

  test('of a job that is not there throw, as does a server that does not answer at first or any more', async () => {
    await expect(all(clientOver(problem('job-not-found', 'No.')).client.events(id))).rejects.toMatchObject({ code: 'job-not-found' });
    await expect(all(clientOver(refused).client.events(id))).rejects.toMatchObject({ code: 'server-unreachable' });
    await expect(all(clientOver(stream([progress(1)]), refused, refused).client.events(id, { attempts: 3 }))).rejects.toMatchObject({ code: 'server-unreachable' });
  });

  test('end without an error when the signal aborts', async () => {
    const stop = new AbortController();
    const { client } = clientOver((request) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(progress(1)));
          request.signal.addEventListener('abort', () => controller.error(request.signal.reason));
        },
      });
      return new Response(body);
    });
    const seen: number[] = [];
    for await (const { seq } of client.events(id, { signal: stop.signal })) {
      seen.push(seq);
      stop.abort();
    }
    expect(seen).toEqual([1]);
  });

  test('are what waiting for a job listens to, telling its progress', async () => {
    const { client } = clientOver(stream([progress(5), done(6)]), json({ id, state: 'succeeded' }));
    const fractions: number[] = [];
    await expect(client.wait(id, { onProgress: ({ fraction }) => fractions.push(fraction) })).resolves.toMatchObject({ state: 'succeeded' });
    expect(fractions).toEqual([0.5]);
  });
});

describe('a result', () => {
  const batches = [1, 2, 3].map((value) => tableFromArrays({ value: Float64Array.of(value, value) }).batches[0]!);
  /** The Arrow stream of some batches, without its end mark of 8 bytes. */
  function unended(some: readonly RecordBatch[]): Uint8Array {
    const writer = new RecordBatchStreamWriter();
    for (const batch of some) writer.write(batch);
    writer.finish();
    return writer.toUint8Array(true).slice(0, -8);
  }
  /** The stream in pieces: the schema with the first batch, each further batch, the end mark. */
  function pieces(): Uint8Array[] {
    const cuts = batches.map((_, index) => unended(batches.slice(0, index + 1)).length);
    const whole = unended(batches);
    const end = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0);
    return [...cuts.map((cut, index) => whole.subarray(cuts[index - 1] ?? 0, cut)), end];
  }
  const valuesOf = async (stream: AsyncIterable<RecordBatch>): Promise<unknown[]> => {
    const values: unknown[] = [];
    for await (const batch of stream) values.push(batch.getChild('value')?.get(0));
    return values;
  };

  test('comes batch by batch, before the stream has ended', async () => {
    let closed = false;
    const open = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(pieces()[0]!),
      cancel: () => {
        closed = true;
      },
    });
    for await (const batch of clientOver(new Response(open)).client.result(id, 'matrix')) {
      expect(batch.numRows).toBe(2);
      break;
    }
    expect(closed).toBe(true);
  });

  test('is read right however its bytes are cut', async () => {
    const whole = pieces().flatMap((piece) => Array.from(piece));
    for (const size of [1, 3, 7, 64, 1000]) {
      const cut = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) => Uint8Array.from(whole.slice(index * size, (index + 1) * size)));
      await expect(valuesOf(clientOver(new Response(streamed(cut))).client.result(id, 'matrix'))).resolves.toEqual([1, 2, 3]);
    }
  });

  test('that ends without its end mark is not taken for whole', async () => {
    const running = json({ id, state: 'running', error: null });
    const { client } = clientOver(new Response(streamed(pieces().slice(0, 2))), running);
    await expect(valuesOf(client.result(id, 'matrix', { attempts: 1 }))).rejects.toMatchObject({ code: 'server-unreachable' });
  });

  test('is taken up where it broke off, without a batch lost or seen twice', async () => {
    const running = (): Response => json({ id, state: 'running', error: null });
    const [first, second, ...rest] = pieces();
    const { client } = clientOver(new Response(streamed([first!, second!], refused)), running(), refused, running(), new Response(streamed([first!, second!, ...rest])));
    await expect(valuesOf(client.result(id, 'matrix'))).resolves.toEqual([1, 2, 3]);
  });

  test('of the moment is not taken up in its middle while the job may change it, and is once it has succeeded', async () => {
    const [first, second, ...rest] = pieces();
    const broken = (state: string) => [new Response(streamed([first!, second!], refused)), json({ id, state, error: null }), json({ id, state, error: null })];
    await expect(valuesOf(clientOver(...broken('running')).client.result(id, 'matrix', { follow: false }))).rejects.toMatchObject({ code: 'server-unreachable' });
    const { client } = clientOver(...broken('succeeded'), new Response(streamed([first!, second!, ...rest])));
    await expect(valuesOf(client.result(id, 'matrix', { follow: false }))).resolves.toEqual([1, 2, 3]);
  });

  test("of a job that fails meanwhile throws the job's own error", async () => {
    const error = { type: '', title: '', status: 500, code: 'engine-crashed', detail: 'SIGSEGV' };
    const { client } = clientOver(new Response(streamed(pieces().slice(0, 1), refused)), json({ id, state: 'failed', error }));
    await expect(valuesOf(client.result(id, 'matrix'))).rejects.toMatchObject({ code: 'engine-crashed', message: 'SIGSEGV' });
  });

  test('of a job that is cancelled meanwhile throws cancelled', async () => {
    const { client } = clientOver(new Response(streamed(pieces().slice(0, 1), refused)), json({ id, state: 'cancelled', error: null }));
    await expect(client.resultTable(id, 'matrix')).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('is a whole table too, with its columns also where it has no rows', async () => {
    await expect(clientOver(new Response(streamed(pieces()))).client.resultTable(id, 'matrix')).resolves.toMatchObject({ numRows: 6 });
    const empty = new RecordBatchStreamWriter();
    empty.reset(undefined, batches[0]!.schema);
    empty.finish();
    const table = await clientOver(new Response(streamed([empty.toUint8Array(true)]))).client.resultTable(id, 'matrix');
    expect([table.numRows, table.schema.fields.map(({ name }) => name)]).toEqual([0, ['value']]);
  });

  test('has an address that a browser can save it from', () => {
    expect(clientOver().client.downloadUrl(id, 'matrix', 'csv')).toBe(`http://corrente.test/v1/jobs/${id}/result/matrix?format=csv&download=true`);
  });
});
