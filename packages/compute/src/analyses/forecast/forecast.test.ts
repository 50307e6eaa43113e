import { forecastDocument, forecastModels } from '@corrente/shared/contract/analyses/forecast';
import { describe, expect, it } from 'vitest';
import { conformalWidth, forecastErrors } from '../../../test/oracle/forecast.ts';
import { portableEngine } from '../../engine/portable.ts';
import { forecastWith } from '../../forecasting/forecast-with.ts';
import { collect, type Collected } from '../../run/collect.testing.ts';
import { frameOfSeries, hourly, noise } from './forecast.testing.ts';

const rows = 160;
const series = { a: hourly(rows, 1), b: hourly(rows, 2, { shift: 5, walk: 0.2 }) };
const frame = frameOfSeries(series);
const split = { train: 100, validation: 30, test: 30 };
const small = { horizon: 4, lookback: 8, epochs: 3, units: 4, split };

interface MetricRow {
  readonly series: string;
  readonly mse: number;
  readonly mae: number;
  readonly naive_mse: number;
  readonly naive_mae: number;
  readonly coverage: number | null;
  readonly windows: number;
}

function metrics(result: Collected): MetricRow[] {
  const read = (name: string): unknown[] => result.column('metrics', name);
  return read('series').map((name, k) => ({
    series: String(name),
    mse: Number(read('mse')[k]),
    mae: Number(read('mae')[k]),
    naive_mse: Number(read('naive_mse')[k]),
    naive_mae: Number(read('naive_mae')[k]),
    coverage: read('coverage')[k] === null ? null : Number(read('coverage')[k]),
    windows: Number(read('windows')[k]),
  }));
}

const oracle = (values: Float64Array, predict: (known: readonly number[], step: number) => number, horizon = 4) => forecastErrors({ values: [...values], trainTo: 100, testFrom: 130, testTo: 160, horizon }, predict);
const last = (known: readonly number[]): number => known.at(-1) ?? Number.NaN;

describe('metrics', () => {
  it('of naive are those of every window, counted one by one, and the naive errors beside them are the same', async () => {
    const found = metrics(await collect('forecast', frame, { params: { model: 'naive', horizon: 4, split } }));
    expect(found.map((row) => row.series)).toEqual(['a', 'b', 'all']);
    const expected = [oracle(series.a, last), oracle(series.b, last)];
    for (const [k, { mse, mae, windows }] of expected.entries()) {
      expect(windows).toBe(27);
      expect(found[k]).toMatchObject({ windows });
      expect(found[k]!.mse).toBeCloseTo(mse, 12);
      expect(found[k]!.mae).toBeCloseTo(mae, 12);
      expect(found[k]!.naive_mse).toBe(found[k]!.mse);
      expect(found[k]!.naive_mae).toBe(found[k]!.mae);
    }
    expect(found[2]!.mse).toBeCloseTo((expected[0]!.mse + expected[1]!.mse) / 2, 12);
  });

  it('of seasonal-naive repeat the last season, and of drift the line of the train rows', async () => {
    const seasonal = metrics(await collect('forecast', frame, { params: { model: 'seasonal-naive', horizon: 30, season: 24, split } }));
    expect(seasonal[0]!.mse).toBeCloseTo(oracle(series.a, (known, step) => known[known.length - 24 + ((step - 1) % 24)]!, 30).mse, 12);
    const drifting = metrics(await collect('forecast', frame, { params: { model: 'drift', horizon: 4, split } }));
    expect(drifting[0]!.mse).toBeCloseTo(oracle(series.a, (known, step) => last(known) + (step * (known[99]! - known[0]!)) / 99).mse, 12);
  });

  it('by step add up to those of the whole, and the naive error grows with the step', async () => {
    const result = await collect('forecast', frame, { params: { model: 'naive', horizon: 4, split } });
    const steps = result.column('by-step', 'mse').map(Number);
    expect(steps.reduce((sum, value) => sum + value, 0) / 4).toBeCloseTo(metrics(result)[2]!.mse, 12);
    expect(steps[3]).toBeGreaterThan(steps[0]!);
  });

  it('do not depend on rows after the split', async () => {
    const changed = frameOfSeries({ a: series.a.map((value, t) => (t < 150 ? value : 1e6)), b: series.b });
    const short = { ...small, split: { train: 100, validation: 30, test: 20 } };
    for (const model of ['naive', 'theta', 'nlinear'] as const) {
      const [one, other] = [await collect('forecast', frame, { params: { ...short, model } }), await collect('forecast', changed, { params: { ...short, model } })];
      expect(metrics(other)).toEqual(metrics(one));
    }
  });

  it('of several folds are those of their blocks together, each with a model made on the rows before', async () => {
    const result = await collect('forecast', frame, { params: { model: 'naive', horizon: 4, folds: 2, split } });
    expect(metrics(result)[0]!.windows).toBe(24);
    expect(result.column('folds', 'train_rows')).toEqual([100, 100, 100, 115, 115, 115]);
    expect(result.column('folds', 'windows')).toEqual([12, 12, 12, 12, 12, 12]);
    const fold = result.column('folds', 'mse').map(Number);
    expect((fold[2]! + fold[5]!) / 2).toBeCloseTo(metrics(result)[2]!.mse, 12);
  });
});

describe.each(forecastModels.filter((model) => model !== 'tfjs'))('%s', (model) => {
  const params = { ...small, model };

  it('forecasts every step of every series, with intervals about it, and states the naive error', { timeout: 60_000 }, async () => {
    const result = await collect('forecast', frame, { params });
    const found = metrics(result);
    for (const row of found) {
      expect(row.mse).toBeGreaterThan(0);
      expect(row.naive_mse).toBeCloseTo(row.series === 'all' ? (oracle(series.a, last).mse + oracle(series.b, last).mse) / 2 : oracle(row.series === 'a' ? series.a : series.b, last).mse, 9);
      expect(row.coverage).toBeGreaterThan(0.3);
    }
    // 4 backtests and the end, 2 series, 4 steps.
    const table = result.table('forecast');
    expect(table.numRows).toBe(40);
    for (const row of table) {
      expect(Number.isFinite(row['yhat'])).toBe(true);
      expect(row['lower']).toBeLessThan(row['upper']);
      expect(row['lower'] + row['upper']).toBeCloseTo(2 * row['yhat'], 9);
    }
    const beyond = [...table].filter((row) => row['y'] === null);
    expect(beyond.map((row) => row['series'])).toEqual(['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b']);
    expect(beyond.map((row) => Number(row['time']))).toEqual([1, 2, 3, 4, 1, 2, 3, 4].map((step) => (rows - 1 + step) * 3_600_000));
    expect(Number(table.get(0)?.['origin'])).toBe(129 * 3_600_000);
  });

  it('gives the same bits for the same seed', { timeout: 60_000 }, async () => {
    const [one, other] = [await collect('forecast', frame, { params }), await collect('forecast', frame, { params })];
    expect(other.column('forecast', 'yhat')).toEqual(one.column('forecast', 'yhat'));
    expect(metrics(other)).toEqual(metrics(one));
  });
});

it('intervals are the conformal ones of the validation windows', async () => {
  const result = await collect('forecast', frame, { params: { model: 'naive', horizon: 3, coverage: 0.8, split } });
  const [first] = result.table('forecast');
  const residuals = Array.from({ length: 28 }, (_, k) => series.a[100 + k]! - series.a[99 + k]!);
  const width = conformalWidth(residuals, 0.8);
  if (width === null) throw new Error('there is no interval');
  expect(first?.['upper'] - first?.['yhat']).toBeCloseTo(width, 12);
});

it('where validation has too few windows there are no intervals, and the rest is there', async () => {
  const result = await collect('forecast', frame, { params: { model: 'naive', horizon: 24, split } });
  expect(metrics(result)[0]!.coverage).toBeNull();
  expect(result.column('forecast', 'lower').every((value) => value === null)).toBe(true);
  expect(result.column('forecast', 'yhat').every((value) => value !== null)).toBe(true);
});

it('data without time is forecast in row numbers', async () => {
  const numbered = frameOfSeries(series, { timeKind: 'index' });
  for (const model of ['theta', 'linear']) {
    const result = await collect('forecast', numbered, { params: { ...small, model, backtests: 1 } });
    expect(result.column('forecast', 'time').map(Number)).toEqual([156, 157, 158, 159, 160, 161, 162, 163, 156, 157, 158, 159, 160, 161, 162, 163]);
    expect(result.column('forecast', 'origin').slice(0, 8).map(Number)).toEqual([155, 155, 155, 155, 159, 159, 159, 159]);
  }
});

describe('channels', () => {
  it('joint sees all series, so that one that leads another foretells it', { timeout: 60_000 }, async () => {
    const leader = noise(600, 9);
    const leads = frameOfSeries({ follows: leader.map((_, t) => (t < 3 ? 0 : leader[t - 3]!)), leader });
    const params = { model: 'linear', horizon: 2, lookback: 4, epochs: 30, learningRate: 0.02, learningRateDecay: 0.95, split: { train: 400, validation: 100, test: 100 } };
    const alone = metrics(await collect('forecast', leads, { params }));
    const joint = metrics(await collect('forecast', leads, { params: { ...params, mode: 'joint' } }));
    const exogenous = metrics(await collect('forecast', leads, { params: { ...params, exogenous: ['leader'] } }));
    expect(alone[0]!.mse).toBeGreaterThan(0.8);
    expect(joint[0]!.mse).toBeLessThan(0.05);
    expect(exogenous.map((row) => row.series)).toEqual(['follows', 'all']);
    expect(exogenous[0]!.mse).toBeLessThan(0.05);
  });
});

it('a season that repeats is learnt: linear, ets and theta beat the last value by far', { timeout: 60_000 }, async () => {
  const wave = frameOfSeries({ wave: hourly(800, 11) });
  for (const model of ['nlinear', 'ets', 'theta']) {
    const [found] = metrics(await collect('forecast', wave, { params: { model, horizon: 12 } }));
    expect(found!.mse, model).toBeLessThan(0.25 * found!.naive_mse);
  }
});

const dense = (units: number) => ({ class_name: 'Dense', config: { units } });

describe('tfjs', () => {
  const topology = { class_name: 'Sequential', config: { name: 'own', layers: [{ class_name: 'Flatten', config: { batch_input_shape: [null, 8, 1] } }, dense(4)] } };

  it('trains layers of your own by the same test, with history and a model that can be applied', { timeout: 120_000 }, async () => {
    const result = await collect('forecast', frame, { params: { ...small, model: 'tfjs', topology }, precision: 'f32' });
    expect(result.column('history', 'epoch')).toEqual([1, 2, 3]);
    const losses = result.column('history', 'train_loss').map(Number);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect(metrics(result)[0]!.naive_mse).toBeCloseTo(oracle(series.a, last).mse, 9);
    const text = result.column('model', 'text').map(String).join('');
    const document = forecastDocument.parse(JSON.parse(text));
    const { values } = await forecastWith(document, frame, { engine: portableEngine(), precision: 'f32', log: () => {} });
    const beyond = [...result.table('forecast')].filter((row) => row['y'] === null).map((row) => Number(row['yhat']));
    for (const [k, value] of beyond.entries()) expect(values[k]).toBeCloseTo(value, 4);
  });

  it('refuses layers whose output is not the horizon before anything is trained', { timeout: 60_000 }, async () => {
    const wrong = { ...topology, config: { ...topology.config, layers: [...topology.config.layers.slice(0, 1), dense(5)] } };
    await expect(collect('forecast', frame, { params: { ...small, model: 'tfjs', topology: wrong }, precision: 'f32' })).rejects.toMatchObject({ code: 'model-invalid' });
  });
});
