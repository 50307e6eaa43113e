/**
 * Exponential smoothing in state-space form: Hyndman, Koehler, Ord and Snyder, "Forecasting with exponential smoothing"
 * (2008). Error A or M; trend N, A or Ad; season N, A or M. For these forms the states of a multiplicative error move as
 * those of an additive one do; only the likelihood differs.
 */
import type { EtsForm } from '@corrente/shared/contract/analyses/forecast';

export interface EtsTraits {
  readonly multiplicativeError: boolean;
  readonly trend: boolean;
  readonly damped: boolean;
  readonly season: 'N' | 'A' | 'M';
}

export function traitsOf(form: EtsForm): EtsTraits {
  const season = form.endsWith('A') ? 'A' : form.endsWith('M') ? 'M' : 'N';
  return { multiplicativeError: form.startsWith('M'), trend: form.slice(1, -1) !== 'N', damped: form.includes('d'), season };
}

/** Smoothing parameters and first states. `season[k]` is the index of row k of the first period. */
export interface EtsParameters {
  readonly alpha: number;
  /** 0 without trend. */
  readonly beta: number;
  /** 0 without season. */
  readonly gamma: number;
  /** 1 where the trend is not damped. */
  readonly phi: number;
  readonly level: number;
  readonly slope: number;
  readonly season: Float64Array<ArrayBuffer>;
}

export interface EtsLikelihood {
  readonly logLikelihood: number;
  /** Of y less its forecast, in the series' unit. */
  readonly sse: number;
}

/**
 * The states of a series, row by row: `forecast` is that of the next row, `update` takes the row in. Where a state makes
 * no positive forecast for a form that needs one, likelihoods are infinite; forecasts stay numbers.
 */
export class EtsState {
  level: number;
  slope: number;
  readonly season: Float64Array<ArrayBuffer>;
  readonly #parameters: EtsParameters;
  readonly #kind: EtsTraits['season'];
  #place = 0;

  constructor(traits: EtsTraits, parameters: EtsParameters) {
    this.#parameters = parameters;
    this.#kind = traits.season;
    this.level = parameters.level;
    this.slope = parameters.slope;
    this.season = parameters.season.slice();
  }

  /** The mean of the row `ahead` rows on, from 1. */
  forecast(ahead: number): number {
    const { phi } = this.#parameters;
    const slopes = phi === 1 ? ahead : (phi * (1 - phi ** ahead)) / (1 - phi);
    const base = this.level + slopes * this.slope;
    if (this.#kind === 'N') return base;
    const index = this.season[(this.#place + ahead - 1) % this.season.length]!;
    return this.#kind === 'A' ? base + index : base * index;
  }

  update(value: number): void {
    const { alpha, beta, gamma, phi } = this.#parameters;
    const base = this.level + phi * this.slope;
    const place = this.#place;
    const index = this.season[place] ?? 0;
    const error = value - (this.#kind === 'N' ? base : this.#kind === 'A' ? base + index : base * index);
    const levelError = this.#kind === 'M' ? error / index : error;
    this.level = base + alpha * levelError;
    this.slope = phi * this.slope + beta * levelError;
    if (this.#kind === 'N') return;
    this.season[place] = index + gamma * (this.#kind === 'A' ? error : error / base);
    this.#place = place + 1 === this.season.length ? 0 : place + 1;
  }
}

/** The Gaussian log-likelihood of a series with the variance of its errors at its maximum; -Infinity where a forecast is not positive and must be. */
export function etsLikelihood(traits: EtsTraits, { alpha, beta, gamma, phi, level: level0, slope: slope0, season: season0 }: EtsParameters, values: Float64Array): EtsLikelihood {
  const n = values.length;
  const { multiplicativeError, season: kind } = traits;
  const season = season0.slice();
  const period = season.length;
  let [level, slope, place] = [level0, slope0, 0];
  let [squares, relative, logs] = [0, 0, 0];
  for (let t = 0; t < n; t++) {
    const base = level + phi * slope;
    const index = kind === 'N' ? 0 : season[place]!;
    const expected = kind === 'M' ? base * index : base + index;
    if ((multiplicativeError || kind === 'M') && !(expected > 0 && base > 0)) return { logLikelihood: Number.NEGATIVE_INFINITY, sse: Number.POSITIVE_INFINITY };
    const error = values[t]! - expected;
    squares += error * error;
    if (multiplicativeError) {
      relative += (error / expected) ** 2;
      logs += Math.log(expected);
    }
    const levelError = kind === 'M' ? error / index : error;
    level = base + alpha * levelError;
    slope = phi * slope + beta * levelError;
    if (kind === 'N') continue;
    season[place] = index + gamma * (kind === 'A' ? error : error / base);
    place = place + 1 === period ? 0 : place + 1;
  }
  // A series that is fitted without error has no largest likelihood.
  const variance = Math.max(multiplicativeError ? relative : squares, Number.MIN_VALUE) / n;
  return { logLikelihood: -0.5 * n * (Math.log(2 * Math.PI * variance) + 1) - logs, sse: squares };
}
