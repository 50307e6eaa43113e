/**
 * The portable engine: runs wherever JavaScript does. float64 is plain TypeScript over typed arrays; float32 runs on
 * gpu.js, whose kernels take WebGPU where the machine has it, and otherwise WebGL, WebAssembly or JavaScript.
 */
import { totalmem } from 'node:os';
import type { EngineInfo, Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { checkRequests } from '@corrente/shared/portable/check';
import { correlationTiles } from '@corrente/shared/portable/correlation';
import { invertSymmetric, symmetricEigen } from '@corrente/shared/portable/dense';
import { openGpu, type Gpu } from '@corrente/shared/portable/gpu';
import { gpuRollingBlocks } from '@corrente/shared/portable/gpu-rolling';
import { openInformation, type PortableInformation } from '@corrente/shared/portable/information';
import { kMeans } from '@corrente/shared/portable/k-means';
import { leadLagTiles } from '@corrente/shared/portable/lead-lag';
import { matrixProfile } from '@corrente/shared/portable/matrix-profile';
import { rollingBlocks } from '@corrente/shared/portable/rolling';
import { rollingCorrelationTiles } from '@corrente/shared/portable/rolling-correlation';
import { selectPairs } from '@corrente/shared/portable/select-pairs';
import { PortableTrainer } from '@corrente/shared/portable/trainer/trainer';
import type { Columns, CorrelationRequest, CorrelationSession, Eigensystem, Engine, InformationSession, LeadLagRequest, LeadLagSession, NeighbourRule, OpOptions, Reals, RollingCorrelationRequest, RollingCorrelationSession, RollingRequest } from './contract.ts';
import type { Clusters, KMeansRequest, MatrixProfile, MatrixProfileRequest } from './contract.points.ts';
import type { TrainerRequest, TrainerSession, TrainingWindows } from './contract.trainer.ts';
import type { BoostedTrees, TreeEnsemble } from './contract.trees.ts';
import { pairSession, realsOf, trainerSession } from './portable-session.ts';

/** Raised whenever the engine's numbers can change. */
const version = '2';

const doubleDevice = 'JavaScript';

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

  async openCorrelation(columns: Columns, request: CorrelationRequest, options: OpOptions): Promise<CorrelationSession> {
    const { precision } = options;
    const { tile: tileOf, uniform } = await correlationTiles(columns, request, precision === 'f64' ? null : await this.openSingle(), options);
    const session = pairSession('correlation', columns.series, precision);
    return {
      async tile(rowFrom, rowTo, colFrom, colTo, tileOptions) {
        return tileOf(session.rectangle(rowFrom, rowTo, colFrom, colTo, tileOptions), tileOptions);
      },
      async strongest(rowFrom, rowTo, colFrom, colTo, selection, selectOptions) {
        const rectangle = session.rectangle(rowFrom, rowTo, colFrom, colTo, selectOptions);
        const pairs = await selectPairs((part, onProgress) => tileOf(part, { ...selectOptions, onProgress }), rectangle, selection, selectOptions.onProgress ?? (() => {}));
        return {
          a: Int32Array.from(pairs, ({ a }) => a),
          b: Int32Array.from(pairs, ({ b }) => b),
          r: realsOf(Float64Array.from(pairs, ({ r }) => r), precision),
          n: uniform ?? Int32Array.from(pairs, ({ n }) => n),
        };
      },
      close: session.close,
    };
  }

  async openLeadLag(columns: Columns, request: LeadLagRequest, options: OpOptions): Promise<LeadLagSession> {
    const { precision } = options;
    const tiles = await leadLagTiles(columns, request, precision === 'f32', options);
    const session = pairSession('lead-lag', columns.series, precision);
    return {
      async tile(rowFrom, rowTo, colFrom, colTo, tileOptions) {
        const { r, lag, n } = await tiles.tile(session.rectangle(rowFrom, rowTo, colFrom, colTo, tileOptions), tileOptions);
        return { r: realsOf(r, precision), lag, n };
      },
      async profile(a, b, profileOptions) {
        session.rectangle(a, a + 1, b, b + 1, profileOptions);
        const { r, n } = await tiles.profile(a, b, profileOptions);
        return { r: realsOf(r, precision), n };
      },
      close: session.close,
    };
  }

  async openRollingCorrelation(columns: Columns, request: RollingCorrelationRequest, options: OpOptions): Promise<RollingCorrelationSession> {
    const { precision } = options;
    const tiles = await rollingCorrelationTiles(columns, request, options);
    const session = pairSession('rolling correlation', columns.series, precision);
    return {
      windows: tiles.windows,
      async tile(rowFrom, rowTo, colFrom, colTo, tileOptions) {
        return realsOf(await tiles.tile(session.rectangle(rowFrom, rowTo, colFrom, colTo, tileOptions), tileOptions), precision);
      },
      close: session.close,
    };
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

  /** Under f32 as under f64 on one thread: steps depend on each other, and batches are small for gpu.js. */
  async openTrainer(windows: TrainingWindows, { model, loss, parameters }: TrainerRequest, { precision, signal }: OpOptions): Promise<TrainerSession> {
    if (signal?.aborted === true) throw new CorrenteError('cancelled', 'training: cancelled before it began.');
    return trainerSession(new PortableTrainer(windows, model, loss, parameters, precision === 'f32'), precision);
  }

  async growBoosted(): Promise<BoostedTrees> {
    throw onlyNative('gradient boosting', 'cpu engine grows trees');
  }

  async growForest(): Promise<TreeEnsemble> {
    throw onlyNative('random forest', 'cpu engine grows trees');
  }

  async growIsolation(): Promise<TreeEnsemble> {
    throw onlyNative('isolation forest', 'cpu engine grows trees');
  }

  async predictTrees(): Promise<Float64Array<ArrayBuffer>> {
    throw onlyNative('prediction by trees', 'cpu engine reads trees');
  }

  async kMeans(points: Columns, request: KMeansRequest, options: OpOptions): Promise<Clusters> {
    return kMeans(points, request, options);
  }

  async matrixProfile(columns: Columns, { window, exclusion }: MatrixProfileRequest, options: OpOptions): Promise<MatrixProfile> {
    return matrixProfile(columns, window, exclusion, options);
  }

  async invertSymmetric(matrix: Float64Array, n: number, options: OpOptions): Promise<Float64Array<ArrayBuffer> | null> {
    return invertSymmetric(matrix, n, options);
  }
}

function onlyNative(operation: string, who: string): CorrenteError {
  return new CorrenteError('method-unsupported', `${operation}: the portable engine does not do it. Install a C++ compiler and make, then install anew; the ${who}.`);
}

/** Always there; gpu.js is loaded with the first work under f32. */
export function portableEngine(): PortableEngine {
  return new PortableEngine();
}
