/**
 * Results: files of Arrow record batch messages in a folder, read back as one Arrow IPC stream per table, byte for
 * byte. What exists is what the manifest (`job_parts`) names.
 */
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineUsed } from '@corrente/shared/contract/engine';
import { CorrenteError, type Problem } from '@corrente/shared/contract/errors';
import { finalStates, jobId as jobIdSchema, type JobState } from '@corrente/shared/contract/job';
import type { ColumnSchema } from '@corrente/shared/contract/result';
import { statement, type Database } from '../database/database.ts';
import { codeOf } from '../database/database-error.ts';
import { createBell } from '../jobs/bell.ts';
import type { JobFeed } from '../jobs/feed.ts';
import { jobNotFound } from '../jobs/read.ts';
import type { ResultStore } from '../platform.ts';
import { arrowSchema, endOfStream, schemaMessage } from './arrow-schema.ts';
import { storageError } from './storage-error.ts';

/** Size of the chunks that a part is read in, in bytes. */
const chunkBytes = 256 * 1024;
/** Should a notice be lost with its connection, the rows are looked at again after this time. */
const lookAgainMs = 5000;

interface Part {
  readonly path: string;
  readonly bytes: number;
  readonly step: number;
  readonly part: number;
}

/** State, schema and parts of one moment; `columns` is null until the table is declared. */
interface Found {
  readonly state: JobState;
  readonly error: Problem | null;
  readonly engine: EngineUsed | null;
  readonly columns: ColumnSchema[] | null;
  readonly parts: Part[];
  readonly provisional: Part[];
  /** The job that this one is a share of. */
  readonly parent_id: string | null;
}

const partJson = `json_agg(json_build_object('path', p.path, 'bytes', p.bytes, 'step', p.step, 'part', p.part) order by p.step, p.part)`;

/** One moment's: what follows comes in the order of the steps, and a part only when every step before its own is stored. */
const tableParts = statement<Found>(
  'table-parts',
  `select j.state, j.error, j.engine, j.parent_id, t.columns,
     coalesce((select ${partJson} from job_parts p where p.job_id = j.id and p.table_name = $2 and not p.provisional and (p.step, p.part) > ($3, $4)
       and (not $5 or p.step < j.stored_steps or j.state = 'succeeded')), '[]') as parts,
     coalesce((select ${partJson} from job_parts p where p.job_id = j.id and p.table_name = $2 and p.provisional and not $5 and j.state <> 'succeeded'), '[]') as provisional
   from jobs j left join job_tables t on t.job_id = j.id and t.name = $2 where j.id = $1`,
);

export function createResultStore({ database, feed, folder }: { database: Database; feed: JobFeed; folder: string }): ResultStore {
  async function* readPart({ path, bytes }: Pick<Part, 'path' | 'bytes'>): AsyncGenerator<Uint8Array, void, undefined> {
    let read = 0;
    try {
      for await (const chunk of createReadStream(join(folder, path), { highWaterMark: chunkBytes })) {
        if (!(chunk instanceof Uint8Array)) continue; // No encoding is set: chunks are bytes.
        read += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new CorrenteError('job-not-found', `The part ${path} is gone: its job was deleted while it was read, or has succeeded and dropped its provisional rows.`, { cause: error });
      throw storageError(error, path);
    }
    if (read !== bytes) throw new CorrenteError('internal', `The part ${path} has ${read} bytes; expected ${bytes}.`);
  }

  async function* readArrow(jobId: string, table: string, { follow, signal }: { follow: boolean; signal: AbortSignal }): AsyncGenerator<Uint8Array, void, undefined> {
    const bell = createBell(signal);
    const stop = follow ? feed.follow(jobId, bell.ring) : () => undefined;
    let begun = false;
    let last = { step: -1, part: 0 };
    try {
      for (;;) {
        signal.throwIfAborted();
        bell.reset();
        const [found] = await database.query(tableParts, [jobId, table, last.step, last.part, follow]);
        if (!found) throw jobNotFound(jobId);
        const final = finalStates.has(found.state);
        if (found.parent_id !== null) throw new CorrenteError('table-not-found', `Job ${jobId} is a share of ${found.parent_id}, which holds its rows.`);
        if (found.columns === null && (final || !follow)) throw missingTable(jobId, table, found);
        if (found.columns !== null && !begun) {
          begun = true;
          yield schemaMessage(arrowSchema({ columns: found.columns }, found.engine?.precision ?? 'f64'));
        }
        for (const part of [...found.parts, ...found.provisional]) {
          yield* readPart(part);
          signal.throwIfAborted();
          last = part;
        }
        if (follow && found.state === 'failed' && found.error) throw CorrenteError.fromProblem(found.error);
        if (follow && found.state === 'cancelled') throw new CorrenteError('cancelled', `Job ${jobId} was cancelled before its result was complete.`);
        if (final || !follow) {
          yield endOfStream;
          return;
        }
        await bell.rung(lookAgainMs);
      }
    } finally {
      stop();
      bell.close();
    }
  }

  return {
    folder,
    async attemptFolder(jobId, attempt) {
      if (!jobIdSchema.safeParse(jobId).success || !Number.isInteger(attempt) || attempt < 1) {
        throw new CorrenteError('internal', `A folder was asked for attempt ${attempt} of ${JSON.stringify(jobId)}; expected a job id and an attempt from 1.`);
      }
      const path = join(folder, jobId, String(attempt));
      await mkdir(path, { recursive: true }).catch((error: unknown) => {
        throw storageError(error, path);
      });
      return path;
    },
    readArrow,
  };
}

function missingTable(jobId: string, table: string, { state }: Found): CorrenteError {
  const why = finalStates.has(state) ? `which has ${state === 'cancelled' ? 'been cancelled' : state}` : `which is ${state} and has not declared its tables yet, or has none of that name`;
  return new CorrenteError('table-not-found', `There is no table ${JSON.stringify(table)} in job ${jobId}, ${why}.`);
}
