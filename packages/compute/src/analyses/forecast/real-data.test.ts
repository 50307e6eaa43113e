/** Forecasts of real series, in the folder that CORRENTE_DATA names. */
import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../engine/cpu.ts';
import { collect } from '../../run/collect.testing.ts';
import { dataFolder, etth1, monthly } from './forecast.testing.ts';

const engine = cpuEngine();
const split = { train: 8640, validation: 2880, test: 2880 };

describe.skipIf(dataFolder === undefined)('real series (CORRENTE_DATA)', () => {
  // Over every test window, as SOURCES.md of the data records them.
  it.each([
    [96, 1.2944, 0.7132],
    [192, 1.3249, 0.7331],
    [336, 1.3299, 0.746],
    [720, 1.3351, 0.755],
  ])('on ETTh1 the last value repeated has at %d steps the error %d', { timeout: 120_000 }, async (horizon, mse, mae) => {
    const result = await collect('forecast', etth1(), { params: { model: 'naive', horizon, split, backtests: 0 } });
    expect(Number(result.column('metrics', 'mse').at(-1)).toFixed(4)).toBe(mse.toFixed(4));
    expect(Number(result.column('metrics', 'mae').at(-1)).toFixed(4)).toBe(mae.toFixed(4));
    expect(result.column('metrics', 'windows').at(-1)).toBe(2880 - horizon + 1);
  });

  it.skipIf(!engine.info().available)('on ETTh1 nlinear with nothing set but horizon and split is within 2 % of the published error at 96 steps', { timeout: 300_000 }, async () => {
    const result = await collect('forecast', etth1(), { engine, precision: 'f32', params: { model: 'nlinear', horizon: 96, split, backtests: 0 } });
    expect(Math.abs(Number(result.column('metrics', 'mse').at(-1)) - 0.374)).toBeLessThan(0.02 * 0.374);
    expect(Number(result.column('metrics', 'naive_mse').at(-1)).toFixed(4)).toBe('1.2944');
  });

  it.each(['ets', 'theta', 'seasonal-naive', 'nlinear', 'mlp'])('on AirPassengers %s with nothing set but the horizon has a third of the naive error at most', { timeout: 120_000 }, async (model) => {
    const result = await collect('forecast', monthly('AirPassengers.csv', 1949), { params: { model, horizon: 12 } });
    const [mse, naive] = [Number(result.column('metrics', 'mse')[0]), Number(result.column('metrics', 'naive_mse')[0])];
    expect(mse).toBeLessThan(naive / 3);
    expect(result.column('forecast', 'time').slice(-12).map(Number)).toEqual(Array.from({ length: 12 }, (_, month) => Date.UTC(1961, month)));
  });

  it('on AirPassengers the form of least AICc is that with a multiplicative error and season', { timeout: 120_000 }, async () => {
    const result = await collect('forecast', monthly('AirPassengers.csv', 1949), { params: { model: 'ets', horizon: 12 } });
    expect(result.column('fits', 'form')).toEqual(['MAM']);
    expect(result.column('fits', 'period')).toEqual([12]);
  });
});
