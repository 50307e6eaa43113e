/** Reading stored data sets: one database per folder and process, a connection per read. */
import { dirname, resolve } from 'node:path';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { Duck, text } from './duckdb.ts';
import type { Selection } from './selection.ts';

const open = new Map<string, Promise<Duck>>();
const memoryLimit = 1024 * 1024 * 1024;

/** A connection that can read the stored files in the folder of `path`; the caller disconnects it. */
export async function connectReader(path: string): Promise<Duck> {
  const folder = dirname(resolve(path));
  const duck = openReader(folder);
  try {
    return await (await duck).another();
  } catch {
    // A database that an internal error has closed gives no connections any more; a new one does.
    if (open.get(folder) === duck) open.delete(folder);
    return (await openReader(folder)).another();
  }
}

function openReader(folder: string): Promise<Duck> {
  let duck = open.get(folder);
  if (duck === undefined) {
    duck = Duck.open({ folders: [folder], memoryLimit, tempFolder: null });
    open.set(folder, duck);
    duck.catch(() => open.delete(folder));
  }
  return duck;
}

/** Closes what reads have opened; for processes that must end with nothing open, such as tests. */
export async function closeReaders(): Promise<void> {
  const ducks = [...open.values()];
  open.clear();
  for (const duck of ducks) (await duck).close();
}

/** SQL of the time column as a DOUBLE: microseconds, or row numbers. */
export function timeColumn(dataset: Dataset): string {
  return dataset.timeKind === 'index' ? 'CAST(time AS DOUBLE)' : 'CAST(epoch_us(time) AS DOUBLE)';
}

/**
 * FROM and WHERE of a selection: its file and time range, and its series where that leaves out many rows or `exactly`
 * those are needed; and what else is said of the rows.
 */
export function rowsOf(path: string, dataset: Dataset, selection: Selection, exactly = false, further: readonly string[] = []): string {
  const conditions = [...further];
  const bound = (micros: number): string => (dataset.timeKind === 'index' ? `CAST(${BigInt(Math.trunc(micros))} AS BIGINT)` : `make_timestamp(CAST(${BigInt(Math.trunc(micros))} AS BIGINT))`);
  if (Number.isFinite(selection.from)) conditions.push(`time >= ${bound(selection.from)}`);
  if (Number.isFinite(selection.to)) conditions.push(`time <= ${bound(selection.to)}`);
  const few = exactly ? selection.indices.length < dataset.series.length : selection.indices.length <= dataset.series.length / 2;
  if (dataset.shape === 'long' && few) conditions.push(`series IN (${selection.indices.join(', ')})`);
  return `FROM read_parquet(${text(resolve(path))}, hive_partitioning = false)${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
}
