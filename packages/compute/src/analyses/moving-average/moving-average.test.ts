import { movingAverage as contract, outputsOf } from '@corrente/shared/contract/analyses/moving-average';
import { describe, expect, it } from 'vitest';
import { assertClose } from '../../../test/oracle/compare.ts';
import { oracleEngine } from '../../../test/oracle/indicators/engine.ts';
import { rollingOracle } from '../../../test/oracle/rolling.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../../test/series/columns.ts';
import type { Engine, RollingKind } from '../../engine/contract.ts';
import { portableEngine } from '../../engine/portable.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';

const five = frameOf(columnsOf([Float64Array.of(1, 2, 3, 4, 5)]), { names: ['KO'] });

describe('moving-average', () => {
  it('has the averages of a small series that a person can check', async () => {
    const result = await collect('moving-average', five, { params: { kinds: ['sma', 'wma', 'ema', 'std', 'min', 'max'], windows: [3] } });
    expect(result.column('values', 'series')).toEqual(['KO', 'KO', 'KO', 'KO', 'KO']);
    expect(result.column('values', 'sma_3')).toEqual([null, null, 2, 3, 4]);
    expect(result.column('values', 'ema_3')).toEqual([null, null, 2, 3, 4]);
    expect(result.column('values', 'std_3')).toEqual([null, null, 1, 1, 1]);
    expect(result.column('values', 'min_3')).toEqual([null, null, 1, 2, 3]);
    expect(result.column('values', 'max_3')).toEqual([null, null, 3, 4, 5]);
    const wma = [14 / 6, 20 / 6, 26 / 6];
    result.column('values', 'wma_3').forEach((value, t) => (t < 2 ? expect(value).toBeNull() : expect(value).toBeCloseTo(wma[t - 2] ?? Number.NaN, 12)));
  });

  it('names a column for each kind and window, kinds first, after time and series', async () => {
    const result = await collect('moving-average', five, { params: { kinds: ['ema', 'sma'], windows: [2, 5] } });
    expect(result.table('values').schema.fields.map((field) => field.name)).toEqual(['time', 'series', 'ema_2', 'ema_5', 'sma_2', 'sma_5']);
  });

  it('agrees with the oracle for every kind, with missing values, in rows ordered by series then time', async () => {
    const columns = gaussianColumns(5, 130, { missing: 0.03, padding: 6 });
    const kinds = ['sma', 'mean', 'ema', 'wma', 'std', 'min', 'max'] as const;
    const engineKind: Record<(typeof kinds)[number], RollingKind> = { sma: 'mean', mean: 'mean', ema: 'ema', wma: 'wma', std: 'std', min: 'min', max: 'max' };
    const result = await collect('moving-average', frameOf(columns), { params: { kinds, windows: [1, 7, 20], ddof: 0 } });
    const table = result.table('values');
    expect(table.getChild('series')?.toArray()).toEqual(Array.from({ length: 5 * 130 }, (_, row) => `s${Math.floor(row / 130)}`));
    expect(table.getChild('time')?.data[0]?.values).toEqual(BigInt64Array.from({ length: 5 * 130 }, (_, row) => BigInt(row % 130) * 86_400_000_000n));
    for (const kind of kinds) {
      for (const window of [1, 7, 20]) {
        const came = Float64Array.from(result.column('values', `${kind}_${window}`), (value) => (typeof value === 'number' ? value : Number.NaN));
        for (let s = 0; s < columns.series; s++) {
          const { expected, scale } = rollingOracle(seriesOf(columns, s), { kind: engineKind[kind], window, ddof: 0 });
          assertClose(came.subarray(s * 130, (s + 1) * 130), expected, { tolerance: (t) => contract.tolerance.f64 * (scale[t] ?? 0), place: (t) => `${kind}_${window} of s${s} at ${t}` });
        }
      }
    }
  });

  it('is missing throughout for an all-missing series, and exact for a constant one', async () => {
    const frame = frameOf(columnsOf([new Float64Array(6).fill(Number.NaN), new Float64Array(6).fill(0.1)]));
    const result = await collect('moving-average', frame, { params: { kinds: ['sma', 'std'], windows: [2] } });
    expect(result.column('values', 'sma_2')).toEqual([null, null, null, null, null, null, null, 0.1, 0.1, 0.1, 0.1, 0.1]);
    expect(result.column('values', 'std_2')).toEqual([null, null, null, null, null, null, null, 0, 0, 0, 0, 0]);
  });

  it('refuses a data set of several trials, over whose borders a window would run', async () => {
    const trials = frameOf(columnsOf([Float64Array.of(1, 2, 3, 4)]), { trials: 2 });
    await expect(collect('moving-average', trials, { params: { windows: [1] } })).rejects.toMatchObject({ code: 'trials-unsupported', message: 'The data set has 2 trials of 2 rows; a window would run over the border of two.', places: [{ pointer: '/input/dataset' }] });
  });

  it('numbers the rows of a data set without time', async () => {
    const result = await collect('moving-average', frameOf(columnsOf([Float64Array.of(1, 2)]), { timeKind: 'index' }), { params: { windows: [1] } });
    expect(result.column('values', 'time')).toEqual([0n, 1n]);
  });

  it('gives single precision numbers under f32', async () => {
    const result = await collect('moving-average', five, { params: { windows: [2] }, precision: 'f32' });
    expect(result.table('values').getChild('sma_2')?.data[0]?.values).toBeInstanceOf(Float32Array);
    expect(result.column('values', 'sma_2')).toEqual([null, 1.5, 2.5, 3.5, 4.5]);
  });

  it('splits many series into steps whose parts, put together, are the whole', async () => {
    const columns = gaussianColumns(7, 60_000);
    const result = await collect('moving-average', frameOf(columns), { params: { windows: [3] } });
    expect(result.steps.length).toBe(2);
    expect(result.table('values').numRows).toBe(7 * 60_000);
    const { expected } = rollingOracle(seriesOf(columns, 6), { kind: 'mean', window: 3, ddof: 1 });
    expect(result.column('values', 'sma_3').at(-1)).toBeCloseTo(expected.at(-1) ?? Number.NaN, 12);
    expect(result.fractions).toEqual(result.fractions.toSorted((a, b) => a - b));
    expect(result.fractions.at(-1)).toBe(1);
  });

  it('refuses a window longer than the series, with a pointer to it', async () => {
    await expect(collect('moving-average', five, { params: { windows: [5, 6] } })).rejects.toMatchObject({
      code: 'window-too-long',
      places: [{ pointer: '/params/windows/1', detail: 'is 6, and there are 5 rows' }],
    });
  });

  it('refuses a kind or window that is given twice', async () => {
    await expect(collect('moving-average', five, { params: { kinds: ['sma', 'sma'], windows: [2, 3, 2] } })).rejects.toMatchObject({
      code: 'invalid-params',
      places: [expect.objectContaining({ pointer: '/params/kinds/1' }), expect.objectContaining({ pointer: '/params/windows/2' })],
    });
  });

  it('has every kind, each in its column, missing until its window is full', async () => {
    const kinds = ['dema', 'tema', 'trima', 'hma', 'kama', 'zlema', 'alma', 'vwma', 'sum', 'var', 'median', 'quantile', 'rank', 'skew', 'kurtosis', 'zscore', 'autocorrelation', 'ewm-mean', 'ewm-var', 'ewm-std'] as const;
    const columns = gaussianColumns(2, 60);
    // The portable engine has no indicators; the averages that are among them come from the oracle.
    const portable = portableEngine();
    const engine: Engine = { ...oracleEngine, rolling: (block, requests, options) => portable.rolling(block, requests, options) };
    const volume = columnsOf([0, 1].map((s) => seriesOf(columns, s).map((value) => 1 + value * value)));
    const params = { kinds, windows: [5], quantiles: [0.1, 0.95] };
    const result = await collect('moving-average', frameOf(columns, { fields: new Map([['volume', volume]]) }), { params, engine });
    const firstRow = (name: string): number => result.column('values', name).findIndex((value) => value !== null);
    const rows = Object.fromEntries(outputsOf(contract.params.parse(params) as Parameters<typeof outputsOf>[0]).map(({ name }) => [name, firstRow(name)]));
    // What is made of averages of averages waits for each of them in turn.
    const expected = { dema_5: 8, tema_5: 12, hma_5: 5, kama_5: 5, zlema_5: 6 };
    expect(rows).toEqual({ ...Object.fromEntries(Object.keys(rows).map((name) => [name, 4])), ...expected });
  });

  it('vwma weighs values by their volume, and is missing where there was none', async () => {
    const nan = Number.NaN;
    const values = columnsOf([Float64Array.of(1, 2, 4, nan, 3, 5, 7)]);
    const volume = columnsOf([Float64Array.of(10, 30, 10, 5, 0, 0, 4)]);
    const result = await collect('moving-average', frameOf(values, { fields: new Map([['volume', volume]]) }), { params: { kinds: ['vwma'], windows: [2] } });
    expect(result.column('values', 'vwma_2')).toEqual([null, 1.75, 2.5, null, null, null, 7]);
  });

  it('windows in time take the present values later than their length before', async () => {
    const nan = Number.NaN;
    const time = BigInt64Array.of(0n, 1n, 2n, 5n, 6n, 20n).map((day) => day * 86_400_000_000n);
    const frame = frameOf(columnsOf([Float64Array.of(1, nan, 3, 10, 20, 7)]), { time });
    const result = await collect('moving-average', frame, { params: { kinds: ['mean', 'max', 'std'], windows: ['3d', '72h'] } });
    expect(result.column('values', 'mean_3d')).toEqual([1, 1, 2, 10, 15, 7]);
    expect(result.column('values', 'max_3d')).toEqual([1, 1, 3, 10, 20, 7]);
    expect(result.column('values', 'std_3d').map((value) => (value === null ? null : Number(value).toFixed(6)))).toEqual([null, null, '1.414214', null, '7.071068', null]);
    expect(result.column('values', 'mean_72h')).toEqual(result.column('values', 'mean_3d'));
  });

  it('minPeriods passes over missing values', async () => {
    const nan = Number.NaN;
    const frame = frameOf(columnsOf([Float64Array.of(1, nan, 3, nan, nan, 6)]));
    const result = await collect('moving-average', frame, { params: { kinds: ['mean', 'sum'], windows: [3], minPeriods: 2 } });
    expect(result.column('values', 'mean_3')).toEqual([null, null, 2, null, null, null]);
    expect(result.column('values', 'sum_3')).toEqual([null, null, 4, null, null, null]);
  });

  it('the volatility of a level far from zero is right where running sums go wrong', async () => {
    // The case in which pandas loses every digit: noise of 1e-3 on a level of 1e9.
    const values = Float64Array.from({ length: 500 }, (_, t) => 1e9 + (((t * 7919) % 1000) / 1000 - 0.5) * 2e-3);
    const result = await collect('moving-average', frameOf(columnsOf([values])), { params: { kinds: ['var', 'std'], windows: [20] } });
    const { expected } = rollingOracle(values, { kind: 'var', window: 20, ddof: 1 });
    result.column('values', 'var_20').forEach((value, t) => {
      if (t < 19) return expect(value).toBeNull();
      expect(Number(value)).toBeGreaterThanOrEqual(0);
      return expect(Math.abs(Number(value) - (expected[t] ?? Number.NaN))).toBeLessThanOrEqual(1e-9 * (expected[t] ?? 0));
    });
  });

  it.each([
    [{ kinds: ['ema'], windows: ['5d'] }, '/params/windows/0'],
    [{ kinds: ['mean'], windows: ['5 days'] }, '/params/windows/0'],
    [{ kinds: ['wma'], windows: [5], minPeriods: 2 }, '/params/minPeriods'],
    [{ kinds: ['mean'], windows: [5], minPeriods: 6 }, '/params/minPeriods'],
    [{ kinds: ['autocorrelation'], windows: [5], lag: 4 }, '/params/windows/0'],
  ])('refuses %j before work begins', async (params, pointer) => {
    await expect(collect('moving-average', five, { params })).rejects.toMatchObject({ code: 'invalid-params', places: [expect.objectContaining({ pointer })] });
  });

  it('refuses windows in time for a data set without time', async () => {
    const frame = frameOf(columnsOf([Float64Array.of(1, 2)]), { timeKind: 'index' });
    await expect(collect('moving-average', frame, { params: { kinds: ['mean'], windows: ['5d'] } })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/windows/0', detail: 'is 5d, a length of time' }] });
  });
});
