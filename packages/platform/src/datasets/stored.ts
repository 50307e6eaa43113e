/**
 * The stored file of a data set: Parquet, sorted, with columns that are numbered rather than named, so that no name
 * from a file ever becomes part of a query. The key-value metadata `corrente` says what the numbers mean.
 *
 * wide: time, v0, v1, …: one column per series.
 * long: series (INTEGER, counts the names), time, v0, v1, …: one column per field; sorted by series, then time.
 * time is TIMESTAMP (microseconds, UTC), or BIGINT, a row number from 0, for data without time.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text, type Duck } from './duckdb.ts';

export interface StoredMeaning {
  readonly version: 1;
  readonly shape: 'wide' | 'long';
  readonly timeKind: 'timestamp' | 'index';
  readonly dateOnly: boolean;
  readonly series: readonly string[];
  readonly fields: readonly string[];
}

/** How the names of files begin that an import of process `pid` is still writing into the store. */
export function leftoverPrefix(pid: number): string {
  return `.import-${pid}-`;
}

/** Values in a row group, over all columns: bounds the memory that writing takes. */
const valuesPerRowGroup = 8 * 1024 * 1024;

/**
 * Writes the rows of `staging` in their order and puts the file under its content's name.
 *
 * @throws disk-full; nothing half written stays
 */
export async function storeRows(duck: Duck, store: string, meaning: StoredMeaning, columns: number): Promise<{ id: string; path: string; bytes: number }> {
  const temporary = join(store, `${leftoverPrefix(process.pid)}${randomUUID()}.parquet`);
  try {
    await duck.run(copyStatement(temporary, meaning, columns));
    const file = await open(temporary, 'r+');
    await file.sync();
    await file.close();
    const id = `ds_${(await sha256(temporary)).slice(0, 32)}`;
    const path = join(store, `${id}.parquet`);
    // The same content makes the same name: replacing it changes nothing.
    await rename(temporary, path);
    const folder = await open(store, 'r');
    await folder.sync();
    await folder.close();
    return { id, path, bytes: (await stat(path)).size };
  } finally {
    await rm(temporary, { force: true });
  }
}

function copyStatement(path: string, meaning: StoredMeaning, columns: number): string {
  const { shape, timeKind } = meaning;
  const series = 'CAST(enum_code(CAST(k AS keys)) AS INTEGER)';
  const rowNumber = shape === 'wide' ? 'CAST(rowid AS BIGINT)' : 'row_number() OVER (PARTITION BY k ORDER BY rowid) - 1';
  const selected = [
    ...(shape === 'long' ? [`${series} AS series`] : []),
    `${timeKind === 'timestamp' ? 't' : rowNumber} AS time`,
    ...Array.from({ length: columns }, (_, column) => `f${column} AS v${column}`),
  ];
  // Sorted even where it is sorted already: only the blocks that leave a sort are cut alike whatever the number of
  // threads and the way the rows came in, and so the same content becomes the same bytes.
  const order = shape === 'long' ? 'series, time' : 'time';
  const rows = Math.floor(valuesPerRowGroup / (columns + 2) / 2048) * 2048;
  const options = [
    'FORMAT parquet',
    // Measured values seldom repeat: looking for a dictionary costs time and saves nothing.
    'COMPRESSION zstd',
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
