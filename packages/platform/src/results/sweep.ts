/**
 * Removing result files that no part row names. Folders to look at are written down in the same statement that makes
 * files needless (an attempt given up, a job deleted), so a crash forgets none, and no file of another database is
 * ever touched.
 */
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finalStates, type JobState } from '@corrente/shared/contract/job';
import { codeOf } from '../database/database-error.ts';
import { statement, type Database } from '../database/database.ts';
import { storageError } from './storage-error.ts';

const sweepsDue = statement<{ owner: string }>('sweeps-due', `select owner from job_sweeps where since < clock_timestamp() - $1 * interval '1 millisecond' order by since limit 100`);
const sweepAsked = statement<{ since: string }>('sweep-asked', 'select since::text as since from job_sweeps where owner = $1');
const sweepDone = statement('sweep-done', 'delete from job_sweeps where owner = $1 and since::text = $2');
const ownerState = statement<{ state: JobState; attempt: number }>('sweep-owner', 'select state, attempt from jobs where id = $1');
const namedParts = statement<{ path: string }>('sweep-named-parts', 'select distinct path from job_parts where owner = $1');

/** Sweeps the folders that were due for at least `ageMs`: an attempt given up may still write for a moment. */
export async function sweepDueFolders(database: Database, folder: string, ageMs: number): Promise<number> {
  const due = await database.query(sweepsDue, [ageMs]);
  for (const { owner } of due) await sweepFolder(database, folder, owner);
  return due.length;
}

/**
 * Removes what is needless in one job's folder. The order matters: attempts that may still store parts are left out
 * first, and the others cannot become named after that.
 */
export async function sweepFolder(database: Database, folder: string, owner: string): Promise<void> {
  const [asked] = await database.query(sweepAsked, [owner]);
  const [job] = await database.query(ownerState, [owner]);
  const ended = !job || finalStates.has(job.state);
  const fenced = (attempt: number) => ended || attempt < job.attempt || (attempt === job.attempt && job.state === 'queued');
  const jobFolder = join(folder, owner);
  const attempts = (await names(jobFolder)).filter((name) => /^\d+$/.test(name) && fenced(Number(name)));
  const keep = new Set((await database.query(namedParts, [owner])).map(({ path }) => path));
  for (const attempt of attempts) {
    for (const file of await names(join(jobFolder, attempt))) {
      if (!keep.has(`${owner}/${attempt}/${file}`)) await rm(join(jobFolder, attempt, file), { recursive: true, force: true });
    }
    await removeEmpty(join(jobFolder, attempt));
  }
  if (ended) await removeEmpty(jobFolder);
  // Asked for once more meanwhile: it stays, for the next time.
  if (asked) await database.query(sweepDone, [owner, asked.since]);
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw storageError(error, folder);
  }
}

async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw storageError(error, folder);
  }
}
