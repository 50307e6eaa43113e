/** What kind of file this is, from its first bytes. */
import { open, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CorrenteError } from '@corrente/shared/contract/errors';

export interface Head {
  readonly compression: 'none' | 'gzip';
  readonly kind: 'text' | 'parquet' | 'arrow-file' | 'arrow-stream';
  /** The first bytes, uncompressed. */
  readonly bytes: Buffer;
  /** Whether `bytes` are the whole file. */
  readonly whole: boolean;
}

/** Bytes a sample holds, unless its lines are so long that it needs more. */
const sampleBytes = 256 * 1024;
const sampleLines = 16;
/** A line (and so a record) may be this long. */
export const lineLimit = 16 * 1024 * 1024;

/**
 * Reads the beginning of a file: `sampleBytes`, or as much more as 16 lines need, up to the limit of a line.
 *
 * @throws file-not-found, file-empty, file-truncated, file-corrupt, file-encoding (UTF-16, UTF-32)
 */
export async function readHead(path: string): Promise<Head> {
  const size = await sizeOf(path);
  if (size === 0) throw new CorrenteError('file-empty', 'The file has no bytes.');
  const first = await readAt(path, 0, 6);
  const compression = first[0] === 0x1f && first[1] === 0x8b ? 'gzip' : 'none';
  const { bytes, whole } = await readSample(path, compression);
  if (bytes.length === 0) throw new CorrenteError('file-empty', 'The gzip file holds no bytes.');
  const kind = kindOf(bytes);
  if (kind === 'text') checkText(bytes);
  return { compression, kind, bytes, whole };
}

export async function readAt(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new CorrenteError('file-not-found', `${path} is not a file.`);
    return info.size;
  } catch (error) {
    if (error instanceof CorrenteError) throw error;
    throw new CorrenteError('file-not-found', `${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}

async function readSample(path: string, compression: Head['compression']): Promise<{ bytes: Buffer; whole: boolean }> {
  const file = createReadStream(path, { highWaterMark: sampleBytes });
  const source = compression === 'gzip' ? file.pipe(createGunzip({ chunkSize: sampleBytes })) : file;
  // A stream that is left early reports no further errors; one that is read on rejects below.
  if (source !== file) file.on('error', (error) => source.destroy(error));
  const chunks: Buffer[] = [];
  let length = 0;
  let lines = 0;
  try {
    for await (const chunk of source) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      length += chunk.length;
      for (let at = chunk.indexOf(10); at >= 0 && lines <= sampleLines; at = chunk.indexOf(10, at + 1)) lines++;
      if (length >= sampleBytes && (lines > sampleLines || length > lineLimit)) return { bytes: Buffer.concat(chunks), whole: false };
    }
  } catch (error) {
    throw gzipError(error);
  } finally {
    file.destroy();
  }
  return { bytes: Buffer.concat(chunks), whole: true };
}

/** An error of zlib, or of reading, as ours. */
export function gzipError(error: unknown): Error {
  if (error instanceof CorrenteError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return new CorrenteError('file-truncated', 'The gzip file ends in the middle of its data.', { cause: error });
  if (code.startsWith('Z_')) return new CorrenteError('file-corrupt', `The gzip data are damaged: ${error instanceof Error ? error.message : code}.`, { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}

function kindOf(bytes: Buffer): Head['kind'] {
  if (bytes.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  if (bytes.subarray(0, 6).toString('latin1') === 'ARROW1') return 'arrow-file';
  // An IPC stream begins with a continuation mark and the length of the schema message, a multiple of 8 bytes.
  if (bytes.length >= 8 && bytes.readUInt32LE(0) === 0xff_ff_ff_ff && bytes.readInt32LE(4) > 0 && bytes.readInt32LE(4) % 8 === 0) return 'arrow-stream';
  return 'text';
}

/** First bytes of files that people take for data files, and what they are. */
const foreign: ReadonlyArray<readonly [start: string, what: string]> = [
  ['1f8b', 'gzip within gzip: compress it once'],
  ['504b0304', 'a ZIP archive, as Excel workbooks are: save the sheet as CSV'],
  ['d0cf11e0', 'an old Excel workbook: save the sheet as CSV'],
  ['28b52ffd', 'compressed by zstd: use gzip'],
  ['425a68', 'compressed by bzip2: use gzip'],
  ['fd377a58', 'compressed by xz: use gzip'],
  ['25504446', 'a PDF document'],
  ['89504e47', 'a PNG picture'],
];

function checkText(bytes: Buffer): void {
  const begin = bytes.subarray(0, 4).toString('hex');
  const known = foreign.find(([start]) => begin.startsWith(start));
  if (known !== undefined) throw new CorrenteError('file-binary', `The file is ${known[1]}.`);
  const mark = bytes.subarray(0, 2).toString('hex');
  const start = bytes.subarray(0, 4096);
  let zerosAtOdd = 0;
  let zerosAtEven = 0;
  for (let index = 0; index < start.length; index++) {
    if (start[index] !== 0) continue;
    if (index % 2 === 0) zerosAtEven++;
    else zerosAtOdd++;
  }
  const half = start.length / 2;
  const wide = (zerosAtOdd > 0.4 * half && zerosAtEven < 0.1 * half) || (zerosAtEven > 0.4 * half && zerosAtOdd < 0.1 * half);
  if (mark === 'fffe' || mark === 'feff' || (wide && start.length >= 8)) throw new CorrenteError('file-encoding', 'The file is UTF-16 text; UTF-8 is expected.');
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw new CorrenteError('file-binary', `Byte ${zero + 1} of the file is 0, which no text holds, and the file is neither Parquet nor Arrow.`);
}
