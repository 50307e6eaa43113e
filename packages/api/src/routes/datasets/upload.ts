/**
 * Receives an uploaded file into a temporary file, as the body itself or as the first file of a form. Bytes go to
 * the disk as they come; what was received is removed when the upload fails, is too large, or is given up.
 */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { storageError } from '@corrente/platform/results/storage-error';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { fileMediaTypes } from '@corrente/shared/contract/http';
import type { Request } from 'express';
import { mediaTypeOf } from '../../mount.ts';
import { uploadName } from './upload-name.ts';

export interface Upload {
  readonly path: string;
  /** As the sender called the file; null where it did not. */
  readonly fileName: string | null;
  /** The form's other fields. */
  readonly fields: Readonly<Record<string, string | string[]>>;
  remove(): Promise<void>;
}

export interface UploadOptions {
  readonly folder: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** A sender that falls silent for so long has gone, though its connection stands. */
const silenceMs = 120_000;

/** Bounds for a form's parts beside the file, so that no form fills the memory. */
const formLimits = { files: 1, fields: 1_100, fieldSize: 1024 * 1024, parts: 1_101 };

/** Throws `unsupported-media-type`, `payload-too-large`, `bad-request`; a vanished client rejects with its abort. */
export async function receiveUpload(request: Request, options: UploadOptions): Promise<Upload> {
  const form = mediaTypeOf(request) === 'multipart/form-data';
  if (!form) refuseForeignTypes(request);
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > options.maxBytes + (form ? formLimits.fieldSize : 0)) throw tooLarge(options.maxBytes);

  const path = join(options.folder, uploadName());
  request.setTimeout(silenceMs, () => request.destroy(new Error(`Nothing came for ${silenceMs / 1000} s.`)));
  const remove = (): Promise<void> => rm(path, { force: true });
  try {
    const { fileName, fields } = form ? await receiveForm(request, path, options) : await receiveBody(request, path, options);
    // The import may take longer, and sends nothing meanwhile.
    request.setTimeout(0);
    return { path, fileName, fields, remove };
  } catch (error) {
    await remove();
    throw request.complete || !request.destroyed ? error : new CorrenteError('cancelled', 'The client went away before the end of its upload.', { cause: error });
  }
}

async function receiveBody(request: Request, path: string, options: UploadOptions): Promise<Pick<Upload, 'fileName' | 'fields'>> {
  await store(request, path, options);
  const named = /filename="?([^";]+)"?/i.exec(request.headers['content-disposition'] ?? '')?.[1];
  return { fileName: named ?? null, fields: {} };
}

async function receiveForm(request: Request, path: string, options: UploadOptions): Promise<Pick<Upload, 'fileName' | 'fields'>> {
  const fields: Record<string, string | string[]> = {};
  const files: { name: string | undefined; stored: Promise<void> }[] = [];
  let fault: CorrenteError | undefined;
  const refuse = (detail: string): void => void (fault ??= new CorrenteError('bad-request', detail));

  let parser: busboy.Busboy;
  try {
    parser = busboy({ headers: request.headers, limits: formLimits, defParamCharset: 'utf8' });
  } catch (error) {
    throw unreadable(error);
  }
  // What ends the parser is told by finished() and the files' storing, once; an error that comes after that is no news,
  // and without a listener would end the process.
  parser.on('error', () => undefined);
  parser.on('file', (_field, file, { filename }) => {
    file.on('error', () => undefined);
    const stored = store(file, path, options);
    // Handled where it is awaited; until then its rejection must not count as unhandled.
    stored.catch((error: unknown) => parser.destroy(error instanceof Error ? error : new Error(String(error))));
    files.push({ name: filename, stored });
  });
  parser.on('field', (name, value, { valueTruncated }) => {
    if (valueTruncated) refuse(`The form's field "${name}" is longer than ${formLimits.fieldSize} characters.`);
    const known = fields[name];
    fields[name] = known === undefined ? value : [known, value].flat();
  });
  parser.on('filesLimit', () => refuse('The form holds more than one file; one was expected.'));
  parser.on('fieldsLimit', () => refuse(`The form holds more than ${formLimits.fields} fields.`));

  const disconnect = connect(request, parser);
  try {
    await finished(parser, { signal: options.signal });
  } catch (error) {
    // The storing knows better why it stopped than the parser that was stopped for it.
    const outcomes = await Promise.allSettled(files.map((file) => file.stored));
    const failures: unknown[] = [...outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])), error];
    throw failures.find((failure) => failure instanceof CorrenteError) ?? unreadable(error);
  } finally {
    disconnect();
  }
  await Promise.all(files.map((file) => file.stored));
  if (fault !== undefined) throw fault;
  const [file] = files;
  if (file === undefined) throw new CorrenteError('bad-request', 'The form holds no file; one part with a file name was expected.', { places: [{ pointer: '/file', detail: 'is missing' }] });
  return { fileName: file.name ?? null, fields };
}

async function store(source: Readable, path: string, { folder, maxBytes, signal }: UploadOptions): Promise<void> {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
  });
  const disconnect = connect(source, limit);
  try {
    await pipeline(limit, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
  } catch (error) {
    throw isSystemError(error) ? storageError(error, folder) : error;
  } finally {
    disconnect();
  }
}

/**
 * Pipes, but never destroys the source: a request that is refused half-way must stay open for its answer. A source
 * that breaks off destroys the sink.
 */
function connect(source: Readable, sink: Writable): () => void {
  const cut = (): void => {
    if (!source.readableEnded) sink.destroy(source.errored ?? new Error('it ends too early'));
  };
  source.once('close', cut).once('error', cut);
  source.pipe(sink);
  if (source.destroyed) cut();
  return () => {
    source.off('close', cut).off('error', cut);
    source.unpipe(sink);
  };
}

function unreadable(error: unknown): CorrenteError {
  return new CorrenteError('bad-request', `The form cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
}

/** An error of the disk (or another of the system's), which is not the form's fault. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function refuseForeignTypes(request: Request): void {
  const type = request.headers['content-type'];
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (type !== undefined && !(fileMediaTypes as readonly string[]).includes(mediaTypeOf(request))) {
    throw new CorrenteError('unsupported-media-type', `The content type was ${type}; multipart/form-data or one of ${fileMediaTypes.join(', ')} was expected.`);
  }
  // A gzipped body is a gzipped file: the import opens it either way.
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new CorrenteError('unsupported-media-type', `The content encoding was ${encoding}; none or gzip was expected.`);
  }
}

function tooLarge(maxBytes: number): CorrenteError {
  return new CorrenteError('payload-too-large', `The file is larger than ${maxBytes} bytes, the limit that CORRENTE_MAX_UPLOAD sets.`);
}
