/**
 * The engines that run in native code. An addon is one file; every one has the same functions (see native/binding),
 * whatever it computes on.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { EngineInfo, EngineName, Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns, CorrelationRequest, CorrelationSession, Eigensystem, Engine, IndicatorRequest, InformationRequest, InformationSession, LeadLagRequest, LeadLagSession, NeighbourRule, OpOptions, RandomStream, Reals, RollingCorrelationRequest, RollingCorrelationSession, RollingRequest } from './contract.ts';
import type { Clusters, KMeansRequest, MatrixProfile, MatrixProfileRequest } from './contract.points.ts';
import type { TrainerRequest, TrainerSession, TrainingWindows } from './contract.trainer.ts';
import type { BoostedTrees, BoostingRequest, ForestRequest, IsolationRequest, TreeEnsemble } from './contract.trees.ts';
import { checkPrecision, realsOf, toCorrenteError, withControl, type SessionHandle } from './native/control.ts';
import { correlationFunctions, openCorrelation, type CorrelationAddon } from './native/correlation.ts';
import { denseFunctions, invertSymmetric, symmetricEigen, type DenseAddon } from './native/dense.ts';
import { indicators, indicatorsFunctions, type IndicatorsAddon } from './native/indicators.ts';
import { leadLagFunctions, openLeadLag, type LeadLagAddon } from './native/lead-lag.ts';
import { openRollingCorrelation, rollingCorrelationFunctions, type RollingCorrelationAddon } from './native/rolling-correlation.ts';
import { kMeans, matrixProfile, pointsFunctions, type PointsAddon } from './native/points.ts';
import { nativeRollingRequest, type NativeRollingRequest } from './native/rolling.ts';
import { openTrainer, trainerFunctions, type TrainerAddon } from './native/trainer.ts';
import { growBoosted, growForest, growIsolation, predictTrees, treesFunctions, type TreesAddon } from './native/trees.ts';

export interface NativeDevice {
  readonly available: boolean;
  readonly whyNot: string;
  readonly name: string;
  readonly memoryBytes: number;
  readonly threads: number;
}

/** One X as an addon takes it; its permutations by orderings or by a stream, the other one null. */
interface NativeInformationRequest extends Columns {
  readonly surrogates: number;
  readonly orderings: Int32Array | null;
  readonly stream: RandomStream | null;
}

/** The functions of an addon. `control` is what `withControl` makes. Rejections carry a `code` of `errorOfCode`. */
export interface NativeAddon extends CorrelationAddon, LeadLagAddon, RollingCorrelationAddon, DenseAddon, IndicatorsAddon, TrainerAddon, TreesAddon, PointsAddon {
  describe(): NativeDevice;
  allocate(bytes: number): ArrayBuffer;
  release(buffer: ArrayBuffer): boolean;
  rolling(control: ArrayBuffer, values: Float64Array, series: number, length: number, stride: number, precision: Precision, requests: readonly NativeRollingRequest[]): Promise<ArrayBuffer[]>;
  openInformation(
    control: ArrayBuffer,
    target: Float64Array,
    targetSeries: number,
    targetLength: number,
    targetStride: number,
    condition: Float64Array,
    conditionSeries: number,
    conditionLength: number,
    conditionStride: number,
    precision: Precision,
    rule: NeighbourRule,
  ): Promise<SessionHandle>;
  informationEstimate(control: ArrayBuffer, session: SessionHandle, requests: readonly NativeInformationRequest[]): Promise<ArrayBuffer[]>;
  informationCounts(control: ArrayBuffer, session: SessionHandle, values: Float64Array, series: number, length: number, stride: number): Promise<ArrayBuffer>;
  closeInformation(session: SessionHandle): void;
}

export type LoadedAddon = { readonly addon: NativeAddon } | { readonly whyNot: string };

/** Raised whenever the numbers of the native engines can change. */
const version = '2';

const functions = [
  'describe',
  'allocate',
  'release',
  ...correlationFunctions,
  ...leadLagFunctions,
  ...rollingCorrelationFunctions,
  'rolling',
  'openInformation',
  'informationEstimate',
  'informationCounts',
  'closeInformation',
  ...denseFunctions,
  ...indicatorsFunctions,
  ...trainerFunctions,
  ...pointsFunctions,
  ...treesFunctions,
] as const satisfies ReadonlyArray<keyof NativeAddon>;

function isAddon(value: unknown): value is NativeAddon {
  return typeof value === 'object' && value !== null && functions.every((name) => name in value && typeof Reflect.get(value, name) === 'function');
}

/** Where the addons lie: `CORRENTE_NATIVE_DIR`, or where `make` puts them. */
function nativeFolder(): string {
  const given = process.env['CORRENTE_NATIVE_DIR'];
  return given === undefined || given === '' ? join(import.meta.dirname, '..', '..', 'native', 'build') : resolve(given);
}

/** Loads an addon such as `corrente_cpu.node`, or says why it cannot be loaded. Never throws. */
export function loadNative(file: string): LoadedAddon {
  const path = join(nativeFolder(), file);
  if (!existsSync(path)) return { whyNot: `${file} was not built; install a C++ compiler and make, then run npm run build` };
  try {
    const loaded: unknown = createRequire(import.meta.url)(path);
    return isAddon(loaded) ? { addon: loaded } : { whyNot: `${file} is not an addon of this version; run npm run build` };
  } catch (error) {
    return { whyNot: `${file} cannot be loaded: ${error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error)}` };
  }
}

function nativeRequest({ source, surrogates, permute }: InformationRequest): NativeInformationRequest {
  const { values, series, length, stride } = source;
  return { values, series, length, stride, surrogates, orderings: 'orderings' in permute ? permute.orderings : null, stream: 'stream' in permute ? permute.stream : null };
}

/** An engine over an addon. One whose addon or device is not there says why, and its operations reject. */
export class NativeEngine implements Engine {
  readonly name: EngineName;
  readonly #loaded: LoadedAddon;

  constructor(name: EngineName, loaded: LoadedAddon) {
    this.name = name;
    this.#loaded = loaded;
  }

  info(): EngineInfo {
    const loaded = this.#loaded;
    const device = 'addon' in loaded ? loaded.addon.describe() : null;
    const available = device?.available === true;
    return {
      name: this.name,
      available,
      whyNot: available ? null : 'whyNot' in loaded ? loaded.whyNot : (device?.whyNot ?? ''),
      device: device?.name ?? 'none',
      memoryBytes: available ? device.memoryBytes : null,
      threads: available ? device.threads : null,
      precisions: ['f64', 'f32'],
      version,
    };
  }

  async openCorrelation(columns: Columns, request: CorrelationRequest, options: OpOptions): Promise<CorrelationSession> {
    return openCorrelation(this.#addon(), columns, request, options);
  }

  async openLeadLag(columns: Columns, request: LeadLagRequest, options: OpOptions): Promise<LeadLagSession> {
    return await openLeadLag(this.#addon(), columns, request, options);
  }

  async openRollingCorrelation(columns: Columns, request: RollingCorrelationRequest, options: OpOptions): Promise<RollingCorrelationSession> {
    return await openRollingCorrelation(this.#addon(), columns, request, options);
  }

  async rolling(columns: Columns, requests: readonly RollingRequest[], options: OpOptions): Promise<Reals[]> {
    const { values, series, length, stride } = columns;
    const addon = this.#addon();
    const buffers = await withControl(options, 'rolling', (control) => addon.rolling(control, values, series, length, stride, options.precision, requests.map(nativeRollingRequest)));
    return buffers.map((buffer) => realsOf(buffer, options.precision));
  }

  async indicators(blocks: readonly Columns[], requests: readonly IndicatorRequest[], options: OpOptions): Promise<Reals[][]> {
    return await indicators(this.#addon(), blocks, requests, options);
  }

  async openInformation(target: Columns, condition: Columns, rule: NeighbourRule, options: OpOptions): Promise<InformationSession> {
    const { precision } = options;
    const addon = this.#addon();
    const session = await withControl(options, 'information', (control) =>
      addon.openInformation(
        control,
        target.values,
        target.series,
        target.length,
        target.stride,
        condition.values,
        condition.series,
        condition.length,
        condition.stride,
        precision,
        rule,
      ),
    );
    return {
      async estimate(requests, estimateOptions) {
        checkPrecision('information', precision, estimateOptions.precision);
        const buffers = await withControl(estimateOptions, 'information', (control) => addon.informationEstimate(control, session, requests.map(nativeRequest)));
        return buffers.map((buffer) => new Float64Array(buffer));
      },
      async counts(source, countsOptions) {
        checkPrecision('information', precision, countsOptions.precision);
        const { values, series, length, stride } = source;
        const buffer = await withControl(countsOptions, 'information', (control) => addon.informationCounts(control, session, values, series, length, stride));
        const space = (index: number): Int32Array<ArrayBuffer> => new Int32Array(buffer, 4 * index * target.length, target.length);
        return { joint: space(0), xz: space(1), yz: space(2), z: space(3) };
      },
      close() {
        addon.closeInformation(session);
      },
    };
  }

  async symmetricEigen(matrix: Float64Array, n: number, options: OpOptions): Promise<Eigensystem> {
    return symmetricEigen(this.#addon(), matrix, n, options);
  }

  async invertSymmetric(matrix: Float64Array, n: number, options: OpOptions): Promise<Float64Array<ArrayBuffer> | null> {
    return invertSymmetric(this.#addon(), matrix, n, options);
  }

  async openTrainer(windows: TrainingWindows, request: TrainerRequest, options: OpOptions): Promise<TrainerSession> {
    return await openTrainer(this.#addon(), windows, request, options);
  }

  async growBoosted(table: Columns, request: BoostingRequest, options: OpOptions): Promise<BoostedTrees> {
    return await growBoosted(this.#addon(), table, request, options);
  }

  async growForest(table: Columns, request: ForestRequest, options: OpOptions): Promise<TreeEnsemble> {
    return await growForest(this.#addon(), table, request, options);
  }

  async growIsolation(table: Columns, request: IsolationRequest, options: OpOptions): Promise<TreeEnsemble> {
    return await growIsolation(this.#addon(), table, request, options);
  }

  async predictTrees(table: Columns, ensemble: TreeEnsemble, options: OpOptions): Promise<Float64Array<ArrayBuffer>> {
    return await predictTrees(this.#addon(), table, ensemble, options);
  }

  async kMeans(points: Columns, request: KMeansRequest, options: OpOptions): Promise<Clusters> {
    return await kMeans(this.#addon(), points, request, options);
  }

  async matrixProfile(columns: Columns, request: MatrixProfileRequest, options: OpOptions): Promise<MatrixProfile> {
    return await matrixProfile(this.#addon(), columns, request, options);
  }

  /** Aligned memory from the engine's pool; its content is undefined. `memory-exceeded` where there is none. */
  allocate(bytes: number): ArrayBuffer {
    try {
      return this.#addon().allocate(bytes);
    } catch (error) {
      throw toCorrenteError(error);
    }
  }

  /**
   * Gives memory of the pool (from `allocate`, or under a result) back at once, rather than when it is collected; the
   * buffer becomes detached, and its views empty. False for any other buffer, which stays as it is. Throws while
   * native work reads it.
   */
  release(buffer: ArrayBuffer): boolean {
    try {
      return 'addon' in this.#loaded && this.#loaded.addon.release(buffer);
    } catch (error) {
      throw toCorrenteError(error);
    }
  }

  #addon(): NativeAddon {
    if ('addon' in this.#loaded) return this.#loaded.addon;
    throw new CorrenteError('engine-unavailable', `The ${this.name} engine is not available: ${this.#loaded.whyNot}.`);
  }
}
