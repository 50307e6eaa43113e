/**
 * Delimited text into the staging table. A plain, clean file goes the fast way: DuckDB reads it with the types that
 * the sample shows, and any cell or row that does not fit fails the whole. Then, and only then, the slow way: rows
 * are split and counted here, read as text, and each cell is tried by itself.
 */
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type { ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { firstLine, text, UnreadableError, type Duck } from '../duckdb.ts';
import { findLayout, type Layout } from '../layout.ts';
import { columnsOf, stageCells, type CellCheck } from '../cells.ts';
import type { Staged } from '../staged.ts';
import { csvType, timeOf } from '../time-sql.ts';
import { missingTexts } from './cell-kinds.ts';
import { findDialect, type Dialect } from './dialect.ts';
import { readAt, type Head } from './magic.ts';
import { cellsOf, RecordSplitter } from './records.ts';
import { findRecords, rewrite, scanPlain, type Scan, type ScanSource } from './scan.ts';

export interface StageOptions {
  readonly path: string;
  readonly mapping: ImportMapping;
  /** A folder of this import alone. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/** Pieces of the text that are looked at behind the sample, the last at its end. */
const windows = 8;
const windowBytes = 8 * 1024;
const shortestLimit = 256 * 1024;

/** @throws every error of a text file */
export async function stageText(duck: Duck, head: Head, options: StageOptions): Promise<Staged> {
  const { path, mapping, folder, signal } = options;
  const dialect = findDialect(head, mapping);
  const source: ScanSource = { path, compression: head.compression, delimiter: dialect.delimiter, header: dialect.header, columns: dialect.names.length };
  let scan = dialect.plain ? await scanPlain(source, join(folder, 'plain.csv'), signal) : null;
  scan ??= await rewrite(source, join(folder, 'rewritten.csv'), signal);
  refuseBadRows(scan, mapping);
  const further = await readFurther(scan, dialect.names.length, head.bytes.length);
  const layout = findLayout({ names: dialect.names, head: dialect.sample.filter((record) => record.length === dialect.names.length), further, decimal: dialect.decimal }, mapping);
  const strict = await readStrictly(duck, scan, dialect, layout);
  if (strict === null) {
    if (scan.checkpoints !== null) {
      scan = await rewrite(source, join(folder, 'rewritten.csv'), signal);
      refuseBadRows(scan, mapping);
    }
    const lenient = await readLeniently(duck, scan, dialect, layout);
    return staged(source, scan, dialect, lenient.layout, await countRows(duck), lenient.badCells, signal);
  }
  return staged(source, scan, dialect, layout, strict, { count: 0, times: 0, places: [] }, signal);
}

function refuseBadRows(scan: Scan, mapping: ImportMapping): void {
  const { count, places } = scan.badRows;
  if (count === 0 || mapping.badRows === 'skip') return;
  const named = places.slice(0, 5).map(({ line, found }) => `line ${line} has ${found}`);
  throw new CorrenteError('ragged-rows', `${count} rows do not have the ${places[0]?.expected ?? 0} columns of the others: ${named.join(', ')}${count > 5 ? ', …' : ''}.`);
}

/** Records from all over the text: a long file may show only there that its key changes. */
async function readFurther(scan: Scan, columns: number, sampled: number): Promise<string[][]> {
  const { size } = await stat(scan.path);
  const records: string[][] = [];
  for (let window = 1; window <= windows; window++) {
    const from = Math.round(sampled + ((size - windowBytes - sampled) * window) / windows);
    if (from < sampled) continue;
    const bytes = await readAt(scan.path, from, windowBytes);
    const splitter = new RecordSplitter({ delimiter: scan.delimiter, comments: false });
    // The window begins and ends in the middle of a record.
    splitter.push(bytes.subarray(bytes.indexOf(10) + 1), false, (record) => {
      if (record.fields === columns) records.push(cellsOf(record.buffer.toString('utf8', record.start, record.end), scan.delimiter));
    });
  }
  return records;
}

/** The reader holds several buffers; small ones are slower, for each begins in the middle of a line. */
function bufferBytes({ memoryLimit }: Duck): number {
  return Math.min(32 * 1024 * 1024, Math.max(1024 * 1024, Math.floor(memoryLimit / 16)));
}

function readCsv(duck: Duck, scan: Scan, dialect: Dialect, types: readonly string[], nulls: readonly string[], keyColumn: number | null): string {
  const longestLine = Math.max(shortestLimit, scan.longestLine + 1024);
  const quote = scan.hasQuotes ? `'"'` : "''";
  const options = [
    'auto_detect = false',
    'header = false',
    `skip = ${scan.skip}`,
    `delim = ${text(scan.delimiter)}`,
    `quote = ${quote}`,
    `escape = ${quote}`,
    `decimal_separator = ${text(dialect.decimal)}`,
    `nullstr = [${nulls.map(text).join(', ')}]`,
    `columns = {${types.map((type, column) => `c${column}: '${type}'`).join(', ')}}`,
    `max_line_size = ${longestLine}`,
    `buffer_size = ${Math.max(bufferBytes(duck), 2 * longestLine)}`,
    ...(keyColumn === null ? [] : [`force_not_null = ['c${keyColumn}']`]),
  ];
  return `read_csv(${text(scan.path)}, ${options.join(', ')})`;
}

/** The number of rows; null where a row or a cell is not as the sample shows. */
async function readStrictly(duck: Duck, scan: Scan, dialect: Dialect, layout: Layout): Promise<number | null> {
  const { time, key, trial, fields } = layout;
  const whole = time === null || dialect.sample.every((record) => /^[+-]?\d*$/.test(record[time.column] ?? ''));
  const types = dialect.names.map(() => 'VARCHAR');
  for (const { column } of fields) types[column] = 'DOUBLE';
  if (time !== null) types[time.column] = csvType(time.reading, whole);
  // A key may be called NA; so only empty cells are missing in long data here, and other texts take the slow way.
  const nulls = key === null ? missingTexts : [''];
  const columns = [
    ...(time === null ? [] : [`${timeOf(`c${time.column}`, time.reading, whole)} AS t`]),
    ...(key === null ? [] : [`c${key.column} AS k`]),
    ...(trial === null ? [] : [`trim(c${trial.column}) AS r`]),
    ...fields.map(({ column }, index) => `c${column} AS f${index}`),
  ];
  try {
    await duck.run(`CREATE OR REPLACE TABLE staging AS SELECT ${columns.join(', ')} FROM ${readCsv(duck, scan, dialect, types, nulls, key?.column ?? null)}`);
  } catch (error) {
    if (error instanceof UnreadableError) return null;
    throw error;
  }
  return countRows(duck);
}

async function countRows(duck: Duck): Promise<number> {
  const [row] = await duck.rows('SELECT count(*) FROM staging');
  return Number(row?.[0] ?? 0);
}

/** Every cell as text, each tried by itself. */
async function readLeniently(duck: Duck, scan: Scan, dialect: Dialect, layout: Layout): Promise<CellCheck> {
  try {
    await duck.run(`CREATE OR REPLACE TABLE cells AS SELECT ${columnsOf(layout).map((column) => `c${column}`).join(', ')} FROM ${readCsv(duck, scan, dialect, dialect.names.map(() => 'VARCHAR'), [''], layout.key?.column ?? null)}`);
  } catch (error) {
    if (error instanceof UnreadableError) throw new CorrenteError('file-corrupt', `The text cannot be split into columns: ${firstLine(error.message)}`, { cause: error });
    throw error;
  }
  return stageCells(duck, layout, dialect.decimal);
}

function staged(source: ScanSource, scan: Scan, dialect: Dialect, layout: Layout, rows: number, badCells: Staged['badCells'], signal: AbortSignal | undefined): Staged {
  if (rows === 0) throw new CorrenteError('file-without-rows', scan.badRows.count > 0 ? `All ${scan.badRows.count} rows were left out, as their number of columns differs.` : 'The file has a header and no rows.');
  const blank = scan.blankLines === 0 ? [] : [`${scan.blankLines} blank lines were left out.`];
  return {
    layout,
    format: 'csv',
    compression: source.compression,
    delimiter: dialect.delimiter,
    header: dialect.header,
    rows,
    commentLines: scan.commentLines,
    badRows: scan.badRows,
    badCells,
    notes: [...dialect.notes, ...layout.notes, ...blank],
    async find(wanted) {
      const found = await findRecords(source, scan, wanted, signal);
      const places = new Map<number, { line: number; cells(column: number): string | null }>();
      for (const [row, record] of found) {
        const cells = cellsOf(record.text, source.delimiter);
        places.set(row, { line: record.line, cells: (column) => cells[column] ?? null });
      }
      return places;
    },
  };
}
