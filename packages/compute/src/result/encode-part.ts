/** A part: the rows that one step gave to one table, as Arrow record batch messages without schema and end. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Schema } from 'apache-arrow';
import { BufferRegion, FieldNode, Message, RecordBatch as BatchHeader } from 'apache-arrow/ipc/metadata/message';
import type { PartColumn } from '../analyses/analysis.ts';
import { columnRows, encodeColumn, type EncodedColumn, slices } from './encode-columns.ts';

/** Most rows of a batch, and most values: what a reader has to hold at once. */
const batchRows = 65_536;
const batchValues = 2 ** 22;

/** Pieces smaller than this are joined before they are written: a wide table has thousands of small buffers. */
const joinBelow = 32_768;

export interface EncodedPart {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  /** Shown until the job has succeeded, and then dropped. */
  readonly provisional?: true;
  /** To be written one after the other; large ones are views of what was emitted. */
  readonly chunks: readonly Uint8Array[];
}

/**
 * Encodes what a step emitted for one table, in the order it was emitted. `internal` where the columns are not those
 * of the schema or differ in length.
 */
export function encodePart(table: string, schema: Schema, emitted: ReadonlyArray<readonly PartColumn[]>): EncodedPart {
  const messages: Uint8Array[] = [];
  const size = Math.max(1, Math.min(batchRows, Math.floor(batchValues / Math.max(1, schema.fields.length))));
  let rows = 0;
  for (const columns of emitted) {
    const length = commonLength(table, schema, columns);
    rows += length;
    const pieces = columns.map((column) => slices(column, size));
    for (let from = 0; from < length; from += size) messages.push(...batchMessage(batchColumns(table, schema, pieces)));
  }
  const chunks = joined(messages);
  return { table, rows, bytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0), chunks };
}

function commonLength(table: string, schema: Schema, columns: readonly PartColumn[]): number {
  if (columns.length !== schema.fields.length) throw new CorrenteError('internal', `${table}: ${columns.length} columns were emitted, expected ${schema.fields.length}.`);
  const [length = 0, ...others] = columns.map(columnRows);
  const other = others.findIndex((rows) => rows !== length);
  if (other >= 0) throw new CorrenteError('internal', `${table}: column ${schema.fields[other + 1]?.name} was emitted with ${others[other]} rows, expected ${length}.`);
  return length;
}

function batchColumns(table: string, schema: Schema, pieces: ReadonlyArray<Generator<PartColumn>>): EncodedColumn[] {
  return schema.fields.map((field, i) => encodeColumn(pieces[i]?.next().value, field.type, `${table}: column ${field.name}`));
}

const padding = new Uint8Array(8);
const padded = (bytes: number): number => (bytes + 7) & ~7;

/**
 * One encapsulated message (Arrow columnar format, "Encapsulated message format"): the continuation word, the length
 * of the header, the header, and the buffers, each padded to 8 bytes. The library's own writer takes a RecordBatch,
 * whose making is quadratic in the number of columns; a correlation matrix has thousands.
 */
function batchMessage(columns: readonly EncodedColumn[]): Uint8Array[] {
  const regions: BufferRegion[] = [];
  const body: Uint8Array[] = [];
  let bodyLength = 0;
  for (const buffer of columns.flatMap((column) => column.buffers)) {
    regions.push(new BufferRegion(bodyLength, buffer.length));
    body.push(buffer, padding.subarray(0, padded(buffer.length) - buffer.length));
    bodyLength += padded(buffer.length);
  }
  const nodes = columns.map((column) => new FieldNode(column.length, column.nullCount));
  const header = Message.encode(Message.from(new BatchHeader(columns[0]?.length ?? 0, nodes, regions, null), bodyLength));
  const headerLength = padded(header.length);
  const prefix = new Int32Array([-1, headerLength]);
  return [new Uint8Array(prefix.buffer), header, padding.subarray(0, headerLength - header.length), ...body];
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
