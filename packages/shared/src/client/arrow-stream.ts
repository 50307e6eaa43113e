/**
 * Reads an Arrow IPC stream so that each batch is there as soon as its last byte is, and the source is closed when
 * the reader stops. apache-arrow's own asynchronous reader does neither: it asks for a further chunk before it hands
 * out a batch that ends with one, so that the newest batch of a growing table always waits for the next.
 *
 * Format: Arrow columnar format, "Encapsulated message format": 0xFFFFFFFF, length of the metadata, metadata (a
 * flatbuffer, padded to 8 bytes), body; a length of 0 ends the stream.
 */
import { Message, RecordBatchReader, type RecordBatch, type Schema } from 'apache-arrow';

export interface ArrowStream {
  readonly schema: Schema;
  /** To be iterated once. */
  readonly batches: AsyncGenerator<RecordBatch, void, undefined>;
}

const continuation = 0xffffffff;
const prefixBytes = 8;
const end = new Uint8Array(new Uint32Array([continuation, 0]).buffer);

/** Opens a stream once its schema is there. Throws an Error where the bytes are no such stream or end too early. */
export async function readArrowStream(bytes: AsyncIterable<Uint8Array>): Promise<ArrowStream> {
  const messages = messagesOf(bytes);
  const first = await messages.next();
  if (first.done === true) throw new Error('The Arrow stream ended before its schema.');
  const { schema } = RecordBatchReader.from([first.value, end]).open();
  return { schema, batches: batchesOf(first.value, messages) };
}

async function* batchesOf(schema: Uint8Array, messages: AsyncIterable<Uint8Array>): AsyncGenerator<RecordBatch, void, undefined> {
  // What a batch is read with: the schema, and the dictionaries so far.
  const before = [schema];
  for await (const message of messages) {
    if (Message.decode(metadataOf(message)).isDictionaryBatch()) before.push(message);
    else yield* RecordBatchReader.from([...before, message, end]);
  }
}

/** Whole encapsulated messages, each in a buffer of its own in which its body is aligned to 8 bytes. */
async function* messagesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue();
  let need = prefixBytes;
  for await (const chunk of bytes) {
    queue.push(chunk);
    while (queue.length >= need) {
      const size = messageSize(queue);
      if (size === null) return;
      need = size;
      if (queue.length < size) break;
      yield queue.take(size);
      need = prefixBytes;
    }
  }
  throw new Error('The Arrow stream ended before its end mark.');
}

/** Bytes of the message at the queue's head, or as many as it takes to know; null at the end mark. */
function messageSize(queue: ByteQueue): number | null {
  const [mark, metadataBytes] = new Uint32Array(queue.peek(prefixBytes).buffer);
  if (mark !== continuation || metadataBytes === undefined) throw new Error('The bytes are no Arrow stream: a message must begin with 0xFFFFFFFF.');
  if (metadataBytes === 0) return null;
  if (queue.length < prefixBytes + metadataBytes) return prefixBytes + metadataBytes;
  return prefixBytes + metadataBytes + Message.decode(metadataOf(queue.peek(prefixBytes + metadataBytes))).bodyLength;
}

const metadataOf = (message: Uint8Array): Uint8Array => message.subarray(prefixBytes, prefixBytes + new DataView(message.buffer, message.byteOffset).getUint32(4, true));

/** Bytes in the chunks they came in, so that each is copied once however many a message takes. */
class ByteQueue {
  #chunks: Uint8Array[] = [];
  length = 0;

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  /** A copy of the first bytes, which stay. */
  peek(size: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(size);
    let filled = 0;
    for (const chunk of this.#chunks) {
      if (filled === size) break;
      const part = chunk.subarray(0, size - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }

  take(size: number): Uint8Array<ArrayBuffer> {
    const bytes = this.peek(size);
    let left = size;
    while (left > 0) {
      const head = this.#chunks[0];
      if (head === undefined) break;
      if (head.length <= left) this.#chunks.shift();
      else this.#chunks[0] = head.subarray(left);
      left -= Math.min(left, head.length);
    }
    this.length -= size;
    return bytes;
  }
}
