/** The Express app: guards, the contract's routes, the reader, the dashboard. It binds no port. */
import type { Platform } from '@corrente/platform/platform';
import { CorrenteError } from '@corrente/shared/contract/errors';
import express, { type Express, type RequestHandler } from 'express';
import { apiKey } from './middleware/api-key/api-key.ts';
import { compress } from './middleware/compress/compress.ts';
import { hostOrigin } from './middleware/host-origin/host-origin.ts';
import { logging } from './middleware/logging/logging.ts';
import { createMetrics, type Metrics } from './middleware/metrics/metrics.ts';
import { problemHandler } from './middleware/problem/problem.ts';
import { rateLimit } from './middleware/rate-limit/rate-limit.ts';
import { requestId } from './middleware/request-id/request-id.ts';
import { securityHeaders } from './middleware/security-headers/security-headers.ts';
import { mount } from './mount.ts';
import { isLoopback, type ApiOptions } from './options.ts';
import { analysisRoutes } from './routes/analyses/analyses.ts';
import { dashboard } from './routes/dashboard/dashboard.ts';
import { datasetRoutes } from './routes/datasets/datasets.ts';
import { docsFiles, docsRoutes } from './routes/docs/docs.ts';
import { engineRoutes } from './routes/engines/engines.ts';
import { eventRoutes } from './routes/events/events.ts';
import { healthRoutes } from './routes/health/health.ts';
import { jobRoutes } from './routes/jobs/jobs.ts';
import { resultRoutes } from './routes/results/results.ts';

/** The API over an open platform. Bound to more than loopback it needs an API key: throws `invalid-config`. */
export function createApp(platform: Platform, options: ApiOptions, metrics: Metrics = createMetrics(platform)): Express {
  refuseOpenAddress(options.host, options.apiKeys);
  const loopback = isLoopback(options.host);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');

  app.use(requestId, logging(options.logger), metrics.requests, securityHeaders());
  if (loopback) app.use(hostOrigin());
  app.use(compress());

  const guards: RequestHandler[] = [];
  if (options.rateLimit !== null) guards.push(rateLimit(options.rateLimit));
  if (options.apiKeys.length > 0) guards.push(apiKey(options.apiKeys));
  mount(
    app,
    {
      ...datasetRoutes(platform, metrics, options),
      ...analysisRoutes(),
      ...engineRoutes(platform),
      ...jobRoutes(platform),
      ...eventRoutes(platform, options),
      ...resultRoutes(platform, options),
      ...healthRoutes(platform, metrics),
      ...docsRoutes(),
    },
    guards,
  );
  docsFiles(app);
  dashboard(app, options.dashboardFolder);
  app.use((request) => {
    throw new CorrenteError('not-found', `Nothing is at ${request.method} ${request.path}.`);
  });
  app.use(problemHandler);
  return app;
}

/** Throws `invalid-config` for an address that other machines can reach, where no API key is set. */
export function refuseOpenAddress(host: string, apiKeys: readonly string[]): void {
  if (isLoopback(host) || apiKeys.length > 0) return;
  throw new CorrenteError('invalid-config', `CORRENTE_HOST is "${host}", which other machines can reach, and CORRENTE_API_KEYS is empty; set a key, or bind to 127.0.0.1.`);
}
