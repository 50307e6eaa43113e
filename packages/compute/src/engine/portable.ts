/**
 * The portable engine: runs wherever JavaScript does. float64 is plain TypeScript over typed arrays; float32 runs on
 * gpu.js, whose kernels take WebGPU where the machine has it, and otherwise WebGL, WebAssembly or JavaScript.
 */
import { totalmem } from 'node:os';
import type { EngineInfo, Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Rectangle } from '@corrente/shared/portable/block';
import { checkRectangle, checkRequests } from '@corrente/shared/portable/check';
import { invertSymmetric, symmetricEigen } from '@corrente/shared/portable/dense';
import { openGpu, type Gpu } from '@corrente/shared/portable/gpu';
import { gpuPearsonTile, prepareGpuPearson } from '@corrente/shared/portable/gpu-pearson';
import { gpuRollingBlocks } from '@corrente/shared/portable/gpu-rolling';
import { openInformation, type PortableInformation } from '@corrente/shared/portable/information';
import { preparePearson, pearsonTile } from '@corrente/shared/portable/pearson';
import { rollingBlocks } from '@corrente/shared/portable/rolling';
import { selectPairs } from '@corrente/shared/portable/select-pairs';
import type { Columns, CorrelationRequest, CorrelationSession, CorrelationTile, Eigensystem, Engine, InformationSession, LeadLagSession, NeighbourRule, OpOptions, Reals, RollingCorrelationSession, RollingRequest } from './contract.ts';

/** Raised whenever the engine's numbers can change. */
const version = '1';

const doubleDevice = 'JavaScript';

type TileOf = (rectangle: Rectangle, options: OpOptions) => Promise<CorrelationTile>;

export class PortableEngine implements Engine {
  readonly name = 'portable';
  #opening: Promise<Gpu> | null = null;
  #gpu: Gpu | null = null;

  info(): EngineInfo {
    return {
      name: 'portable',
      available: true,
      whyNot: null,
      device: `${doubleDevice} for float64, gpu.js ${this.#gpu === null ? '(not opened yet)' : `on ${this.#gpu.backend}`} for float32`,
      memoryBytes: totalmem(),
      threads: 1,
      precisions: ['f64', 'f32'],
      version,
    };
  }

  /** The device of a job in this precision, in words; under f32 gpu.js is loaded to know it. */
  async deviceFor(precision: Precision): Promise<string> {
    return precision === 'f64' ? `${doubleDevice}, one thread` : `gpu.js on ${(await this.openSingle()).backend}`;
  }

  /** Loads gpu.js, once; the first work under f32 does so in any case. */
  async openSingle(): Promise<Gpu> {
    this.#opening ??= openGpu();
    this.#gpu = await this.#opening;
    return this.#gpu;
  }

  async openCorrelation(columns: Columns, { method }: CorrelationRequest, options: OpOptions): Promise<CorrelationSession> {
    if (method !== 'pearson') throw new CorrenteError('method-unsupported', `correlation: the portable engine computes pearson, the job asks for ${method}.`);
    const { precision } = options;
    const tileOf = precision === 'f64' ? await this.#openDouble(columns, options) : await this.#openSingle(columns, options);
    let open = true;
    return {
      async tile(rowFrom, rowTo, colFrom, colTo, tileOptions) {
        const rectangle = { rowFrom, rowTo, colFrom, colTo };
        checkRectangle(rectangle, columns.series);
        if (!open) throw new CorrenteError('internal', 'correlation: the session is closed.');
        if (tileOptions.precision !== precision) throw new CorrenteError('internal', `correlation: the tile asks for ${tileOptions.precision}, the session was opened for ${precision}.`);
        return tileOf(rectangle, tileOptions);
      },
      async strongest(rowFrom, rowTo, colFrom, colTo, selection, selectOptions) {
        const rectangle = { rowFrom, rowTo, colFrom, colTo };
        checkRectangle(rectangle, columns.series);
        if (!open) throw new CorrenteError('internal', 'strongest pairs: the session is closed.');
        if (selectOptions.precision !== precision) throw new CorrenteError('internal', `strongest pairs: asked for in ${selectOptions.precision}, the session was opened for ${precision}.`);
        const pairs = await selectPairs((part, onProgress) => tileOf(part, { ...selectOptions, onProgress }), rectangle, selection, selectOptions.onProgress ?? (() => {}));
        const r = Float64Array.from(pairs, (pair) => pair.r);
        return { a: Int32Array.from(pairs, ({ a }) => a), b: Int32Array.from(pairs, ({ b }) => b), r: precision === 'f32' ? Float32Array.from(r) : r, n: Int32Array.from(pairs, ({ n }) => n) };
      },
      close() {
        open = false;
      },
    };
  }

  async openLeadLag(): Promise<LeadLagSession> {
    throw new CorrenteError('method-unsupported', 'lead-lag: the portable engine has no correlation at lags; with a C++ compiler and make on the machine the cpu engine is built, which has it.');
  }

  async openRollingCorrelation(): Promise<RollingCorrelationSession> {
    throw new CorrenteError('method-unsupported', 'rolling correlation: the portable engine has none; with a C++ compiler and make on the machine the cpu engine is built, which has it.');
  }

  async indicators(): Promise<Reals[][]> {
    throw new CorrenteError('method-unsupported', 'indicators: the portable engine has none. Install a C++ compiler and make, then install anew: that builds the cpu engine, which has them all.');
  }

  async rolling(columns: Columns, requests: readonly RollingRequest[], options: OpOptions): Promise<Reals[]> {
    checkRequests(requests, columns.length);
    if (options.precision === 'f64') return rollingBlocks(columns, requests, options);
    return gpuRollingBlocks(await this.openSingle(), columns, requests, options);
  }

  /** Under f32 as under f64 on one thread: what gpu.js would win on distances it loses on lists of unequal length. */
  async openInformation(target: Columns, condition: Columns, rule: NeighbourRule, options: OpOptions): Promise<InformationSession> {
    const { precision } = options;
    let information: PortableInformation | null = await openInformation(target, condition, rule, precision === 'f32', options);
    const opened = (asked: Precision): PortableInformation => {
      if (information === null) throw new CorrenteError('internal', 'information: the session is closed.');
      if (asked !== precision) throw new CorrenteError('internal', `information: asked for in ${asked}, the session was opened for ${precision}.`);
      return information;
    };
    return {
      estimate: async (requests, estimateOptions) => opened(estimateOptions.precision).estimate(requests, estimateOptions),
      counts: async (source, countOptions) => opened(countOptions.precision).counts(source, countOptions),
      close() {
        information = null;
      },
    };
  }

  async symmetricEigen(matrix: Float64Array, n: number, options: OpOptions): Promise<Eigensystem> {
    return symmetricEigen(matrix, n, options);
  }

  async invertSymmetric(matrix: Float64Array, n: number, options: OpOptions): Promise<Float64Array<ArrayBuffer> | null> {
    return invertSymmetric(matrix, n, options);
  }

  async #openDouble(columns: Columns, options: OpOptions): Promise<TileOf> {
    const prepared = await preparePearson(columns, options);
    return (rectangle, tileOptions) => pearsonTile(prepared, rectangle, tileOptions);
  }

  async #openSingle(columns: Columns, options: OpOptions): Promise<TileOf> {
    const gpu = await this.openSingle();
    const prepared = await prepareGpuPearson(columns, options);
    return (rectangle, tileOptions) => gpuPearsonTile(gpu, prepared, rectangle, tileOptions);
  }
}

/** Always there; gpu.js is loaded with the first work under f32. */
export function portableEngine(): PortableEngine {
  return new PortableEngine();
}
