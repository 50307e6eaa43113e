/** Arrow IPC, file or stream, into the staging table: batch by batch, so that memory is bounded by the largest batch. */
import { open, type FileHandle } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { AsyncRecordBatchFileReader, CompressionType, compressionRegistry, DataType, RecordBatchReader, TimeUnit, type RecordBatch, type Schema, type Vector } from 'apache-arrow';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { throwIfAborted, type Duck } from '../duckdb.ts';
import { plainFile } from '../parquet.ts';
import { stageTyped } from '../stage-typed.ts';
import type { Staged } from '../staged.ts';
import { readAt, type Head } from '../text/magic.ts';
import { uncompressed } from '../text/scan.ts';
import type { StageOptions } from '../text/stage.ts';
import { RowAppender } from './appender.ts';
import { arrowColumn, type ArrowColumn } from './columns.ts';
import { decodeLz4Frame } from './lz4-frame.ts';

compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decodeLz4Frame });
compressionRegistry.set(CompressionType.ZSTD, { decode: (data) => zstdDecompressSync(data) });

/** @throws file-truncated, file-corrupt, and what `stageTyped` throws */
export async function stageArrow(duck: Duck, head: Head, options: StageOptions): Promise<Staged> {
  if (head.kind === 'arrow-stream') {
    return stageBatches(duck, await openReader(uncompressed(options.path, head.compression, options.signal)), head, options);
  }
  const path = await plainFile(head, options, 'plain.arrow');
  await checkEnd(path);
  // A file has its schema and the places of its batches at its end.
  const file = await open(path);
  try {
    return await stageBatches(duck, await openReader(file), head, options);
  } finally {
    await file.close();
  }
}

async function openReader(source: FileHandle | AsyncIterable<Uint8Array>): Promise<RecordBatchReader> {
  try {
    const reader: RecordBatchReader = await ('stat' in source ? RecordBatchReader.from(source) : RecordBatchReader.from(source));
    await reader.open();
    // A stream that ends before its schema opens all the same, without one.
    const { schema }: { schema: Schema | undefined } = reader;
    if (schema === undefined) throw new CorrenteError('file-truncated', 'The Arrow data end before their schema does.');
    return reader;
  } catch (error) {
    throw arrowError(error);
  }
}

async function stageBatches(duck: Duck, reader: RecordBatchReader, head: Head, { mapping, signal }: StageOptions): Promise<Staged> {
  // The reader forgets its schema when it ends.
  const { fields } = reader.schema;
  const names = fields.map(({ name }) => name);
  const columns = fields.map(({ type }) => arrowColumn(type));
  if (fields.length === 0) throw new CorrenteError('no-numeric-column', 'The Arrow schema has no fields.');
  await duck.run(`CREATE OR REPLACE TABLE arrow_rows (${columns.map(({ type }, column) => `c${column} ${type}`).join(', ')})`);
  const appender = await duck.appender('arrow_rows', columns.map(({ type }) => type));
  try {
    for await (const batch of batchesOf(reader)) {
      throwIfAborted(signal);
      appendBatch(appender, batch, columns);
    }
  } catch (error) {
    throw arrowError(error);
  } finally {
    appender.close();
  }
  const nanoseconds = fields.some(({ type }) => DataType.isTimestamp(type) && type.unit === TimeUnit.NANOSECOND);
  const notes = nanoseconds ? ['Nanoseconds are cut to microseconds.'] : [];
  return stageTyped(duck, { format: 'arrow', compression: head.compression, from: 'arrow_rows', names, types: columns.map(({ type }) => type), notes }, mapping);
}

/**
 * The batches in their order. Those of a file are asked for by number: iterated over, its reader never ends where the
 * footer leads to a message that is no batch.
 */
async function* batchesOf(reader: RecordBatchReader): AsyncGenerator<RecordBatch> {
  if (!(reader instanceof AsyncRecordBatchFileReader)) {
    yield* reader;
    return;
  }
  for (let index = 0; index < reader.numRecordBatches; index++) {
    const batch = await reader.readRecordBatch(index);
    if (batch === null) throw new CorrenteError('file-corrupt', `The Arrow file's footer names ${reader.numRecordBatches} record batches; where the one at index ${index} should be there is none.`);
    yield batch;
  }
}

function appendBatch(appender: RowAppender, batch: RecordBatch, columns: readonly ArrowColumn[]): void {
  const vectors = columns.map((_, column) => batch.getChildAt(column));
  for (const vector of vectors) if (vector !== null) refuseShortBuffer(vector, batch.numRows);
  for (let from = 0; from < batch.numRows; from += appender.capacity) {
    const rows = Math.min(appender.capacity, batch.numRows - from);
    for (const [index, column] of columns.entries()) {
      const vector: Vector | null = vectors[index] ?? null;
      if (vector === null) continue;
      const { numbers, integers, texts } = column;
      if (numbers !== null) appender.numbers(index, rows, (row) => numbers(vector, from + row));
      else if (integers !== null) appender.integers(index, rows, (row) => integers(vector, from + row));
      else appender.texts(index, rows, texts === null ? () => null : (row) => texts(vector, from + row));
    }
    appender.append(rows);
  }
}

/** A damaged batch may name any number of rows, and the reader then fills up with missing values: without end. */
function refuseShortBuffer({ type, data: [data] }: Vector, rows: number): void {
  if (data === undefined || DataType.isNull(type) || data.children.length > 0) return;
  const { valueOffsets, values, stride } = data;
  const held = valueOffsets !== undefined ? Math.max(0, valueOffsets.length - 1) : values === undefined ? rows : DataType.isBool(type) ? values.length * 8 : values.length / stride;
  if (held < rows) throw new CorrenteError('file-corrupt', `An Arrow record batch names ${rows} rows, and one of its columns holds ${Math.floor(held)}.`);
}

async function checkEnd(path: string): Promise<void> {
  const file = await open(path);
  const { size } = await file.stat();
  await file.close();
  const end = await readAt(path, Math.max(0, size - 6), 6);
  if (end.toString('latin1') !== 'ARROW1') throw new CorrenteError('file-truncated', `The Arrow file of ${size} bytes does not end with its footer.`);
}

/** What the reader throws over damaged bytes is of many kinds; a system error is none of them. */
function arrowError(error: unknown): Error {
  if (error instanceof CorrenteError || !(error instanceof Error)) return error instanceof Error ? error : new Error(String(error));
  if ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) return error;
  const truncated = /expected to read \d+|unexpected end|premature|invalid message/i.test(error.message);
  return new CorrenteError(truncated ? 'file-truncated' : 'file-corrupt', `The Arrow data cannot be read: ${error.message}.`, { cause: error });
}
