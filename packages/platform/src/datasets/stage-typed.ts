/** Typed rows (Parquet, Arrow) into the staging table. */
import type { ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { columnsOf, stageCells } from './cells.ts';
import { firstLine, UnreadableError, type Duck } from './duckdb.ts';
import { findLayout, type Layout } from './layout.ts';
import type { Staged } from './staged.ts';
import { columnLimit, unique } from './text/dialect.ts';
import { timeOf } from './time-sql.ts';

export interface TypedSource {
  readonly format: 'parquet' | 'arrow';
  readonly compression: 'none' | 'gzip';
  /** What stands after FROM; its columns in order, whatever they are called, are those of `names`. */
  readonly from: string;
  readonly names: readonly string[];
  /** DuckDB's types. */
  readonly types: readonly string[];
  readonly notes: readonly string[];
}

const integer = /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/;
const real = /^(?:FLOAT|DOUBLE|DECIMAL.*)$/;
const time = /^(?:DATE|TIMESTAMP.*)$/;
const sampleRows = 2000;
const sampleCells = 400_000;

/** @throws file-without-rows, file-corrupt, too-many-columns, and what `findLayout` and `stageCells` throw */
export async function stageTyped(duck: Duck, source: TypedSource, mapping: ImportMapping): Promise<Staged> {
  if (source.names.length > columnLimit) throw new CorrenteError('too-many-columns', `The file has ${source.names.length} columns; at most ${columnLimit} are read.`);
  const notes = [...source.notes];
  const names = unique(source.names, notes);
  const from = `${source.from} AS file(${names.map((_, column) => `c${column}`).join(', ')})`;
  try {
    const rows = await countRows(duck, from);
    if (rows === 0) throw new CorrenteError('file-without-rows', `The file has the columns ${names.slice(0, 20).join(', ')} and no rows.`);
    const layout = await findTypedLayout(duck, { ...source, names }, from, rows, mapping);
    const badCells = await stageRows(duck, layout, source.types, from);
    return {
      layout: badCells.layout,
      format: source.format,
      compression: source.compression,
      delimiter: null,
      header: true,
      rows,
      commentLines: 0,
      badRows: { count: 0, places: [] },
      badCells: badCells.badCells,
      notes: [...notes, ...layout.notes],
      find: (wanted) => Promise.resolve(new Map(wanted.map((row) => [row, { line: row + 1, cells: () => null }]))),
    };
  } catch (error) {
    if (error instanceof UnreadableError) throw new CorrenteError('file-corrupt', `The ${source.format === 'parquet' ? 'Parquet' : 'Arrow'} file cannot be read: ${firstLine(error.message)}`, { cause: error });
    throw error;
  }
}

async function countRows(duck: Duck, from: string): Promise<number> {
  const [row] = await duck.rows(`SELECT count(*) FROM ${from}`);
  return Number(row?.[0] ?? 0);
}

async function findTypedLayout(duck: Duck, source: TypedSource, from: string, rows: number, mapping: ImportMapping): Promise<Layout> {
  const unusable = new Map<number, string>();
  const cells = source.types.map((type, column) => {
    if (integer.test(type) || type === 'VARCHAR' || time.test(type)) return `CAST(c${column} AS VARCHAR)`;
    if (real.test(type)) return `CAST(CAST(c${column} AS DOUBLE) AS VARCHAR)`;
    if (type === 'BOOLEAN') return `CAST(CAST(c${column} AS INTEGER) AS VARCHAR)`;
    if (type.startsWith('ENUM')) return `CAST(c${column} AS VARCHAR)`;
    unusable.set(column, `values of type ${type.slice(0, 60)}`);
    return 'NULL';
  });
  const most = Math.max(8, Math.min(sampleRows, Math.floor(sampleCells / cells.length)));
  const sample = async (offset: number): Promise<string[][]> => (await duck.rows(`SELECT ${cells.join(', ')} FROM ${from} LIMIT ${most} OFFSET ${offset}`)).map((row) => row.map((cell) => (typeof cell === 'string' ? cell : '')));
  return findLayout({ names: source.names, head: await sample(0), further: rows > 2 * most ? await sample(rows - most) : [], decimal: '.', unusable }, mapping);
}

async function stageRows(duck: Duck, layout: Layout, types: readonly string[], from: string): Promise<Awaited<ReturnType<typeof stageCells>>> {
  const strict = strictColumns(layout, types);
  if (strict !== null) {
    try {
      await duck.run(`CREATE OR REPLACE TABLE staging AS SELECT ${strict.join(', ')} FROM ${from}`);
      return { layout, badCells: { count: 0, times: 0, places: [] } };
    } catch (error) {
      // A number that is no time; the damaged file fails again below.
      if (!(error instanceof UnreadableError)) throw error;
    }
  }
  await duck.run(`CREATE OR REPLACE TABLE cells AS SELECT ${columnsOf(layout).map((column) => `CAST(c${column} AS VARCHAR) AS c${column}`).join(', ')} FROM ${from}`);
  return stageCells(duck, layout, '.');
}

/** Expressions without any text to try; null where a field or the time is text. */
function strictColumns(layout: Layout, types: readonly string[]): string[] | null {
  const columns: string[] = [];
  if (layout.time !== null) {
    const { column, reading } = layout.time;
    const type = types[column] ?? '';
    if (/^TIMESTAMP WITH TIME ZONE|^TIMESTAMPTZ/.test(type)) columns.push(`(c${column} AT TIME ZONE 'UTC') AS t`);
    else if (time.test(type)) columns.push(`CAST(c${column} AS TIMESTAMP) AS t`);
    else if (integer.test(type)) columns.push(`${timeOf(`CAST(c${column} AS BIGINT)`, reading, true)} AS t`);
    else if (real.test(type)) columns.push(`${timeOf(`CAST(c${column} AS DOUBLE)`, reading, false)} AS t`);
    else return null;
  }
  if (layout.key !== null) columns.push(`CAST(c${layout.key.column} AS VARCHAR) AS k`);
  if (layout.trial !== null) columns.push(`CAST(c${layout.trial.column} AS VARCHAR) AS r`);
  for (const [index, { column }] of layout.fields.entries()) {
    const type = types[column] ?? '';
    if (!integer.test(type) && !real.test(type) && type !== 'BOOLEAN') return null;
    columns.push(`CAST(c${column} AS DOUBLE) AS f${index}`);
  }
  return columns;
}
