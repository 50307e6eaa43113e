/** Which server the command talks to. */
import { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Command } from 'commander';

export interface ConnectionOptions {
  readonly server: string;
  readonly apiKey?: string;
  readonly json?: boolean;
}

export const defaultServer = `http://127.0.0.1:${process.env['CORRENTE_PORT'] ?? '8420'}`;

export function addConnectionOptions(command: Command): Command {
  return command
    .option('--server <address>', 'address of the server (also CORRENTE_SERVER)', process.env['CORRENTE_SERVER'] ?? defaultServer)
    .option('--api-key <key>', 'key of the server (also CORRENTE_API_KEY)')
    .option('--json', 'print JSON');
}

export function connect(options: ConnectionOptions): CorrenteClient {
  return new CorrenteClient({ baseUrl: options.server.replace(/\/+$/, ''), apiKey: options.apiKey ?? process.env['CORRENTE_API_KEY'] });
}
