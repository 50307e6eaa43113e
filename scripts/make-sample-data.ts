/**
 * Makes data/sp500-2013-2018.parquet of all_stocks_5yr.csv (see data/README.md):
 *
 *     node scripts/make-sample-data.ts path/to/all_stocks_5yr.csv.gz
 *
 * Prices have at most four decimals, so they are stored as decimals, which are a third smaller than doubles. The
 * script ends with an error unless every value reads back as exactly the double that the CSV's text means.
 */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error('usage: node scripts/make-sample-data.ts all_stocks_5yr.csv.gz');
  process.exit(2);
}
const target = join(import.meta.dirname, '..', 'data', 'sp500-2013-2018.parquet');
const prices = ['open', 'high', 'low', 'close'];
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const csv = `read_csv(${text(resolve(source))}, auto_detect = false, header = true, columns = {date: 'VARCHAR', open: 'VARCHAR', high: 'VARCHAR', low: 'VARCHAR', close: 'VARCHAR', volume: 'VARCHAR', Name: 'VARCHAR'}, force_not_null = ['Name'])`;

const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
const connection = await instance.connect();
await connection.run(`CREATE TABLE cells AS SELECT * FROM ${csv}`);
const columns = ['CAST(date AS DATE) AS date', ...prices.map((price) => `CAST(${price} AS DECIMAL(9, 4)) AS ${price}`), 'CAST(volume AS INTEGER) AS volume', 'Name'];
await connection.run(`COPY (SELECT ${columns.join(', ')} FROM cells) TO ${text(target)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 22, PARQUET_VERSION v2)`);

// Row by row and in order: what was written against what the CSV says.
const differs = [`p.date <> CAST(c.date AS DATE)`, 'p.Name <> c.Name', ...[...prices, 'volume'].map((name) => `CAST(p.${name} AS DOUBLE) IS DISTINCT FROM CAST(c.${name} AS DOUBLE)`)];
const check = await connection.runAndReadAll(`SELECT count(*), count_if(${differs.join(' OR ')}), (SELECT count(*) FROM cells)
  FROM read_parquet(${text(target)}, file_row_number = true) p JOIN (SELECT *, rowid AS row FROM cells) c ON p.file_row_number = c.row`);
const [rows, wrong, expected] = (check.getRowsJson()[0] ?? []).map(Number);
connection.closeSync();
instance.closeSync();
if (rows !== expected || wrong !== 0) {
  console.error(`${String(wrong)} of ${String(rows)} rows differ from the CSV, which has ${String(expected)}`);
  process.exit(1);
}
console.log(`${target}: ${String(rows)} rows, ${(await stat(target)).size} bytes; every value reads back as in the CSV`);
