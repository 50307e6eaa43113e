/** Strings as Arrow utf8: offsets and bytes, without a JS string per cell. */
import type { IndexedStrings, RepeatedStrings } from '../analyses/analysis.ts';

export interface Utf8Column {
  /** One more than there are rows. */
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array | null;
}

/** Each name written once, then filled over its run. */
export function encodeRepeated({ names, counts }: RepeatedStrings): Utf8Column {
  const encoded = names.map((name) => Buffer.from(name));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const bytes = Buffer.allocUnsafe(encoded.reduce((sum, name, i) => sum + name.length * (counts[i] ?? 0), 0));
  const offsets = new Int32Array(rows + 1);
  let row = 0;
  let at = 0;
  for (const [i, name] of encoded.entries()) {
    const count = counts[i] ?? 0;
    if (name.length > 0) bytes.fill(name, at, at + name.length * count);
    for (let k = 0; k < count; k++) offsets[++row] = at += name.length;
  }
  return { offsets, bytes, nullCount: 0, nullBitmap: null };
}

/** Each name encoded once, then copied to its rows. */
export function encodeIndexed({ names, indices }: IndexedStrings): Utf8Column {
  const encoded = encodedNames(names);
  const offsets = new Int32Array(indices.length + 1);
  let size = 0;
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row] ?? 0;
    size += (encoded.offsets[index + 1] ?? 0) - (encoded.offsets[index] ?? 0);
    offsets[row + 1] = size;
  }
  const bytes = new Uint8Array(size);
  let to = 0;
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row] ?? 0;
    const end = encoded.offsets[index + 1] ?? 0;
    // Names are a few bytes: a loop beats a call.
    for (let from = encoded.offsets[index] ?? 0; from < end; from++) bytes[to++] = encoded.bytes[from] ?? 0;
  }
  return { offsets, bytes, nullCount: 0, nullBitmap: null };
}

const encodedLists = new WeakMap<readonly string[], Utf8Column>();

function encodedNames(names: readonly string[]): Utf8Column {
  const known = encodedLists.get(names);
  if (known !== undefined) return known;
  const encoded = encodeList(names);
  encodedLists.set(names, encoded);
  return encoded;
}

export function encodeList(values: readonly (string | null)[]): Utf8Column {
  const encoded = values.map((value) => (value === null ? null : Buffer.from(value)));
  const offsets = new Int32Array(values.length + 1);
  encoded.forEach((value, row) => {
    offsets[row + 1] = (offsets[row] ?? 0) + (value?.length ?? 0);
  });
  const nullCount = encoded.filter((value) => value === null).length;
  return { offsets, bytes: Buffer.concat(encoded.filter((value) => value !== null)), nullCount, nullBitmap: nullCount === 0 ? null : presentBits(encoded) };
}

function presentBits(values: readonly unknown[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, row) => {
    if (value !== null) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return bits;
}
