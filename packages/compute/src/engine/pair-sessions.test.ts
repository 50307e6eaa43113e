/** Lead-lag and rolling correlation of the CPU engine: what the table of cases cannot ask. */
import { describe, expect, it } from 'vitest';
import { assertSameBits } from '../../test/oracle/compare.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import type { NativeEngine } from './native.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine } from './cpu.testing.ts';

const engine = cpuEngine();
const [complete, gappy] = [gaussianColumns(30, 500, { seed: 701 }), gaussianColumns(30, 500, { seed: 701, missing: 0.1 })];
const mixed = columnsOf(Array.from({ length: 30 }, (_, s) => seriesOf(s % 2 === 0 ? complete : gappy, s)));

async function results(one: NativeEngine): Promise<Array<ArrayLike<number>>> {
  const precision = 'f64';
  const lags = await one.openLeadLag(mixed, { maxLag: 25, minPeriods: 3 }, { precision });
  const { r, lag, n } = await lags.tile(0, 30, 0, 30, { precision });
  lags.close();
  const all: Array<ArrayLike<number>> = [r, lag, n];
  for (const weights of [{ window: 20, alpha: null }, { window: null, alpha: 0.1 }]) {
    const session = await one.openRollingCorrelation(mixed, { ...weights, step: 2, minPeriods: 5 }, { precision });
    all.push(await session.tile(0, 30, 0, 30, { precision }));
    session.close();
  }
  return all;
}

describe.skipIf(!engine.info().available)('sessions of pairs on the CPU engine', () => {
  it('give the same bits on 1, 2 and 3 threads', async () => {
    const first = await results(freshCpuEngine({ threads: 1 }));
    for (const threads of [2, 3]) {
      for (const [i, values] of (await results(freshCpuEngine({ threads }))).entries()) assertSameBits(values, first[i] ?? [], (at) => `value ${at} of result ${i} on ${threads} threads`);
    }
  });

  it('refuse a call on a session that is closed', async () => {
    const lags = await engine.openLeadLag(complete, { maxLag: 2, minPeriods: 2 }, { precision: 'f64' });
    lags.close();
    await expect(lags.tile(0, 1, 0, 1, { precision: 'f64' })).rejects.toThrow(/closed/);
    await expect(lags.profile(0, 1, { precision: 'f64' })).rejects.toThrow(/closed/);
    const windows = await engine.openRollingCorrelation(complete, { window: 5, alpha: null, step: 1, minPeriods: 2 }, { precision: 'f64' });
    windows.close();
    await expect(windows.tile(0, 1, 0, 1, { precision: 'f64' })).rejects.toThrow(/closed/);
  });
});
