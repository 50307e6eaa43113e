/** `corrente engines`: the engines of this machine or, with --server, of a server's workers. */
import { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { EngineInfo } from '@corrente/shared/contract/engine';
import { Command } from 'commander';
import { printJson, printTable } from '../terminal/words.ts';

interface Options {
  readonly server?: string;
  readonly apiKey?: string;
  readonly json?: boolean;
}

async function infos(options: Options): Promise<readonly EngineInfo[]> {
  if (options.server !== undefined) return await new CorrenteClient({ baseUrl: options.server, apiKey: options.apiKey ?? process.env['CORRENTE_API_KEY'] }).engines();
  const { engineInfos } = await import('@corrente/compute/engine/engines');
  return await engineInfos();
}

export const command = new Command('engines')
  .description('Tell which engines there are, best first, and why one is not.')
  .option('--server <address>', 'ask a server instead of this machine')
  .option('--api-key <key>', 'key of the server (also CORRENTE_API_KEY)')
  .option('--json', 'print JSON')
  .action(async (options: Options) => {
    const engines = await infos(options);
    if (options.json === true) return await printJson(engines);
    await printTable(['engine', 'available', 'device', 'precisions'], engines.map((engine) => [engine.name, engine.available ? 'yes' : `no: ${engine.whyNot ?? ''}`, engine.device, engine.precisions.join(', ')]));
  });
