import { describe, expect, it } from 'vitest';
import { gaussian } from '../../../test/series/random.ts';
import { hullWeights, legouxWeights, triangularWeights } from './weights.ts';

const values = Float64Array.from({ length: 40 }, (_, i) => gaussian(71, i));
const lengths = [1, 2, 3, 4, 5, 9, 16, 17];

const weighted = (series: Float64Array, weights: Float64Array): number => {
  const window = series.subarray(series.length - weights.length);
  return window.reduce((sum, value, i) => sum + value * (weights[i] ?? Number.NaN), 0);
};

/** The last value of a plain average, and all of them. */
const averages = (series: Float64Array, window: number, weightOf: (i: number) => number): Float64Array =>
  Float64Array.from({ length: series.length - window + 1 }, (_, t) => {
    let [sum, weights] = [0, 0];
    for (let i = 0; i < window; i++) {
      sum += weightOf(i) * (series[t + i] ?? Number.NaN);
      weights += weightOf(i);
    }
    return sum / weights;
  });
const sma = (series: Float64Array, window: number): Float64Array => averages(series, window, () => 1);
const wma = (series: Float64Array, window: number): Float64Array => averages(series, window, (i) => i + 1);

describe('weights', () => {
  it.each(lengths)('triangular, of %d rows: the average of averages that TA-Lib defines', (window) => {
    // TA-Lib: of odd n the sma over (n + 1) / 2 of itself, of even n the sma over n / 2 + 1 of that over n / 2.
    const [outer, inner] = window % 2 === 1 ? [(window + 1) / 2, (window + 1) / 2] : [window / 2 + 1, window / 2];
    expect(triangularWeights(window)).toHaveLength(window);
    expect(weighted(values, triangularWeights(window))).toBeCloseTo(sma(sma(values, inner), outer).at(-1) ?? Number.NaN, 14);
  });

  it.each(lengths)('of Hull, of %d rows: the average of twice the shorter less the longer', (window) => {
    const [half, root] = [Math.max(1, Math.floor(window / 2)), Math.max(1, Math.floor(Math.sqrt(window)))];
    const long = wma(values, window);
    const short = wma(values, half).subarray(window - half);
    const twice = long.map((value, i) => 2 * (short[i] ?? Number.NaN) - value);
    expect(hullWeights(window)).toHaveLength(window + root - 1);
    expect(weighted(values, hullWeights(window))).toBeCloseTo(wma(twice, root).at(-1) ?? Number.NaN, 14);
  });

  it('of Legoux are greatest at the offset and narrow with sigma', () => {
    const weights = legouxWeights(21, 0.85, 6);
    expect(weights.indexOf(Math.max(...weights))).toBe(17);
    expect((weights[17] ?? 0) / (weights[0] ?? 0)).toBeCloseTo(Math.exp((17 ** 2 * 36) / (2 * 21 ** 2)), 6);
    expect(Math.max(...legouxWeights(21, 0.85, 12))).toBeGreaterThan(Math.max(...weights));
  });

  it('triangular, of a million rows: are there at once, 1 in the middle for 1 / 500,001 at the ends', () => {
    const before = performance.now();
    const weights = triangularWeights(1_000_001);
    expect(performance.now() - before).toBeLessThan(1000);
    expect((weights[500_000] ?? 0) / (weights[0] ?? 0)).toBeCloseTo(500_001, 6);
    expect(weights[1_000_000]).toBe(weights[0]);
  });

  it.each(lengths)('of every average over %d rows add up to 1', (window) => {
    for (const weights of [triangularWeights(window), hullWeights(window), legouxWeights(window, 0.85, 6)]) {
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14);
    }
  });
});
