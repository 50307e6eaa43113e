/**
 * What the page computes by itself while one looks at series: a rolling statistic of each, and the correlation of every
 * pair over the rows in sight. Kernels of gpu.js in float32 where they run, plain TypeScript otherwise.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Block, RollingKind } from '@corrente/shared/portable/block';
import { correlationTiles, type CorrelationMethod } from '@corrente/shared/portable/correlation';
import { openGpu, type Gpu } from '@corrente/shared/portable/gpu';
import { gpuRollingBlocks } from '@corrente/shared/portable/gpu-rolling';
import type { PaceOptions } from '@corrente/shared/portable/pace';
import { rollingBlocks } from '@corrente/shared/portable/rolling';

export interface Average {
  readonly kind: RollingKind;
  /** Rows. */
  readonly window: number;
}

/** What is correlated: the values as they are, their log returns, or the lines of the average. */
export type Correlated = 'values' | 'log-returns' | 'average';

export interface PairsInSight {
  readonly method: Extract<CorrelationMethod, 'pearson' | 'spearman'>;
  readonly of: Correlated;
  /** Rows [from, to). */
  readonly from: number;
  readonly to: number;
}

export interface ExploreRequest {
  readonly average: Average | null;
  readonly pairs: PairsInSight | null;
}

export interface ExploreAnswer {
  /** [series × length], NaN where the window is not full; null where no average was asked for. */
  readonly lines: Float32Array<ArrayBuffer> | null;
  /** [series × series]; null where no correlation was asked for. */
  readonly r: Float32Array<ArrayBuffer> | null;
  /** Where it was computed, in words: WebGPU, WebGL, WebAssembly or JavaScript. */
  readonly backend: string;
  readonly milliseconds: number;
}

export class Explorer {
  /** Opened with the first request, once. */
  #gpu: Promise<Gpu | null> | null = null;
  readonly #open: () => Promise<Gpu>;

  constructor(open: () => Promise<Gpu> = openGpu) {
    this.#open = open;
  }

  /** Throws `cancelled` soon after the signal is aborted. */
  async answer(block: Block, request: ExploreRequest, options: PaceOptions = {}): Promise<ExploreAnswer> {
    this.#gpu ??= usableGpu(this.#open);
    const gpu = await this.#gpu;
    try {
      return await answerOn(gpu, block, request, options);
    } catch (error) {
      // A page may lose its graphics device at any time; what it was asked for is computed all the same.
      if (gpu === null || !(error instanceof CorrenteError) || error.code !== 'device-error') throw error;
      this.#gpu = Promise.resolve(null);
      return answerOn(null, block, request, options);
    }
  }
}

/** gpu.js, if one of its kernels gives the right answer here: a page may forbid what a backend needs. */
async function usableGpu(open: () => Promise<Gpu>): Promise<Gpu | null> {
  try {
    const gpu = await open();
    const [sum] = await gpuRollingBlocks(gpu, { values: Float64Array.of(1, 2, 4), series: 1, length: 3, stride: 3 }, [{ kind: 'sum', window: 2, ddof: 0 }], {});
    return sum?.[2] === 6 ? gpu : null;
  } catch {
    return null;
  }
}

async function answerOn(gpu: Gpu | null, block: Block, { average, pairs }: ExploreRequest, options: PaceOptions): Promise<ExploreAnswer> {
  const started = performance.now();
  const lines = average === null ? null : await linesOf(gpu, block, average, options);
  const r = pairs === null ? null : await matrixOf(gpu, block, pairs, lines, options);
  return { lines, r, backend: gpu?.backend ?? 'JavaScript', milliseconds: performance.now() - started };
}

async function linesOf(gpu: Gpu | null, block: Block, { kind, window }: Average, options: PaceOptions): Promise<Float32Array<ArrayBuffer>> {
  const requests = [{ kind, window, ddof: 1 }];
  const [lines] = gpu === null ? await rollingBlocks(block, requests, options) : await gpuRollingBlocks(gpu, block, requests, options);
  return Float32Array.from(lines ?? []);
}

async function matrixOf(gpu: Gpu | null, block: Block, { method, of, from, to }: PairsInSight, lines: Float32Array | null, options: PaceOptions): Promise<Float32Array<ArrayBuffer>> {
  const { series } = block;
  const rows = { rowFrom: 0, rowTo: series, colFrom: 0, colTo: series };
  const { tile } = await correlationTiles(correlated(block, of, from, to, lines), { method, ddof: 1 }, gpu, options);
  return Float32Array.from((await tile(rows, options)).r);
}

/** Rows [from, to) of what is correlated. Log returns are those within the range: its first row has none. */
function correlated({ values, series, length, stride }: Block, of: Correlated, from: number, to: number, lines: Float32Array | null): Block {
  const width = to - from;
  const wanted = new Float64Array(series * width);
  for (let s = 0; s < series; s++) {
    for (let t = 0; t < width; t++) {
      const at = from + t;
      const value = values[s * stride + at]!;
      wanted[s * width + t] = of === 'values' ? value : of === 'average' ? (lines?.[s * length + at] ?? Number.NaN) : t === 0 ? Number.NaN : logReturn(values[s * stride + at - 1]!, value);
    }
  }
  return { values: wanted, series, length: width, stride: width };
}

/** NaN where one of the two is not positive, or missing. */
const logReturn = (before: number, now: number): number => (before > 0 && now > 0 ? Math.log(now / before) : Number.NaN);
