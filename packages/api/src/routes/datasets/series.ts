/** Chart values as JSON or as an Arrow stream. */
import { Field, Float64, Int64, RecordBatch, Schema, Struct, Table, TimestampMicrosecond, Utf8, makeData, tableToIPC } from 'apache-arrow';
import type { ReducedSeries } from '@corrente/platform/datasets/read-series';
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { SeriesReply } from '@corrente/shared/contract/http';

export function seriesJson(dataset: Dataset, field: string, series: readonly ReducedSeries[]): SeriesReply {
  const time = (value: bigint): string | number => (dataset.timeKind === 'timestamp' ? isoInstant(value) : Number(value));
  return {
    dataset: dataset.id,
    field,
    timeKind: dataset.timeKind,
    series: series.map((one) => ({ name: one.name, time: Array.from(one.time, time), values: Array.from(one.values, (value) => (Number.isFinite(value) ? value : null)) })),
  };
}

/** One record batch per series, with the columns series, time and value. The values' bytes are not copied. */
export function seriesArrow(dataset: Dataset, field: string, series: readonly ReducedSeries[]): Uint8Array {
  const timed = dataset.timeKind === 'timestamp';
  const instant = new TimestampMicrosecond('UTC');
  const time = timed ? instant : new Int64();
  const schema = new Schema([new Field('series', new Utf8(), true), new Field('time', time, true), new Field('value', new Float64(), true, new Map([['field', field]]))]);
  const batches = series.map((one) => {
    const length = one.values.length;
    const times = { length, nullCount: 0, data: one.time };
    const children = [
      repeated(one.name, length),
      timed ? makeData({ type: instant, ...times }) : makeData({ type: new Int64(), ...times }),
      makeData({ type: new Float64(), length, ...presence(one.values), data: one.values }),
    ];
    return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
  });
  return tableToIPC(new Table(schema, batches), 'stream');
}

function repeated(text: string, length: number) {
  const bytes = new TextEncoder().encode(text);
  const data = new Uint8Array(bytes.length * length);
  for (let row = 0; row < length; row++) data.set(bytes, row * bytes.length);
  return makeData({ type: new Utf8(), length, nullCount: 0, data, valueOffsets: Int32Array.from({ length: length + 1 }, (_, row) => row * bytes.length) });
}

/** Arrow's validity bitmap, least significant bit first; none where every value is present. */
function presence(values: Float64Array): { nullCount: number; nullBitmap: Uint8Array | null } {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) nullCount++;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  }
  return nullCount === 0 ? { nullCount, nullBitmap: null } : { nullCount, nullBitmap };
}

/** Microseconds since 1970 as ISO 8601, with as many decimals as it takes: none, three or six. */
function isoInstant(microseconds: bigint): string {
  const below = ((microseconds % 1000n) + 1000n) % 1000n;
  const text = new Date(Number((microseconds - below) / 1000n)).toISOString();
  if (below !== 0n) return text.replace('Z', `${String(below).padStart(3, '0')}Z`);
  return text.replace('.000Z', 'Z');
}
