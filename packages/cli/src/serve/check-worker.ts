/** Whether a worker of this host is alive: for the health check of a container, which is a host of its own. */
import type { Config } from '@corrente/platform/config/config';
import { openPlatform } from '@corrente/platform/open';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { hostname } from 'node:os';
import { pino } from 'pino';

/** Throws `not-ready` where no live worker was announced from this host. */
export async function checkWorker(config: Config): Promise<void> {
  const platform = await openPlatform(config, pino({ level: 'silent' }));
  try {
    const workers = await platform.workers.list();
    if (workers.some(({ id }) => id.startsWith(`${hostname()}-`))) return;
    throw new CorrenteError('not-ready', `No worker of ${hostname()} is alive.`);
  } finally {
    await platform.close();
  }
}
