/** Engines, as the live workers announce them. */
import type { Platform } from '@corrente/platform/platform';
import { engineNames } from '@corrente/shared/contract/engine';
import type { EngineListing } from '@corrente/shared/contract/http';
import type { Handlers } from '../../mount.ts';

export function engineRoutes(platform: Platform): Pick<Handlers, 'listEngines'> {
  return { listEngines: async () => ({ status: 200, body: { items: await liveEngines(platform) } }) };
}

/** One entry per engine and device, available ones first, then best first. */
async function liveEngines(platform: Platform): Promise<EngineListing[]> {
  const listings = new Map<string, EngineListing>();
  for (const engine of (await platform.workers.list()).flatMap((worker) => worker.engines)) {
    const key = JSON.stringify([engine.name, engine.device, engine.available]);
    const known = listings.get(key);
    listings.set(key, { ...engine, workers: (known?.workers ?? 0) + 1 });
  }
  return [...listings.values()].sort((a, b) => rank(a) - rank(b));
}

function rank({ available, name }: EngineListing): number {
  return (available ? 0 : engineNames.length) + engineNames.indexOf(name);
}
