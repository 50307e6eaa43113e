/** Prometheus metrics of one app: its requests and imports as they end, the jobs and the queue when they are asked for. */
import { Gauge, Histogram, Registry } from 'prom-client';
import type { Platform } from '@corrente/platform/platform';
import { jobStates } from '@corrente/shared/contract/job';
import type { RequestHandler } from 'express';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: RequestHandler;
  /** Records how long an import took, and how it ended. */
  imported(seconds: number, outcome: 'stored' | 'refused'): void;
}

export function createMetrics(platform: Platform): Metrics {
  const registry = new Registry();
  const http = new Histogram({
    name: 'corrente_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer, streams included.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 60],
    registers: [registry],
  });
  const imports = new Histogram({
    name: 'corrente_import_duration_seconds',
    help: 'Time from a complete upload to its data set, or to its refusal.',
    labelNames: ['outcome'],
    buckets: [0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
    registers: [registry],
  });
  const jobs = new Gauge({
    name: 'corrente_jobs',
    help: 'Jobs by state.',
    labelNames: ['state'],
    registers: [],
    async collect() {
      const counts = await platform.jobs.counts();
      for (const state of jobStates) this.set({ state }, counts[state]);
    },
  });
  const queue = new Gauge({
    name: 'corrente_queue_depth',
    help: 'Job ids that wait in the queue, and that workers have taken from it.',
    labelNames: ['state'],
    registers: [],
    async collect() {
      const { waiting, active } = await platform.queue.counts();
      this.set({ state: 'waiting' }, waiting);
      this.set({ state: 'active' }, active);
    },
  });
  const workers = new Gauge({
    name: 'corrente_workers',
    help: 'Live workers.',
    registers: [],
    async collect() {
      this.set((await platform.workers.list()).length);
    },
  });
  for (const gauge of [jobs, queue, workers]) registry.registerMetric(gauge);

  return {
    registry,
    requests: (request, response, next) => {
      const start = performance.now();
      response.once('close', () => {
        // The route as it is written, never the address: a label per id would grow without end.
        const route: unknown = request.route?.path;
        http.observe({ method: request.method, route: typeof route === 'string' ? route : 'other', status: response.statusCode }, (performance.now() - start) / 1000);
      });
      next();
    },
    imported: (seconds, outcome) => imports.observe({ outcome }, seconds),
  };
}
