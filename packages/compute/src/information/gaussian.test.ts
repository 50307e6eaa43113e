import { describe, expect, it } from 'vitest';
import { gaussianOracle } from '../../test/oracle/gaussian.ts';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { gaussians } from '../../test/series/random.ts';
import type { Columns } from '../engine/contract.ts';
import type { ConditionalSession } from './estimator.ts';
import { gaussianEstimator } from './gaussian.ts';
import { nothing } from './neighbours.ts';
import { embed, spanOf } from './realisations.ts';

const options = { precision: 'f64' } as const;

function open(y: Columns, z: Columns = nothing, biasCorrection = false): Promise<ConditionalSession> {
  return gaussianEstimator({ biasCorrection }).open(y, z, options);
}

async function information(x: Columns, y: Columns, z: Columns = nothing): Promise<number> {
  const [values] = await (await open(y, z)).estimate([{ source: x, surrogates: 0, null: { kind: 'permuted', stream: [1, 0, 0, 0] } }], options);
  return values?.[0] ?? Number.NaN;
}

const columns = (block: Columns, ...places: readonly number[]): Columns => embed(block, places.map((series) => ({ series, lag: 0 })), spanOf(block, 0));

const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** Two series whose sample correlation is exactly `rho`: the second is made of the first and what is orthogonal to it. */
function correlated(rho: number, n: number): [Float64Array, Float64Array] {
  const x = centred(gaussians(1, n));
  const raw = centred(gaussians(2, n));
  const share = inner(raw, x) / inner(x, x);
  const rest = raw.map((value, i) => value - share * (x[i] ?? 0));
  const scale = Math.sqrt(inner(x, x) / inner(rest, rest));
  return [x, rest.map((value, i) => rho * (x[i] ?? 0) + Math.sqrt(1 - rho * rho) * scale * value)];
}

/** a times the first series and b times the last. */
const combined = ({ values, series, length }: Columns, a: number, b: number): Float64Array => values.slice(0, length).map((value, i) => a * value + b * (values[length * (series - 1) + i] ?? 0));

describe('the Gaussian estimator', () => {
  it.for([0, 0.3, -0.9, 0.9999])('gives −½ ln(1 − ρ²) for two series of correlation %f', async (rho) => {
    const [x, y] = correlated(rho, 400);
    expect(await information(columnsOf([x]), columnsOf([y]))).toBeCloseTo(-0.5 * Math.log(1 - rho * rho), 10);
  });

  it('tends to the transfer entropy of a linear process, ½ ln(1 + c² / σ²)', async () => {
    // y[t] = 0.5 y[t − 1] + 0.8 x[t − 1] + e[t], with x and e white: given y's past, x's past explains 0.8² of variance.
    const n = 40_000;
    const [x, e] = [gaussians(3, n), gaussians(4, n)];
    const y = new Float64Array(n);
    for (let t = 1; t < n; t += 1) y[t] = 0.5 * (y[t - 1] ?? 0) + 0.8 * (x[t - 1] ?? 0) + (e[t] ?? 0);
    const data = columnsOf([x, y]);
    const span = spanOf(data, 1);
    const te = await information(embed(data, [{ series: 0, lag: 1 }], span), embed(data, [{ series: 1, lag: 0 }], span), embed(data, [{ series: 1, lag: 1 }], span));
    expect(Math.abs(te - 0.5 * Math.log(1 + 0.64))).toBeLessThan(0.01);
    const back = await information(embed(data, [{ series: 1, lag: 1 }], span), embed(data, [{ series: 0, lag: 0 }], span), embed(data, [{ series: 0, lag: 1 }], span));
    expect(Math.abs(back)).toBeLessThan(0.001);
  });

  it('agrees with determinants and quadratic forms of whole covariance matrices, value and local values', async () => {
    const data = gaussianColumns(7, 150);
    const [x, y, z] = [columns(data, 0, 1), columns(data, 2, 3, 4), columns(data, 5, 6)];
    const truth = gaussianOracle(x, y, z);
    expect(await information(x, y, z)).toBeCloseTo(truth.value, 11);
    const locals = await (await open(y, z)).locals(x, options);
    locals.forEach((local, i) => expect(local).toBeCloseTo(truth.locals[i] ?? Number.NaN, 10));
    expect(locals.reduce((sum, local) => sum + local, 0) / 150).toBeCloseTo(truth.value, 11);
  });

  it('is symmetric, and the same whatever the scale and place of a series', async () => {
    const data = gaussianColumns(3, 300);
    const [x, y, z] = [columns(data, 0), columns(data, 1), columns(data, 2)];
    expect(await information(x, y, z)).toBeCloseTo(await information(y, x, z), 12);
    expect(await information(columnsOf([x.values.map((value) => 1e6 + 3 * value)]), y, z)).toBeCloseTo(await information(x, y, z), 8);
  });

  it('leaves out what is linearly redundant, in X, in Y and in Z', async () => {
    const data = gaussianColumns(4, 200);
    const [x, y, z] = [columns(data, 0), columns(data, 1, 2), columns(data, 3)];
    const expected = await information(x, y, z);
    expect(await information(columnsOf([x.values, x.values.map((value) => 2 * value - 1)]), y, z)).toBeCloseTo(expected, 10);
    expect(await information(x, columnsOf([...[0, 1].map((s) => y.values.slice(200 * s, 200 * s + 200)), combined(y, 0.4, -2)]), z)).toBeCloseTo(expected, 10);
    expect(await information(x, y, columnsOf([z.values, z.values.map((value) => 5 - value)]))).toBeCloseTo(expected, 10);
    expect(await information(z, y, z)).toBe(0);
    expect(await information(columnsOf([new Float64Array(200).fill(3)]), y, z)).toBe(0);
  });

  it('is infinite where Y determines X', async () => {
    const [x] = correlated(0, 100);
    expect(await information(columnsOf([x]), columnsOf([x.map((value) => 2 * value)]))).toBe(Number.POSITIVE_INFINITY);
  });

  it('draws analytic surrogates of the distribution that its p comes from', async () => {
    const data = gaussianColumns(3, 500);
    const session = await open(columns(data, 2), nothing);
    const x = columns(data, 0, 1);
    const [values = new Float64Array(0)] = await session.estimate([{ source: x, surrogates: 4000, null: { kind: 'analytic', stream: [1, 2, 3, 4] } }], options);
    for (const share of [0.05, 0.5, 0.95]) {
      const quantile = values.slice(1).toSorted()[Math.round(4000 * (1 - share))] ?? Number.NaN;
      expect(Math.abs((session.analyticP(x, quantile) ?? Number.NaN) - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 4000));
    }
  });

  it('has permuted surrogates with the mean d_x d_y / 2N, which bias correction takes away', async () => {
    const data = gaussianColumns(4, 300);
    const request = { source: columns(data, 0, 1), surrogates: 2000, null: { kind: 'permuted', stream: [1, 2, 3, 4] } } as const;
    const means = await Promise.all([false, true].map(async (corrected) => {
      const [values = new Float64Array(0)] = await (await open(columns(data, 2, 3), nothing, corrected)).estimate([request], options);
      return values.slice(1).reduce((sum, value) => sum + value, 0) / 2000;
    }));
    const [plain = 0, corrected = 0] = means;
    expect(Math.abs(plain - 4 / 600)).toBeLessThan(4 * (Math.sqrt(8) / 600 / Math.sqrt(2000)) + 1e-4);
    expect(corrected).toBeCloseTo(plain - 4 / 600, 12);
  });
});
