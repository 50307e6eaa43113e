/** Features are what they are called, and no feature at a row knows anything of a later one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFile } from '@corrente/platform/datasets/import-file';
import { closeReaders } from '@corrente/platform/datasets/reader';
import { featureFields, featureParams, featuresOf, rollingFeatures } from '@corrente/shared/contract/analyses/learn/features';
import { indicatorsByName } from '@corrente/shared/contract/indicators/catalogue';
import { jobInput } from '@corrente/shared/contract/job';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { assertClose } from '../../test/oracle/compare.ts';
import { columnsOf } from '../../test/series/columns.ts';
import { gaussian, uniform, withMissing } from '../../test/series/random.ts';
import { cpuEngine } from '../engine/cpu.ts';
import type { Columns, Engine } from '../engine/contract.ts';
import { portableEngine } from '../engine/portable.ts';
import type { Frame } from '../frame/frame.ts';
import { loadFrame } from '../frame/load-frame.ts';
import { frameOf } from '../run/frame.testing.ts';
import { buildFeatures, type FeatureTable } from './features.ts';
import { collectSamples, type Samples } from './samples.ts';

const portable = portableEngine();
const cpu = cpuEngine();

type FeatureInput = z.input<typeof featureParams>;

/** Every kind of feature that needs no indicator. */
const everyKind: FeatureInput = {
  lags: [0, 1, 7],
  differences: [1, 5],
  returns: [1, 9],
  rolling: { kinds: [...rollingFeatures], windows: [3, 16] },
  calendar: ['minute', 'hour', 'weekday', 'day-of-month', 'day-of-year', 'month'],
  others: { series: ['s1', 's2'], lags: [0, 4] },
};
/** Every indicator of the catalogue, with its default numbers. */
const everyIndicator: FeatureInput = { lags: [0], rolling: { kinds: [] }, indicators: [...indicatorsByName.keys()] };

/** Prices of three series that wander, with gaps, and the fields of their bars; hourly. */
function bars(length: number): Frame {
  const walk = (seed: number): Float64Array => {
    let log = 4;
    return Float64Array.from({ length }, (_, t) => Math.exp((log += 0.01 * gaussian(seed, t))));
  };
  const closes = [1, 2, 3].map(walk);
  const of = (change: (close: number, s: number, t: number) => number): Columns => columnsOf(closes.map((close, s) => close.map((value, t) => change(value, s, t))), 3);
  const fields = new Map([
    ['open', of((close, s, t) => close * (1 + 0.002 * gaussian(20 + s, t)))],
    ['high', of((close, s, t) => close * (1.01 + 0.01 * uniform(30 + s, t)))],
    ['low', of((close, s, t) => close * (0.99 - 0.01 * uniform(40 + s, t)))],
    ['volume', of((_, s, t) => Math.floor(1e6 * uniform(50 + s, t)))],
  ]);
  const time = BigInt64Array.from({ length }, (_, t) => 1_400_000_000_000_000n + BigInt(t) * 3_600_000_000n);
  return frameOf(columnsOf(closes.map((close, s) => (s === 1 ? withMissing(close, 0.05, 9) : close)), 2), { time, fields });
}

/** The frame of the first rows only. */
function until(frame: Frame, rows: number): Frame {
  const cut = ({ values, series, stride }: Columns): Columns => columnsOf(Array.from({ length: series }, (_, s) => values.slice(s * stride, s * stride + rows)), 1);
  return frameOf(cut(frame), { names: frame.names, time: frame.time.slice(0, rows), fields: new Map([...frame.fields].map(([role, block]) => [role, cut(block)])) });
}

/** The frame with other numbers after the first rows. */
function otherwise(frame: Frame, rows: number): Frame {
  const changed = (block: Columns): Columns => ({ ...block, values: block.values.map((value, i) => (i % block.stride < rows ? value : value * (1.5 + uniform(77, i)))) });
  return { ...frame, ...changed(frame), fields: new Map([...frame.fields].map(([role, block]) => [role, changed(block)])) };
}

interface Built {
  readonly table: FeatureTable;
  readonly samples: Samples;
}

async function build(frame: Frame, given: FeatureInput, engine: Engine, target: string | null = null): Promise<Built> {
  const params = featureParams.parse(given);
  const features = featuresOf(params, target, frame.names);
  const warmUp = Math.max(...features.map((feature) => feature.warmUp));
  const samples = collectSamples(frame, { kind: 'level', ahead: 1, series: target, warmUp: Math.min(warmUp, 60), unlabelled: true });
  return { samples, table: await buildFeatures(frame, samples, { features, target, ownClose: params.close !== null }, engine, { precision: 'f64' }) };
}

/**
 * Throws where a feature or a sample of a row before `rows` differs. By default not a bit may; the CPU engine adds what is
 * at the end of a series, after its last whole vector, in another order, which may change the last digits of an ema.
 */
function expectSamePast(whole: Built, other: Built, rows: number, relative = 0): void {
  const count = whole.samples.row.filter((row) => row < rows).length;
  expect(count).toBeGreaterThan(0);
  expect(other.samples.row.slice(0, count)).toEqual(whole.samples.row.slice(0, count));
  expect(other.samples.series.slice(0, count)).toEqual(whole.samples.series.slice(0, count));
  for (const [f, name] of whole.table.names.entries()) {
    const column = ({ table }: Built): Float64Array => table.values.slice(f * table.stride, f * table.stride + count);
    const seen = column(whole);
    assertClose(column(other), seen, { tolerance: (i) => relative * Math.abs(seen[i] ?? 0), place: (i) => `${name} of series ${whole.samples.series[i]} at row ${whole.samples.row[i]}, seen from row ${rows - 1}` });
  }
}

async function expectNoLookAhead(frame: Frame, given: FeatureInput, engine: Engine, ends: readonly number[]): Promise<void> {
  const whole = await build(frame, given, engine);
  for (const rows of ends) {
    const relative = engine.name === 'cpu' ? 1e-13 : 0;
    expectSamePast(whole, await build(until(frame, rows), given, engine), rows, relative);
    expectSamePast(whole, await build(otherwise(frame, rows), given, engine), rows, relative);
  }
}

describe('no look-ahead', () => {
  it('removing or changing all later rows changes no bit of a feature of any kind on the portable engine', async () => {
    await expectNoLookAhead(bars(120), everyKind, portable, [61, 62, 77, 96, 119]);
  });

  it.skipIf(!cpu.info().available)('nor on the CPU engine (needs it)', async () => {
    await expectNoLookAhead(bars(120), everyKind, cpu, [61, 62, 77, 96, 119]);
  });

  it.skipIf(!cpu.info().available)('nor of any indicator of the catalogue (needs the CPU engine)', async () => {
    await expectNoLookAhead(bars(140), everyIndicator, cpu, [61, 90, 128, 139]);
  });

  it.skipIf(!cpu.info().available)('nor of real stocks with their bars (needs the CPU engine)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corrente-features-'));
    try {
      const data = await importFile(join(import.meta.dirname, '../../../../data/sp500-2013-2018.parquet'), { store: folder, tempFolder: folder });
      const given: FeatureInput = { ...everyKind, indicators: ['rsi', 'macd', 'atr', 'obv', 'adx', 'bollinger(20)'], others: { series: ['MSFT'], lags: [0, 1] } };
      const params = featureParams.parse(given);
      const input = jobInput.parse({ dataset: data.id, field: 'close', series: ['AAPL', 'MSFT', 'DHR', 'KHC'], to: '2016-06-30' });
      const frame = await loadFrame(join(folder, `${data.id}.parquet`), data, input, { fields: featureFields(params) });
      await expectNoLookAhead(frame, given, cpu, [150, 611, 800]);
    } finally {
      await closeReaders();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is what the check sees: a feature that reads the next row is caught', async () => {
    const frame = bars(80);
    const cheat: FeatureTable[] = [];
    for (const one of [frame, until(frame, 70)]) {
      const { table, samples } = await build(one, { lags: [0], rolling: { kinds: [] } }, portable);
      const values = table.values.map((value, i) => (i < samples.row.length ? (one.values[samples.series[i]! * one.stride + Math.min(one.length - 1, samples.row[i]! + 1)] ?? value) : value));
      cheat.push({ ...table, values });
    }
    const { samples } = await build(frame, { lags: [0], rolling: { kinds: [] } }, portable);
    const cut = await build(until(frame, 70), { lags: [0], rolling: { kinds: [] } }, portable);
    expect(() => expectSamePast({ table: cheat[0]!, samples }, { table: cheat[1]!, samples: cut.samples }, 70)).toThrow(/lag_0 of series \d at row 69/);
  });
});

const mean = (values: number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('features', () => {
  const frame = bars(100);
  const value = (s: number, t: number): number => (t < 0 ? Number.NaN : frame.values[s * frame.stride + t]!);
  const window = (s: number, t: number, rows: number): number[] => Array.from({ length: rows }, (_, i) => value(s, t - rows + 1 + i));

  it('hold lags, differences, returns, rolling statistics and values of other series of the row of each sample', async () => {
    const { table, samples } = await build(frame, { lags: [0, 3], differences: [2], returns: [5], rolling: { kinds: ['mean', 'std', 'max'], windows: [8] }, others: { series: ['s2'], lags: [1] } }, portable);
    expect(table.names).toEqual(['lag_0', 'lag_3', 'difference_2', 'return_5', 'mean_8', 'std_8', 'max_8', 's2:lag_1']);
    const expected: Array<(s: number, t: number) => number> = [
      (s, t) => value(s, t),
      (s, t) => value(s, t - 3),
      (s, t) => value(s, t) - value(s, t - 2),
      (s, t) => value(s, t) / value(s, t - 5) - 1,
      (s, t) => mean(window(s, t, 8)),
      (s, t) => Math.sqrt(window(s, t, 8).reduce((sum, one) => sum + (one - mean(window(s, t, 8))) ** 2, 0) / 7),
      (s, t) => (window(s, t, 8).some(Number.isNaN) ? Number.NaN : Math.max(...window(s, t, 8))),
      (_, t) => value(2, t - 1),
    ];
    for (const [f, name] of table.names.entries()) {
      assertClose(table.values.subarray(f * table.stride, (f + 1) * table.stride), Array.from(samples.row, (t, i) => expected[f]!(samples.series[i]!, t)), { tolerance: () => 1e-10, place: (i) => `${name}, sample ${i}` });
    }
  });

  it('of the calendar are the parts of the time in UTC, or where they lie on a circle', async () => {
    // 2024-02-29T23:45:00Z was a Thursday, the 60th day of the year; 1969-12-31T23:59:59.999999Z a Wednesday.
    const time = BigInt64Array.of(-1n, BigInt(Date.UTC(2024, 1, 29, 23, 45)) * 1000n);
    const days = frameOf(columnsOf([Float64Array.of(1, 2)]), { time });
    const parts = ['minute', 'hour', 'weekday', 'day-of-month', 'day-of-year', 'month'] as const;
    const given: FeatureInput = { lags: [], rolling: { kinds: [] }, calendar: [...parts] };
    const numbers = await build(days, { ...given, cyclic: false }, portable);
    expect(numbers.table.names).toEqual(parts);
    expect([...numbers.table.values.subarray(0, 12)]).toEqual([59, 45, 23, 23, 2, 3, 31, 29, 365, 60, 12, 2]);
    const circle = await build(days, { ...given, calendar: ['month'] }, portable);
    assertClose(circle.table.values.subarray(0, 4), [Math.sin((2 * Math.PI * 11) / 12), Math.sin((2 * Math.PI) / 12), Math.cos((2 * Math.PI * 11) / 12), Math.cos((2 * Math.PI) / 12)], { tolerance: () => 1e-15, place: (i) => `month, ${i}` });
  });

  it('of one target are its own and those of all other series, where no others are named', async () => {
    const { table, samples } = await build(frame, { lags: [0], rolling: { kinds: ['mean'], windows: [4] }, others: { lags: [0] } }, portable, 's2');
    expect(table.names).toEqual(['lag_0', 'mean_4', 's0:lag_0', 's1:lag_0']);
    expect(new Set(samples.series)).toEqual(new Set([2]));
    const at = samples.row[10]!;
    expect(table.values[10]).toBe(value(2, at));
    expect(table.values[table.stride + 10]).toBeCloseTo((value(2, at) + value(2, at - 1) + value(2, at - 2) + value(2, at - 3)) / 4, 12);
    expect(table.values[2 * table.stride + 10]).toBe(value(0, at));
  });

  it('of a series that is not there, and returns from zero, are refused', async () => {
    await expect(build(frame, { others: { series: ['nobody'] } }, portable)).rejects.toThrow(expect.objectContaining({ code: 'unknown-series', message: expect.stringContaining('"nobody"') }));
    const zeros = frameOf(columnsOf([Float64Array.from({ length: 70 }, (_, t) => (t === 64 ? 0 : 1 + t))]));
    await expect(build(zeros, { lags: [], returns: [2], rolling: { kinds: [] } }, portable)).rejects.toThrow(expect.objectContaining({ code: 'transform-domain', message: expect.stringContaining('at row 66') }));
  });
});
