/**
 * Exponential smoothing equation by equation, as Hyndman et al. (2008) print them: tables 2.2 (additive errors) and 2.3
 * (multiplicative errors), each form by itself, with the relative error where the error is multiplicative.
 */
export interface EtsOracleParameters {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly level: number;
  readonly slope: number;
  /** Indices of rows 0 … period - 1. */
  readonly season: readonly number[];
}

export interface EtsOracle {
  readonly logLikelihood: number;
  readonly sse: number;
  /** Of the rows after the last, as many as were asked for. */
  readonly forecasts: readonly number[];
}

export function etsOracle(form: string, { alpha, beta, gamma, phi, level, slope, season }: EtsOracleParameters, values: readonly number[], horizon: number): EtsOracle {
  const error = form[0];
  const trend = form.slice(1, -1);
  const seasonal = form.at(-1);
  const period = seasonal === 'N' ? 1 : season.length;
  let l = level;
  let b = trend === 'N' ? 0 : slope;
  const s = seasonal === 'N' ? [0] : [...season];
  const damping = trend === 'Ad' ? phi : 1;
  const errors: number[] = [];
  const expectations: number[] = [];
  let sse = 0;
  for (const [t, y] of values.entries()) {
    const index = s[t % period]!;
    const before = trend === 'N' ? l : l + damping * b;
    const mu = seasonal === 'N' ? before : seasonal === 'A' ? before + index : before * index;
    const e = error === 'A' ? y - mu : (y - mu) / mu;
    errors.push(e);
    expectations.push(mu);
    sse += (y - mu) ** 2;
    if (error === 'A') {
      const share = seasonal === 'M' ? e / index : e;
      l = before + alpha * share;
      b = trend === 'N' ? 0 : damping * b + beta * share;
      s[t % period] = seasonal === 'M' ? index + (gamma * e) / before : seasonal === 'A' ? index + gamma * e : 0;
    } else if (seasonal === 'A') {
      l = before + alpha * (before + index) * e;
      b = trend === 'N' ? 0 : damping * b + beta * (before + index) * e;
      s[t % period] = index + gamma * (before + index) * e;
    } else {
      l = before * (1 + alpha * e);
      b = trend === 'N' ? 0 : damping * b + beta * before * e;
      s[t % period] = seasonal === 'M' ? index * (1 + gamma * e) : 0;
    }
  }
  const n = values.length;
  const variance = errors.reduce((sum, e) => sum + e * e, 0) / n;
  let logLikelihood = 0;
  for (const [t, e] of errors.entries()) {
    const scale = error === 'A' ? 1 : Math.abs(expectations[t]!);
    logLikelihood += -0.5 * Math.log(2 * Math.PI * variance) - (e * e) / (2 * variance) - Math.log(scale);
  }
  const forecasts = Array.from({ length: horizon }, (_, h) => {
    let slopes = 0;
    for (let k = 1; k <= h + 1; k++) slopes += damping ** k;
    const mean = trend === 'N' ? l : l + slopes * b;
    const index = s[(n + h) % period]!;
    return seasonal === 'N' ? mean : seasonal === 'A' ? mean + index : mean * index;
  });
  return { logLikelihood, sse, forecasts };
}
