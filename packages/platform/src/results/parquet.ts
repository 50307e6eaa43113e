/** Result tables as Parquet, a row group at a time (parquet-wasm). */
import { DataType, RecordBatchStreamWriter, type RecordBatch, type Schema } from 'apache-arrow';
import { Compression, Table, WriterPropertiesBuilder, transformParquetStream, writeParquet as writeTable, type RecordBatch as WasmBatch } from 'parquet-wasm';

/** Rows of a row group: what the writer holds in memory at a time. */
const rowGroupRows = 128 * 1024;

/** A table of one batch, or of none, in the memory of the Parquet writer. */
function toWasm(schema: Schema, batch: RecordBatch | null): Table {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  if (batch) writer.write(batch);
  writer.finish();
  return Table.fromIPCStream(writer.toUint8Array(true));
}

/** One Parquet file, compressed with zstd. Names repeat and get dictionaries; numbers seldom do. */
export async function* writeParquet(schema: Schema, batches: AsyncIterable<RecordBatch>): AsyncGenerator<Uint8Array, void, undefined> {
  let properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).setMaxRowGroupSize(rowGroupRows).setCreatedBy('corrente');
  for (const { name, type } of schema.fields) {
    if (!DataType.isUtf8(type)) properties = properties.setColumnDictionaryEnabled(name, false);
  }

  const source = batches[Symbol.asyncIterator]();
  let next = await nextWithRows(source);
  if (next === null) {
    // The streaming writer takes its schema from the first batch.
    yield writeTable(toWasm(schema, null), properties.build());
    return;
  }

  // The writer hides what its input throws; the error is kept and thrown in its place.
  let failure: { error: unknown } | null = null;
  // It also goes on reading after its output was cancelled: the input then ends.
  const left = new AbortController();
  async function* input(): AsyncGenerator<WasmBatch, void, undefined> {
    try {
      for (; next !== null && !left.signal.aborted; next = await nextWithRows(source)) {
        const table = toWasm(schema, next);
        yield* table.recordBatches();
        table.free();
      }
    } catch (error) {
      failure = { error };
      throw error;
    } finally {
      await source.return?.();
    }
  }

  const output: ReadableStream<Uint8Array> = await transformParquetStream(ReadableStream.from(input()), properties.build());
  const failed = (): unknown => failure?.error;
  try {
    for await (const chunk of output) {
      if (failure !== null) throw failed();
      yield chunk;
    }
  } catch (error) {
    throw failure === null ? error : failed();
  } finally {
    left.abort();
  }
  if (failure !== null) throw failed();
}

async function nextWithRows(source: AsyncIterator<RecordBatch>): Promise<RecordBatch | null> {
  for (;;) {
    const { value, done } = await source.next();
    if (done === true) return null;
    if (value.numRows > 0) return value;
  }
}
