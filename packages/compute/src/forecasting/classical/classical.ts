/** The classical models behind one pair of functions: fitted to the train rows, then run on over whatever follows. */
import type { ClassicalModelName, EtsForm } from '@corrente/shared/contract/analyses/forecast';
import { isSeasonal, periodOf } from '../season.ts';
import type { Frame } from '../../frame/frame.ts';
import { EtsState, traitsOf } from './ets.ts';
import { type EtsFit, fitEts } from './ets-fit.ts';
import type { Turn } from './minimise.ts';
import { fitTheta, type ThetaFit, thetaForecasts } from './theta.ts';

export type ClassicalFit =
  | { readonly model: 'naive' }
  | { readonly model: 'seasonal-naive'; readonly period: number }
  | { readonly model: 'drift'; readonly drift: number }
  | { readonly model: 'ets'; readonly fit: EtsFit }
  | { readonly model: 'theta'; readonly fit: ThetaFit };

export interface FitRequest {
  readonly model: ClassicalModelName;
  /** The season asked for; found where null. */
  readonly season: number | null;
  readonly form: EtsForm | null;
  readonly name: string;
}

/** Fits a model to the rows of one series. `frame` tells the time step, from which a season is found. */
export async function fitClassical(train: Float64Array, { model, season, form, name }: FitRequest, frame: Pick<Frame, 'time' | 'timeKind'>, turn: Turn): Promise<ClassicalFit> {
  switch (model) {
    case 'naive':
      return { model };
    case 'drift':
      return { model, drift: train.length < 2 ? 0 : (train.at(-1)! - train[0]!) / (train.length - 1) };
    case 'seasonal-naive':
      return { model, period: season ?? (await periodOf(frame, train, turn)) };
    case 'ets':
      return { model, fit: await fitEts(train, { form, name, period: season ?? (await periodOf(frame, train, turn)) }, turn) };
    case 'theta':
      return { model, fit: await fitTheta(train, await seasonOfTheta(season ?? (await periodOf(frame, train, turn)), train, turn), turn) };
  }
}

/** The test is of differences: the autocorrelation of a trend hides that of a season. */
async function seasonOfTheta(period: number, train: Float64Array, turn: Turn): Promise<number> {
  const steps = Float64Array.from({ length: Math.max(0, train.length - 1) }, (_, t) => train[t + 1]! - train[t]!);
  return train.length >= 2 * period && (await isSeasonal(steps, period, turn)) ? period : 1;
}

/** Rows that a fit must have seen before it can forecast. */
export function rowsNeeded(fit: ClassicalFit): number {
  return fit.model === 'seasonal-naive' ? fit.period : 1;
}

/**
 * Forecasts of rows [t, t + horizon) at ascending origins t, [origins × horizon], from rows [0, t) alone. `values` is the
 * whole series, beginning with the rows of the fit.
 */
export function classicalForecasts(fit: ClassicalFit, values: Float64Array, origins: Int32Array, horizon: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(origins.length * horizon);
  switch (fit.model) {
    case 'naive':
      for (const [k, origin] of origins.entries()) out.fill(values[origin - 1]!, k * horizon, (k + 1) * horizon);
      break;
    case 'drift':
      for (const [k, origin] of origins.entries()) for (let h = 0; h < horizon; h++) out[k * horizon + h] = values[origin - 1]! + (h + 1) * fit.drift;
      break;
    case 'seasonal-naive':
      for (const [k, origin] of origins.entries()) for (let h = 0; h < horizon; h++) out[k * horizon + h] = values[origin - fit.period + (h % fit.period)]!;
      break;
    case 'ets':
      etsForecasts(fit.fit, values, origins, horizon, out);
      break;
    case 'theta':
      thetaForecasts(fit.fit, values, origins, horizon, out);
      break;
  }
  return out;
}

/** Values that are forecast between two turns. */
const valuesPerTurn = 200_000;

/**
 * The same, some origins after the others: `take` is called with their forecasts and the place of the first of them.
 * Each time the states run over the series anew, so there are as many values at a time as make that worth while.
 */
export async function forecastInTurns(fit: ClassicalFit, values: Float64Array, origins: Int32Array, horizon: number, turn: Turn, take: (origins: Int32Array, forecasts: Float64Array, first: number) => void): Promise<void> {
  const some = Math.max(1, Math.floor(Math.max(valuesPerTurn, 2 * values.length) / horizon));
  for (let first = 0; first < origins.length; first += some) {
    const next = origins.slice(first, first + some);
    take(next, classicalForecasts(fit, values, next, horizon), first);
    await turn();
  }
}

function etsForecasts({ form, parameters }: EtsFit, values: Float64Array, origins: Int32Array, horizon: number, out: Float64Array): void {
  const state = new EtsState(traitsOf(form), parameters);
  let row = 0;
  for (const [k, origin] of origins.entries()) {
    for (; row < origin; row++) state.update(values[row]!);
    for (let h = 0; h < horizon; h++) out[k * horizon + h] = state.forecast(h + 1);
  }
}
