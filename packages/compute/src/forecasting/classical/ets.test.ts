import { etsForms } from '@corrente/shared/contract/analyses/forecast';
import { describe, expect, it } from 'vitest';
import { etsOracle } from '../../../test/oracle/ets.ts';
import { noise } from '../../analyses/forecast/forecast.testing.ts';
import { etsLikelihood, EtsState, traitsOf } from './ets.ts';

const values = Float64Array.from(noise(60, 7), (value, t) => 100 + t + 10 * Math.sin(t) + 5 * value);

describe.each(etsForms)('exponential smoothing %s', (form) => {
  const traits = traitsOf(form);
  const parameters = {
    alpha: 0.3,
    beta: traits.trend ? 0.1 : 0,
    gamma: traits.season === 'N' ? 0 : 0.2,
    phi: traits.damped ? 0.9 : 1,
    level: 95,
    slope: traits.trend ? 0.7 : 0,
    season: Float64Array.from(traits.season === 'N' ? [] : traits.season === 'A' ? [3, -4, 1, 0] : [1.1, 0.9, 1.05, 0.95]),
  };
  const expected = etsOracle(form, { ...parameters, season: [...parameters.season] }, [...values], 9);

  it('has the likelihood of the printed equations', () => {
    const { logLikelihood, sse } = etsLikelihood(traits, parameters, values);
    expect(Math.abs(logLikelihood - expected.logLikelihood)).toBeLessThan(1e-9 * Math.abs(expected.logLikelihood));
    expect(Math.abs(sse - expected.sse)).toBeLessThan(1e-9 * expected.sse);
  });

  it('forecasts as the printed equations do', () => {
    const state = new EtsState(traits, parameters);
    for (const value of values) state.update(value);
    for (const [h, value] of expected.forecasts.entries()) expect(Math.abs(state.forecast(h + 1) - value)).toBeLessThan(1e-9 * Math.abs(value));
  });
});

it('a form that needs positive forecasts has no likelihood where one is negative', () => {
  const parameters = { alpha: 0.1, beta: 0, gamma: 0, phi: 1, level: -5, slope: 0, season: new Float64Array(0) };
  expect(etsLikelihood(traitsOf('MNN'), parameters, values)).toEqual({ logLikelihood: Number.NEGATIVE_INFINITY, sse: Number.POSITIVE_INFINITY });
  expect(etsLikelihood(traitsOf('ANN'), parameters, values).logLikelihood).toBeGreaterThan(-1e6);
});
