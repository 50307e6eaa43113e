/** Liveness, readiness by dependency, metrics. */
import { access, constants } from 'node:fs/promises';
import type { Platform } from '@corrente/platform/platform';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Readiness } from '@corrente/shared/contract/http';
import type { Metrics } from '../../middleware/metrics/metrics.ts';
import type { Handlers } from '../../mount.ts';
import manifest from '../../../package.json' with { type: 'json' };

type Dependency = Readiness['dependencies'][number];

/** A dependency that takes longer does not answer. */
const patienceMs = 3_000;

export function healthRoutes(platform: Platform, metrics: Metrics): Pick<Handlers, 'getHealth' | 'getReadiness' | 'getMetrics'> {
  return {
    getHealth: () => ({ status: 200, body: { status: 'ok', version: manifest.version } }),
    getReadiness: async () => {
      const dependencies = await Promise.all([
        check('database', true, () => platform.jobs.list({ limit: 1 })),
        check('queue', true, () => platform.queue.ping()),
        check('results', true, () => access(platform.results.folder, constants.R_OK | constants.W_OK)),
        check('platform', true, () => platform.ready()),
        check('workers', false, async () => {
          if ((await platform.workers.list()).length === 0) throw new CorrenteError('not-ready', 'No worker is alive; jobs wait until one is.');
        }),
      ]);
      const ready = dependencies.every(({ ok, required }) => ok || !required);
      const body: Readiness = { ready, dependencies };
      return { status: ready ? 200 : 503, body };
    },
    getMetrics: async ({ response }) => {
      const text = await metrics.registry.metrics();
      response.setHeader('content-type', metrics.registry.contentType);
      response.end(text);
    },
  };
}

async function check(name: string, required: boolean, ask: () => Promise<unknown>): Promise<Dependency> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CorrenteError('not-ready', `No answer came within ${patienceMs / 1000} s.`)), patienceMs);
  });
  try {
    await Promise.race([ask(), tooLong]);
    return { name, ok: true, required, detail: null };
  } catch (error) {
    return { name, ok: false, required, detail: CorrenteError.from(error).message };
  } finally {
    clearTimeout(timer);
  }
}
