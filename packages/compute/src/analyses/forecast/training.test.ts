import { forecastDocument } from '@corrente/shared/contract/analyses/forecast';
import { describe, expect, it } from 'vitest';
import { forecastWith } from '../../forecasting/forecast-with.ts';
import { portableEngine } from '../../engine/portable.ts';
import { collect, type Collected } from '../../run/collect.testing.ts';
import { courseOf } from './early-stopping.ts';
import { frameOfSeries, hourly } from './forecast.testing.ts';
import type { Table } from 'apache-arrow';
import type { JsonValue } from '../analysis.ts';

const frame = frameOfSeries({ a: hourly(200, 1), b: hourly(200, 2, { shift: 5, walk: 0.2 }) });
const params = { model: 'mlp', horizon: 4, lookback: 8, epochs: 6, units: 4, dropout: 0.1, split: { train: 120, validation: 40, test: 40 } };

/** The last document of a table `model`, as text. */
function documentText(table: Table): string {
  const parts = [...(table.getChild('part') ?? [])].map(Number);
  const text = [...(table.getChild('text') ?? [])].map(String);
  return text.slice(parts.lastIndexOf(0)).join('');
}

const numbersOf = (result: Collected): unknown => ['metrics', 'by-step', 'forecast', 'model'].map((name) => result.table(name).toArray().map(String));

describe('history', () => {
  it('has one row for each epoch, with the loss before and after, and the learning rate that falls', async () => {
    const result = await collect('forecast', frame, { params: { ...params, learningRateDecay: 0.5, learningRate: 0.01 } });
    expect(result.column('history', 'epoch')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(result.column('history', 'learning_rate')).toEqual([0.01, 0.005, 0.0025, 0.00125, 0.000625, 0.0003125]);
    const losses = result.column('history', 'train_loss').map(Number);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it('ends after so many epochs without a better one as the patience, and the best is taken', async () => {
    const result = await collect('forecast', frame, { params: { ...params, epochs: 40, learningRate: 0.3, learningRateDecay: 1, patience: 2 } });
    const losses = result.column('history', 'val_loss').map(Number);
    const best = losses.indexOf(Math.min(...losses));
    expect(losses.length).toBeLessThan(40);
    expect(losses.length).toBe(best + 3);
    const document = forecastDocument.parse(JSON.parse(documentText(result.table('model'))));
    expect(document.kind === 'trained' && document.epoch).toBe(best + 1);
    expect(document.kind === 'trained' && document.validationLoss).toBe(losses[best]);
  });
});

describe('an attempt that takes up', () => {
  const folded = { ...params, folds: 2, epochs: 3 };

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('after %d of 9 steps ends with the same bits, with the note that was left and without', async (done) => {
    const notes = new Map<number, JsonValue>();
    const whole = await collect('forecast', frame, { params: folded, onCheckpoint: (step, note) => void notes.set(step, note) });
    const stored = new Map([...whole.returned].filter(([step]) => step < done));
    for (const checkpoint of [notes.get(done) ?? null, null]) {
      const rest = await collect('forecast', frame, { params: folded, stored, checkpoint });
      expect(rest.steps.at(-1)).toEqual(whole.steps.at(-1));
      const wholeForecast = whole.table('forecast').toArray().map(String);
      const restForecast = rest.table('forecast').toArray().map(String);
      expect(restForecast.length).toBe([40, 40, 40, 40, 24, 24, 24, 24, 0][done]);
      expect(wholeForecast.slice(40 - restForecast.length)).toEqual(restForecast);
      if (done < 8) expect(documentText(rest.table('model'))).toBe(documentText(whole.table('model')));
    }
  });

  it('leaves a note before each epoch but the first, and before the test', async () => {
    const whole = await collect('forecast', frame, { params: folded });
    expect([...new Set(whole.checkpoints.map(({ step }) => step))]).toEqual([1, 2, 3, 5, 6, 7]);
  });
});

it('a training that is cancelled leaves its epochs and its best model so far', async () => {
  const controller = new AbortController();
  const stored: number[] = [];
  const kept: Buffer[] = [];
  const cancelled = collect('forecast', frame, {
    params: { ...params, epochs: 50 },
    signal: controller.signal,
    onStore: (step, parts) => {
      stored.push(step);
      kept.push(...parts.filter((part) => part.table === 'model' && part.provisional === true).map((part) => Buffer.concat(part.chunks)));
      if (step === 2) controller.abort();
      return Promise.resolve();
    },
  });
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  expect(stored).toEqual([0, 1, 2]);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.at(-1)?.includes('"kind":"trained"')).toBe(true);
});

const record = (valLoss: number) => ({ trainLoss: 1, valLoss });

it('the course of a training knows its first best epoch, and ends by its patience', () => {
  expect(courseOf([], 2)).toEqual({ epochs: 0, best: -1, bestLoss: Number.POSITIVE_INFINITY, ended: false });
  expect(courseOf([record(3), record(2), record(2)], 2)).toMatchObject({ epochs: 3, best: 1, bestLoss: 2, ended: false });
  expect(courseOf([record(3), record(2), record(2), record(4)], 2)).toMatchObject({ epochs: 4, best: 1, ended: true });
  expect(courseOf([record(3), record(2), record(2), record(4), null], 2)).toMatchObject({ epochs: 4, best: 1, ended: true });
});

it('another seed gives another model', async () => {
  const [one, other] = [await collect('forecast', frame, { params, seed: 1 }), await collect('forecast', frame, { params, seed: 2 })];
  expect(numbersOf(one)).not.toEqual(numbersOf(other));
});

describe.each(['nlinear', 'lstm', 'ets', 'theta', 'seasonal-naive'])('the document of %s', (model) => {
  const small = { ...params, model, season: model === 'seasonal-naive' ? 24 : null, dropout: 0 };

  it('forecasts as the job did, beyond the end and at earlier origins, to the bit', { timeout: 60_000 }, async () => {
    const result = await collect('forecast', frame, { params: { ...small, backtests: 1 } });
    const document = forecastDocument.parse(JSON.parse(documentText(result.table('model'))));
    const options = { engine: portableEngine(), precision: 'f64', log: () => {} } as const;
    const byOrigin = new Map<number, number[]>();
    for (const row of result.table('forecast')) {
      const origin = Number(row['origin']) / 3_600_000 + 1;
      byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), Number(row['yhat'])]);
    }
    expect([...byOrigin.keys()].toSorted((a, b) => a - b)).toEqual([196, 200]);
    for (const [origin, expected] of byOrigin) {
      const { values, series } = await forecastWith(document, frame, { ...options, origins: [origin] });
      expect(series).toEqual(['a', 'b']);
      expect([...values]).toEqual(expected);
    }
  });

  it('forecasts newer rows, and refuses data without its series', { timeout: 60_000 }, async () => {
    const result = await collect('forecast', frame, { params: small });
    const document = forecastDocument.parse(JSON.parse(documentText(result.table('model'))));
    const options = { engine: portableEngine(), precision: 'f64', log: () => {} } as const;
    const newer = frameOfSeries({ b: hourly(230, 2, { shift: 5 }), a: hourly(230, 1), other: hourly(230, 3) });
    const { values, origins } = await forecastWith(document, newer, options);
    expect([...origins]).toEqual([230]);
    expect(values.length).toBe(8);
    expect(values.every(Number.isFinite)).toBe(true);
    await expect(forecastWith(document, frameOfSeries({ a: hourly(230, 1) }), options)).rejects.toMatchObject({ code: 'unknown-series', message: expect.stringMatching(/lacks b/) });
    const holed = frameOfSeries({ a: hourly(230, 1).map((value, t) => (t === 228 ? Number.NaN : value)), b: hourly(230, 2) });
    await expect(forecastWith(document, holed, options)).rejects.toMatchObject({ code: 'missing-values' });
  });
});

it('a document refuses data that is shorter than its look-back', async () => {
  const result = await collect('forecast', frame, { params });
  const document = forecastDocument.parse(JSON.parse(documentText(result.table('model'))));
  const short = frameOfSeries({ a: hourly(7, 1), b: hourly(7, 2) });
  await expect(forecastWith(document, short, { engine: portableEngine(), precision: 'f64', log: () => {} })).rejects.toMatchObject({ code: 'too-few-samples', message: expect.stringMatching(/8 rows; there are 7/) });
});
