import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { assertClose } from '../../../test/oracle/compare.ts';
import { columnsOf } from '../../../test/series/columns.ts';
import { gaussian, gaussians } from '../../../test/series/random.ts';
import { cpuEngine } from '../../engine/cpu.ts';
import { collect, type Collected } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { anomaly } from './anomaly.ts';
import { meanDepth } from './isolation.ts';

const cpu = cpuEngine();
const available = cpu.info().available;
const pandas = spawnSync('/usr/bin/python3', ['-c', 'import pandas']).status === 0;
const numbers = (result: Collected, table: string, column: string): Float64Array => Float64Array.from(result.column(table, column), (value) => (typeof value === 'number' ? value : Number.NaN));
const flaggedRows = (result: Collected): number[] => result.column('anomalies', 'flagged').flatMap((value, row) => (value === true ? [row] : []));
const indexed = (...series: Float64Array[]): ReturnType<typeof frameOf> => frameOf(columnsOf(series), { timeKind: 'index' });

/** A daily course of 24 rows on a rising level, with an hour that is wrong but not extreme. */
const course = Float64Array.from({ length: 480 }, (_, t) => 10 * Math.sin((2 * Math.PI * t) / 24) + 0.02 * t + 0.5 * gaussian(1, t) + (t === 300 ? -8 : 0));

describe('anomaly', () => {
  it('flags what lies far from the median in robust standard deviations', async () => {
    const result = await collect(anomaly, indexed(Float64Array.of(1, 2, 3, 4, 100, 3, 2)));
    // Median 3; deviations 2 1 0 1 97 0 1, whose median is 1.
    assertClose(numbers(result, 'anomalies', 'score'), [2, 1, 0, 1, 97, 0, 1].map((deviation) => deviation / 1.4826022185056018), { tolerance: () => 1e-12, place: (t) => `row ${t}` });
    expect(flaggedRows(result)).toEqual([4]);
    expect(result.column('anomalies', 'expected')).toEqual([3, 3, 3, 3, 3, 3, 3]);
    expect([result.column('events', 'start'), result.column('events', 'end'), result.column('events', 'rows')]).toEqual([[4n], [4n], [1]]);
  });

  it('gives way while it scores, so that a cancelled job writes nothing', async () => {
    const stop = new AbortController();
    let stored = 0;
    setTimeout(() => stop.abort(), 0);
    const frame = indexed(...Array.from({ length: 20 }, (_, s) => gaussians(s, 500)));
    await expect(collect(anomaly, frame, { signal: stop.signal, onStore: () => Promise.resolve(void stored++) })).rejects.toMatchObject({ code: 'cancelled' });
    expect(stored).toBe(0);
  });

  it('where most values are equal the mean deviation takes the place of the median one', async () => {
    const result = await collect(anomaly, indexed(Float64Array.of(5, 5, 5, 5, 5, 5, 5, 5, 5, 9)));
    assertClose(numbers(result, 'anomalies', 'score'), [0, 0, 0, 0, 0, 0, 0, 0, 0, 4 / (0.4 * Math.sqrt(Math.PI / 2))], { tolerance: () => 1e-12, place: (t) => `row ${t}` });
  });

  it.skipIf(!pandas)('in windows the median and the spread are those of the last rows, as pandas has them', async () => {
    const values = gaussians(2, 200).map((value, t) => (t % 17 === 5 ? Number.NaN : value + (t > 100 ? 50 : 0)));
    const result = await collect(anomaly, indexed(values), { params: { window: 21 } });
    const script = `
import json, sys, numpy, pandas
x = pandas.Series([numpy.nan if v is None else v for v in json.load(sys.stdin)])
middle = x.rolling(21, min_periods=11).median()
deviation = (x - middle).abs()
spread = 1.4826022185056018 * deviation.rolling(21, min_periods=1).median()
print(json.dumps([None if numpy.isnan(v) else v for v in deviation / spread]))`;
    const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', script], { input: JSON.stringify(Array.from(values, (value) => (Number.isNaN(value) ? null : value))), encoding: 'utf8' });
    expect(stderr).toBe('');
    const found: Array<number | null> = JSON.parse(stdout);
    assertClose(numbers(result, 'anomalies', 'score'), found.map((value) => value ?? Number.NaN), { tolerance: (t) => 1e-9 * Math.max(1, found[t] ?? 1), place: (t) => `row ${t}` });
    expect(flaggedRows(result)).toContain(101);
  });

  it('finds the season, and flags what does not fit it though its value is an ordinary one', async () => {
    const frame = indexed(course);
    const seasonal = await collect(anomaly, frame, { params: { method: 'seasonal-residual', threshold: 6 } });
    expect(flaggedRows(seasonal)).toEqual([300]);
    expect(numbers(seasonal, 'anomalies', 'expected')[300]).toBeCloseTo(10 * Math.sin((2 * Math.PI * 300) / 24) + 6, 0);
    const given = await collect(anomaly, frame, { params: { method: 'seasonal-residual', threshold: 6, season: 24 } });
    expect(numbers(given, 'anomalies', 'score')).toEqual(numbers(seasonal, 'anomalies', 'score'));
    expect(flaggedRows(await collect(anomaly, frame, { params: { threshold: 6 } }))).toEqual([]);
  });

  it('says so where there is no season to be found', async () => {
    await expect(collect(anomaly, indexed(gaussians(3, 400)), { params: { method: 'seasonal-residual' } })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/season' }] });
  });

  it('the discords are the windows that are like no other, and do not overlap', async () => {
    const series = Float64Array.from({ length: 600 }, (_, t) => Math.sin((2 * Math.PI * t) / 30) + 0.05 * gaussian(4, t) + (t >= 200 && t < 215 ? 1.5 * Math.sin((2 * Math.PI * t) / 7) : 0) + (t >= 450 && t < 460 ? 1 : 0));
    const result = await collect(anomaly, indexed(series), { params: { method: 'matrix-profile', window: 30, discords: 2 } });
    const starts = result.column('events', 'start').map(Number);
    expect(starts.length).toBe(2);
    expect(starts[0]).toBeGreaterThan(170);
    expect(starts[0]).toBeLessThan(215);
    expect(starts[1]).toBeGreaterThan(420);
    expect(starts[1]).toBeLessThan(460);
    expect(flaggedRows(result)).toEqual(starts.flatMap((start) => Array.from({ length: 30 }, (_, k) => start + k)));
    expect(numbers(result, 'anomalies', 'score').slice(571).every((value) => Number.isNaN(value))).toBe(true);
    const few = await collect(anomaly, indexed(series), { params: { method: 'matrix-profile', window: 30, discords: 600, threshold: Math.min(...numbers(result, 'events', 'score')) } });
    expect(few.column('events', 'start')).toEqual(result.column('events', 'start'));
  });

  it.skipIf(!available)('an isolation forest is soon alone with what stands apart, in one series or in all together', async () => {
    const a = gaussians(5, 500);
    const first = a.map((value, t) => (t === 250 ? 4.5 : value));
    const joined = gaussians(6, 500).map((value, t) => (t === 250 ? -4.5 : 0.1 * value + (a[t] ?? 0)));
    const together = await collect(anomaly, indexed(first, joined), { params: { method: 'isolation-forest', together: true, trees: 200 }, engine: cpu });
    const scores = numbers(together, 'anomalies', 'score');
    expect(together.column('anomalies', 'series')[0]).toBe('all');
    expect(scores.length).toBe(500);
    expect(scores.indexOf(Math.max(...scores))).toBe(250);
    const alone = await collect(anomaly, indexed(a.map((value, t) => (t === 100 ? 9 : value)), a), { params: { method: 'isolation-forest' }, engine: cpu });
    const own = numbers(alone, 'anomalies', 'score').subarray(0, 500);
    expect(own.indexOf(Math.max(...own))).toBe(100);
    expect(flaggedRows(alone)).toContain(100);
    expect(own.every((value) => value > 0 && value <= 1)).toBe(true);
    const again = await collect(anomaly, indexed(a.map((value, t) => (t === 100 ? 9 : value)), a), { params: { method: 'isolation-forest' }, engine: cpu });
    expect(numbers(again, 'anomalies', 'score')).toEqual(numbers(alone, 'anomalies', 'score'));
  });

  it.skipIf(!available)('a row whose earlier values are missing has no score', async () => {
    const values = gaussians(7, 60).map((value, t) => (t === 30 ? Number.NaN : value));
    const result = await collect(anomaly, indexed(values), { params: { method: 'isolation-forest', lags: 2, spacing: 3 }, engine: cpu });
    const score = numbers(result, 'anomalies', 'score');
    expect([...score.keys()].filter((t) => Number.isNaN(score[t]))).toEqual([0, 1, 2, 3, 4, 5, 30, 33, 36]);
  });

  it('the mean depth of a tree is that of the paper', () => {
    expect(meanDepth(2)).toBe(1);
    expect(meanDepth(256)).toBeCloseTo(2 * (Math.log(255) + 0.5772156649) - 510 / 256, 9);
  });

  it('flagged rows with a short gap between them are one event', async () => {
    const series = gaussians(8, 100).map((value, t) => ([20, 21, 24, 60].includes(t) ? 40 + t : value));
    const events = async (gap: number): Promise<unknown[]> => {
      const result = await collect(anomaly, indexed(series), { params: { gap, threshold: 10 } });
      return result.column('events', 'start').map((start, i) => [start, result.column('events', 'end')[i], result.column('events', 'peak')[i]]);
    };
    expect(await events(0)).toEqual([[20n, 21n, 21n], [24n, 24n, 24n], [60n, 60n, 60n]]);
    expect(await events(2)).toEqual([[20n, 24n, 24n], [60n, 60n, 60n]]);
  });

  it('a missing value has no score, and output=flagged leaves ordinary rows out', async () => {
    const series = gaussians(9, 50).map((value, t) => (t === 7 ? Number.NaN : t === 40 ? 99 : value));
    expect((await collect(anomaly, indexed(series))).column('anomalies', 'score')[7]).toBeNull();
    const result = await collect(anomaly, indexed(series, gaussians(10, 50)), { params: { output: 'flagged', threshold: 20 } });
    expect([result.column('anomalies', 'time'), result.column('anomalies', 'series')]).toEqual([[40n], ['s0']]);
  });

  it('many series are steps that stand for themselves', async () => {
    const series = Array.from({ length: 5 }, (_, s) => gaussians(20 + s, 60_000).map((value, t) => (t === 1000 * (s + 1) ? 50 : value)));
    const result = await collect(anomaly, indexed(...series), { params: { output: 'flagged', threshold: 20 } });
    expect(result.steps.length).toBe(2);
    expect(result.column('anomalies', 'time')).toEqual([1000n, 2000n, 3000n, 4000n, 5000n]);
    expect(result.column('anomalies', 'series')).toEqual(['s0', 's1', 's2', 's3', 's4']);
  });

  it('refuses what has no anomalies before it begins', async () => {
    const frame = indexed(gaussians(11, 50));
    const refused = (params: object, of = frame): Promise<unknown> => collect(anomaly, of, { params });
    await expect(refused({ method: 'matrix-profile' })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/window' }] });
    await expect(refused({ window: 51 })).rejects.toMatchObject({ code: 'window-too-long', places: [{ pointer: '/params/window', detail: 'is 51, and there are 50 rows' }] });
    await expect(refused({ method: 'matrix-profile', window: 42 })).rejects.toMatchObject({ code: 'window-too-long' });
    await expect(refused({ method: 'seasonal-residual', season: 17 })).rejects.toMatchObject({ code: 'too-few-samples', places: [{ pointer: '/params/season' }] });
    await expect(refused({ method: 'isolation-forest', lags: 50 })).rejects.toMatchObject({ code: 'too-few-samples', places: [{ pointer: '/params/lags' }] });
    await expect(refused({ method: 'isolation-forest', threshold: 3.5 })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/threshold' }] });
    await expect(refused({}, indexed(new Float64Array(9).fill(2)))).rejects.toMatchObject({ code: 'constant-series', message: expect.stringContaining('s0 is 2') });
    await expect(refused({}, indexed(new Float64Array(9).fill(Number.NaN)))).rejects.toMatchObject({ code: 'missing-values' });
    await expect(refused({}, frameOf(columnsOf([gaussians(1, 6)]), { trials: 2 }))).rejects.toMatchObject({ code: 'trials-unsupported' });
    await expect(collect(anomaly, frame, { params: { window: 5 }, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
