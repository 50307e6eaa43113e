/**
 * Reading an Arrow IPC stream batch by batch, each as soon as its last byte is there. (The asynchronous reader of
 * apache-arrow asks for bytes beyond a batch before it gives the batch: a reader that follows a job would wait for a
 * part that is hours away.)
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { MessageReader, RecordBatchReader, type RecordBatch, type Schema } from 'apache-arrow';

/** Before each message: a continuation word and the length of the message's metadata, both 32 bits, little-endian. */
const prefixBytes = 8;

/** Takes exact numbers of bytes from a stream of chunks. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(source: AsyncIterator<Uint8Array>) {
    this.#source = source;
  }

  /** The next bytes; fewer than asked for where the stream ends. One copy at most. */
  async take(count: number): Promise<Uint8Array> {
    while (this.#bytes < count) {
      const { value, done } = await this.#source.next();
      if (done === true) break;
      this.#chunks.push(value);
      this.#bytes += value.byteLength;
    }
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    if (!all) return new Uint8Array();
    const taken = all.subarray(0, count);
    this.#chunks = [all.subarray(taken.byteLength)];
    this.#bytes = all.byteLength - taken.byteLength;
    return taken;
  }
}

/** One encapsulated message with its body, or null at the end of the stream. */
async function nextMessage(bytes: ByteReader): Promise<{ metadata: Uint8Array; body: Uint8Array } | null> {
  const prefix = await bytes.take(prefixBytes);
  if (prefix.byteLength === 0) return null;
  const length = prefix.byteLength === prefixBytes ? new DataView(prefix.buffer, prefix.byteOffset).getInt32(4, true) : -1;
  if (length === 0) return null;
  const header = length > 0 ? await bytes.take(length) : new Uint8Array();
  if (length < 0 || header.byteLength !== length) throw brokenStream();
  const metadata = Buffer.concat([prefix, header]);
  const message = new MessageReader(metadata).readMessage();
  if (!message) throw brokenStream();
  const body = await bytes.take(message.bodyLength);
  if (body.byteLength !== message.bodyLength) throw brokenStream();
  return { metadata, body };
}

function brokenStream(): CorrenteError {
  return new CorrenteError('internal', 'An Arrow stream ended within a message.');
}

/**
 * The schema at once, the batches as they come.
 * @param arrow an IPC stream without dictionaries.
 * @throws CorrenteError `internal` for a stream that ends within a message or holds none.
 */
export async function readBatches(arrow: AsyncIterable<Uint8Array>): Promise<{ schema: Schema; batches: AsyncGenerator<RecordBatch, void, undefined> }> {
  const source = arrow[Symbol.asyncIterator]();
  const bytes = new ByteReader(source);
  const first = await nextMessage(bytes);
  if (!first) throw brokenStream();
  const schemaBytes = first.metadata;
  const { schema } = RecordBatchReader.from(schemaBytes).open();

  async function* batches(): AsyncGenerator<RecordBatch, void, undefined> {
    try {
      for (let message = await nextMessage(bytes); message; message = await nextMessage(bytes)) {
        yield* RecordBatchReader.from([schemaBytes, message.metadata, message.body]);
      }
    } finally {
      await source.return?.();
    }
  }

  return { schema, batches: batches() };
}
