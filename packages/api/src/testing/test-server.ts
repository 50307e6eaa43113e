/** The app on a free port of loopback, over a platform in memory, with what a test needs to talk to it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { problem, type Problem } from '@corrente/shared/contract/errors';
import type { Job } from '@corrente/shared/contract/job';
import { pino } from 'pino';
import { createApp } from '../app.ts';
import { createMetrics } from '../middleware/metrics/metrics.ts';
import type { ApiOptions, DataServices } from '../options.ts';
import { FakePlatform } from './fake-platform.ts';
import { sampleDataset, sampleEngine, sampleSpec } from './samples.ts';
import { record } from './recorder.ts';
import { fakeData } from './fake-data.ts';

export interface TestServer {
  readonly url: string;
  readonly platform: FakePlatform;
  readonly uploadFolder: string;
  /** The app's own; a test may replace a service. */
  readonly data: { -readonly [K in keyof DataServices]: DataServices[K] };
  /** Aborting it is what a shutdown does. */
  readonly closing: AbortController;
  call(method: string, path: string, init?: RequestInit): Promise<Response>;
  /** As `call`, with a JSON body. */
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** A request as it stands: the path and the headers are not touched on their way. */
  raw(method: string, path: string, headers?: Record<string, string>): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>;
  submit(change?: Parameters<typeof sampleSpec>[0]): Promise<Job>;
  uploads(): Promise<string[]>;
  close(): Promise<void>;
}

export interface TestServerOptions extends Partial<Omit<ApiOptions, 'data'>> {
  readonly data?: Partial<DataServices>;
  readonly dataset?: Dataset | null;
}

/** With one data set and one CPU worker of 1 GiB, unless told otherwise. */
export async function startTestServer({ data, dataset = sampleDataset(), ...options }: TestServerOptions = {}): Promise<TestServer> {
  const platform = new FakePlatform();
  if (dataset !== null) platform.catalogue.set(dataset.id, dataset);
  platform.addWorker([sampleEngine()], 2 ** 30);
  const uploadFolder = await mkdtemp(join(tmpdir(), 'corrente-api-uploads-'));
  const closing = new AbortController();
  const services = { ...fakeData(platform), ...data };
  const app = createApp(
    platform,
    {
      host: '127.0.0.1', apiKeys: [], maxUploadBytes: 1024 * 1024, uploadFolder, rateLimit: null, dashboardFolder: join(uploadFolder, 'no-dashboard'), heartbeatMs: 15_000,
      logger: pino({ level: 'silent' }), closing: closing.signal, ...options, data: services,
    },
    createMetrics(platform),
  );
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    response.once('finish', () => record(method, url, response.statusCode));
    app(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;

  const call: TestServer['call'] = (method, path, init) => fetch(url + path, { method, ...init });
  const send: TestServer['send'] = (method, path, body, headers) => call(method, path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
  return {
    url, platform, uploadFolder, data: services, closing, call, send,
    raw: (method, path, headers = {}) =>
      new Promise((resolve, reject) => {
        const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (text: string) => (body += text));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
        });
        sent.on('error', reject).end();
      }),
    submit: async (change) => {
      const response = await send('POST', '/v1/jobs', sampleSpec(change));
      if (response.status !== 202) throw new Error(await response.text());
      return (await response.json()) as Job;
    },
    uploads: () => readdir(uploadFolder),
    close: async () => {
      closing.abort();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(uploadFolder, { recursive: true, force: true });
      await rm(platform.results.folder, { recursive: true, force: true });
    },
  };
}

/** The response's problem; fails where it is none. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type');
  if (type !== 'application/problem+json') throw new Error(`The answer is ${response.status} ${type}: ${(await response.text()).slice(0, 200)}`);
  return problem.parse(await response.json());
}
