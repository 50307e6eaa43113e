import { CorrenteError } from '@corrente/shared/contract/errors';
import { jobSpec } from '@corrente/shared/contract/job';
import { describe, expect, it } from 'vitest';
import { assertClose } from '../../../test/oracle/compare.ts';
import { columnsOf } from '../../../test/series/columns.ts';
import { gaussian, uniform } from '../../../test/series/random.ts';
import { cpuEngine } from '../../engine/cpu.ts';
import type { Columns, Engine } from '../../engine/contract.ts';
import { portableEngine } from '../../engine/portable.ts';
import type { Frame } from '../../frame/frame.ts';
import { collect, type Collected, type CollectOptions } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import type { InputResult } from '../analysis.ts';

const cpu = cpuEngine();
const hasCpu = cpu.info().available;
const noCpu = 'needs the CPU engine';
const portable = portableEngine();

function halving(length: number, names = ['a', 'b']): Frame {
  const series = names.map((_, s) => {
    let value = 0;
    return Float64Array.from({ length }, (_unused, t) => (value = 0.6 * value + gaussian(1 + 31 * s, t)));
  });
  return frameOf(columnsOf(series), { names });
}

/** The frame of the first rows only. */
function until(frame: Frame, rows: number): Frame {
  const cut = ({ values, series, stride }: Columns): Columns => columnsOf(Array.from({ length: series }, (_, s) => values.slice(s * stride, s * stride + rows)));
  return frameOf(cut(frame), { names: frame.names, time: frame.time.slice(0, rows), fields: new Map([...frame.fields].map(([role, block]) => [role, cut(block)])) });
}

interface Trained {
  readonly result: InputResult;
  readonly of: Collected;
}

async function trained(analysis: string, frame: Frame, params: Record<string, unknown>, engine: Engine = portable): Promise<Trained> {
  const of = await collect(analysis, frame, { params, engine });
  const spec = jobSpec.parse({ analysis, input: { dataset: `ds_${'0'.repeat(32)}` }, params });
  return { of, result: { job: `job_${'0'.repeat(26)}`, spec, params, table: (name) => Promise.resolve(of.table(name)), frame: () => Promise.resolve(frame) } };
}

const predict = (frame: Frame, results: readonly InputResult[], options: CollectOptions = {}): Promise<Collected> => collect('predict', frame, { ...options, inputs: { a: results, b: [] } });
const column = (of: Collected, name: string): number[] => of.column('predictions', name).map(Number);

describe('predict by a model of learn', () => {
  const features = { lags: [0, 1, 2], rolling: { kinds: ['mean', 'std'], windows: [6] }, calendar: ['weekday'] };

  it('of newer rows gives what is predicted for them, up to the last one, whose value has not come', async () => {
    const frame = halving(400);
    const { result } = await trained('learn', until(frame, 350), { features, target: { ahead: 2 } });
    const found = await predict(frame, [result]);
    const day = 86_400_000;
    // Rows 0 to 347 have a target within the first 350.
    expect(column(found, 'origin')).toEqual(Array.from({ length: 2 * 52 }, (_, i) => (348 + Math.floor(i / 2)) * day));
    expect(column(found, 'time').map((time, i) => time - column(found, 'origin')[i]!)).toEqual(new Array(104).fill(2 * day));
    const y = found.column('predictions', 'y');
    expect(y.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, i) => frame.values[(i % 2) * frame.stride + 350 + Math.floor(i / 2)]));
    expect(y.slice(100)).toEqual([null, null, null, null]);
    const errors = column(found, 'yhat').slice(0, 100).map((yhat, i) => (yhat - Number(y[i])) ** 2);
    const spread = y.slice(0, 100).map((value) => Number(value) ** 2);
    expect(errors.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.98 * spread.reduce((sum, value) => sum + value, 0));
  });

  it('of the last fold’s rows gives what a model of the same rows gave them in learn', async () => {
    const frame = halving(300);
    const rows = 250;
    // One fold whose training, but for the gap, is all that the other job has.
    const whole = await trained('learn', frame, { features, model: 'ridge', alpha: 3, folds: { count: 1, test: 300 - 1 - rows } });
    const { result } = await trained('learn', until(frame, rows), { features, model: 'ridge', alpha: 3, folds: { count: 1 } });
    const found = await predict(frame, [result]);
    const origins = new Set(column(whole.of, 'origin'));
    const yhat = column(found, 'yhat').filter((_, i) => origins.has(column(found, 'origin')[i]!));
    assertClose(yhat.slice(0, column(whole.of, 'yhat').length), column(whole.of, 'yhat'), { tolerance: () => 1e-12, place: (i) => `prediction ${i}` });
  });

  it('of all rows takes them all, and of other series those of the frame', async () => {
    const { result } = await trained('learn', halving(300), { features });
    const other = halving(120, ['x', 'y', 'z']);
    const found = await predict(other, [result], { params: { rows: 'all' } });
    expect(column(found, 'yhat')).toHaveLength(3 * (120 - 5));
    expect(new Set(found.column('predictions', 'series'))).toEqual(new Set(['x', 'y', 'z']));
    expect(column(found, 'yhat').every(Number.isFinite)).toBe(true);
  });

  it('of classes gives the most probable one, calibrated as in training', async () => {
    const frame = halving(500, ['a']);
    const { result } = await trained('learn', until(frame, 450), { features, target: { kind: 'sign' }, model: 'gaussian-naive-bayes', calibration: 'isotonic' });
    const found = await predict(frame, [result]);
    const probability = column(found, 'probability');
    expect(column(found, 'yhat')).toEqual(probability.map((p) => (p > 0.5 ? 1 : 0)));
    expect(new Set(probability).size).toBeLessThan(probability.length);
  });

  it.skipIf(!hasCpu)(`by trees is the same on an engine that grows none (${noCpu})`, async () => {
    const frame = halving(300);
    for (const model of ['random-forest', 'gradient-boosting']) {
      for (const target of [{ kind: 'level' }, { kind: 'sign' }]) {
        const { result } = await trained('learn', until(frame, 260), { features, model, target, forest: { trees: 12 }, folds: { count: 1 } }, cpu);
        const [native, plain] = [await predict(frame, [result], { engine: cpu }), await predict(frame, [result])];
        assertClose(column(plain, 'yhat'), column(native, 'yhat'), { tolerance: () => 1e-12, place: (i) => `${model}, prediction ${i}` });
      }
    }
  });

  it.skipIf(!hasCpu)(`of indicators reads the fields that the job names, and says which it needs (${noCpu})`, async () => {
    const close = halving(200, ['a']);
    const of = (factor: number, seed: number): Columns => columnsOf([close.values.slice(0, 200).map((value, t) => 50 + value + factor * uniform(seed, t))]);
    const frame: Frame = { ...close, ...of(0, 1), fields: new Map([['high', of(1, 2)], ['low', of(-1, 3)]]) };
    const { result } = await trained('learn', until(frame, 180), { features: { ...features, indicators: ['atr', 'rsi'] }, folds: { count: 1 } }, cpu);
    const error = { code: 'unknown-field', message: expect.stringMatching(/high \(atr reads it; the model was trained on the field high\); low/) };
    await expect(predict(frame, [result], { engine: cpu })).rejects.toThrow(expect.objectContaining(error));
    const found = await predict(frame, [result], { engine: cpu, params: { high: 'high', low: 'low' } });
    expect(column(found, 'yhat').every(Number.isFinite)).toBe(true);
  });
});

describe('predict by a model of forecast', () => {
  it('goes on from the end of newer data', async () => {
    const frame = halving(260);
    const params = { model: 'drift', horizon: 5, split: { train: 120, validation: 40, test: 40 } };
    const { result } = await trained('forecast', until(frame, 200), params);
    const found = await predict(frame, [result]);
    expect(found.column('predictions', 'series')).toEqual(['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'b']);
    expect(column(found, 'step')).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
    expect(new Set(column(found, 'origin'))).toEqual(new Set([259 * 86_400_000]));
    expect(found.column('predictions', 'y').every((value) => value === null)).toBe(true);
    // A straight line from the last value.
    const yhat = column(found, 'yhat');
    const last = frame.values[259]!;
    for (let step = 1; step <= 5; step++) expect(yhat[step - 1]).toBeCloseTo(last + step * (yhat[0]! - last), 12);
    expect(column(found, 'lower').every((value, i) => value < yhat[i]!)).toBe(true);
  });
});

const refused = async (frame: Frame, results: readonly InputResult[], code: string, message: RegExp): Promise<void> => {
  await expect(predict(frame, results)).rejects.toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
};

describe('predict is refused', () => {
  it('where the series that features are of are not in the data set, naming them', async () => {
    const { result } = await trained('learn', halving(200, ['a', 'b', 'c']), { target: { series: 'a' }, folds: { count: 1 } });
    await refused(halving(200, ['a', 'x']), [result], 'unknown-series', /reads a, b, c; the input lacks b, c/);
  });

  it('where no row is newer, or none has the features', async () => {
    const frame = halving(200);
    const { result } = await trained('learn', frame, { folds: { count: 1 } });
    await refused(until(frame, 150), [result], 'empty-selection', /up to 1970-07-18/);
    await refused(until(frame, 10), [result], 'too-few-samples', /No row of 10/);
  });

  it('of several results, or of one without a model', async () => {
    const { result } = await trained('learn', halving(200), { folds: { count: 1 } });
    await refused(halving(200), [result, result], 'unsuitable-result', /there are 2 under a/);
    const none: InputResult = { ...result, table: (name) => Promise.reject(new CorrenteError('table-not-found', `There is no table "${name}".`)) };
    await refused(halving(200), [none], 'unsuitable-result', /no table model/);
  });
});
