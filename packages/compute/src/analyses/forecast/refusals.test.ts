import { describe, expect, it } from 'vitest';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { frameOfSeries, hourly } from './forecast.testing.ts';

const frame = frameOfSeries({ a: hourly(160, 1), b: hourly(160, 2) });
const split = { train: 100, validation: 30, test: 30 };

describe('before anything is computed', () => {
  it.each([
    ['a horizon that the test rows do not hold', { horizon: 31, split }, 'horizon-too-long', /31 rows; the validation part has 30 of the 160/],
    ['a horizon longer than the series', { horizon: 1000 }, 'horizon-too-long', /1000 rows; the train part has 96/],
    ['a look-back longer than train', { model: 'linear', horizon: 4, lookback: 100, split }, 'lookback-too-long', /100 rows; training has 100/],
    ['a look-back that leaves one window', { model: 'linear', horizon: 4, lookback: 96, split }, 'too-few-samples', /leave 1 windows in the 100 train rows/],
    ['a season longer than train', { model: 'seasonal-naive', horizon: 4, season: 101, split }, 'too-few-samples', /101 rows; training has 100/],
    ['a season that train holds less than twice', { model: 'theta', horizon: 4, season: 51, split }, 'too-few-samples', /51 rows, for which theta needs 102 rows of training; there are 100/],
    ['a season that train holds hardly twice', { model: 'ets', horizon: 4, season: 50, split }, 'too-few-samples', /50 rows, for which ets needs 101 rows of training; there are 100/],
    ['folds whose blocks are shorter than the horizon', { model: 'naive', horizon: 12, folds: 3, split }, 'horizon-too-long', /test part has 10 \(of one of 3 folds\)/],
    ['an exogenous series that is not there', { horizon: 4, exogenous: ['c'] }, 'unknown-series', /names c; the input has a, b/],
    ['nothing but exogenous series', { horizon: 4, exogenous: ['a', 'b'] }, 'too-few-series', /none is left/],
    ['exogenous series of a classical model', { model: 'ets', exogenous: ['a'] }, 'invalid-params', /sees no other series/],
    ['a split of fractions and rows', { split: { train: 0.5, validation: 20, test: 20 } }, 'invalid-params', /mixes fractions and rows/],
    ['fractions above 1 together', { split: { train: 0.6, validation: 0.3, test: 0.2 } }, 'invalid-params', /fractions may be 1 together/],
    ['a part without rows', { split: { train: 0.8, validation: 0, test: 0.2 } }, 'invalid-params', /leaves a part without rows/],
    ['layers JSON that is missing', { model: 'tfjs' }, 'invalid-params', /topology is needed/],
    ['an anchor of layers that a person brings', { model: 'tfjs', topology: { layers: [{ type: 'dense', units: 4 }] }, anchor: true }, 'invalid-params', /anchor is given/],
    ['a number of layers beside those that a person brings', { model: 'tfjs', topology: { layers: [{ type: 'dense', units: 4 }] }, layers: 2 }, 'invalid-params', /layers is given/],
    ['layers JSON of a built-in model', { model: 'mlp', topology: {} }, 'invalid-params', /has layers of its own/],
    ['a form of another model', { model: 'theta', form: 'AAA' }, 'invalid-params', /is no exponential smoothing/],
  ])('%s is refused', async (_, params, code, message) => {
    await expect(collect('forecast', frame, { params })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('a series that is constant over the train rows is refused by its name', async () => {
    const flat = frameOfSeries({ a: hourly(160, 1), flat: Float64Array.from({ length: 160 }, (_, t) => (t < 100 ? 0.1 : t)) });
    await expect(collect('forecast', flat, { params: { model: 'naive', horizon: 4, split } })).rejects.toMatchObject({ code: 'constant-series', message: expect.stringMatching(/^flat does not vary over the train rows 0 to 99/) });
  });

  it('missing values are refused with the series and their number, and the fill that helps', async () => {
    const holes = frameOfSeries({ a: hourly(160, 1), b: hourly(160, 2).map((value, t) => (t % 50 === 3 ? Number.NaN : value)) });
    await expect(collect('forecast', holes, { params: { horizon: 4 } })).rejects.toMatchObject({ code: 'missing-values', message: expect.stringMatching(/b \(4\) of 160 rows.*forward or linear/) });
  });

  it('data of several trials is refused', async () => {
    await expect(collect('forecast', frameOf(frame, { trials: 2 }), { params: { horizon: 4 } })).rejects.toMatchObject({ code: 'trials-unsupported' });
  });

  it('a form of ets that needs positive values is refused for others', async () => {
    const around = frameOfSeries({ a: hourly(160, 1).map((value) => value - 10) });
    await expect(collect('forecast', around, { params: { model: 'ets', form: 'MAM', horizon: 4, split } })).rejects.toMatchObject({ code: 'invalid-params', message: expect.stringMatching(/it needs values above 0/) });
  });
});

it('a training that diverges ends with the epoch and the learning rate', async () => {
  const params = { model: 'linear', horizon: 4, lookback: 8, epochs: 50, learningRate: 10, learningRateDecay: 1, split };
  const huge = frameOfSeries({ a: hourly(160, 1).map((value, t) => (t < 100 ? value : value * 1e200)) });
  await expect(collect('forecast', huge, { params })).rejects.toMatchObject({ code: 'training-diverged', message: expect.stringMatching(/In epoch 1 .* at a learning rate of 10/) });
});
