import { expect, it } from 'vitest';
import { frameOfSeries, hourly, noise } from '../analyses/forecast/forecast.testing.ts';
import { autocorrelations, isSeasonal, periodOf, periodsOf } from './season.ts';

const turn = (): Promise<void> => Promise.resolve();

it('autocorrelations are those of the definition', async () => {
  expect([...(await autocorrelations(Float64Array.of(1, 2, 3, 4), 2, turn))].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([1, 0.25, -0.3]);
});

it.each([
  [3_600_000_000n, [24, 168]],
  [86_400_000_000n, [7, 365]],
  [900_000_000n, [96, 4]],
  [2_629_746_000_000n, [12]],
  [604_800_000_000n, [52]],
])('a step of %d µs suggests the periods %j', (every, periods) => {
  expect(periodsOf(frameOfSeries({ a: new Float64Array(10) }, { every }))).toEqual(periods);
});

it('the season of hours is found, also beneath a trend', async () => {
  const values = hourly(400, 1).map((value, t) => value + t / 10);
  expect(await periodOf(frameOfSeries({ values }), values, turn)).toBe(24);
});

it('noise and a walk have no season', async () => {
  const white = noise(400, 2);
  expect(await periodOf(frameOfSeries({ white }), white, turn)).toBe(1);
  const wave = hourly(400, 3);
  const walk = hourly(400, 3, { walk: 1 }).map((value, t) => value - wave[t]!);
  expect(await periodOf(frameOfSeries({ walk }), walk, turn)).toBe(1);
});

it('without time the period is the lag of the largest autocorrelation of differences', async () => {
  const wave = Float64Array.from(noise(300, 4), (value, t) => 0.1 * value + [0, 3, 1, -2, 5, -1, 2][t % 7]!);
  expect(await periodOf(frameOfSeries({ wave }, { timeKind: 'index' }), wave, turn)).toBe(7);
  expect(await isSeasonal(wave, 7, turn)).toBe(true);
  expect(await isSeasonal(wave.subarray(0, 13), 7, turn)).toBe(false);
});

it('a search for a season gives way at every lag, so that it can be cancelled', async () => {
  let turns = 0;
  const stop = (): Promise<void> => (++turns === 5 ? Promise.reject(new Error('cancelled')) : Promise.resolve());
  const wave = hourly(400, 1);
  await expect(periodOf(frameOfSeries({ wave }), wave, stop)).rejects.toThrow('cancelled');
  turns = 0;
  await expect(isSeasonal(wave, 24, stop)).rejects.toThrow('cancelled');
});
