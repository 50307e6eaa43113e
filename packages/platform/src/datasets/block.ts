/** A block of DuckDB rows as raw columns: typed arrays over its memory, and validity bitmaps. */
import duckdb from '@duckdb/node-bindings';
import type { DuckDBDataChunk } from '@duckdb/node-api';

/** Up to some thousand rows of a result. The columns are views: copy what must outlive the block. */
export class Block {
  readonly rows: number;
  private readonly chunk: DuckDBDataChunk;

  constructor(chunk: DuckDBDataChunk) {
    this.chunk = chunk;
    this.rows = chunk.rowCount;
  }

  /** Values of a DOUBLE column; places that are not valid hold anything. */
  doubles(column: number): Float64Array {
    const bytes = this.bytes(column, 8);
    return new Float64Array(bytes.buffer, bytes.byteOffset, this.rows);
  }

  /** Values of an INTEGER column. */
  integers(column: number): Int32Array {
    const bytes = this.bytes(column, 4);
    return new Int32Array(bytes.buffer, bytes.byteOffset, this.rows);
  }

  /** Bit i (of byte i >> 3, lowest first) tells whether row i is there; null where all are. */
  validity(column: number): Uint8Array | null {
    // The binding gives null for a column without missing values, which its types do not tell.
    const bitmap: Uint8Array | null = duckdb.vector_get_validity(this.vector(column), Math.ceil(this.rows / 64) * 8);
    return bitmap === null || isFull(bitmap, this.rows) ? null : bitmap;
  }

  private bytes(column: number, width: number): Uint8Array {
    return duckdb.vector_get_data(this.vector(column), this.rows * width);
  }

  private vector(column: number): duckdb.Vector {
    return duckdb.data_chunk_get_vector(this.chunk.chunk, column);
  }
}

function isFull(bitmap: Uint8Array, rows: number): boolean {
  const whole = rows >> 3;
  for (let index = 0; index < whole; index++) if (bitmap[index] !== 0xff) return false;
  const rest = rows & 7;
  return rest === 0 || (bitmap[whole] ?? 0) % (1 << rest) === (1 << rest) - 1;
}

/** Copies a column into `target`, with NaN at the places that are not valid. */
export function copyDoubles(values: Float64Array, validity: Uint8Array | null, target: Float64Array, offset: number): void {
  target.set(values, offset);
  if (validity === null) return;
  for (let row = 0; row < values.length; row++) {
    if (((validity[row >> 3] ?? 0) >> (row & 7) & 1) === 0) target[offset + row] = Number.NaN;
  }
}
