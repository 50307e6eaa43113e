/** A part: the rows that one step gave to one table, as Arrow record batch messages without schema and end. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { makeData, RecordBatch, RecordBatchStreamWriter, type Schema, Struct } from 'apache-arrow';
import type { PartColumn } from '../analyses/analysis.ts';
import { columnRows, encodeColumn, slices } from './encode-columns.ts';

/** Most rows of a batch, and most values: what a reader has to hold at once. */
const batchRows = 65_536;
const batchValues = 2 ** 22;

/** Pieces smaller than this are joined before they are written: a wide table has thousands of small buffers. */
const joinBelow = 32_768;

export interface EncodedPart {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  /** To be written one after the other; large ones are views of what was emitted. */
  readonly chunks: readonly Uint8Array[];
}

/** The library's writer, with the schema and the end of the stream left out and its output taken as it comes. */
class MessageWriter extends RecordBatchStreamWriter {
  readonly chunks: Uint8Array[] = [];

  encode(batch: RecordBatch): void {
    this._writeRecordBatch(batch);
  }

  protected override _write(chunk: ArrayBufferView): this {
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (bytes.length > 0) this.chunks.push(bytes);
    return this;
  }
}

/**
 * Encodes what a step emitted for one table, in the order it was emitted. `internal` where the columns are not those
 * of the schema or differ in length.
 */
export function encodePart(table: string, schema: Schema, emitted: ReadonlyArray<readonly PartColumn[]>): EncodedPart {
  const writer = new MessageWriter();
  const size = Math.max(1, Math.min(batchRows, Math.floor(batchValues / Math.max(1, schema.fields.length))));
  let rows = 0;
  for (const columns of emitted) {
    const length = commonLength(table, schema, columns);
    rows += length;
    const pieces = columns.map((column) => slices(column, size));
    for (let from = 0; from < length; from += size) writer.encode(batchOf(table, schema, Math.min(size, length - from), pieces));
  }
  const chunks = joined(writer.chunks);
  return { table, rows, bytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0), chunks };
}

function commonLength(table: string, schema: Schema, columns: readonly PartColumn[]): number {
  if (columns.length !== schema.fields.length) throw new CorrenteError('internal', `${table}: ${columns.length} columns were emitted, expected ${schema.fields.length}.`);
  const [length = 0, ...others] = columns.map(columnRows);
  const other = others.findIndex((rows) => rows !== length);
  if (other >= 0) throw new CorrenteError('internal', `${table}: column ${schema.fields[other + 1]?.name} was emitted with ${others[other]} rows, expected ${length}.`);
  return length;
}

function batchOf(table: string, schema: Schema, length: number, pieces: ReadonlyArray<Generator<PartColumn>>): RecordBatch {
  const children = schema.fields.map((field, i) => encodeColumn(pieces[i]?.next().value, field.type, `${table}: column ${field.name}`));
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

function joined(chunks: readonly Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = (): void => {
    if (small.length > 0) out.push(Buffer.concat(small));
    small = [];
  };
  for (const chunk of chunks) {
    if (chunk.length < joinBelow) {
      small.push(chunk);
    } else {
      flush();
      out.push(chunk);
    }
  }
  flush();
  return out;
}
