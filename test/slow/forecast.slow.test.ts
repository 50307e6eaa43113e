/** What forecasts promise on ETTh1 with nothing set but model, horizon and split: the errors of the published table. */
import { cpuEngine } from '@corrente/compute/engine/cpu';
import { dataFolder, etth1 } from '@corrente/compute/analyses/forecast/forecast.testing';
import { collect } from '@corrente/compute/run/collect.testing';
import { describe, expect, it } from 'vitest';

const engine = cpuEngine();
const split = { train: 8640, validation: 2880, test: 2880 };

// Zeng, Chen, Zhang and Xu (2023), Table 2.
const published = [
  { model: 'nlinear', within: 0.02, mse: { 96: 0.374, 192: 0.408, 336: 0.429, 720: 0.44 } },
  { model: 'dlinear', within: 0.03, mse: { 96: 0.375, 192: 0.405, 336: 0.439, 720: 0.472 } },
] as const;

describe.skipIf(dataFolder === undefined || !engine.info().available)('on ETTh1 (CORRENTE_DATA, the CPU engine)', () => {
  for (const { model, within, mse } of published) {
    it.each(Object.entries(mse).map(([horizon, error]) => [Number(horizon), error] as const))(`${model} has at %d steps at most ${100 * within} %% more than the error %d`, { timeout: 900_000 }, async (horizon, error) => {
      const result = await collect('forecast', etth1(), { engine, params: { model, horizon, split, backtests: 0 } });
      expect(Number(result.column('metrics', 'mse').at(-1))).toBeLessThan((1 + within) * error);
      expect(Number(result.column('metrics', 'mse').at(-1))).toBeGreaterThan((1 - 2 * within) * error);
    });
  }
});
