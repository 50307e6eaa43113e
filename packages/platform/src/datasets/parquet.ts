/** Parquet files into the staging table. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { firstLine, text, UnreadableError, type Duck } from './duckdb.ts';
import { stageTyped } from './stage-typed.ts';
import type { Staged } from './staged.ts';
import { readAt, type Head } from './text/magic.ts';
import { uncompressed, writeAll } from './text/scan.ts';
import type { StageOptions } from './text/stage.ts';

/** @throws file-truncated, file-corrupt, and what `stageTyped` throws */
export async function stageParquet(duck: Duck, head: Head, options: StageOptions): Promise<Staged> {
  const path = await plainFile(head, options, 'plain.parquet');
  await checkEnd(path);
  const from = `read_parquet(${text(path)}, hive_partitioning = false)`;
  const columns = await describe(duck, from);
  const notes = columns.some(({ type }) => type === 'TIMESTAMP_NS') ? ['Nanoseconds are cut to microseconds.'] : [];
  return stageTyped(duck, { format: 'parquet', compression: head.compression, from, names: columns.map(({ name }) => name), types: columns.map(({ type }) => type), notes }, options.mapping);
}

/** The path of the uncompressed bytes: the file itself, or a copy in the import's folder. */
export async function plainFile(head: Head, options: StageOptions, name: string): Promise<string> {
  if (head.compression === 'none') return options.path;
  const path = join(options.folder, name);
  const file = await open(path, 'w');
  try {
    for await (const bytes of uncompressed(options.path, head.compression, options.signal)) await writeAll(file, bytes);
  } finally {
    await file.close();
  }
  return path;
}

async function checkEnd(path: string): Promise<void> {
  const file = await open(path);
  const { size } = await file.stat();
  await file.close();
  const end = await readAt(path, Math.max(0, size - 4), 4);
  if (size < 12 || end.toString('latin1') !== 'PAR1') throw new CorrenteError('file-truncated', `The Parquet file of ${size} bytes does not end with its footer.`);
}

async function describe(duck: Duck, from: string): Promise<Array<{ name: string; type: string }>> {
  try {
    return (await duck.rows(`DESCRIBE SELECT * FROM ${from}`)).map((row) => ({ name: String(row[0]), type: String(row[1]) }));
  } catch (error) {
    if (error instanceof UnreadableError) throw new CorrenteError('file-corrupt', `The Parquet file cannot be read: ${firstLine(error.message)}`, { cause: error });
    throw error;
  }
}
