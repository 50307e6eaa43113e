/** The whole import of the stock prices against DuckDB's own reading of the same file into a table. */
import { DuckDBInstance } from '@duckdb/node-api';
import { importFile } from '@corrente/platform/datasets/import-file';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurn, timed, type Benchmark } from './benchmark.ts';

/** The five-year stock prices as downloaded; CORRENTE_DATA names its folder. */
function stockFile(): string {
  const file = join(process.env['CORRENTE_DATA'] ?? '', 'all_stocks_5yr.csv.gz');
  if (process.env['CORRENTE_DATA'] !== undefined && existsSync(file)) return file;
  throw new Error('CORRENTE_DATA must name the folder that holds all_stocks_5yr.csv.gz.');
}

export const benchmark: Benchmark = {
  summary: 'import of all_stocks_5yr.csv.gz (619,040 rows): checked, reported, sorted, stored',
  target: 'within 1.5 times of DuckDB’s CREATE TABLE AS SELECT * FROM read_csv of the same file (a ratio of 0.67)',
  async run() {
    const file = stockFile();
    const folder = await mkdtemp(join(tmpdir(), 'corrente-bench-'));
    try {
      let round = 0;
      const ours = async (): Promise<number> => {
        round += 1;
        // A store of its own each time: nothing is known from the round before.
        return await timed(async () => await importFile(file, { store: join(folder, `store-${round}`), tempFolder: join(folder, 'temp') }));
      };
      const peer = async (): Promise<number> => {
        const instance = await DuckDBInstance.create(':memory:');
        const connection = await instance.connect();
        const spent = await timed(async () => await connection.run(`create table stocks as select * from read_csv('${file.replaceAll("'", "''")}')`));
        connection.closeSync();
        instance.closeSync();
        return spent;
      };
      const times = await inTurn(ours, peer, { rounds: 9, warmup: 2 });
      const rows = 619_040;
      const figures = { rowsPerSecond: (rows / times.ours) * 1000, fileBytes: (await stat(file)).size };
      return { cases: [{ case: 'all_stocks_5yr.csv.gz', ...times, unit: 'ms', peerName: 'DuckDB create table as select from read_csv', figures }], versions: { duckdb: '1.5.6-r.1' } };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
