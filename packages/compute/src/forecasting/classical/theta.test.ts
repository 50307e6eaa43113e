import { expect, it } from 'vitest';
import { noise } from '../../analyses/forecast/forecast.testing.ts';
import { bestAlpha, fitTheta, smoothingError, thetaForecasts } from './theta.ts';

const turn = (): Promise<void> => Promise.resolve();
const values = Float64Array.from(noise(80, 3), (value, t) => 50 + 0.4 * t + 3 * value);

it('the squared error of simple exponential smoothing is that of its recursion, and its first level the best', () => {
  const sseFrom = (alpha: number, first: number): number => {
    let [level, sse] = [first, 0];
    for (const value of values) {
      sse += (value - level) ** 2;
      level = alpha * value + (1 - alpha) * level;
    }
    return sse;
  };
  for (const alpha of [0.05, 0.4, 0.95]) {
    const { sse, level } = smoothingError(values, alpha);
    expect(sse).toBeCloseTo(sseFrom(alpha, level), 6);
    expect(sseFrom(alpha, level + 0.5)).toBeGreaterThan(sse);
    expect(sseFrom(alpha, level - 0.5)).toBeGreaterThan(sse);
  }
});

it('no alpha of a fine grid has less squared error than the one that is chosen', async () => {
  const best = smoothingError(values, await bestAlpha(values, turn)).sse;
  for (let alpha = 0.001; alpha < 1; alpha += 0.001) expect(smoothingError(values, alpha).sse).toBeGreaterThan(best - 1e-6);
});

it('a straight line goes on with half its slope and what the smoothing lags behind by, as Hyndman and Billah derive', async () => {
  const line = Float64Array.from({ length: 60 }, (_, t) => 10 + 2 * t);
  const fit = await fitTheta(line, 1, turn);
  const out = new Float64Array(3);
  thetaForecasts(fit, line, Int32Array.of(60), 3, out);
  expect(fit.drift).toBeCloseTo(1, 9);
  let level = fit.level;
  for (const value of line) level += fit.alpha * (value - level);
  const behind = (1 - (1 - fit.alpha) ** 60) / fit.alpha;
  for (const [h, value] of out.entries()) expect(value).toBeCloseTo(level + h + behind, 9);
});

it('a season is taken out by division where all values are positive, and by difference otherwise', async () => {
  const season = [2, -1, 0, -1];
  const wave = Float64Array.from({ length: 40 }, (_, t) => 20 + season[t % 4]!);
  expect((await fitTheta(wave, 4, turn)).season).toBe('multiplicative');
  const below = wave.map((value) => value - 20);
  const fit = await fitTheta(below, 4, turn);
  expect(fit.season).toBe('additive');
  const out = new Float64Array(8);
  thetaForecasts(fit, below, Int32Array.of(40), 8, out);
  for (const [h, value] of out.entries()) expect(value).toBeCloseTo(season[h % 4]!, 6);
});
