/** How each column of the table comes about: a rolling statistic of the engine, an indicator, or a quotient of two sums. */
import { outputsOf, takesPresentValues, windowMicroseconds, type MovingAverageKind, type MovingAverageOutput, type MovingAverageParams } from '@corrente/shared/contract/analyses/moving-average';
import type { IndicatorRequest, RollingKind, RollingRequest } from '../../engine/contract.ts';
import { windowBegins } from './time-windows.ts';
import { hullWeights, legouxWeights, triangularWeights } from './weights.ts';

/** What the engine is asked for, each thing once, and for each column where its values come from. */
export interface EngineRequests {
  readonly rolling: readonly RollingRequest[];
  readonly indicators: readonly IndicatorRequest[];
  /** Windows of the averages weighted by volume. */
  readonly volumeWindows: readonly number[];
  readonly sources: readonly OutputSource[];
}

export interface OutputSource {
  readonly from: 'rolling' | 'indicators' | 'volume';
  readonly place: number;
}

type RecursiveKind = 'dema' | 'tema' | 'kama' | 'zlema';
type RowKind = Exclude<MovingAverageKind, RecursiveKind | 'vwma'>;

/** Asks of the engine what the columns need; `time` is the frame's. */
export function engineRequests(params: MovingAverageParams, time: BigInt64Array): EngineRequests {
  const [rolling, indicators, volumeWindows] = [new Distinct<RollingRequest>(), new Distinct<IndicatorRequest>(), new Distinct<number>()];
  const begins = new Map(params.windows.flatMap((window) => (typeof window === 'string' ? [[window, windowBegins(time, windowMicroseconds(window) ?? 0)] as const] : [])));
  const sources = outputsOf(params).map((output): OutputSource => {
    const { kind, window } = output;
    if (kind === 'vwma') return { from: 'volume', place: volumeWindows.add(`${window}`, Number(window)) };
    if (isRecursive(kind)) return { from: 'indicators', place: indicators.add(`${kind} ${window}`, indicatorRequest(kind, Number(window))) };
    const request = rollingRequest(kind, output, params, begins);
    return { from: 'rolling', place: rolling.add(`${request.kind} ${kind === request.kind || kind === 'sma' ? '' : kind} ${window} ${output.quantile}`, request) };
  });
  return { rolling: rolling.items, indicators: indicators.items, volumeWindows: volumeWindows.items, sources };
}

function isRecursive(kind: MovingAverageKind): kind is RecursiveKind {
  return kind === 'dema' || kind === 'tema' || kind === 'kama' || kind === 'zlema';
}

function indicatorRequest(name: RecursiveKind, window: number): IndicatorRequest {
  return { name, parameters: name === 'kama' ? [window, 2, 30] : [window], inputs: [0] };
}

function rollingRequest(kind: RowKind, { window, quantile }: MovingAverageOutput, params: MovingAverageParams, begins: ReadonlyMap<string, Int32Array>): RollingRequest {
  const { ddof, lag, minPeriods } = params;
  if (typeof window === 'string') return { kind: engineKind(kind), window: 1, ddof, minPeriods: minPeriods ?? 1, begins: begins.get(window) ?? new Int32Array(0), ...(quantile === null ? {} : { parameter: quantile }) };
  const weights = weightsOf(kind, window, params);
  if (weights !== null) return { kind: 'weighted', window: weights.length, ddof, weights };
  const parameter = kind === 'autocorrelation' ? lag : quantile;
  return { kind: engineKind(kind), window, ddof, ...(parameter === null ? {} : { parameter }), ...(minPeriods !== null && takesPresentValues(kind) ? { minPeriods } : {}) };
}

function engineKind(kind: RowKind): RollingKind {
  if (kind === 'sma') return 'mean';
  return kind === 'trima' || kind === 'hma' || kind === 'alma' ? 'weighted' : kind;
}

function weightsOf(kind: RowKind, window: number, { almaOffset, almaSigma }: MovingAverageParams): Float64Array | null {
  if (kind === 'trima') return triangularWeights(window);
  if (kind === 'hma') return hullWeights(window);
  return kind === 'alma' ? legouxWeights(window, almaOffset, almaSigma) : null;
}

/** A list without repetitions: what has the same key is the same. */
class Distinct<T> {
  readonly items: T[] = [];
  readonly #places = new Map<string, number>();

  /** Its place in the list. */
  add(key: string, item: T): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.items.length);
    return this.items.push(item) - 1;
  }
}
