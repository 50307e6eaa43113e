/** Exponential smoothing fitted to a series by its likelihood, and its form chosen by AICc. */
import { type EtsForm, etsForms } from '@corrente/shared/contract/analyses/forecast';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { seasonalIndices } from './decompose.ts';
import { etsLikelihood, type EtsParameters, type EtsTraits, traitsOf } from './ets.ts';
import { minimise, type Minimum, type Turn } from './minimise.ts';

export interface EtsFit {
  readonly form: EtsForm;
  readonly period: number;
  readonly parameters: EtsParameters;
  readonly logLikelihood: number;
  readonly aicc: number;
  readonly sse: number;
}

/** Smoothing parameters keep this far from 0 and from what bounds them. */
const margin = 1e-4;
const dampings = { least: 0.8, most: 0.98 } as const;
/** First seasonal indices are parameters of the fit up to this period; beyond, those of the decomposition are kept. */
const longestFitted = 24;

/** alpha, and beta and gamma as shares of what they may be. */
interface SmoothingStart {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

/** Where the search begins. The likelihood has several hills: a level, slope or season that hardly moves, and one that follows. */
const smoothingStarts: readonly SmoothingStart[] = [
  { alpha: 0.5, beta: 0.05, gamma: 0.1 },
  { alpha: 0.1, beta: 0.1, gamma: 0.1 },
  { alpha: 0.3, beta: 0.01, gamma: 0.9 },
  { alpha: 0.6, beta: 0.01, gamma: 0.4 },
  { alpha: 0.95, beta: 0.9, gamma: 0.1 },
];

/** Steps that each start is given; of the points that they reach, so many of the best are followed to their end. */
const firstSteps = 12;
const followed = 2;

const squash = (x: number): number => 1 / (1 + Math.exp(-x));
const spread = (share: number): number => Math.log(share / (1 - share));

/** First states that the data suggest. */
interface Start {
  readonly level: number;
  readonly slope: number;
  readonly season: Float64Array<ArrayBuffer>;
  /** What states may move by: about the spread of the series without its season. */
  readonly scale: number;
}

function startOf(values: Float64Array, period: number, { trend, season: kind }: EtsTraits): Start {
  const head = values.subarray(0, Math.min(values.length, Math.max(5 * period, 2 * period + 10)));
  const season = kind === 'N' ? new Float64Array(0) : seasonalIndices(head, period, kind === 'M');
  const plain = head.map((value, t) => (kind === 'N' ? value : kind === 'A' ? value - season[t % period]! : value / season[t % period]!));
  const rows = Math.min(plain.length, Math.max(10, 2 * period));
  const middle = (rows - 1) / 2;
  const mean = plain.subarray(0, rows).reduce((sum, value) => sum + value, 0) / rows;
  let [products, squares] = [0, 0];
  for (let t = 0; t < rows; t++) {
    products += (t - middle) * (plain[t]! - mean);
    squares += (t - middle) ** 2;
  }
  const slope = trend && squares > 0 ? products / squares : 0;
  const total = plain.reduce((sum, value) => sum + value, 0) / plain.length;
  const scale = Math.sqrt(plain.reduce((sum, value) => sum + (value - total) ** 2, 0) / plain.length);
  return { level: trend ? mean - slope * (middle + 1) : mean, slope, season, scale: scale > 0 ? scale : Math.max(1e-8, Math.abs(mean)) };
}

/** How the variables of the search stand for parameters. */
class Variables {
  readonly #traits: EtsTraits;
  readonly #start: Start;
  readonly #fitsSeason: boolean;
  readonly count: number;

  constructor(traits: EtsTraits, start: Start) {
    this.#traits = traits;
    this.#start = start;
    this.#fitsSeason = traits.season !== 'N' && start.season.length <= longestFitted;
    const smoothing = 1 + Number(traits.trend) + Number(traits.damped) + Number(traits.season !== 'N');
    this.count = smoothing + 1 + Number(traits.trend) + (this.#fitsSeason ? start.season.length - 1 : 0);
  }

  /** What AICc counts: these, the seasonal indices that were not fitted but taken from the data, and the variance. */
  get degreesOfFreedom(): number {
    const taken = this.#traits.season === 'N' || this.#fitsSeason ? 0 : this.#start.season.length - 1;
    return this.count + taken + 1;
  }

  first({ alpha, beta, gamma }: SmoothingStart): Float64Array<ArrayBuffer> {
    const { trend, damped, season } = this.#traits;
    const x = new Float64Array(this.count);
    let next = 0;
    x[next++] = spread(alpha);
    if (trend) x[next++] = spread(beta);
    if (season !== 'N') x[next++] = spread(gamma);
    if (damped) x[next++] = spread(0.9);
    return x;
  }

  parameters(x: Float64Array): EtsParameters {
    const { trend, damped, season: kind } = this.#traits;
    const { level, slope, season, scale } = this.#start;
    let next = 0;
    const between = (least: number, most: number): number => least + (most - least) * squash(x[next++]!);
    const alpha = between(margin, 1 - margin);
    const beta = trend ? between(Math.min(margin, alpha / 2), alpha) : 0;
    const gamma = kind === 'N' ? 0 : between(Math.min(margin, (1 - alpha) / 2), 1 - alpha);
    const phi = damped ? between(dampings.least, dampings.most) : 1;
    const level0 = level + scale * x[next++]!;
    const slope0 = trend ? slope + 0.1 * scale * x[next++]! : 0;
    if (!this.#fitsSeason) return { alpha, beta, gamma, phi, level: level0, slope: slope0, season };
    const moved = season.slice();
    const unit = kind === 'M' ? 0.1 : 0.1 * scale;
    let sum = 0;
    for (let k = 0; k < moved.length - 1; k++) {
      const change = unit * x[next++]!;
      moved[k]! += change;
      sum += change;
    }
    moved[moved.length - 1]! -= sum;
    return { alpha, beta, gamma, phi, level: level0, slope: slope0, season: moved };
  }
}

/** One form, fitted; null where its likelihood is nowhere finite or it has too many parameters for the rows. */
export async function fitEtsForm(values: Float64Array, form: EtsForm, period: number, turn: Turn): Promise<EtsFit | null> {
  const traits = traitsOf(form);
  const n = values.length;
  const seasonal = traits.season !== 'N';
  if (seasonal && (period < 2 || n < 2 * period + 1)) return null;
  const variables = new Variables(traits, startOf(values, period, traits));
  const k = variables.degreesOfFreedom;
  if (n - k - 1 <= 0) return null;
  const cost = (x: Float64Array): number => -etsLikelihood(traits, variables.parameters(x), values).logLikelihood;
  const found: Minimum[] = [];
  for (const smoothing of n > 3000 ? smoothingStarts.slice(0, 1) : smoothingStarts) {
    const start = variables.first(smoothing);
    if (Number.isFinite(cost(start))) found.push(await minimise(cost, start, { turn, most: firstSteps, tolerance: 1e-3 }));
  }
  let best: Minimum | null = null;
  for (const { at } of found.toSorted((a, b) => a.value - b.value).slice(0, followed)) {
    const end = await minimise(cost, at, { turn, tolerance: 1e-6 });
    if (best === null || end.value < best.value) best = end;
  }
  if (best === null) return null;
  const parameters = variables.parameters(best.at);
  const { logLikelihood, sse } = etsLikelihood(traits, parameters, values);
  return { form, period: seasonal ? period : 1, parameters, logLikelihood, sse, aicc: -2 * logLikelihood + 2 * k + (2 * k * (k + 1)) / (n - k - 1) };
}

/** The forms that a series may have: multiplicative ones for values above 0; no additive error on a multiplicative season. */
export function etsCandidates(values: Float64Array, period: number): EtsForm[] {
  const positive = values.every((value) => value > 0);
  return etsForms.filter((form) => {
    const { multiplicativeError, season } = traitsOf(form);
    return (positive || (!multiplicativeError && season !== 'M')) && (period > 1 || season === 'N');
  });
}

/**
 * The form with the smallest AICc, fitted; or `form` alone. Throws `too-few-samples` where no form can be fitted to so
 * few rows, and `invalid-params` where the form asked for is not defined for these values.
 */
export async function fitEts(values: Float64Array, { form, period, name }: { readonly form: EtsForm | null; readonly period: number; readonly name: string }, turn: Turn): Promise<EtsFit> {
  const candidates = etsCandidates(values, period);
  if (form !== null && !candidates.includes(form)) {
    const why = traitsOf(form).season !== 'N' && period < 2 ? 'no seasonal period was given or found' : 'it needs values above 0';
    throw new CorrenteError('invalid-params', `${name} cannot have the form ${form}: ${why}. Possible here: ${candidates.join(', ')}.`, { places: [{ pointer: '/params/form', detail: why }] });
  }
  let best: EtsFit | null = null;
  for (const candidate of form === null ? candidates : [form]) {
    const fit = await fitEtsForm(values, candidate, period, turn);
    if (fit !== null && (best === null || fit.aicc < best.aicc)) best = fit;
    await turn();
  }
  if (best === null) throw new CorrenteError('too-few-samples', `Exponential smoothing needs more train rows than parameters; ${name} has ${values.length}${form === null ? '' : `, too few for ${form}`}.`);
  return best;
}
