/**
 * The one pass over a text file before DuckDB reads it: uncompresses, checks (encoding, zero bytes, line length), and
 * finds out whether the file is plain: one record per line, no blank or comment lines, one kind of line end. A file
 * that is not plain is rewritten so that it is. Memory is bounded by the longest line.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { throwIfAborted } from '../duckdb.ts';
import { placesKept } from '../staged.ts';
import { gzipError, lineLimit } from './magic.ts';
import { lineTooLong, RecordSplitter, type RecordPlace } from './records.ts';

export interface ScanSource {
  readonly path: string;
  readonly compression: 'none' | 'gzip';
  readonly delimiter: string;
  readonly header: boolean;
  /** Fields each record should have. */
  readonly columns: number;
}

/** A position from which records can be read again: `record` counts data records from 0. */
interface Checkpoint {
  readonly record: number;
  readonly offset: number;
}

export interface BadRow {
  readonly line: number;
  readonly expected: number;
  readonly found: number;
}

export interface Scan {
  /** The text to be read: the file itself, or a copy in the temporary folder. */
  readonly path: string;
  /** Lines before the first record. */
  readonly skip: number;
  readonly delimiter: string;
  readonly longestLine: number;
  readonly hasQuotes: boolean;
  readonly commentLines: number;
  readonly blankLines: number;
  readonly badRows: { count: number; places: BadRow[] };
  /** For a plain file, where its lines can be found again; null for one that was rewritten. */
  readonly checkpoints: readonly Checkpoint[] | null;
}

const chunkBytes = 1024 * 1024;

/** The bytes of a file, uncompressed. @throws file-truncated, file-corrupt */
export async function* uncompressed(path: string, compression: 'none' | 'gzip', signal?: AbortSignal, start = 0): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: chunkBytes, start });
  const source = compression === 'gzip' ? file.pipe(createGunzip({ chunkSize: chunkBytes })) : file;
  if (source !== file) file.on('error', (error) => source.destroy(error));
  try {
    for await (const chunk of source) {
      throwIfAborted(signal);
      if (Buffer.isBuffer(chunk)) yield chunk;
    }
  } catch (error) {
    throw gzipError(error);
  } finally {
    file.destroy();
    source.destroy();
  }
}

/**
 * Scans a file that its sample shows as plain. Answers null where it turns out not to be: then `rewrite` it.
 *
 * @param copy where to write the uncompressed text; needed for gzip
 */
export async function scanPlain(source: ScanSource, copy: string, signal?: AbortSignal): Promise<Scan | null> {
  const check = new PlainCheck();
  const output = source.compression === 'gzip' ? await open(copy, 'w') : null;
  let pending: Promise<unknown> = Promise.resolve();
  try {
    for await (const chunk of uncompressed(source.path, source.compression, signal)) {
      if (!check.push(chunk)) return null;
      if (output !== null) {
        await pending;
        pending = writeAll(output, chunk);
        // Taken up by the await above or below; until then a rejection is not unhandled.
        pending.catch(() => undefined);
      }
    }
    await pending;
  } finally {
    await output?.close();
  }
  if (!check.end()) return null;
  return {
    path: output === null ? source.path : copy,
    skip: source.header ? 1 : 0,
    delimiter: source.delimiter,
    longestLine: check.longest,
    hasQuotes: check.hasQuotes,
    commentLines: 0,
    blankLines: 0,
    badRows: { count: 0, places: [] },
    checkpoints: check.checkpoints.map(({ record, offset }) => ({ record: record - (source.header ? 1 : 0), offset })),
  };
}

/** Writes the data records to `copy`, one per line, without those whose number of fields differs. */
export async function rewrite(source: ScanSource, copy: string, signal?: AbortSignal): Promise<Scan> {
  const output = await open(copy, 'w');
  const whitespace = source.delimiter === 'whitespace';
  const badRows: Scan['badRows'] = { count: 0, places: [] };
  let parts: Buffer[] = [];
  let longest = 0;
  try {
    const splitter = await eachRecord(source, signal, (record) => {
      if (record.fields !== source.columns) {
        badRows.count++;
        if (badRows.places.length < placesKept) badRows.places.push({ line: record.line, expected: source.columns, found: record.fields });
        return;
      }
      longest = Math.max(longest, record.end - record.start);
      parts.push(whitespace ? collapse(record) : record.buffer.subarray(record.start, record.end), lineFeed);
    }, async () => {
      await writeAll(output, Buffer.concat(parts));
      parts = [];
    });
    return { path: copy, skip: 0, delimiter: whitespace ? '\t' : source.delimiter, longestLine: longest, hasQuotes: true, commentLines: splitter.commentLines, blankLines: splitter.blankLines, badRows, checkpoints: null };
  } finally {
    await output.close();
  }
}

/** A record of the original file: the line it begins on, and its text. */
export interface FoundRecord {
  readonly line: number;
  readonly text: string;
}

/** Finds data records by number (from 0, those left out by `rewrite` not counted), in one pass that ends at the last. */
export async function findRecords(source: ScanSource, scan: Scan, wanted: readonly number[], signal?: AbortSignal): Promise<Map<number, FoundRecord>> {
  const found = new Map<number, FoundRecord>();
  const sorted = [...new Set(wanted)].sort((a, b) => a - b);
  if (sorted.length === 0) return found;
  if (scan.checkpoints !== null) {
    await findByCheckpoint(scan, scan.checkpoints, sorted, found);
    return found;
  }
  let record = 0;
  let next = 0;
  await eachRecord(source, signal, (place) => {
    if (place.fields !== source.columns) return;
    if (record++ === sorted[next]) {
      found.set(record - 1, { line: place.line, text: place.buffer.toString('utf8', place.start, place.end) });
      next++;
    }
    return next < sorted.length;
  });
  return found;
}

async function findByCheckpoint(scan: Scan, checkpoints: readonly Checkpoint[], sorted: readonly number[], found: Map<number, FoundRecord>): Promise<void> {
  const file = await open(scan.path);
  try {
    let index = 0;
    for (let at = 0; at < sorted.length;) {
      const first = sorted[at] ?? 0;
      while (index + 1 < checkpoints.length && (checkpoints[index + 1]?.record ?? 0) <= first) index++;
      const checkpoint = checkpoints[index] ?? { record: -scan.skip, offset: 0 };
      const next = checkpoints[index + 1];
      const length = (next?.offset ?? (await file.stat()).size) - checkpoint.offset;
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, checkpoint.offset);
      let record = checkpoint.record;
      for (let start = 0; start < length && at < sorted.length; record++) {
        const newline = buffer.indexOf(10, start);
        const end = newline < 0 ? length : newline;
        if (record === sorted[at]) {
          found.set(record, { line: record + scan.skip + 1, text: buffer.toString('utf8', start, end).replace(/\r$/, '') });
          at++;
        }
        start = end + 1;
      }
      if (next === undefined) return;
    }
  } finally {
    await file.close();
  }
}

async function eachRecord(source: ScanSource, signal: AbortSignal | undefined, take: (record: RecordPlace) => boolean | void, afterChunk?: () => Promise<void>): Promise<RecordSplitter> {
  const splitter = new RecordSplitter({ delimiter: source.delimiter, comments: true });
  const encoding = new EncodingCheck();
  let headerSeen = !source.header;
  const takeData = (record: RecordPlace): boolean | void => {
    if (headerSeen) return take(record);
    headerSeen = true;
  };
  let first = true;
  for await (const chunk of uncompressed(source.path, source.compression, signal)) {
    const bytes = first ? withoutMark(chunk) : chunk;
    first = false;
    encoding.push(bytes);
    if (!splitter.push(bytes, false, takeData)) return splitter;
    await afterChunk?.();
  }
  encoding.end();
  splitter.push(Buffer.alloc(0), true, takeData);
  await afterChunk?.();
  return splitter;
}

/** Without the byte order mark of UTF-8. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The fields of a whitespace-separated record with one tab between them. */
function collapse({ buffer, start, end }: RecordPlace): Buffer {
  const result = Buffer.allocUnsafe(end - start);
  let length = 0;
  let quoted = false;
  let gap = false;
  for (let at = start; at < end; at++) {
    const byte = buffer[at] ?? 0;
    if (!quoted && (byte === 32 || byte === 9)) {
      gap = length > 0;
      continue;
    }
    if (gap) {
      result[length++] = 9;
      gap = false;
    }
    if (byte === 34) quoted = !quoted;
    result[length++] = byte;
  }
  return result.subarray(0, length);
}

const lineFeed = Buffer.from('\n');

export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
}

/** Looks at each line's first byte and length; counts; keeps a checkpoint per chunk. */
class PlainCheck {
  readonly checkpoints: Checkpoint[] = [];
  longest = 0;
  hasQuotes = false;
  private readonly encoding = new EncodingCheck();
  private lines = 0;
  private crlfLines = 0;
  private offset = 0;
  private lineStart = 0;
  private quotesBefore = 0;
  /** The last byte of the chunk before, for a line feed that begins a chunk. */
  private lastByte = 0;

  /** False where the file is not plain. */
  push(chunk: Buffer): boolean {
    this.encoding.push(chunk);
    const hasQuotes = chunk.includes(34);
    this.hasQuotes ||= hasQuotes;
    const hasReturns = chunk.includes(13);
    let start = 0;
    // A line goes on from the chunk before where lineStart < offset; its first byte was looked at there.
    if (this.lineStart === this.offset && chunk.length > 0 && !isDataByte(chunk[0] ?? 0)) return false;
    if (this.lineStart === this.offset) this.checkpoints.push({ record: this.lines, offset: this.offset });
    let marked = this.lineStart === this.offset;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const length = this.offset + end - this.lineStart;
      if (length > this.longest) {
        this.longest = length;
        if (length > lineLimit) throw lineTooLong(this.lines + 1);
      }
      if (hasReturns || end === 0) {
        const before = end === 0 ? this.lastByte : chunk[end - 1];
        if (before === 13) this.crlfLines++;
      }
      if (hasQuotes || this.quotesBefore > 0) {
        if ((this.quotesBefore + countQuotes(chunk, start, end)) % 2 !== 0) return false;
        this.quotesBefore = 0;
      }
      this.lines++;
      start = end + 1;
      this.lineStart = this.offset + start;
      if (start < chunk.length) {
        if (!isDataByte(chunk[start] ?? 0)) return false;
        if (!marked) {
          this.checkpoints.push({ record: this.lines, offset: this.lineStart });
          marked = true;
        }
      }
    }
    if (this.offset + chunk.length - this.lineStart > lineLimit) throw lineTooLong(this.lines + 1);
    if (hasQuotes) this.quotesBefore += countQuotes(chunk, start, chunk.length);
    if (hasReturns && !this.returnsBelongToLineEnds(chunk)) return false;
    this.offset += chunk.length;
    this.lastByte = chunk[chunk.length - 1] ?? 0;
    return true;
  }

  end(): boolean {
    this.encoding.end();
    this.longest = Math.max(this.longest, this.offset - this.lineStart);
    if (this.quotesBefore % 2 !== 0 || this.lastByte === 13) return false;
    return this.crlfLines === 0 || this.crlfLines === this.lines;
  }

  private returnsBelongToLineEnds(chunk: Buffer): boolean {
    for (let at = chunk.indexOf(13); at >= 0; at = chunk.indexOf(13, at + 1)) {
      if (at + 1 < chunk.length && chunk[at + 1] !== 10) return false;
    }
    return true;
  }
}

/** Whether a line that begins so can be a plain record: not blank, no comment, nothing that needs trimming. */
function isDataByte(byte: number): boolean {
  return byte > 32 ? byte !== 35 && byte !== 37 && byte !== 0xef : false;
}

function countQuotes(chunk: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = chunk.indexOf(34, start); at >= 0 && at < end; at = chunk.indexOf(34, at + 1)) count++;
  return count;
}

/** UTF-8 without zero bytes, over chunks that may cut a character. */
class EncodingCheck {
  private tail = Buffer.alloc(0);
  private offset = 0;

  push(chunk: Buffer): void {
    const zero = chunk.indexOf(0);
    if (zero >= 0) throw new CorrenteError('file-binary', `Byte ${this.offset + zero + 1} of the text is 0, which no text holds.`);
    this.offset += chunk.length;
    const bytes = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
    const cut = bytes.length - incompleteBytes(bytes);
    this.check(bytes.subarray(0, cut));
    this.tail = Buffer.from(bytes.subarray(cut));
  }

  end(): void {
    this.check(this.tail);
  }

  private check(bytes: Buffer): void {
    if (isUtf8(bytes)) return;
    const lines = bytes.toString('latin1').split('\n');
    const bad = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
    throw new CorrenteError('file-encoding', `The text is not UTF-8: ${JSON.stringify((lines[bad] ?? '').slice(0, 80))} holds bytes that are none.`);
  }
}

/** Bytes at the end that begin a character which the next chunk may complete. */
function incompleteBytes(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}
