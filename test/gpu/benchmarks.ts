/**
 * How fast the CUDA engine is: the whole of an operation as JavaScript sees it (transfers included), and its kernels
 * alone, from the trace that the addon writes (transfers excluded). Beside each stands what the device could do.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Precision } from '@corrente/shared/contract/engine';
import type { Columns, RollingRequest } from '../../packages/compute/src/engine/contract.ts';
import type { NativeEngine } from '../../packages/compute/src/engine/native.ts';
import { type DevicePeak, peakOf } from './devices.ts';

export interface Measurement {
  readonly name: string;
  readonly precision: Precision;
  /** Seconds of the whole operation: the median, and the fastest, of `runs`. */
  readonly seconds: number;
  readonly fastest: number;
  readonly runs: number;
  /** Values estimated in one run, and seconds of each; null where the operation estimates nothing. */
  readonly estimates: number | null;
  readonly secondsPerEstimate: number | null;
  /** Seconds in kernels, in one run of its own; and of each kernel. */
  readonly kernelSeconds: number;
  readonly kernels: Readonly<Record<string, number>>;
  readonly operations: number;
  /** Bytes that cross the bus, and that the device's memory must be read or written at least. */
  readonly busBytes: number;
  readonly memoryBytes: number;
  readonly peak: DevicePeak | null;
}

export interface Benchmark {
  readonly name: string;
  readonly precision: Precision;
  readonly runs: number;
  readonly columns: () => Columns;
  /** Does the work once and gives its memory back; how many values it estimated, where it estimates any. */
  readonly run: (engine: NativeEngine, columns: Columns) => Promise<number | void>;
  readonly operations: number;
  readonly busBytes: number;
  readonly memoryBytes: number;
}

/** Reproducible values about 0, quickly: a 32-bit mixer (lowbias32, C. Wellons 2018), four draws summed. */
export function noise(series: number, length: number): Columns {
  const values = new Float64Array(series * length);
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (let k = 0; k < 4; k++) {
      let x = (4 * i + k) | 0;
      x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
      x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
      sum += (x ^ (x >>> 16)) | 0;
    }
    values[i] = sum / 2 ** 32;
  }
  return { values, series, length, stride: length };
}

export const wordBytes = (precision: Precision): number => (precision === 'f64' ? 8 : 4);

/** The matrix on and above the diagonal, in tiles of `tileRows` rows, as the analysis asks for a large one. */
function correlation(series: number, length: number, precision: Precision, tileRows: number, runs: number, missing = false): Benchmark {
  const word = wordBytes(precision);
  const results = Array.from({ length: Math.ceil(series / tileRows) }, (_, i) => (Math.min(series, (i + 1) * tileRows) - i * tileRows) * (series - i * tileRows)).reduce((a, b) => a + b, 0);
  const resultBytes = results * (missing ? word + 4 : word);
  return {
    name: `correlation ${series} × ${length}${tileRows < series ? ` in tiles of ${tileRows} rows` : ''}${missing ? ', values missing' : ''}`,
    precision,
    runs,
    columns: () => {
      const columns = noise(series, length);
      if (missing) for (let i = 0; i < columns.values.length; i += 97) columns.values[i] = Number.NaN;
      return columns;
    },
    run: async (engine, columns) => {
      const session = await engine.openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision });
      try {
        for (let row = 0; row < series; row += tileRows) {
          const { r, n } = await session.tile(row, Math.min(series, row + tileRows), row, series, { precision });
          engine.release(r.buffer);
          if (typeof n !== 'number') engine.release(n.buffer);
        }
      } finally {
        session.close();
      }
    },
    operations: (missing ? 5 : 1) * series * (series + 1) * length,
    busBytes: series * length * 8 + resultBytes,
    memoryBytes: series * length * (8 + 2 * word) + resultBytes,
  };
}

/** What one request costs: its name, and operations for each value, about. */
interface RollingWork {
  readonly name: string;
  readonly request: RollingRequest;
  readonly operations: number;
}

/** By the counts at the heads of native/kernels/cuda/rolling_*.cuh. */
function rollingWork(kind: 'mean' | 'std' | 'skew' | 'median' | 'weighted', window: number): RollingWork {
  const operations = { mean: 3, std: 9 * 10, skew: (15 + Math.max(0, Math.log2(window / 16))) * 35, median: 66 + 40, weighted: 2 * window };
  const weights = kind === 'weighted' ? { weights: Float64Array.from({ length: window }, (_, i) => (i + 1) / window) } : {};
  return { name: `rolling ${kind} of ${window}`, request: { kind, window, ddof: 1, ...weights }, operations: operations[kind] };
}

function rolling({ name, request, operations }: RollingWork, series: number, length: number, precision: Precision, runs: number): Benchmark {
  const bytes = series * length * (8 + wordBytes(precision));
  return {
    name: `${name}, ${series} × ${length}`,
    precision,
    runs,
    columns: () => noise(series, length),
    run: async (engine, columns) => {
      const blocks = await engine.rolling(columns, [request], { precision });
      for (const block of blocks) engine.release(block.buffer);
    },
    operations: series * length * operations,
    busBytes: bytes,
    memoryBytes: bytes,
  };
}

const benchmarks: readonly Benchmark[] = [
  correlation(470, 1258, 'f64', 470, 15),
  correlation(470, 1258, 'f32', 470, 15),
  correlation(470, 1258, 'f64', 470, 15, true),
  correlation(2000, 2500, 'f64', 2000, 9),
  correlation(2000, 2500, 'f32', 2000, 9),
  correlation(2000, 2500, 'f64', 2000, 9, true),
  correlation(100, 1_000_000, 'f64', 100, 5),
  correlation(20_000, 2520, 'f64', 2000, 3),
  correlation(20_000, 2520, 'f32', 2000, 3),
  rolling(rollingWork('mean', 50), 1, 10_000_000, 'f64', 9),
  rolling(rollingWork('mean', 50), 1, 10_000_000, 'f32', 9),
  rolling(rollingWork('mean', 100_000), 1, 10_000_000, 'f64', 9),
  rolling(rollingWork('mean', 50), 500, 100_000, 'f64', 7),
  ...(['std', 'median', 'weighted', 'skew'] as const).flatMap((kind) => [
    rolling(rollingWork(kind, 50), 1, 10_000_000, 'f64', 9),
    rolling(rollingWork(kind, 50), 500, 1259, 'f64', 15),
  ]),
];

/** Runs the work with the addon's trace on, and adds up the seconds of each kernel. */
async function traced(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'corrente-trace-'));
  const file = join(folder, 'kernels.jsonl');
  process.env['CORRENTE_CUDA_TRACE'] = file;
  try {
    await work();
    const seconds: Record<string, number> = {};
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line === '') continue;
      const { kernel, milliseconds } = JSON.parse(line) as { kernel: string; milliseconds: number };
      seconds[kernel] = (seconds[kernel] ?? 0) + milliseconds / 1000;
    }
    return seconds;
  } finally {
    delete process.env['CORRENTE_CUDA_TRACE'];
    rmSync(folder, { recursive: true });
  }
}

async function measure(engine: NativeEngine, benchmark: Benchmark): Promise<Measurement> {
  const { name, precision, runs, operations, busBytes, memoryBytes } = benchmark;
  const columns = benchmark.columns();
  // The first run pins memory and loads kernels.
  const estimates = (await benchmark.run(engine, columns)) ?? null;
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await benchmark.run(engine, columns);
    times.push((performance.now() - start) / 1000);
  }
  times.sort((a, b) => a - b);
  const kernels = await traced(() => benchmark.run(engine, columns));
  const kernelSeconds = Object.values(kernels).reduce((a, b) => a + b, 0);
  const seconds = times[runs >> 1] ?? Number.NaN;
  const secondsPerEstimate = estimates === null ? null : seconds / estimates;
  return { name, precision, seconds, estimates, secondsPerEstimate, fastest: times[0] ?? Number.NaN, runs, kernelSeconds, kernels, operations, busBytes, memoryBytes, peak: peakOf(engine.info().device) };
}

const giga = (value: number): string => (value / 1e9).toPrecision(3);

function rate(achieved: number, possible: number | undefined, unit: string): string {
  return possible === undefined ? `${giga(achieved)} ${unit}` : `${giga(achieved)} of ${giga(possible)} ${unit} (${((100 * achieved) / possible).toFixed(0)} %)`;
}

/** The measurement in three lines, with estimates four: the whole, each estimate, the kernels' arithmetic and memory. */
export function inWords(m: Measurement): string {
  return [
    `${m.name} (${m.precision})`,
    `  transfers included: ${(1e3 * m.seconds).toPrecision(4)} ms, ${giga(m.operations / m.seconds)} GFLOP/s, over the bus ${rate(m.busBytes / m.seconds, m.peak?.bus, 'GB/s')}`,
    ...(m.secondsPerEstimate === null ? [] : [`  each of ${m.estimates} estimates: ${(1e6 * m.secondsPerEstimate).toPrecision(4)} µs`]),
    `  kernels alone:      ${(1e3 * m.kernelSeconds).toPrecision(4)} ms, ${rate(m.operations / m.kernelSeconds, m.peak?.[m.precision], 'GFLOP/s')}, memory at least ${rate(m.memoryBytes / m.kernelSeconds, m.peak?.memory, 'GB/s')}`,
  ].join('\n');
}

/** All benchmarks in turn, each told to `report` when it is done. */
export async function measureAll(engine: NativeEngine, more: readonly Benchmark[], report: (measurement: Measurement) => void): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const benchmark of [...benchmarks, ...more]) {
    const measurement = await measure(engine, benchmark);
    report(measurement);
    measurements.push(measurement);
  }
  return measurements;
}
