/**
 * The stored file of a data set: Parquet, sorted, with columns that are numbered rather than named, so that no name
 * from a file ever becomes part of a query. The key-value metadata `corrente` says what the numbers mean.
 *
 * wide: time, v0, v1, …: one column per series.
 * long: series (INTEGER, counts the names), time, v0, v1, …: one column per field; sorted by series, then time.
 * trial (INTEGER, counts the trials) stands before time where there are trials, and is sorted by before it.
 * time is TIMESTAMP (microseconds, UTC), or BIGINT, a row number from 0, for data without time,
 * of the trial where there are trials.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text, type Duck } from './duckdb.ts';

export interface StoredMeaning {
  readonly version: 1;
  readonly shape: 'wide' | 'long';
  readonly timeKind: 'timestamp' | 'index';
  readonly series: readonly string[];
  readonly fields: readonly string[];
  /** Names of the trials; only where there are trials. */
  readonly trials?: readonly string[];
}

/** How the names of files begin that an import of process `pid` is still writing into the store. */
export function leftoverPrefix(pid: number): string {
  return `.import-${pid}-`;
}

/** Values in a row group, over all columns: bounds the memory that writing takes. */
const valuesPerRowGroup = 8 * 1024 * 1024;

/** A file in the store that has no name yet: what it holds is only known when it is written. */
export interface WrittenRows {
  readonly path: string;
  readonly store: string;
}

/** Writes the rows of `staging` in their order. The file must be dropped afterwards, also where it was kept. @throws disk-full */
export async function writeRows(duck: Duck, store: string, meaning: StoredMeaning, columns: number): Promise<WrittenRows> {
  const path = join(store, `${leftoverPrefix(process.pid)}${randomUUID()}.parquet`);
  try {
    await duck.run(copyStatement(path, meaning, columns));
    return { path, store };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

export async function dropRows({ path }: WrittenRows): Promise<void> {
  await rm(path, { force: true });
}

/** Puts the file under its content's name. */
export async function keepRows({ path: temporary, store }: WrittenRows): Promise<{ id: string; bytes: number }> {
  const file = await open(temporary, 'r+');
  await file.sync();
  const { size } = await file.stat();
  await file.close();
  const id = `ds_${(await sha256(temporary)).slice(0, 32)}`;
  // The same content makes the same name: replacing it changes nothing.
  await rename(temporary, join(store, `${id}.parquet`));
  const folder = await open(store, 'r');
  await folder.sync();
  await folder.close();
  return { id, bytes: size };
}

function copyStatement(path: string, meaning: StoredMeaning, columns: number): string {
  const { shape, timeKind } = meaning;
  // Rows may be written before those without a name are found, and are then written again.
  const series = 'CAST(enum_code(TRY_CAST(k AS keys)) AS INTEGER)';
  const hasTrials = meaning.trials !== undefined;
  const within = [...(shape === 'long' ? ['k'] : []), ...(hasTrials ? ['r'] : [])];
  const rowNumber = within.length === 0 ? 'CAST(rowid AS BIGINT)' : `row_number() OVER (PARTITION BY ${within.join(', ')} ORDER BY rowid) - 1`;
  const selected = [
    ...(shape === 'long' ? [`${series} AS series`] : []),
    ...(hasTrials ? ['CAST(enum_code(TRY_CAST(r AS trials)) AS INTEGER) AS trial'] : []),
    `${timeKind === 'timestamp' ? 't' : rowNumber} AS time`,
    ...Array.from({ length: columns }, (_, column) => `f${column} AS v${column}`),
  ];
  // Sorted even where it is sorted already: only the blocks that leave a sort are cut alike whatever the number of
  // threads and the way the rows came in, and so the same content becomes the same bytes.
  const order = [...(shape === 'long' ? ['series'] : []), ...(hasTrials ? ['trial'] : []), 'time'].join(', ');
  const rows = Math.floor(valuesPerRowGroup / (columns + 2) / 2048) * 2048;
  const options = [
    'FORMAT parquet',
    // Measured values seldom repeat: looking for a dictionary costs time and saves nothing.
    'COMPRESSION zstd',
    // A higher level takes a third longer to save a twelfth.
    'COMPRESSION_LEVEL 1',
    'DICTIONARY_SIZE_LIMIT 1',
    `ROW_GROUP_SIZE ${Math.min(122_880, Math.max(2048, rows))}`,
    `KV_METADATA {corrente: ${text(JSON.stringify(meaning))}}`,
  ];
  return `COPY (SELECT ${selected.join(', ')} FROM staging ORDER BY ${order}) TO ${text(path)} (${options.join(', ')})`;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest('hex');
}
