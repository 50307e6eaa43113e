/**
 * A trained model as a document: JSON, its arrays of numbers in base64. It is kept in the result table `model` of the
 * job that trained it, in pieces, and read by the jobs that apply it.
 */
import { z } from 'zod';
import type { JsonValue } from './json.ts';
import type { TableSchema } from './result.ts';

/** What every model document begins with; the rest is for the analysis that it names. */
export const modelDocument = z.looseObject({
  format: z.literal('corrente-model'),
  version: z.literal(1),
  /** The analysis whose job trained the model, and knows how to read the rest. */
  analysis: z.string(),
});

/** A document of `analysis`, ready to be written. */
export interface ModelDocument {
  readonly format: 'corrente-model';
  readonly version: 1;
  readonly analysis: string;
  readonly [key: string]: JsonValue;
}

/** The result table that holds a document: its text is that of all parts joined, in their order. */
export const modelTable: TableSchema = {
  name: 'model',
  title: 'Trained model',
  columns: [
    { name: 'part', type: 'int32', description: 'Place of the piece, from 0.' },
    { name: 'text', type: 'utf8', description: 'The piece; all of them together are one JSON document.' },
  ],
};

const arrayTypes = { float64: Float64Array, float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;
type ArrayType = keyof typeof arrayTypes;

interface ArrayOf {
  readonly float64: Float64Array<ArrayBuffer>;
  readonly float32: Float32Array<ArrayBuffer>;
  readonly int32: Int32Array<ArrayBuffer>;
  readonly uint8: Uint8Array<ArrayBuffer>;
}

/** Numbers as they stand in memory, little-endian, in base64: every bit is kept, NaN and infinity too. */
export interface EncodedArray {
  readonly type: ArrayType;
  readonly base64: string;
  /** So that it is a JsonValue. */
  readonly [key: string]: string;
}

/** Bytes that are encoded at a time: a multiple of 3, so that the pieces of base64 join. */
const pieceBytes = 3 * 8192;

/** An array of numbers for a model document; `decoded` is its inverse. */
export function encodedArray(values: Float64Array | Float32Array | Int32Array | Uint8Array): EncodedArray {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let base64 = '';
  for (let from = 0; from < bytes.length; from += pieceBytes) base64 += btoa(String.fromCharCode(...bytes.subarray(from, from + pieceBytes)));
  return { type: typeOf(values), base64 };
}

function typeOf(values: Float64Array | Float32Array | Int32Array | Uint8Array): ArrayType {
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Float32Array) return 'float32';
  return values instanceof Int32Array ? 'int32' : 'uint8';
}

/** The schema of an encoded array of one type; what it parses is the typed array. */
export function decoded<T extends ArrayType>(type: T): z.ZodType<ArrayOf[T]> {
  return z.object({ type: z.literal(type), base64: z.string() }).transform(({ base64 }, context): ArrayOf[T] => {
    const bytes = bytesOf(base64);
    const made = bytes === null ? null : view(type, bytes);
    if (made !== null) return made;
    context.addIssue({ code: 'custom', message: bytes === null ? 'is not base64' : `holds ${bytes.length} bytes, expected whole values of ${type}` });
    return z.NEVER;
  });
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    return null;
  }
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The bytes as values of a type; null where they are no whole number of them. */
function view<T extends ArrayType>(type: T, bytes: Uint8Array<ArrayBuffer>): ArrayOf[T] | null {
  const makers: { readonly [K in ArrayType]: (buffer: ArrayBuffer) => ArrayOf[K] } = {
    float64: (buffer) => new Float64Array(buffer),
    float32: (buffer) => new Float32Array(buffer),
    int32: (buffer) => new Int32Array(buffer),
    uint8: (buffer) => new Uint8Array(buffer),
  };
  return bytes.length % arrayTypes[type].BYTES_PER_ELEMENT === 0 ? makers[type](bytes.buffer) : null;
}
