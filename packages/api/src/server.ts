/** The API as a process: composed from the platform and its data services, listening, ending in good order. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '@corrente/platform/config/config';
import { openPlatform } from '@corrente/platform/open';
import type { Platform } from '@corrente/platform/platform';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { collectDefaultMetrics } from 'prom-client';
import type { Logger } from 'pino';
import { createApp, refuseOpenAddress } from './app.ts';
import { openDataServices } from './data-services.ts';
import { createMetrics } from './middleware/metrics/metrics.ts';
import { answerMalformed } from './malformed.ts';
import { isLoopback, type ApiOptions } from './options.ts';
import { clearUploads } from './routes/datasets/upload-name.ts';

export interface RunningServer {
  /** Such as http://127.0.0.1:8420. */
  readonly url: string;
  readonly app: ReturnType<typeof createApp>;
  /** Takes no more requests, ends event streams, waits for the rest a while. The platform stays open. */
  close(): Promise<void>;
}

/** Where a build of packages/web leaves the dashboard. */
export const dashboardFolder = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** Generous: a dashboard with many open pages stays far below it, a runaway script does not. */
const publicRateLimit = { windowMs: 60_000, requests: 6_000 };

/** Requests that still run when the server closes get this long. */
const graceMs = 5_000;

/**
 * Serves the API and the dashboard of an open platform as the configuration says. Throws `invalid-config` where the
 * address cannot be bound (its cause then tells why), or is not loopback and there is no API key.
 */
export async function startServer(config: Config, platform: Platform & { readonly logger: Logger }): Promise<RunningServer> {
  const uploadFolder = join(config.home, 'uploads');
  const data = openDataServices(platform, { store: join(config.home, 'datasets'), uploads: uploadFolder });
  try {
    const server = await listen(
      platform,
      {
        host: config.host,
        apiKeys: config.apiKeys,
        maxUploadBytes: config.maxUploadBytes,
        uploadFolder,
        data,
        logger: platform.logger,
        // On loopback there is nobody to be protected from.
        rateLimit: isLoopback(config.host) ? null : publicRateLimit,
        dashboardFolder,
        heartbeatMs: 15_000,
      },
      config.port,
    );
    return {
      ...server,
      async close() {
        await server.close();
        await data.close();
      },
    };
  } catch (error) {
    await data.close();
    throw error;
  }
}

/** The API as a process of its own: opens the platform, serves until SIGINT or SIGTERM, closes everything. */
export async function runApi(config: Config): Promise<void> {
  const stop = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  refuseOpenAddress(config.host, config.apiKeys);
  const platform = await openPlatform(config);
  try {
    const server = await startServer(config, platform);
    process.stderr.write(`Corrente's API is ready on ${server.url}\n`);
    await stop;
    await server.close();
  } finally {
    await platform.close();
  }
}

/** Listens on options.host and `port` (0: a free one). Throws `invalid-config` where the address cannot be bound. */
export async function listen(platform: Platform, options: Omit<ApiOptions, 'closing'>, port: number): Promise<RunningServer> {
  const closing = new AbortController();
  const metrics = createMetrics(platform);
  const app = createApp(platform, { ...options, closing: closing.signal }, metrics);
  collectDefaultMetrics({ register: metrics.registry, prefix: 'corrente_' });
  await clearUploads(options.uploadFolder);

  // Uploads may take hours; a request's head may not.
  // That a Host is there is checked, with a reason given, by the app.
  const server = createServer({ requestTimeout: 0, headersTimeout: 60_000, requireHostHeader: false }, app);
  answerMalformed(server);
  server.listen(port, options.host.replace(/^\[(.*)\]$/, '$1'));
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new CorrenteError('invalid-config', `CORRENTE_HOST ${options.host} and CORRENTE_PORT ${port} cannot be listened on: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  return { url: urlOf(server), app, close: () => close(server, closing) };
}

async function close(server: Server, closing: AbortController): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  closing.abort(new CorrenteError('not-ready', 'The server is shutting down.'));
  // A connection whose answer has ended is kept alive by its client: it counts as idle only from then on.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(timer);
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new CorrenteError('internal', 'The server listens on no port.');
  const { address: host, family, port }: AddressInfo = address;
  const anywhere = host === '0.0.0.0' || host === '::';
  return `http://${anywhere ? 'localhost' : family === 'IPv6' ? `[${host}]` : host}:${port}`;
}
