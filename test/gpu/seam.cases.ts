/**
 * Cases of the CUDA engine that reach where its work is cut: chunks of rows, panels of series, spans of values, stages of
 * pinned memory. How much data that takes depends on the device, so the cases take its sizes.
 */
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import { movingAverage } from '@corrente/shared/contract/analyses/moving-average';
import type { Precision } from '@corrente/shared/contract/engine';
import type { Columns, CorrelationTile, RollingKind, RollingRequest } from '../../packages/compute/src/engine/contract.ts';
import type { NativeEngine } from '../../packages/compute/src/engine/native.ts';
import { assertClose, assertSameBits } from '../../packages/compute/test/oracle/compare.ts';
import { pearsonOracle } from '../../packages/compute/test/oracle/correlation.ts';
import { rollingOracle } from '../../packages/compute/test/oracle/rolling.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../packages/compute/test/series/columns.ts';
import { gaussian, uniform } from '../../packages/compute/test/series/random.ts';

export interface SeamSizes {
  /** More than a thread block sums products over. */
  readonly rows: number;
  /** More than two panels hold. */
  readonly series: number;
  /** More than several spans hold. */
  readonly values: number;
}

export interface SeamCase {
  readonly name: string;
  readonly run: (engine: NativeEngine) => Promise<void>;
}

const precisions: readonly Precision[] = ['f64', 'f32'];

async function matrix(engine: NativeEngine, columns: Columns, precision: Precision, rectangle?: readonly [number, number, number, number]): Promise<CorrelationTile> {
  const session = await engine.openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision });
  try {
    return await session.tile(...(rectangle ?? ([0, columns.series, 0, columns.series] as const)), { precision });
  } finally {
    session.close();
  }
}

/** `count` places of the matrix, drawn from a seed, and the whole diagonal, against the oracle. */
function assertPairs(columns: Columns, { r, n }: CorrelationTile, count: number, precision: Precision): void {
  const { series } = columns;
  const drawn = Array.from({ length: count }, (_, i) => Math.floor(uniform(81, i) * series * series));
  const places = [...drawn, ...Array.from({ length: series }, (_, s) => s * series + s)];
  const oracle = places.map((place) => pearsonOracle(seriesOf(columns, Math.floor(place / series)), seriesOf(columns, place % series)));
  const inWords = (i: number): string => `series ${Math.floor((places[i] ?? 0) / series)} and ${(places[i] ?? 0) % series} of ${series}`;
  assertClose(places.map((place) => r[place] ?? Number.NaN), oracle.map((pair) => pair.r), { tolerance: () => correlation.tolerance[precision], place: (i) => `r of ${inWords(i)}` });
  assertSameBits(places.map((place) => (typeof n === 'number' ? n : (n[place] ?? Number.NaN))), oracle.map((pair) => pair.n), (i) => `n of ${inWords(i)}`);
}

function assertSymmetric({ r }: CorrelationTile, series: number): void {
  assertSameBits(r, r.map((_, at) => r[(at % series) * series + Math.floor(at / series)] ?? Number.NaN), (at) => `r at ${Math.floor(at / series)}, ${at % series}`);
}

const placeInTile = (at: number): string => `place ${at} of the inner tile`;

/** A tile that begins and ends within panels has the bits of the whole. */
async function checkInnerTile(engine: NativeEngine, columns: Columns, whole: CorrelationTile, precision: Precision): Promise<void> {
  const { series } = columns;
  const [rowFrom, rowTo, colFrom, colTo] = [5, series - 3, 60, Math.min(series, 200)];
  const tile = await matrix(engine, columns, precision, [rowFrom, rowTo, colFrom, colTo]);
  const width = colTo - colFrom;
  const inWhole = (values: ArrayLike<number>): number[] =>
    Array.from({ length: (rowTo - rowFrom) * width }, (_, at) => values[(rowFrom + Math.floor(at / width)) * series + colFrom + (at % width)] ?? Number.NaN);
  assertSameBits(tile.r, inWhole(whole.r), placeInTile);
  if (typeof tile.n !== 'number' && typeof whole.n !== 'number') assertSameBits(tile.n, inWhole(whole.n), placeInTile);
}

/** With a limit on the device memory that counts as free. */
export async function withDeviceBytes<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  process.env['CORRENTE_CUDA_MEMORY_BYTES'] = String(bytes);
  try {
    return await work();
  } finally {
    delete process.env['CORRENTE_CUDA_MEMORY_BYTES'];
  }
}

/** Four fifths of it, which panels may take, hold two panels of 128 series and half of one. */
const bytesForTwoPanels = (rows: number): number => (5 / 4) * 2.5 * 128 * (8 * rows + 8 * Math.ceil(rows / 16) * 16 + 4 * Math.ceil(rows / 32) + 4);

async function checkStreaming(engine: NativeEngine, columns: Columns, precision: Precision): Promise<void> {
  const whole = await matrix(engine, columns, precision);
  const streamed = await withDeviceBytes(Math.ceil(bytesForTwoPanels(columns.length)), () => matrix(engine, columns, precision));
  assertSameBits(streamed.r, whole.r, (at) => `r at place ${at}`);
  if (typeof whole.n !== 'number') assertSameBits(typeof streamed.n === 'number' ? [streamed.n] : streamed.n, whole.n, (at) => `n at place ${at}`);
}

async function checkRefusal(engine: NativeEngine, columns: Columns): Promise<void> {
  const outcome = await withDeviceBytes(1000, () => matrix(engine, columns, 'f64').then(() => 'success', String));
  if (!/two panels .* need \d+ bytes/.test(outcome)) throw new Error(`got ${outcome}, expected an error that tells the bytes needed`);
}

/** The series' average from a plain recursion, with no compensation: near enough for the tolerance. */
function emaOf(values: Float64Array, window: number): Float64Array {
  const alpha = 2 / (window + 1);
  let [present, sum, average] = [0, 0, Number.NaN];
  return values.map((value) => {
    if (Number.isNaN(value)) return Number.NaN;
    present += 1;
    if (present <= window) sum += value;
    if (present < window) return Number.NaN;
    average = present === window ? sum / window : average + alpha * (value - average);
    return average;
  });
}

/** Rows drawn from a seed, fewer for windows that take long to sum plainly, and those around the first full window. */
function rowsToCheck(length: number, window: number): number[] {
  const drawn = Array.from({ length: window > 10_000 ? 50 : 300 }, (_, i) => Math.floor(uniform(82, i) * length));
  return [...drawn, window - 2, window - 1, window, length - 1].filter((t) => t >= 0 && t < length);
}

function expectedAt(values: Float64Array, ema: Float64Array, request: RollingRequest, t: number): number {
  if (request.kind === 'ema') return ema[t] ?? Number.NaN;
  if (t < request.window - 1) return Number.NaN;
  return rollingOracle(values.subarray(t - request.window + 1, t + 1), request).expected.at(-1) ?? Number.NaN;
}

async function checkSpans(engine: NativeEngine, columns: Columns, windows: readonly number[], kinds: readonly RollingKind[], precision: Precision): Promise<void> {
  const requests = windows.flatMap((window) => kinds.map((kind) => ({ kind, window, ddof: 1 })));
  const blocks = await engine.rolling(columns, requests, { precision });
  for (const [i, request] of requests.entries()) {
    for (const s of new Set([0, columns.series >> 1, columns.series - 1])) {
      const values = seriesOf(columns, s);
      const ema = request.kind === 'ema' ? emaOf(values, request.window) : values;
      const rows = rowsToCheck(columns.length, request.window);
      const got = rows.map((t) => blocks[i]?.[s * columns.length + t] ?? Number.NaN);
      const expected = rows.map((t) => expectedAt(values, ema, request, t));
      // Gaussian values about 1: none is above 10.
      assertClose(got, expected, { tolerance: () => 10 * movingAverage.tolerance[precision], place: (k) => `${request.kind} of ${request.window}, series ${s}, row ${rows[k]}` });
    }
  }
}

const kinds: readonly RollingKind[] = ['mean', 'std', 'min', 'max', 'ema', 'wma'];

/** Values that already lie in pinned memory go straight over the bus. */
async function checkPinned(engine: NativeEngine, columns: Columns): Promise<void> {
  const buffer = engine.allocate(columns.values.byteLength);
  const pinned = new Float64Array(buffer);
  pinned.set(columns.values);
  const requests: RollingRequest[] = kinds.map((kind) => ({ kind, window: 50, ddof: 0 }));
  const [plain, straight] = [await engine.rolling(columns, requests, { precision: 'f64' }), await engine.rolling({ ...columns, values: pinned }, requests, { precision: 'f64' })];
  for (const [i, { kind }] of requests.entries()) assertSameBits(straight[i] ?? [], plain[i] ?? [], (at) => `${kind} of 50, value ${at}`);
  engine.release(buffer);
}

export const inBoth = (name: string, run: (engine: NativeEngine, precision: Precision) => Promise<void>): SeamCase[] =>
  precisions.map((precision) => ({ name: `${name} (${precision})`, run: (engine) => run(engine, precision) }));

const oneLongSeries = (values: number): Columns => columnsOf([Float64Array.from({ length: values }, (_, t) => (t % 9973 === 5 ? Number.NaN : 1 + gaussian(83, t)))]);

export function seamCases({ rows, series, values }: SeamSizes): SeamCase[] {
  return [
    ...[0, 0.1].flatMap((missing) => [
      ...inBoth(`correlation: 4 × ${rows}, sums over several chunks of rows, missing ${missing}`, async (engine, precision) => {
        const columns = gaussianColumns(4, rows, { seed: 84, missing });
        assertPairs(columns, await matrix(engine, columns, precision), 16, precision);
      }),
      ...inBoth(`correlation: ${series} series in several panels, missing ${missing}`, async (engine, precision) => {
        const columns = gaussianColumns(series, 50, { seed: 85, missing });
        const whole = await matrix(engine, columns, precision);
        assertPairs(columns, whole, 400, precision);
        assertSymmetric(whole, series);
        await checkInnerTile(engine, columns, whole, precision);
      }),
      ...inBoth(`correlation: room for two panels at a time gives the same bits, missing ${missing}`, (engine, precision) =>
        checkStreaming(engine, gaussianColumns(series, 70, { seed: 86, missing }), precision),
      ),
    ]),
    ...inBoth('correlation: complete panels beside one with missing values', async (engine, precision) => {
      const columns = gaussianColumns(series, 50, { seed: 87 });
      columns.values[3 * columns.stride + 11] = Number.NaN;
      assertPairs(columns, await matrix(engine, columns, precision), 400, precision);
    }),
    { name: 'correlation: no room for two panels is an error that tells the bytes needed', run: (engine) => checkRefusal(engine, gaussianColumns(series, 50, { seed: 88 })) },
    ...inBoth(`rolling: one series of ${values} values in spans`, (engine, precision) => checkSpans(engine, oneLongSeries(values), [1, 50, 300], kinds, precision)),
    ...inBoth(`rolling: long windows over one series of ${values} values`, (engine, precision) =>
      checkSpans(engine, oneLongSeries(values), [1100, Math.min(60_000, Math.floor(values / 3))], ['mean', 'std', 'min', 'max', 'wma'], precision),
    ),
    ...inBoth(`rolling: 40 series of ${Math.floor(values / 20)} values, padded, several to a span`, (engine, precision) =>
      checkSpans(engine, gaussianColumns(40, Math.floor(values / 20), { seed: 89, missing: 0.001, padding: 3 }), [2, 20, 700], kinds, precision),
    ),
    { name: 'rolling: values in pinned memory give the same bits', run: (engine) => checkPinned(engine, gaussianColumns(3, values, { seed: 90 })) },
  ];
}
