/** A result table to stdout or into a file, in the format that the file's name or --format says. */
import { diskFull, isDiskFull } from '@corrente/platform/results/storage-error';
import type { CorrenteClient } from '@corrente/shared/client/corrente-client';
import { inBytes } from '@corrente/shared/contract/bytes';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Job } from '@corrente/shared/contract/job';
import { resultFormats, type ResultFormat } from '@corrente/shared/contract/result';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isNetworkFormat, networkFormats, networkTable, networkText, type NetworkFormat, type NetworkOptions } from '../options/network.ts';
import { print, say } from './words.ts';

export const formatNames = [...Object.keys(resultFormats), ...networkFormats].join(', ');

/** A result's own formats, and those that are made here of its links. */
export type SavedFormat = ResultFormat | NetworkFormat;

function isFormat(name: string): name is ResultFormat {
  return Object.hasOwn(resultFormats, name);
}

/** The format that is asked for or, without one, that of the file name (result.parquet → parquet) or of a terminal. */
export function formatOf(format: string | undefined, file: string | undefined): SavedFormat {
  if (format !== undefined) {
    if (isFormat(format) || isNetworkFormat(format)) return format;
    throw new CorrenteError('usage', `--format was "${format}"; expected one of ${formatNames}.`);
  }
  if (file === undefined) return 'csv';
  const extension = extname(file).slice(1).toLowerCase();
  if (isFormat(extension) || extension === 'graphml') return extension;
  throw new CorrenteError('usage', `--out was "${file}"; expected a name that ends in one of ${formatNames}.`);
}

export function tableOf(job: Pick<Job, 'id' | 'tables'>, name: string | undefined): string {
  const table = name === undefined ? job.tables[0] : job.tables.find((candidate) => candidate.name === name);
  if (table !== undefined) return table.name;
  throw new CorrenteError('table-not-found', `The table was "${name ?? ''}"; ${job.id} has ${job.tables.map((t) => t.name).join(', ') || 'none'}.`);
}

export interface SaveOptions extends NetworkOptions {
  readonly table?: string | undefined;
  readonly out?: string | undefined;
  readonly format?: string | undefined;
  readonly follow?: boolean;
}

export async function saveResult(client: CorrenteClient, job: Job, options: SaveOptions): Promise<void> {
  const format = formatOf(options.format, options.out);
  const follow = options.follow ?? true;
  if (isNetworkFormat(format)) {
    const { readLinks } = await import('@corrente/shared/network/read-links');
    const table = await client.resultTable(job.id, tableOf(job, networkTable(options.table)), { follow });
    return await printOrSave([networkText(format, readLinks(table), await processesOf(client, job), options)], options.out);
  }
  const response = await client.download(job.id, tableOf(job, options.table), format, { follow });
  if (response.body === null) throw new CorrenteError('internal', 'The server sent no body.');
  await printOrSave(Readable.fromWeb(response.body), options.out);
}

/** The series that the job looked at; the targets alone where its data set is gone. */
async function processesOf(client: CorrenteClient, job: Job): Promise<readonly string[]> {
  const { series, dataset } = job.spec.input;
  if (series !== undefined) return series;
  try {
    return (await client.dataset(dataset)).series;
  } catch (error) {
    if (!(error instanceof CorrenteError) || error.code !== 'dataset-not-found') throw error;
    const targets = (await client.resultTable(job.id, 'targets')).getChild('target');
    return targets === null ? [] : Array.from(targets, String);
  }
}

/** On stdout, or into the file that is named. */
export async function printOrSave(body: AsyncIterable<Uint8Array | string> | readonly string[], file: string | undefined): Promise<void> {
  if (file !== undefined) return await writeWhole(body, file);
  for await (const chunk of body) await print(chunk);
}

/** Writes beside the file and renames: a stream that breaks off leaves no half file behind. */
async function writeWhole(body: AsyncIterable<Uint8Array | string> | readonly string[], file: string): Promise<void> {
  const partial = `${file}.partial`;
  const sink = createWriteStream(partial);
  try {
    await pipeline(body, sink);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw diskError(error, file);
  }
  say(`${file}: ${inBytes(sink.bytesWritten)}`);
}

function diskError(error: unknown, file: string): unknown {
  if (isDiskFull(error)) return diskFull(file, error);
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'EISDIR') return new CorrenteError('usage', `--out ${file} cannot be written: ${error.message}.`, { cause: error });
  return error;
}
