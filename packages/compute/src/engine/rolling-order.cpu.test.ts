/** Order statistics and windows of varying length on the CPU engine: what the table of cases cannot ask. */
import { describe, expect, it } from 'vitest';
import { assertSameBits } from '../../test/oracle/compare.ts';
import { spanKinds } from '../../test/oracle/rolling-spans.ts';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { uniform } from '../../test/series/random.ts';
import type { Columns, Reals, RollingRequest } from './contract.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine, isas } from './cpu.testing.ts';

const orderRequests = (windows: readonly number[]): RollingRequest[] =>
  windows.flatMap((window) => [
    { kind: 'median', window, ddof: 0 },
    { kind: 'quantile', window, ddof: 0, parameter: 0.3 },
    { kind: 'rank', window, ddof: 0 },
  ]);

const blocks: readonly Columns[] = [gaussianColumns(1, 50_000, { seed: 61, missing: 0.0002 }), gaussianColumns(37, 900, { seed: 62, missing: 0.001, padding: 1 })];

/** Begins at jumps: some windows of one row, some of thousands. */
const jumping = (length: number): Int32Array => {
  let begin = 0;
  return Int32Array.from({ length }, (_, t) => (begin = uniform(63, t) < 0.001 ? t - Math.floor((t - begin) * uniform(64, t)) : begin));
};

describe.skipIf(!cpuEngine().info().available)('order statistics and windows of varying length on the CPU engine', () => {
  for (const precision of ['f64', 'f32'] as const) {
    it(`have the same bits on 1, 2 and 3 threads and on every instruction set (${precision})`, async () => {
      const engines = [...isas.map((isa) => freshCpuEngine({ isa, threads: 2 })), freshCpuEngine({ threads: 1 }), freshCpuEngine({ threads: 3 })].filter((one) => one.info().available);
      for (const columns of blocks) {
        const requests: RollingRequest[] = [
          ...orderRequests([9, 50, 200, 700, 5000]),
          ...spanKinds.map((kind) => ({ kind, ddof: 1, parameter: 0.9, window: 100, minPeriods: 20 })),
          ...spanKinds.map((kind) => ({ kind, ddof: 1, parameter: 0.9, window: 1, minPeriods: 2, begins: jumping(columns.length) })),
        ];
        let first: Reals[] | null = null;
        for (const engine of engines) {
          const results = await engine.rolling(columns, requests, { precision });
          first ??= results;
          for (const [i, result] of results.entries()) assertSameBits(result, first[i] ?? [], (at) => `${requests[i]?.kind} of ${requests[i]?.window}, value ${at}, on ${engine.info().device}`);
        }
      }
    });
  }

  it('of full windows are the same bits however the window is walked: sorted, counted, or as a set of places', async () => {
    const engine = cpuEngine();
    for (const columns of blocks) {
      for (const window of [1, 2, 5, 50, 150, 319, 800]) {
        const full = orderRequests([window]);
        const [walked, places] = [await engine.rolling(columns, full, { precision: 'f64' }), await engine.rolling(columns, full.map((request) => ({ ...request, minPeriods: window })), { precision: 'f64' })];
        for (const [i, block] of walked.entries()) assertSameBits(block, places[i] ?? [], (at) => `${full[i]?.kind} of ${window}, value ${at}`);
      }
    }
  });

  it('are sorted right where values differ only in their last bits, beside others that differ in their first', async () => {
    const values = Float64Array.from({ length: 3000 }, (_, t) => (t === 1500 ? 1e200 : 1 + Math.floor(2000 * uniform(65, t)) * 2 ** -52));
    const [ranks] = await cpuEngine().rolling(columnsOf([values]), [{ kind: 'rank', window: 3000, ddof: 0, minPeriods: 1 }], { precision: 'f64' });
    for (const t of [0, 1, 700, 1499, 1500, 1501, 2999]) {
      const [before, newest] = [values.subarray(0, t + 1), values[t] ?? 0];
      expect(ranks?.[t]).toBe(before.filter((value) => value < newest).length + (before.filter((value) => value === newest).length + 1) / 2);
    }
  });
});
