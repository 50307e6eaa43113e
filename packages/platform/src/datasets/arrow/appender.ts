/** Rows into a DuckDB table as raw vectors, a chunk at a time. */
import duckdb from '@duckdb/node-bindings';
import { BIGINT, BLOB, DOUBLE, DuckDBDataChunk, TIMESTAMP, VARCHAR, type DuckDBAppender, type DuckDBType } from '@duckdb/node-api';

const typeOf: Readonly<Record<string, DuckDBType>> = { DOUBLE, BIGINT, TIMESTAMP, VARCHAR, BLOB };

export class RowAppender {
  /** Rows of a chunk. */
  readonly capacity = duckdb.vector_size();
  private readonly appender: DuckDBAppender;
  private readonly types: readonly DuckDBType[];
  private chunk: DuckDBDataChunk;
  private readonly values = new ArrayBuffer(this.capacity * 8);
  private readonly bits = new ArrayBuffer(this.capacity / 8);

  constructor(appender: DuckDBAppender, types: readonly string[]) {
    this.appender = appender;
    this.types = types.map((type) => typeOf[type] ?? VARCHAR);
    this.chunk = DuckDBDataChunk.create(this.types);
  }

  numbers(column: number, rows: number, value: (row: number) => number | null): void {
    const values = new Float64Array(this.values);
    this.fill(column, rows, (row) => {
      const found = value(row);
      values[row] = found ?? 0;
      return found !== null;
    });
  }

  integers(column: number, rows: number, value: (row: number) => bigint | null): void {
    const values = new BigInt64Array(this.values);
    this.fill(column, rows, (row) => {
      const found = value(row);
      values[row] = found ?? 0n;
      return found !== null;
    });
  }

  texts(column: number, rows: number, value: (row: number) => string | null): void {
    const vector = this.vector(column);
    this.setValidity(vector, rows, (row) => {
      const found = value(row);
      if (found !== null) duckdb.vector_assign_string_element(vector, row, found);
      return found !== null;
    });
  }

  /** Appends the chunk that the columns were put into. */
  append(rows: number): void {
    duckdb.data_chunk_set_size(this.chunk.chunk, rows);
    this.appender.appendDataChunk(this.chunk);
    this.chunk = DuckDBDataChunk.create(this.types);
  }

  close(): void {
    this.appender.flushSync();
    this.appender.closeSync();
  }

  private fill(column: number, rows: number, put: (row: number) => boolean): void {
    const vector = this.vector(column);
    this.setValidity(vector, rows, put);
    duckdb.copy_data_to_vector(vector, 0, this.values, 0, rows * 8);
  }

  private setValidity(vector: duckdb.Vector, rows: number, put: (row: number) => boolean): void {
    const bits = new Uint8Array(this.bits).fill(0xff);
    let missing = false;
    for (let row = 0; row < rows; row++) {
      if (put(row)) continue;
      missing = true;
      bits[row >> 3] = (bits[row >> 3] ?? 0) & ~(1 << (row & 7));
    }
    if (!missing) return;
    duckdb.vector_ensure_validity_writable(vector);
    duckdb.copy_data_to_vector_validity(vector, 0, this.bits, 0, Math.ceil(rows / 64) * 8);
  }

  private vector(column: number): duckdb.Vector {
    return duckdb.data_chunk_get_vector(this.chunk.chunk, column);
  }
}
