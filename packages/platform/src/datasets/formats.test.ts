/** Parquet and Arrow, with types, missing values, compression and damage. */
import { readFile } from 'node:fs/promises';
import { gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { Bool, compressionRegistry, CompressionType, DateDay, Decimal, Dictionary, Float32, Float64, Int32, Int64, makeBuilder, makeData, RecordBatchStreamWriter, Table, tableToIPC, TimestampMicrosecond, TimestampMillisecond, TimestampNanosecond, TimestampSecond, Utf8, Vector, vectorFromArray, type DataType, type Timestamp } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeLz4Frame } from './arrow/lz4-frame.ts';
import { Duck, text } from './duckdb.ts';
import { importBench, type ImportBench } from './testing/imports.ts';
import { storedRows } from './testing/stored-rows.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench.remove());

async function parquet(name: string, select: string, options = ''): Promise<Buffer> {
  const duck = await Duck.open({ folders: [bench.folder], memoryLimit: 2 ** 28, tempFolder: null });
  const path = `${bench.folder}/${name}.parquet`;
  await duck.run(`COPY (${select}) TO ${text(path)} (FORMAT parquet${options})`);
  duck.close();
  return readFile(path);
}

describe('Parquet', () => {
  const columns = `SELECT TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS at, i::TINYINT AS small, i::HUGEINT AS huge, (i / 4)::DECIMAL(18, 2) AS price, i % 2 = 0 AS even, CASE WHEN i <> 2 THEN i / 3 END AS gap, {'a': i} AS nested FROM range(4) t(i)`;

  it('reads numbers of every type as doubles, and leaves out what is none', async () => {
    const data = await bench.import(await parquet('types', columns));
    expect(data).toMatchObject({ series: ['small', 'huge', 'price', 'even', 'gap'], from: '2024-01-01T00:00:00Z', to: '2024-01-01T03:00:00Z' });
    expect(data.report).toMatchObject({ format: 'parquet', delimiter: null, frequency: { every: '1h' }, missingCells: { count: 1, places: [{ line: 3, column: 'gap', text: '' }] } });
    expect(data.report.ignoredColumns[0]).toMatchObject({ column: 'nested' });
    expect((await storedRows(bench, data))[3]).toEqual(['2024-01-01T03:00:00Z', 3, 3, 0.75, 0, 1]);
  });

  it('reads dates, instants of every unit, and instants with a zone', async () => {
    for (const type of ['DATE', 'TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMPTZ']) {
      const data = await bench.import(await parquet('times', `SELECT CAST(TIMESTAMP '2024-05-06' + INTERVAL (i) DAY AS ${type}) AS day, i AS x FROM range(3) t(i)`));
      expect(data, type).toMatchObject({ from: '2024-05-06', to: '2024-05-08', series: ['x'] });
    }
  });

  it('reads numbers and times that are stored as text, and reports those that are none', async () => {
    const data = await bench.import(await parquet('text', `SELECT strftime(DATE '2024-01-01' + i::INTEGER, '%Y-%m-%d') AS day, CASE WHEN i = 5 THEN 'x' ELSE i::VARCHAR END AS n FROM range(9) t(i)`));
    expect(data).toMatchObject({ series: ['n'], from: '2024-01-01', to: '2024-01-09' });
    expect(data.report.badCells).toEqual({ count: 1, places: [{ line: 6, column: 'n', text: 'x' }] });
  });

  it('takes not-a-number for missing', async () => {
    const data = await bench.import(await parquet('nan', `SELECT i AS x, CASE WHEN i = 1 THEN 'nan'::DOUBLE WHEN i <> 3 THEN i::DOUBLE END AS y FROM range(5) t(i)`), { fields: ['y'] });
    expect(data.report.missingCells).toEqual({ count: 2, places: [{ line: 2, column: 'y', text: '' }, { line: 4, column: 'y', text: '' }] });
    expect((await storedRows(bench, data)).map(([, y]) => y)).toEqual([0, null, 2, null, 4]);
  });

  it('reads long data in gzip', async () => {
    const data = await bench.import(gzipSync(await parquet('long', `SELECT DATE '2024-01-01' + (i // 2)::INTEGER AS day, ['a', 'b'][i % 2 + 1] AS who, i AS x FROM range(8) t(i)`)));
    expect(data).toMatchObject({ shape: 'long', series: ['a', 'b'], timePoints: 4, report: { compression: 'gzip' } });
  });

  it('refuses one that is cut short, damaged, or without rows', async () => {
    const bytes = await parquet('whole', 'SELECT i, sin(i) AS x FROM range(100000) t(i)');
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 1000, 9000);
    const noFooter = Buffer.from(bytes);
    noFooter.fill(0x7f, bytes.length - 200, bytes.length - 8);
    expect((await bench.refusal(bytes.subarray(0, bytes.length / 2))).code).toBe('file-truncated');
    expect((await bench.refusal(bytes.subarray(0, 5))).code).toBe('file-truncated');
    expect((await bench.refusal(damaged)).code).toBe('file-corrupt');
    expect((await bench.refusal(noFooter)).code).toBe('file-corrupt');
    expect((await bench.refusal(await parquet('none', 'SELECT 1 AS a WHERE false'))).code).toBe('file-without-rows');
  });
});

describe('Arrow', () => {
  const column = <T extends DataType>(type: T, values: readonly unknown[]): Vector<T> => {
    const builder = makeBuilder({ type, nullValues: [null] });
    for (const value of values) builder.append(value as T['TValue'] | null);
    return builder.finish().toVector();
  };
  const rows = 5000;
  const values = Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? null : Math.sin(row)));
  const table = (): Table => new Table({ at: column(new TimestampMillisecond(), Array.from({ length: rows }, (_, row) => 1.6e12 + row * 60_000)), x: column(new Float64(), values), whole: column(new Int32(), Array.from({ length: rows }, (_, row) => row - 10)), yes: column(new Bool(), Array.from({ length: rows }, (_, row) => row % 3 === 0)) });

  it.each([
    ['file', 'none', (bytes: Uint8Array) => bytes],
    ['stream', 'none', (bytes: Uint8Array) => bytes],
    ['stream', 'gzip', (bytes: Uint8Array) => gzipSync(bytes)],
    ['file', 'gzip', (bytes: Uint8Array) => gzipSync(bytes)],
  ] as const)('reads a %s, compressed by %s', async (kind, compression, pack) => {
    const data = await bench.import(pack(tableToIPC(table(), kind)));
    expect(data).toMatchObject({ series: ['x', 'whole', 'yes'], rows, from: '2020-09-13T12:26:40Z', report: { format: 'arrow', compression, frequency: { every: '1min' } } });
    expect(data.report.missingCells.count).toBe(Math.ceil(rows / 7));
    const stored = await storedRows(bench, data);
    expect(stored.map(([, x]) => x)).toEqual(values);
    expect(stored[4999]?.slice(2)).toEqual([4989, 0]);
  });

  it('reads time in every unit, decimals, halves of floats, and 64-bit epochs', async () => {
    const instants = <T extends Timestamp>(type: T, value: bigint): Vector<T> => new Vector([makeData({ type, length: 1, data: BigInt64Array.of(value) })]);
    const micros = '2023-11-14T22:13:20.123456Z';
    const units: Array<[Vector, string]> = [
      [instants(new TimestampSecond(), 1_700_000_000n), '2023-11-14T22:13:20Z'],
      [instants(new TimestampMillisecond(), 1_700_000_000_123n), '2023-11-14T22:13:20.123Z'],
      [instants(new TimestampMicrosecond(), 1_700_000_000_123_456n), micros],
      [instants(new TimestampNanosecond(), 1_700_000_000_123_456_789n), micros],
      [instants(new TimestampNanosecond(), -1n), '1969-12-31T23:59:59.999999Z'],
      [new Vector([makeData({ type: new Int64(), length: 1, data: BigInt64Array.of(1_700_000_000_123_456_789n) })]), micros],
      [column(new DateDay(), [new Date(Date.UTC(2024, 1, 29))]), '2024-02-29'],
    ];
    for (const [at, from] of units) {
      expect(await bench.import(tableToIPC(new Table({ at, x: column(new Float32(), [0.5]) }), 'stream'), { time: 'at' }), from).toMatchObject({ from, series: ['x'] });
    }
    const decimal = new Decimal(2, 20);
    const data = await bench.import(tableToIPC(new Table({ d: column(decimal, [Uint32Array.of(12_345, 0, 0, 0), Uint32Array.of(0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff)]), x: column(new Float64(), [1, 2]) }), 'stream'));
    expect((await storedRows(bench, data)).map(([, d]) => d)).toEqual([123.45, -0.01]);
  });

  it('reads buffers that are compressed by Zstandard', async () => {
    compressionRegistry.set(CompressionType.ZSTD, { encode: (bytes) => zstdCompressSync(bytes), decode: (bytes) => zstdDecompressSync(bytes) });
    const writer = new RecordBatchStreamWriter({ compressionType: CompressionType.ZSTD });
    writer.writeAll(table());
    const bytes = await writer.finish().toUint8Array();
    expect(bytes.length).toBeLessThan(tableToIPC(table(), 'stream').length);
    expect((await storedRows(bench, await bench.import(bytes))).map(([, x]) => x)).toEqual(values);
  });

  it('reads keys, plain and as a dictionary', async () => {
    const at = column(new TimestampMillisecond(), [0, 0, 86_400_000, 86_400_000]);
    const x = column(new Float64(), [1, 2, 3, 4]);
    for (const name of [vectorFromArray(['b', 'a', 'b', 'a'], new Utf8()), vectorFromArray(['b', 'a', 'b', 'a'], new Dictionary(new Utf8(), new Int32()))]) {
      expect(await bench.import(tableToIPC(new Table({ at, name, x }), 'file'))).toMatchObject({ shape: 'long', series: ['b', 'a'], timePoints: 2 });
    }
  });

  it('refuses one that is cut short, damaged, or without rows', async () => {
    const [file, stream] = [tableToIPC(table(), 'file'), tableToIPC(table(), 'stream')];
    const damaged = Buffer.from(stream);
    damaged.fill(0xee, 16, 200);
    expect((await bench.refusal(file.subarray(0, 50_000))).code).toBe('file-truncated');
    expect((await bench.refusal(stream.subarray(0, 50_000))).code).toBe('file-truncated');
    expect(['file-corrupt', 'file-truncated']).toContain((await bench.refusal(damaged)).code);
    expect((await bench.refusal(tableToIPC(new Table({ x: column(new Float64(), []) }), 'stream'))).code).toBe('file-without-rows');
  });
});

describe('LZ4 frames', () => {
  /** A frame of one uncompressed block, as encoders write for bytes that do not shrink. */
  const stored = (bytes: Uint8Array): Uint8Array => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE((bytes.length | 0x8000_0000) >>> 0);
    return Buffer.concat([Buffer.from('04224d186040', 'hex'), Buffer.from([0x82]), size, bytes, Buffer.alloc(4)]);
  };
  const block = (bytes: readonly number[]): Uint8Array => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bytes.length);
    return Buffer.concat([Buffer.from('04224d18604082', 'hex'), size, Buffer.from(bytes), Buffer.alloc(4)]);
  };

  it('copies stored blocks', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
    expect(Buffer.from(decodeLz4Frame(stored(bytes)))).toEqual(Buffer.from(bytes));
  });

  it('repeats bytes, also those that it is just writing', () => {
    // 3 literals, then 17 bytes from 3 back; then one literal.
    expect(Buffer.from(decodeLz4Frame(block([0x3d, 97, 98, 99, 3, 0, 0x10, 33]))).toString()).toBe(`${'abc'.repeat(6)}ab!`);
    // Lengths of 15 and more go on in further bytes: 1 literal and 4 + 15 + 255 + 10 copies of it.
    expect(Buffer.from(decodeLz4Frame(block([0x1f, 97, 1, 0, 255, 10, 0x10, 33]))).toString()).toBe(`${'a'.repeat(285)}!`);
  });

  it.each([
    ['another magic number', Buffer.from('28b52ffd0000000000', 'hex')],
    ['an end within a block', block([0x3d, 97, 98, 99, 3, 0, 0x10, 33]).subarray(0, 14)],
    ['a copy from before the beginning', block([0x1f, 97, 9, 0, 0])],
    ['literals that are not there', block([0xf0, 200, 97])],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeLz4Frame(bytes)).toThrow('LZ4');
  });
});
