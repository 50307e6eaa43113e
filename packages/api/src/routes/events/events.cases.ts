/** Cases of the event stream. */
import type { JobEventBody } from '@corrente/shared/contract/job';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemOf, startTestServer, type TestServer } from '../../testing/test-server.ts';

const half: JobEventBody = { type: 'progress', data: { fraction: 0.5, stage: 'computing', message: 'half', state: 'running' } };
const done: JobEventBody = { type: 'succeeded', data: { cachedFrom: null } };

const idsOf = (text: string): number[] => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));

export function eventCases(): void {
  describe('events', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer({ heartbeatMs: 20 });
    });
    afterAll(() => server.close());

    const open = (id: string, init: RequestInit = {}, query = ''): Promise<Response> => server.call('GET', `/v1/jobs/${id}/events${query}`, init);
    const ended = async (): Promise<string> => {
      const { id } = await server.submit();
      server.platform.advance(id, { state: 'running' }, half, { type: 'log', data: { level: 'info', message: 'a\nb' } });
      server.platform.advance(id, { state: 'succeeded' }, done);
      return id;
    };

    test('come in order with id, type and data, and end with the terminal one', async () => {
      const response = await open(await ended());
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(response.headers.get('x-accel-buffering')).toBe('no');
      expect(await response.text()).toBe(
        [
          'retry: 1000',
          'id: 1\nevent: progress\ndata: {"fraction":0,"stage":"queued","message":"","state":"queued"}',
          'id: 2\nevent: progress\ndata: {"fraction":0.5,"stage":"computing","message":"half","state":"running"}',
          String.raw`id: 3${'\n'}event: log${'\n'}data: {"level":"info","message":"a\nb"}`,
          'id: 4\nevent: succeeded\ndata: {"cachedFrom":null}',
          '',
        ].join('\n\n'),
      );
    });

    test('are taken up after the one that Last-Event-ID or ?after= names, the header winning', async () => {
      const id = await ended();
      expect(idsOf(await (await open(id, {}, '?after=2')).text())).toEqual([3, 4]);
      expect(idsOf(await (await open(id, { headers: { 'last-event-id': '3' } }, '?after=1')).text())).toEqual([4]);
    });

    test('of a job that has ended, after its last one, are none for ever: 204', async () => {
      const response = await open(await ended(), { headers: { 'last-event-id': '4' } });
      expect([response.status, await response.text()]).toEqual([204, '']);
    });

    test('arrive while the job runs, with heartbeats between them', async () => {
      const { id } = await server.submit();
      const response = await open(id);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      const until = async (part: string): Promise<void> => {
        while (!text.includes(part)) {
          const { done: over, value } = await reader.read();
          if (over) throw new Error(`The stream ended before "${part}": ${text}`);
          text += value;
        }
      };
      await until(': still here');
      server.platform.advance(id, { state: 'running' }, half);
      await until('event: progress\ndata: {"fraction":0.5');
      server.platform.advance(id, { state: 'cancelled' }, { type: 'cancelled', data: {} });
      await until('event: cancelled\ndata: {}\n\n');
      expect((await reader.read()).done).toBe(true);
      expect(text.match(/^event: (succeeded|failed|cancelled)$/gm)).toEqual(['event: cancelled']);
    });

    test('end when the server shuts down, so that their reader asks again', async () => {
      const own = await startTestServer();
      const { id } = await own.submit();
      const response = await own.call('GET', `/v1/jobs/${id}/events`);
      own.closing.abort();
      expect(idsOf(await response.text())).toEqual([1]);
      await own.close();
    });

    test('are not compressed, whatever the reader takes', async () => {
      const response = await open(await ended(), { headers: { 'accept-encoding': 'gzip' } });
      expect(response.headers.get('content-encoding')).toBeNull();
      await response.body?.cancel();
    });

    test('are let go when the reader goes away', async () => {
      const { id } = await server.submit();
      const stop = new AbortController();
      const response = await open(id, { signal: stop.signal });
      expect(response.status).toBe(200);
      const entry = server.platform.entries.get(id)!;
      const before = entry.events.length;
      stop.abort();
      server.platform.advance(id, { state: 'cancelled' }, { type: 'cancelled', data: {} });
      expect(entry.events).toHaveLength(before + 1);
      expect((await server.call('GET', '/healthz')).status).toBe(200);
    });

    test('HEAD tells the type and ends', async () => {
      const { id } = await server.submit();
      const response = await server.call('HEAD', `/v1/jobs/${id}/events`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    });

    test.each([
      ['a Last-Event-ID that is no number', { 'last-event-id': 'x' }, ''],
      ['a negative Last-Event-ID', { 'last-event-id': '-1' }, ''],
      ['an ?after= that is no number', {}, '?after=x'],
    ])('%s is refused', async (_what, headers, query) => {
      const response = await open(await ended(), { headers }, query);
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: 'bad-request' });
    });
  });
}
