import { learnParams } from '@corrente/shared/contract/analyses/learn';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { columnsOf } from '../../../test/series/columns.ts';
import { gaussian, withMissing } from '../../../test/series/random.ts';
import { cpuEngine } from '../../engine/cpu.ts';
import type { Frame } from '../../frame/frame.ts';
import { collect, type Collected, type CollectOptions } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';

const cpu = cpuEngine();
const hasCpu = cpu.info().available;
const noTrees = 'needs the CPU engine';

type Given = z.input<typeof learnParams>;

/** Series of which each value is half the one before, and some noise. */
function halving(length: number, series = 2, seed = 1): Frame {
  return frameOf(
    columnsOf(
      Array.from({ length: series }, (_, s) => {
        let value = 0;
        return Float64Array.from({ length }, (_unused, t) => (value = 0.5 * value + gaussian(seed + 31 * s, t)));
      }),
      3,
    ),
  );
}

/** A series that follows the square of another one, three rows later. */
function following(length: number): Frame {
  const leader = Float64Array.from({ length }, (_, t) => gaussian(5, t));
  const follower = leader.map((_, t) => (t < 3 ? 0 : leader[t - 3]! ** 2) + 0.1 * gaussian(6, t));
  return frameOf(columnsOf([leader, follower]), { names: ['leader', 'follower'] });
}

const small: Given = { features: { lags: [0, 1, 2], rolling: { kinds: ['mean'], windows: [5] } }, folds: { count: 3 } };
const run = (frame: Frame, given: Given = {}, options: CollectOptions = {}): Promise<Collected> => collect('learn', frame, { ...options, params: { ...small, ...given } });

interface Row {
  readonly [column: string]: unknown;
}
const rowsOf = (of: Collected, table: string): Row[] => of.table(table).toArray().map((row: { toJSON(): Row }) => row.toJSON());
const metric = (of: Collected, name: string, fold = 'all'): { value: number; baseline: number; by: unknown } => {
  const row = rowsOf(of, 'metrics').find((one) => one['fold'] === fold && one['metric'] === name) ?? {};
  return { value: Number(row['value']), baseline: Number(row['baseline']), by: row['baseline_name'] };
};
const bytesOf = (of: Collected): string[][] => of.steps.map((step) => [...step].map(([table, bytes]) => `${table} ${bytes.toString('base64')}`));

const forest = (seed: number): Promise<Collected> => run(halving(300), { model: 'random-forest', forest: { trees: 10 } }, { engine: cpu, seed });

describe('learn', () => {
  it('finds the half that is left of each value, and not more', async () => {
    const found = await run(halving(2000));
    expect(metric(found, 'r2').value).toBeCloseTo(0.25, 1);
    expect(metric(found, 'mse').value).toBeLessThan(metric(found, 'mse').baseline);
    const coefficients = new Map(rowsOf(found, 'coefficients').map((row) => [row['feature'], Number(row['coefficient'])]));
    expect(coefficients.get('lag_0')).toBeCloseTo(0.5, 1);
    expect(Math.abs(coefficients.get('lag_2') ?? 1)).toBeLessThan(0.1);
    const importances = new Map(rowsOf(found, 'importances').map((row) => [row['feature'], Number(row['permutation'])]));
    expect(importances.get('lag_0')).toBeGreaterThan(0.3);
    expect(Math.abs(importances.get('lag_2') ?? 1)).toBeLessThan(0.05);
  });

  it('says that nothing beats the newest value of a random walk', async () => {
    let value = 100;
    const walk = frameOf(columnsOf([Float64Array.from({ length: 1500 }, (_, t) => (value += gaussian(8, t)))]));
    const { value: mse, baseline, by } = metric(await run(walk), 'mse');
    expect(by).toBe('repeat of the newest value');
    expect(mse).toBeGreaterThan(0.97 * baseline);
  });

  it('predicts every test row of every fold once, at the time of the value, with what came', async () => {
    const frame = halving(300);
    const found = await run(frame, { target: { ahead: 3 } });
    const predictions = rowsOf(found, 'predictions');
    const folds = rowsOf(found, 'folds');
    expect(folds.map((row) => row['fold'])).toEqual([1, 2, 3]);
    const day = 86_400_000;
    for (const [k, fold] of folds.entries()) {
      const own = predictions.filter((row) => row['fold'] === k + 1);
      expect(own).toHaveLength(Number(fold['test_rows']));
      expect(new Set(own.map((row) => `${String(row['series'])} ${Number(row['time'])}`)).size).toBe(own.length);
      expect(Math.min(...own.map((row) => Number(row['origin'])))).toBe(Number(fold['test_from']));
      expect(Math.max(...own.map((row) => Number(row['origin'])))).toBe(Number(fold['test_to']));
      // No value that was predicted in training stands at a test row or later.
      expect(Number(fold['train_to']) + 3 * day).toBeLessThan(Number(fold['test_from']));
    }
    for (const row of predictions) {
      const t = Number(row['time']) / day;
      expect(row['y']).toBe(frame.values[frame.names.indexOf(String(row['series'])) * frame.stride + t]);
      expect(Number(row['time']) - Number(row['origin'])).toBe(3 * day);
    }
  });

  it('takes the penalty that is given, and otherwise chooses one', async () => {
    const chosen = await run(halving(400), { model: 'lasso' });
    const alphas = rowsOf(chosen, 'folds').map((row) => Number(row['chosen']));
    expect(alphas.every((alpha) => alpha > 0)).toBe(true);
    const given = await run(halving(400), { model: 'lasso', alpha: 1e6 });
    expect(rowsOf(given, 'folds').map((row) => row['chosen'])).toEqual([null, null, null]);
    expect(rowsOf(given, 'coefficients').filter((row) => row['feature'] !== '(intercept)').map((row) => row['coefficient'])).toEqual([0, 0, 0, 0]);
  });

  it('tells apart classes by their probabilities, and calibrates those that are too sure', async () => {
    const frame = halving(3000, 1);
    for (const model of ['logistic', 'gaussian-naive-bayes'] as const) {
      const found = await run(frame, { model, target: { kind: 'sign' } });
      expect(metric(found, 'auc').value).toBeGreaterThan(0.65);
      expect(metric(found, 'accuracy').value).toBeGreaterThan(metric(found, 'accuracy').baseline + 0.08);
      if (model === 'logistic') expect(metric(found, 'log_loss').value).toBeLessThan(metric(found, 'log_loss').baseline);
      const sums = new Map<string, number>();
      for (const row of rowsOf(found, 'probabilities')) sums.set(String(row['time']), (sums.get(String(row['time'])) ?? 0) + Number(row['probability']));
      for (const sum of sums.values()) expect(sum).toBeCloseTo(1, 12);
    }
    // Features that say the same five times over make naive Bayes too sure.
    const naive: Given = { model: 'gaussian-naive-bayes', target: { kind: 'sign' }, features: { lags: [0], rolling: { kinds: ['mean', 'ema', 'wma', 'max', 'min'], windows: [2] } } };
    const [plain, isotonic, platt] = await Promise.all(([{}, { calibration: 'isotonic' }, { calibration: 'platt' }] as const).map((more) => run(frame, { ...naive, ...more })));
    for (const calibrated of [isotonic!, platt!]) expect(metric(calibrated, 'log_loss').value).toBeLessThan(metric(plain!, 'log_loss').value - 0.05);
    const unreliable = (of: Collected): number => rowsOf(of, 'calibration').reduce((sum, row) => sum + (Number(row['n']) > 0 ? Number(row['n']) * Math.abs(Number(row['predicted']) - Number(row['observed'])) : 0), 0);
    expect(unreliable(isotonic!)).toBeLessThan(0.5 * unreliable(plain!));
    expect(rowsOf(isotonic!, 'calibration').reduce((sum, row) => sum + Number(row['n']), 0)).toBe(rowsOf(isotonic!, 'predictions').length);
  });

  it('of more than two classes gives the values that are classes', async () => {
    const value = Float64Array.from({ length: 600 }, (_, t) => [10, 20, 40][Math.floor(t / 2) % 3]!);
    const found = await run(frameOf(columnsOf([value])), { model: 'logistic', target: { kind: 'class' }, features: { lags: [0, 1, 2, 3], rolling: { kinds: [] } } });
    expect(new Set(found.column('predictions', 'yhat'))).toEqual(new Set([10, 20, 40]));
    expect(new Set(found.column('probabilities', 'class'))).toEqual(new Set([10, 20, 40]));
    expect(metric(found, 'accuracy').value).toBeGreaterThan(0.9);
    expect(new Set(found.column('coefficients', 'class'))).toEqual(new Set(['10', '20', '40']));
  });

  it.skipIf(!hasCpu)(`by trees finds what no line can (${noTrees})`, async () => {
    const given: Given = { target: { series: 'follower' }, features: { lags: [0], rolling: { kinds: [] }, others: { lags: [0, 1, 2, 3] } }, folds: { count: 2 } };
    const frame = following(900);
    expect(metric(await run(frame, { ...given, model: 'ridge' }), 'r2').value).toBeLessThan(0.1);
    for (const model of ['random-forest', 'gradient-boosting'] as const) {
      const found = await run(frame, { ...given, model }, { engine: cpu });
      expect(metric(found, 'r2').value).toBeGreaterThan(0.7);
      const [best] = rowsOf(found, 'importances').toSorted((a, b) => Number(b['permutation']) - Number(a['permutation']));
      expect(best).toMatchObject({ feature: 'leader:lag_2' });
      expect(Number(best?.['gain'])).toBeGreaterThan(0.8);
      expect(rowsOf(found, 'importances').reduce((sum, row) => sum + Number(row['gain']), 0)).toBeCloseTo(1, 10);
    }
  });

  it.skipIf(!hasCpu)(`by trees takes missing features as they are (${noTrees})`, async () => {
    const whole = halving(500);
    const frame = { ...whole, values: withMissing(whole.values, 0.1, 4) };
    const found = await run(frame, { model: 'gradient-boosting' }, { engine: cpu });
    expect(found.column('predictions', 'yhat').every((value) => typeof value === 'number')).toBe(true);
  });

  it.skipIf(!hasCpu)(`gives the same bytes for the same seed, and others for another (${noTrees})`, async () => {
    const [one, again, other] = [await forest(1), await forest(1), await forest(2)];
    expect(bytesOf(again)).toEqual(bytesOf(one));
    expect(bytesOf(other)).not.toEqual(bytesOf(one));
  });

  it('takes up after steps that were stored, with the same result', async () => {
    const frame = halving(300);
    const whole = await run(frame);
    const rest = await run(frame, {}, { stored: new Map([...whole.returned].slice(0, 2)) });
    expect(bytesOf(rest)).toEqual(bytesOf(whole).slice(2));
  });

  it('ends when it is cancelled, whatever it is at', async () => {
    const before = new AbortController();
    before.abort();
    await expect(run(halving(300), {}, { signal: before.signal })).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }));
    const amid = new AbortController();
    const cancelled = run(halving(300), {}, { signal: amid.signal, onStore: (step) => (step === 1 ? amid.abort() : undefined, Promise.resolve()) });
    await expect(cancelled).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }));
  });
});

const refused = async (frame: Frame, given: Given, code: string, message: RegExp): Promise<void> => {
  let trained = false;
  const watch: CollectOptions = { onStore: () => ((trained = true), Promise.resolve()) };
  await expect(run(frame, given, watch)).rejects.toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  expect(trained).toBe(false);
};

describe('what stands against learning is said before any training', () => {
  it('a constant target', async () => {
    await refused(frameOf(columnsOf([new Float64Array(200).fill(7)])), {}, 'constant-series', /All rows have one target, the level of s0/);
    const late = Float64Array.from({ length: 200 }, (_, t) => (t < 150 ? 7 : gaussian(1, t)));
    await refused(frameOf(columnsOf([late])), {}, 'constant-series', /training rows of fold 1/);
  });

  it('a class with one member, or with none in the training of a fold', async () => {
    const once = Float64Array.from({ length: 200 }, (_, t) => (t === 120 ? 3 : t % 2));
    await refused(frameOf(columnsOf([once])), { target: { kind: 'class' } }, 'class-too-small', /All rows hold 1 member of class 3/);
    const late = Float64Array.from({ length: 200 }, (_, t) => (t > 150 && t % 5 === 0 ? 3 : t % 2));
    await refused(frameOf(columnsOf([late])), { target: { kind: 'class' } }, 'class-too-small', /fold 1, but for those held out, hold no member of class 3/);
  });

  it('a target of kind class that is a number', async () => {
    await refused(halving(300), { target: { kind: 'class' } }, 'invalid-params', /more than 50 different values/);
  });

  it('too few rows, for the features or for the folds', async () => {
    await refused(halving(20), { features: { rolling: { windows: [40] } } }, 'too-few-samples', /No row of 20/);
    await refused(halving(40), { folds: { count: 5 } }, 'too-few-samples', /need at least/);
    await refused(halving(60), { target: { ahead: 30 } }, 'too-few-samples', /ahead 30/);
  });

  it('missing features of a model that needs them all, unless they are imputed', async () => {
    const whole = halving(300);
    const frame = { ...whole, values: withMissing(whole.values, 0.05, 4) };
    await refused(frame, { model: 'ridge' }, 'missing-values', /lag_1 at \d+.*impute/);
    const found = await run(frame, { model: 'ridge', impute: 'median' });
    expect(found.column('predictions', 'yhat').every((value) => typeof value === 'number')).toBe(true);
  });

  it('a series or a feature that is not there', async () => {
    await refused(halving(300), { target: { series: 'nobody' } }, 'unknown-series', /"nobody"/);
    await refused(halving(300), { features: { others: { series: ['nobody'] } } }, 'unknown-series', /"nobody"/);
    await refused(halving(300), { features: { indicators: ['rsy'] } }, 'invalid-params', /no indicator "rsy"; did you mean rsi/);
    await refused(halving(300), { features: { lags: [], rolling: { kinds: [] } } }, 'invalid-params', /are none/);
  });

  it('parts of the calendar of data without time', async () => {
    const frame = frameOf(halving(300), { timeKind: 'index' });
    await refused(frame, { features: { calendar: ['hour', 'month'] } }, 'invalid-params', /no time.*hour, month/);
    expect((await run(frame)).column('predictions', 'time').slice(0, 1)).toEqual([81n]);
  });

  it('a model that does not do the task, and a return that is not defined', async () => {
    await refused(halving(300), { task: 'classification', model: 'ridge' }, 'invalid-params', /ridge, which does no classification/);
    await refused(halving(300), { target: { kind: 'log-return' } }, 'transform-domain', /log-return of s\d at row \d+/);
    await refused(frameOf(halving(300), { trials: 3 }), {}, 'trials-unsupported', /3 trials/);
  });
});
