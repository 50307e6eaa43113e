/** Names of temporary files and folders of uploads: they tell whose they are, so that a later start can remove what a kill left. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** After this long an upload of another host, whose processes cannot be seen from here, is taken for left behind. */
const foreignMs = 24 * 3600 * 1000;

export function uploadName(): string {
  return `${process.pid}@${hostname()}@${randomUUID()}`;
}

/** Makes the folder, and removes from it what no living process is writing. To be called before the first upload. */
export async function clearUploads(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const [pid, host] = name.split('@');
    const path = join(folder, name);
    if (host === undefined) continue;
    const left = host === hostname() ? !isAlive(Number(pid)) : (await stat(path)).mtimeMs < Date.now() - foreignMs;
    if (left) await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  // A file that bears our own id and was there before us: in a container every run may have the same.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
