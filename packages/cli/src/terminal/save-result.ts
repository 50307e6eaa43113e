/** A result table to stdout or into a file, in the format that the file's name or --format says. */
import type { CorrenteClient } from '@corrente/shared/client/corrente-client';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Job } from '@corrente/shared/contract/job';
import { resultFormats, type ResultFormat } from '@corrente/shared/contract/result';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { bytes, print, say } from './words.ts';

const formatNames = Object.keys(resultFormats).join(', ');

export function isFormat(name: string): name is ResultFormat {
  return Object.hasOwn(resultFormats, name);
}

/** The format of a file name: result.parquet → parquet. */
export function formatOf(file: string): ResultFormat {
  const extension = extname(file).slice(1).toLowerCase();
  if (isFormat(extension)) return extension;
  throw new CorrenteError('usage', `--out was "${file}"; expected a name that ends in one of ${formatNames}.`);
}

export function tableOf(job: Pick<Job, 'id' | 'tables'>, name: string | undefined): string {
  const table = name === undefined ? job.tables[0] : job.tables.find((candidate) => candidate.name === name);
  if (table !== undefined) return table.name;
  throw new CorrenteError('table-not-found', `The table was "${name ?? ''}"; ${job.id} has ${job.tables.map((t) => t.name).join(', ') || 'none'}.`);
}

export async function saveResult(client: CorrenteClient, job: Job, options: { table?: string | undefined; out?: string | undefined; format?: string | undefined; follow?: boolean }): Promise<void> {
  const format = options.format ?? (options.out === undefined ? 'csv' : formatOf(options.out));
  if (!isFormat(format)) throw new CorrenteError('usage', `--format was "${format}"; expected one of ${formatNames}.`);
  const response = await client.download(job.id, tableOf(job, options.table), format, { follow: options.follow ?? true });
  if (response.body === null) throw new CorrenteError('internal', 'The server sent no body.');
  const body = Readable.fromWeb(response.body);
  if (options.out === undefined) {
    for await (const chunk of body) await print(chunk);
    return;
  }
  await writeWhole(body, options.out);
}

/** Writes beside the file and renames: a stream that breaks off leaves no half file behind. */
export async function writeWhole(body: AsyncIterable<Uint8Array | string>, file: string): Promise<void> {
  const partial = `${file}.partial`;
  const sink = createWriteStream(partial);
  try {
    await pipeline(body, sink);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw diskError(error, file);
  }
  say(`${file}: ${bytes(sink.bytesWritten)}`);
}

function diskError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOSPC') return new CorrenteError('disk-full', `There is no room to write ${file}.`, { cause: error });
  if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'EISDIR') return new CorrenteError('usage', `--out ${file} cannot be written: ${error.message}.`, { cause: error });
  return error;
}
