/** What holds of correlation on the cpu engine beyond the cases that every engine must pass. */
import { describe, expect, it } from 'vitest';
import { gaussianColumns } from '../../test/series/columns.ts';
import { assertSameBits } from '../../test/oracle/compare.ts';
import type { CorrelationMethod } from './contract.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine } from './cpu.testing.ts';
import { checkAbortInMidst } from './engine.cases.control.ts';
import type { NativeEngine } from './native.ts';

const methods: readonly CorrelationMethod[] = ['pearson', 'covariance', 'spearman'];

/** The matrix, and selections of it, one after the other. */
async function numbersOf(engine: NativeEngine, method: CorrelationMethod, missing: number, precision: 'f64' | 'f32'): Promise<number[]> {
  const columns = gaussianColumns(210, 70, { seed: 311, missing });
  const session = await engine.openCorrelation(columns, { method, ddof: 1 }, { precision });
  try {
    const numbers = [...(await session.tile(0, 210, 0, 210, { precision })).r];
    for (const top of [40, null]) {
      const { a, b, r, n } = await session.strongest(0, 210, 0, 210, { minAbs: 0.2, minPeriods: 2, top }, { precision });
      numbers.push(...a, ...b, ...r, ...(typeof n === 'number' ? [n] : n));
    }
    return numbers;
  } finally {
    session.close();
  }
}

describe.skipIf(!cpuEngine().info().available)('correlation on the cpu engine', () => {
  it.each(methods)('%s is the same bits on one thread, two and five', { timeout: 60_000 }, async (method) => {
    const [one, two, five] = [1, 2, 5].map((threads) => freshCpuEngine({ threads }));
    if (one === undefined || two === undefined || five === undefined) throw new Error('There are no three engines.');
    for (const missing of [0, 0.1]) {
      for (const precision of ['f64', 'f32'] as const) {
        const expected = await numbersOf(one, method, missing, precision);
        for (const engine of [two, five]) assertSameBits(await numbersOf(engine, method, missing, precision), expected, (at) => `number ${at} of ${method} in ${precision}`);
      }
    }
  });

  it.each([0, 0.1])('a selection that is aborted in its midst ends within a second (missing %f)', { timeout: 60_000 }, async (missing) => {
    const columns = gaussianColumns(400, 2000, { seed: 312, missing });
    const session = await cpuEngine().openCorrelation(columns, { method: 'spearman', ddof: 0 }, { precision: 'f64' });
    try {
      await checkAbortInMidst((options) => session.strongest(0, 400, 0, 400, { minAbs: 0, minPeriods: 2, top: 10 }, options), 'f64');
    } finally {
      session.close();
    }
  });

  it('refuses a negative ddof, and a selection of a negative number of pairs', async () => {
    const columns = gaussianColumns(3, 20);
    await expect(cpuEngine().openCorrelation(columns, { method: 'covariance', ddof: -1 }, { precision: 'f64' })).rejects.toThrow('ddof is -1');
    const session = await cpuEngine().openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision: 'f64' });
    await expect(session.strongest(0, 3, 0, 3, { minAbs: 0, minPeriods: 0, top: -1 }, { precision: 'f64' })).rejects.toThrow('top is -1');
    session.close();
  });
});
