import { symmetricEigen } from '@corrente/shared/portable/dense';
import { describe, expect, it } from 'vitest';
import { assertClose } from '../../test/oracle/compare.ts';
import { covariance, flat, multiply, normalised, transposed } from '../../test/oracle/matrix.ts';
import { gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { gaussians } from '../../test/series/random.ts';
import { cleanCorrelation, noiseBound, type Cleaning } from './marchenko-pastur.ts';

const factorSeries = (count: number, rows: number): Float64Array[] => Array.from({ length: count }, (_, s) => seriesOf(gaussianColumns(count, rows, { seed: 5 }), s));
const noiseSeries = (count: number, rows: number): Float64Array[] => Array.from({ length: count }, (_, s) => gaussians(900 + s, rows));
const correlationOf = (series: readonly Float64Array[]): Float64Array<ArrayBuffer> => flat(normalised(covariance(series)));

/** Chapter 2 word for word: the whole spectrum rebuilt from its vectors, then scaled. */
async function rebuilt(matrix: Float64Array, n: number, { noise, detone }: Cleaning): Promise<Float64Array> {
  const { values, vectors } = await symmetricEigen(matrix, n, {});
  const mean = values.subarray(0, noise).reduce((sum, value) => sum + value, 0) / Math.max(1, noise);
  const kept = Array.from(values, (value, k) => (k >= n - detone ? 0 : k < noise ? mean : value));
  const rows = Array.from({ length: n }, (_, k) => [...vectors.subarray(k * n, (k + 1) * n)]);
  return flat(normalised(multiply(transposed(rows), rows.map((row, k) => row.map((value) => value * (kept[k] ?? 0))))));
}

describe('noiseBound', () => {
  it('takes the spectrum of independent series for noise, all of it but what sticks out at the edge', async () => {
    const [n, rows] = [100, 400];
    const { values } = await symmetricEigen(correlationOf(noiseSeries(n, rows)), n, {});
    const { bound, noise } = noiseBound(values, rows);
    expect(noise).toBeGreaterThanOrEqual(n - 2);
    expect(Math.abs(bound - 2.25)).toBeLessThan(0.1);
  });

  it('leaves two common factors above the edge, and gives noise the variance that they leave', async () => {
    const [n, rows] = [60, 400];
    const factors = [gaussians(71, rows), gaussians(72, rows)];
    const series = noiseSeries(n, rows).map((values, s) => values.map((value, t) => 0.8 * value + 0.6 * (factors[s % 2]?.[t] ?? 0)));
    const { values } = await symmetricEigen(correlationOf(series), n, {});
    const { bound, variance, noise } = noiseBound(values, rows);
    expect(noise).toBe(n - 2);
    expect(variance).toBeCloseTo((n - (values[n - 1] ?? 0) - (values[n - 2] ?? 0)) / (n - 2), 12);
    expect(variance).toBeLessThan(0.7);
    expect(bound).toBeCloseTo(variance * (1 + Math.sqrt(n / rows)) ** 2, 12);
  });

  it('takes eigenvalues that are all 1 for noise, and none for nothing', () => {
    expect(noiseBound(new Float64Array(5).fill(1), 100).noise).toBe(5);
    expect(noiseBound(new Float64Array(0), 100).noise).toBe(0);
  });
});

describe('cleanCorrelation', () => {
  it.each([
    ['denoises', { noise: 35, detone: 0 }],
    ['detones', { noise: 0, detone: 1 }],
    ['does both', { noise: 38, detone: 2 }],
    ['takes out more vectors than stand above the noise', { noise: 39, detone: 3 }],
  ])('%s as the spectrum rebuilt and scaled', async (_, cleaning) => {
    const n = 40;
    const matrix = correlationOf(factorSeries(n, 200));
    const expected = await rebuilt(matrix, n, cleaning);
    await cleanCorrelation(matrix, await symmetricEigen(matrix, n, {}), cleaning, {});
    assertClose(matrix, expected, { tolerance: () => 1e-11, place: (at) => `row ${Math.floor(at / n)}, column ${at % n}` });
    for (let i = 0; i < n; i++) expect(matrix[i * n + i]).toBe(1);
  });

  it('leaves nothing where everything is taken out', async () => {
    const matrix = correlationOf(factorSeries(5, 50));
    await cleanCorrelation(matrix, await symmetricEigen(matrix, 5, {}), { noise: 0, detone: 5 }, {});
    expect([...matrix].every(Number.isNaN)).toBe(true);
  });

  it('ends within a second of an abort, however many vectors there are to put together', async () => {
    const n = 1200;
    const spectrum = { values: new Float64Array(n).fill(1), vectors: new Float64Array(n * n) };
    const controller = new AbortController();
    const aborted = new Promise<number>((resolve) => {
      setTimeout(() => {
        controller.abort();
        resolve(performance.now());
      }, 50);
    });
    await expect(cleanCorrelation(new Float64Array(n * n), spectrum, { noise: 1, detone: 0 }, { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - (await aborted)).toBeLessThan(1000);
  });
});
