/** Vitest's global set-up: the files of one run share a PostgreSQL, started by the first that needs one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopEmbedded } from '../database/embedded.ts';
import { sharedFolderVariable } from './embedded.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'corrente-postgres-'));
  process.env[sharedFolderVariable] = folder;
  return async () => {
    await stopEmbedded(folder);
    await rm(folder, { recursive: true, force: true });
  };
}
