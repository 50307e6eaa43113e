/** A file becomes a data set: staged, checked, brought in order, stored; with a report of all that was found. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { importMapping, type Dataset, type ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError, placesOf } from '@corrente/shared/contract/errors';
import type { z } from 'zod';
import { storageError } from '../results/storage-error.ts';
import { stageArrow } from './arrow/stage.ts';
import { Duck, throwIfAborted } from './duckdb.ts';
import { findKeys, findTrials, isClean, putInOrder } from './order.ts';
import { stageParquet } from './parquet.ts';
import { describeSeries, makeReport } from './report.ts';
import type { Staged } from './staged.ts';
import { dropRows, keepRows, leftoverPrefix, writeRows, type StoredMeaning, type WrittenRows } from './stored.ts';
import { surveyRows } from './survey.ts';
import { readHead, type Head } from './text/magic.ts';
import { stageText, type StageOptions } from './text/stage.ts';

export type ImportMappingInput = z.input<typeof importMapping>;

export interface ImportOptions {
  readonly mapping?: ImportMappingInput | undefined;
  /** The data set's name; the file's where not given. */
  readonly name?: string | undefined;
  /** Folder of the stored data sets. */
  readonly store: string;
  /** Where copies of the file and what does not fit into memory go; on a disk with room for several times the file. */
  readonly tempFolder: string;
  /** Bytes that DuckDB may hold in memory; 1 GiB where not given. */
  readonly memoryLimit?: number | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const defaultMemory = 1024 * 1024 * 1024;

/**
 * Imports a file (CSV and its kin, Parquet, Arrow IPC; plain or gzip). Memory is bounded whatever its size. The file
 * itself is not changed, and where the import fails nothing is stored.
 *
 * @throws every code under "What a file holds" of the error table, invalid-mapping, memory-exceeded, disk-full,
 * cancelled
 */
export async function importFile(path: string, options: ImportOptions): Promise<Dataset> {
  const mapping = parseMapping(options.mapping ?? {});
  const { signal } = options;
  throwIfAborted(signal);
  const started = performance.now();
  const file = resolve(path);
  await mkdir(options.store, { recursive: true });
  await mkdir(options.tempFolder, { recursive: true });
  const folder = await mkdtemp(join(resolve(options.tempFolder), leftoverPrefix(process.pid)));
  try {
    const memoryLimit = options.memoryLimit ?? defaultMemory;
    const opening = Duck.open({ folders: [folder, resolve(options.store)], files: [file], memoryLimit, tempFolder: folder, threads: options.threads ?? availableParallelism() });
    const head = await readHead(file).catch(async (error: unknown) => {
      (await opening).close();
      throw error;
    });
    const duck = await opening;
    try {
      return await duck.cancellable(signal, () => importInto(duck, head, { path: file, mapping, folder, signal }, options, started));
    } finally {
      // Giving back the memory takes a while, for which nobody needs to wait.
      setImmediate(() => duck.close());
    }
  } catch (error) {
    throw asOurs(error, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importInto(duck: Duck, head: Head, stage: StageOptions, options: ImportOptions, started: number): Promise<Dataset> {
  const staged = await stageFile(duck, head, stage);
  const read = performance.now();
  const { layout } = staged;
  const store = resolve(options.store);
  const fieldNames = layout.shape === 'long' ? layout.fields.map(({ name }) => name) : ['value'];
  const timeKind = layout.time === null ? 'index' : 'timestamp';
  const keys = await findKeys(duck, staged);
  const trials = await findTrials(duck, staged, keys.length);
  const series = layout.key === null ? layout.fields.map(({ name }) => name) : keys;
  const meaning: StoredMeaning = { version: 1, shape: layout.shape, timeKind, series, fields: fieldNames, ...(trials.length > 0 ? { trials } : {}) };
  const write = (): Promise<WrittenRows> => writeBeside(duck, store, meaning, layout.fields.length, stage.signal);
  // Most rows can be stored as they are, so they are written while they are looked at; in the other case, again. Where
  // they would fill the memory one thing is done after the other.
  let writing = staged.rows * (layout.fields.length + 2) * 8 < duck.memoryLimit / 8 ? write() : null;
  try {
    const found = await surveyRows(duck, staged, { keys: keys.length, trials: trials.length });
    if (!isClean(found)) {
      await discard(writing);
      writing = null;
    }
    const order = await putInOrder(duck, staged, { keys, trials }, found, stage.mapping.duplicates);
    const described = await describeSeries(duck, staged, order);
    const findings = await makeReport({ staged, order, described, action: stage.mapping.duplicates });
    const checked = performance.now();
    const written = await (writing ??= write());
    throwIfAborted(stage.signal);
    const { id, bytes } = await keepRows(written);
    const now = performance.now();
    const report = { ...findings, milliseconds: { total: Math.round(now - started), read: Math.round(read - started), check: Math.round(checked - read), store: Math.round(now - checked) } };
    return {
      id,
      name: options.name ?? basename(stage.path),
      createdAt: new Date().toISOString(),
      bytes,
      shape: layout.shape,
      timeKind,
      from: report.from,
      to: report.to,
      rows: order.rowsStored,
      timePoints: described.timePoints,
      trials: Math.max(1, trials.length),
      fields: fieldNames,
      series: [...series],
      report,
    };
  } finally {
    await discard(writing);
  }
}

/** On a connection of its own, which ends with `signal` too. A failure waits until the promise is looked at. */
function writeBeside(duck: Duck, store: string, meaning: StoredMeaning, columns: number, signal: AbortSignal | undefined): Promise<WrittenRows> {
  const writing = duck.another().then(async (writer) => {
    try {
      return await writer.cancellable(signal, () => writeRows(writer, store, meaning, columns));
    } finally {
      writer.disconnect();
    }
  });
  writing.catch(() => undefined);
  return writing;
}

/** Waits for what is being written, and removes it unless it was kept. */
async function discard(writing: Promise<WrittenRows> | null): Promise<void> {
  if (writing === null) return;
  const [written] = await Promise.allSettled([writing]);
  if (written.status === 'fulfilled') await dropRows(written.value);
}

async function stageFile(duck: Duck, head: Head, options: StageOptions): Promise<Staged> {
  const { format } = options.mapping;
  const found = head.kind === 'text' ? 'csv' : head.kind === 'parquet' ? 'parquet' : 'arrow';
  if (format !== undefined && format !== found) {
    throw new CorrenteError('invalid-mapping', `The mapping says ${format}, but the file's first bytes are those of ${found === 'csv' ? 'text' : found}.`, { places: [{ pointer: '/format', detail: `Leave it out, or send ${format}.` }] });
  }
  switch (found) {
    case 'csv':
      return stageText(duck, head, options);
    case 'parquet':
      return stageParquet(duck, head, options);
    case 'arrow':
      return stageArrow(duck, head, options);
  }
}

function parseMapping(input: ImportMappingInput): ImportMapping {
  const parsed = importMapping.safeParse(input);
  if (parsed.success) return parsed.data;
  const places = placesOf(parsed.error);
  throw new CorrenteError('invalid-mapping', `The mapping is not valid: ${places.map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`).join('; ')}.`, { places });
}

function asOurs(error: unknown, folder: string): CorrenteError {
  return error instanceof CorrenteError ? error : storageError(error, dirname(folder));
}
