/** Running PostgreSQL where Corrente itself runs as root: PostgreSQL refuses to be root. */
import { execFile, type SpawnOptions } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { CorrenteError } from '@corrente/shared/contract/errors';

const run = promisify(execFile);

export interface Runner {
  /** The user that PostgreSQL runs as and that its files belong to; null for the user we are. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** The command that runs `file` as that user, and the options to spawn it with. */
  command(file: string, args: readonly string[]): { file: string; args: string[]; options: Pick<SpawnOptions, 'uid' | 'gid'> };
}

const ourselves: Runner = { owner: null, command: (file, args) => ({ file, args: [...args], options: {} }) };

async function idsOf(user: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null; // `id` fails for a user that does not exist: the answer, not an error.
  }
}

/** `postgres` where the machine has that user; else it is made; else `nobody`, which every system has. */
async function findOwner(): Promise<{ uid: number; gid: number }> {
  const present = await idsOf('postgres');
  if (present) return present;
  const made = await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']).then(() => idsOf('postgres'), () => null);
  const owner = made ?? (await idsOf('nobody'));
  if (owner) return owner;
  throw new CorrenteError('not-ready', 'PostgreSQL cannot run as root, and this machine has neither a user postgres nor nobody. Start Corrente as another user, or set DATABASE_URL.');
}

/** The first folder on the way to `path` that other users may not pass, or null. */
async function closedFolder(path: string): Promise<string | null> {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0) return folder;
  }
  return null;
}

/**
 * How to run PostgreSQL's programs.
 * @param paths what that user must be able to reach: the programs and the data folder's parent.
 * @throws CorrenteError `not-ready` where the user cannot reach them, naming the folder in the way.
 */
export async function unprivilegedRunner(paths: readonly string[]): Promise<Runner> {
  if (process.getuid?.() !== 0) return ourselves;
  const owner = await findOwner();
  const closed = (await Promise.all(paths.map(closedFolder))).find((folder) => folder !== null);
  if (closed === undefined) return { owner, command: (file, args) => ({ file, args: [...args], options: owner }) };

  // A checkout below /root or in a private temporary folder: the unprivileged user keeps one capability of root's,
  // passing folders that are closed to it.
  const setpriv = '/usr/bin/setpriv';
  await access(setpriv, constants.X_OK).catch((error: unknown) => {
    throw new CorrenteError('not-ready', `PostgreSQL cannot run as root, and another user cannot pass ${closed}. Open that folder to others (chmod o+x), start Corrente as another user, or set DATABASE_URL.`, { cause: error });
  });
  const prefix = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { owner, command: (file, args) => ({ file: setpriv, args: [...prefix, file, ...args], options: {} }) };
}
