import { describe, expect, it } from 'vitest';
import { forecast, forecastModels, forecastParams, trainingSettings } from './forecast.ts';

const params = (given: Readonly<Record<string, unknown>>) => forecastParams.parse(given);

/** Rows that so many blocks of a tcn see. */
const seen = (blocks: number): number => 1 + 4 * (2 ** blocks - 1);

describe('what a person did not set', () => {
  it('is on ETTh1 what the published linear models take: look-back 336, batches of 32, 10 epochs, a rate that halves', () => {
    for (const horizon of [96, 192, 336]) {
      expect(trainingSettings(params({ model: 'nlinear', horizon }), 8640)).toMatchObject({ lookback: 336, batchSize: 32, epochs: 10, learningRate: 0.005, learningRateDecay: 0.5, anchored: true });
    }
  });

  it('leaves short series windows to learn from: 144 rows a year ahead', () => {
    const { lookback, batchSize, epochs } = trainingSettings(params({ horizon: 12 }), 86);
    expect(lookback).toBe(24);
    expect(batchSize).toBe(4);
    expect(epochs).toBeGreaterThan(100);
  });

  it('gives way to what was set', () => {
    const set = { lookback: 5, batchSize: 7, epochs: 3, learningRate: 0.1, learningRateDecay: 0.9, patience: 2, clipNorm: 4, layers: 3, anchor: false };
    const { anchor, ...rest } = set;
    expect(trainingSettings(params({ model: 'gru', ...set }), 1000)).toEqual({ ...rest, anchored: anchor });
  });

  it('gives a tcn the blocks that see its look-back', () => {
    for (const lookback of [5, 24, 96, 500]) {
      const { layers } = trainingSettings(params({ model: 'tcn', lookback }), 10_000);
      expect(seen(layers)).toBeGreaterThanOrEqual(lookback);
      expect(layers === 1 || seen(layers - 1) < lookback).toBe(true);
    }
  });
});

describe('the estimate', () => {
  const shape = { series: ['a', 'b', 'c'], rows: 10_000, time: 'timestamp' } as const;

  it.each(forecastModels.filter((model) => model !== 'tfjs'))('of %s is finite, and grows with rows and horizon', (model) => {
    const of = (horizon: number, rows: number) => forecast.estimate(params({ model, horizon }), { ...shape, rows }, 'f64');
    for (const value of Object.values(of(24, 10_000))) expect(value).toBeGreaterThan(0);
    for (const value of Object.values(of(24, 10_000))) expect(Number.isFinite(value)).toBe(true);
    expect(of(96, 10_000).memoryBytes).toBeGreaterThan(of(24, 10_000).memoryBytes);
    expect(of(24, 100_000).operations).toBeGreaterThan(of(24, 10_000).operations);
  });

  it('of a trained model has room for the gradients of all parts of a batch', () => {
    // 256 samples are 32 parts of 8; 30 of them take 256 MiB. Beside them there are the parameters and two moments.
    const weights = 337 * 3000 + 3001 * 24;
    const { memoryBytes } = forecast.estimate(params({ model: 'mlp', units: 3000, lookback: 336, batchSize: 256 }), { ...shape, series: ['a'] }, 'f64');
    expect(memoryBytes).toBeGreaterThan((30 + 3) * 8 * weights);
  });

  it('of tfjs counts the layers that are given, up to the gibibyte that they may take', () => {
    const of = (units: number) => forecast.estimate(params({ model: 'tfjs', horizon: 24, lookback: 48, batchSize: 32, topology: { layers: [{ type: 'flatten' }, { type: 'dense', units }, { type: 'dense', units: 24 }] } }), shape, 'f64');
    const weights = (units: number): number => 49 * units + (units + 1) * 24;
    // A weight in float32 is held eight times; beside the weights there are the values of a batch.
    expect(of(100_000).memoryBytes - of(10).memoryBytes).toBeGreaterThan(32 * (weights(100_000) - weights(10)));
    expect(of(100_000).operations).toBeGreaterThan(1000 * of(10).operations);
    expect(of(1e9).memoryBytes - of(10).memoryBytes).toBeLessThan(2 ** 30);
    expect(forecast.estimate(params({ model: 'tfjs', topology: { layers: 'none' } }), shape, 'f64').memoryBytes).toBeGreaterThan(0);
  });
});
