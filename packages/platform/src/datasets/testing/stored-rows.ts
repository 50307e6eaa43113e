/** For tests: the stored file row by row. */
import type { Dataset } from '@corrente/shared/contract/dataset';
import { Duck, text } from '../duckdb.ts';
import { formatTime } from '../time.ts';
import type { ImportBench } from './imports.ts';

/** Time as ISO text (a row number without time), series by number, values as numbers or null. */
export async function storedRows(bench: ImportBench, dataset: Dataset): Promise<Array<Array<string | number | null>>> {
  const duck = await Duck.open({ folders: [bench.store], memoryLimit: 2 ** 30, tempFolder: null });
  try {
    const columns = (await duck.rows(`DESCRIBE SELECT * FROM read_parquet(${text(bench.path(dataset))})`)).map(([name]) => String(name));
    const selected = columns.map((name) => (name === 'time' && dataset.timeKind === 'timestamp' ? 'epoch_us(time)' : name));
    const rows = await duck.rows(`SELECT ${selected.join(', ')} FROM read_parquet(${text(bench.path(dataset))})`);
    return rows.map((row) => row.map((cell, column) => (cell === null ? null : columns[column] === 'time' && dataset.timeKind === 'timestamp' ? formatTime(Number(cell), dataset.report.timeKind === 'date') : Number(cell))));
  } finally {
    duck.close();
  }
}
