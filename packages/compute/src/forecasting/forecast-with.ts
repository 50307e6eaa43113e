/** A trained model of a forecast applied to a frame, newer rows and all. */
import type { ClassicalDocument, ForecastDocument, TrainedDocument } from '@corrente/shared/contract/analyses/forecast';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Engine, OpOptions } from '../engine/contract.ts';
import type { Frame } from '../frame/frame.ts';
import { classicalForecasts, rowsNeeded } from './classical/classical.ts';
import { openSession, type TrainedForm, windowsOf } from './open-session.ts';
import { paddedColumns } from './padded-columns.ts';
import type { Forecasts } from './rows.ts';
import { standardised } from './scaler.ts';
import { tfjsMemory } from './training.ts';

export interface ForecastWithOptions extends OpOptions {
  readonly engine: Engine;
  /** Ascending; the end of the frame where not given. */
  readonly origins?: readonly number[];
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/**
 * Forecasts by the model of a forecast's document (`readModel(result, forecastDocument)`), its series being found in the
 * frame by their names. Throws `unknown-series` where the frame lacks one, `too-few-samples` where it is shorter than the
 * look-back, `missing-values` where a value that is read is missing, and `unsuitable-result` where a classical model's
 * first row is not in it.
 */
export async function forecastWith(document: ForecastDocument, frame: Frame, options: ForecastWithOptions): Promise<Forecasts> {
  const origins = Int32Array.from(options.origins ?? [frame.length]);
  const values = document.kind === 'trained' ? await byTrained(document, frame, origins, options) : byClassical(document, frame, origins);
  return { series: document.series, horizon: document.horizon, origins, values, widths: document.widths };
}

function placesOf(frame: Frame, names: readonly string[]): number[] {
  const missing = names.filter((name) => !frame.names.includes(name));
  if (missing.length > 0) throw new CorrenteError('unknown-series', `The model reads ${names.join(', ')}; the input lacks ${missing.join(', ')}.`);
  return names.map((name) => frame.names.indexOf(name));
}

/** Throws `missing-values` where one of rows [from, to) of these series is missing. */
function checkPresent({ values, stride, names, time, timeKind }: Frame, places: readonly number[], from: number, to: number): void {
  for (const place of places) {
    const at = values.subarray(place * stride + from, place * stride + to).findIndex(Number.isNaN);
    if (at < 0) continue;
    const when = timeKind === 'index' ? `row ${time[from + at]}` : new Date(Number(time[from + at]! / 1000n)).toISOString();
    throw new CorrenteError('missing-values', `${names[place]} has no value at ${when}, which the forecast reads.`);
  }
}

async function byTrained(document: TrainedDocument, frame: Frame, origins: Int32Array<ArrayBuffer>, options: ForecastWithOptions): Promise<Float64Array<ArrayBuffer>> {
  const { series, exogenous, lookback, horizon, mode, loss } = document;
  const places = placesOf(frame, [...series, ...exogenous]);
  const [first = 0, last = 0] = [origins[0], origins.at(-1)];
  if (first < lookback) throw new CorrenteError('too-few-samples', `The model looks back over ${lookback} rows; there are ${first} before the forecast.`);
  checkPresent(frame, places, first - lookback, last);
  const scaler = { mean: Float64Array.from(document.mean), deviation: Float64Array.from(document.deviation) };
  const channels = { mode, targets: series.length, exogenous: exogenous.length };
  // Beyond the last row there is nothing to compare with, but a window needs its rows to be there.
  const columns = paddedColumns(standardised(frame, places, scaler), horizon);
  const form = formOf(document, options);
  const session = await openSession(options.engine, windowsOf(columns, channels, horizon), form, loss, options);
  try {
    if (form.kind === 'tfjs') session.setParameters(document.parameters);
    const scaled = await session.forecast(origins, options);
    return Float64Array.from(scaled, (value, k) => {
      const s = Math.floor(k / horizon) % series.length;
      return value * scaler.deviation[s]! + scaler.mean[s]!;
    });
  } finally {
    session.close();
  }
}

function formOf(document: TrainedDocument, { log }: ForecastWithOptions): TrainedForm {
  const { layered, topology, lookback, loss, parameters } = document;
  if (layered !== null) return { kind: 'layered', model: layered, parameters: Float64Array.from(parameters) };
  return { kind: 'tfjs', topology, request: { steps: lookback, loss, learningRate: 1, seed: 0, memoryLimit: tfjsMemory, batchSize: 32, log } };
}

function byClassical({ fits, series, first, horizon }: ClassicalDocument, frame: Frame, origins: Int32Array): Float64Array<ArrayBuffer> {
  const places = placesOf(frame, series);
  const start = frame.time.indexOf(BigInt(first));
  if (start < 0) throw new CorrenteError('unsuitable-result', `The model runs on from the first row that it was fitted to (${frame.timeKind === 'index' ? `row ${first}` : new Date(Number(BigInt(first) / 1000n)).toISOString()}), which the input does not hold. Widen its time range, or fit the model anew.`);
  checkPresent(frame, places, start, origins.at(-1) ?? start);
  const out = new Float64Array(origins.length * series.length * horizon);
  const shifted = origins.map((origin) => origin - start);
  for (const [s, place] of places.entries()) {
    const fit = fits[s];
    if (fit === undefined) throw new CorrenteError('unsuitable-result', `The model has ${fits.length} fits for ${series.length} series.`);
    if (shifted[0]! < rowsNeeded(fit)) throw new CorrenteError('too-few-samples', `The model needs ${rowsNeeded(fit)} rows before the forecast; there are ${Math.max(0, shifted[0]!)}.`);
    const forecasts = classicalForecasts(fit, frame.values.subarray(place * frame.stride + start, place * frame.stride + frame.length), shifted, horizon);
    for (let k = 0; k < origins.length; k++) out.set(forecasts.subarray(k * horizon, (k + 1) * horizon), (k * series.length + s) * horizon);
  }
  return out;
}
