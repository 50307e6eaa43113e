import { expect, it } from 'vitest';
import { noise } from '../../analyses/forecast/forecast.testing.ts';
import { type ClassicalFit, classicalForecasts, forecastInTurns } from './classical.ts';
import { seasonalIndices } from './decompose.ts';

const values = Float64Array.from(noise(1000, 9), (value, t) => 50 + 5 * Math.sin(t / 3) + value);
const origins = Int32Array.from({ length: 700 }, (_, k) => 100 + k);
const horizon = 1000;

const fits: readonly ClassicalFit[] = [
  { model: 'naive' },
  { model: 'seasonal-naive', period: 19 },
  { model: 'drift', drift: 0.1 },
  { model: 'theta', fit: { period: 3, season: 'additive', indices: Float64Array.of(1, -1, 0), alpha: 0.3, level: 50, drift: 0.02, sse: 0 } },
  { model: 'ets', fit: { form: 'AAdA', period: 3, parameters: { alpha: 0.3, beta: 0.1, gamma: 0.2, phi: 0.9, level: 50, slope: 0.1, season: Float64Array.of(1, -1, 0) }, logLikelihood: 0, aicc: 0, sse: 0 } },
];

it.each(fits)('many forecasts by $model are made in turns, with the same bits', async (fit) => {
  let turns = 0;
  const found = new Float64Array(origins.length * horizon);
  await forecastInTurns(fit, values, origins, horizon, () => Promise.resolve(void turns++), (_, forecasts, first) => found.set(forecasts, first * horizon));
  expect(turns).toBe(4);
  expect(found).toEqual(classicalForecasts(fit, values, origins, horizon));
});

it('a season as long as half the rows is taken out in the time of a short one', () => {
  const long = Float64Array.from({ length: 400_000 }, (_, t) => 100 + Math.sin((2 * Math.PI * t) / 50_000));
  const started = performance.now();
  const indices = seasonalIndices(long, 50_000, false);
  expect(performance.now() - started).toBeLessThan(2000);
  for (const k of [0, 12_500, 30_000]) expect(indices[k]).toBeCloseTo(Math.sin((2 * Math.PI * k) / 50_000), 6);
});
