import { forecast as contract, trainedModels } from '@corrente/shared/contract/analyses/forecast';
import type { Precision } from '@corrente/shared/contract/engine';
import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../engine/cpu.ts';
import type { Engine } from '../../engine/contract.ts';
import { portableEngine } from '../../engine/portable.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOfSeries, hourly } from './forecast.testing.ts';

const cpu = cpuEngine();
const frame = frameOfSeries({ a: hourly(200, 1), b: hourly(200, 2, { shift: 5, walk: 0.2 }) });
const split = { train: 120, validation: 40, test: 40 };

async function errors(engine: Engine, model: string, precision: Precision): Promise<number[]> {
  const result = await collect('forecast', frame, { engine, precision, params: { model, horizon: 4, lookback: 8, epochs: 4, units: 6, dropout: 0.1, split } });
  return [...result.column('metrics', 'mse'), ...result.column('by-step', 'mae'), ...result.column('history', 'val_loss')].map(Number);
}

describe.skipIf(!cpu.info().available)('the CPU engine and the portable one', () => {
  for (const precision of ['f64', 'f32'] as const) {
    it.each(trainedModels.filter((model) => model !== 'tfjs'))(`train %s alike under ${precision}, to the tolerance of the analysis`, { timeout: 60_000 }, async (model) => {
      const [one, other] = [await errors(cpu, model, precision), await errors(portableEngine(), model, precision)];
      expect(one.every(Number.isFinite)).toBe(true);
      expect(other.length).toBe(one.length);
      for (const [k, value] of other.entries()) expect(Math.abs(value - one[k]!)).toBeLessThan(contract.tolerance[precision] * Math.abs(value));
    });
  }

  it('fit classical models to the same bits', { timeout: 60_000 }, async () => {
    for (const model of ['theta', 'ets']) {
      const [one, other] = await Promise.all([cpu, portableEngine()].map((engine) => collect('forecast', frame, { engine, params: { model, horizon: 4, season: 1, split } })));
      expect(one?.column('forecast', 'yhat')).toEqual(other?.column('forecast', 'yhat'));
    }
  });
});
