/** Rolling statistics of the CPU engine: what the table of cases, with its short series, cannot ask. */
import { describe, it } from 'vitest';
import { rollingTolerance } from '@corrente/shared/contract/analyses/rolling-tolerance';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { rollingOracle } from '../../test/oracle/rolling.ts';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { gaussian, gaussians, uniform } from '../../test/series/random.ts';
import type { Reals, RollingKind, RollingRequest } from './contract.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine, isas } from './cpu.testing.ts';
import { assertRejects } from './engine.cases.control.ts';

const engine = cpuEngine();
const { available } = engine.info();
const usable = (available ? isas : []).map((isa) => ({ isa, one: freshCpuEngine({ isa, threads: 2 }) })).filter(({ one }) => one.info().available);

const windowKinds = ['mean', 'sum', 'var', 'max', 'skew', 'kurtosis', 'zscore', 'autocorrelation', 'wma', 'weighted'] as const satisfies readonly RollingKind[];
const decayingKinds = ['ewm-mean', 'ewm-var', 'ewm-std'] as const satisfies readonly RollingKind[];

const request = (kind: RollingKind, window: number): RollingRequest => ({ kind, window, ddof: 1, parameter: 2, weights: gaussians(41, window) });

/** The rows of one window, and the result of the plain loop for it. */
function assertWindowAt(values: Float64Array, t: number, asked: RollingRequest, block: Reals): void {
  const { expected, scale } = rollingOracle(values.subarray(t - asked.window + 1, t + 1), asked);
  const last = asked.window - 1;
  assertClose(block.subarray(t, t + 1), expected.subarray(last), {
    tolerance: () => rollingTolerance(asked.kind, 'f64') * (scale[last] ?? 0),
    place: () => `${asked.kind} of ${asked.window} at row ${t}`,
  });
}

describe.skipIf(!available)('rolling statistics of the CPU engine', { timeout: 60_000 }, () => {
  for (const { isa, one } of usable) {
    for (const precision of ['f64', 'f32'] as const) {
      it(`have the same bits in a result that is written past the caches as in a small one (${isa}, ${precision})`, async () => {
        const length = precision === 'f64' ? 700_001 : 1_300_001;
        const part = 300_000;
        const values = Float64Array.from({ length }, (_, t) => (uniform(42, t) < 0.0001 ? Number.NaN : gaussian(43, t)));
        const requests = [5, 50, 3000].flatMap((window) => (['mean', 'max', 'var', 'weighted'] as const).map((kind) => request(kind, kind === 'weighted' ? Math.min(window, 50) : window)));
        const large = await one.rolling(columnsOf([values]), requests, { precision });
        const small = await one.rolling(columnsOf([values.subarray(0, part)]), requests, { precision });
        const end = await one.rolling(columnsOf([values.subarray(length - 120_000)]), requests, { precision });
        for (const [i, { kind, window }] of requests.entries()) {
          assertSameBits((large[i] ?? []).slice(0, part), small[i] ?? [], (t) => `${kind} of ${window} at row ${t} of ${length}`);
          // Blocks lie elsewhere in the end taken alone: results differ by rounding, and where they are missing not at all.
          const tail = end[i] ?? [];
          assertClose((large[i] ?? []).slice(length - 120_000 + window), tail.slice(window), { tolerance: () => 1e-5, place: (t) => `${kind} of ${window}, ${t} rows into the end` });
        }
      });
    }

    it(`are right where blocks, tiles and segments of long series meet (${isa})`, async () => {
      const length = 100_000;
      const cut = 32_768;
      const values = Float64Array.from({ length }, (_, t) => (uniform(44, t) < 0.00003 ? Number.NaN : 100 + gaussian(45, t)));
      for (const window of [16, 17, 1000, 1024, 20_000, 40_000]) {
        const requests = windowKinds.map((kind) => request(kind, window));
        const blocks = await one.rolling(columnsOf([values]), requests, { precision: 'f64' });
        const places = [window - 1, window, cut - 1, cut, cut + 1, 2 * cut, 2 * window - 1, 2 * window, 2 * window + 1023, 2 * window + 1024, 2 * window + 1025, length - 1];
        for (const t of new Set(places.filter((place) => place >= window - 1 && place < length)))
          for (const [i, asked] of requests.entries()) assertWindowAt(values, t, asked, blocks[i] ?? new Float64Array(0));
      }
    });
  }

  for (const precision of ['f64', 'f32'] as const) {
    it(`have the same bits on 1, 2 and 3 threads (${precision})`, async () => {
      const blocks = [gaussianColumns(21, 3000, { seed: 46, missing: 0.01 }), gaussianColumns(1, 700_000, { seed: 47, missing: 0.00001 })];
      const requests = [...windowKinds, ...decayingKinds].flatMap((kind) => [9, 50, 700].map((window) => request(kind, window)));
      const [first, ...others] = [1, 2, 3].map((threads) => freshCpuEngine({ threads }));
      for (const columns of blocks) {
        const expected = await first!.rolling(columns, requests, { precision });
        for (const other of others) {
          const got = await other.rolling(columns, requests, { precision });
          for (const [i, { kind, window }] of requests.entries()) assertSameBits(got[i] ?? [], expected[i] ?? [], (t) => `${kind} of ${window}, value ${t}, on ${other.info().threads} threads`);
        }
      }
    });
  }

  it('weigh exponentially as the plain sums do, at a billion with noise of a thousandth', async () => {
    const values = Float64Array.from({ length: 1200 }, (_, t) => 1e9 + 1e-3 * gaussian(48, t));
    for (const kind of ['ewm-var', 'ewm-std'] as const) {
      for (const window of [2, 7, 8, 50]) {
        const [block] = await engine.rolling(columnsOf([values]), [request(kind, window)], { precision: 'f64' });
        const { expected } = rollingOracle(values, request(kind, window));
        assertClose(block ?? [], expected, { tolerance: (t) => 1e-9 * (expected[t] ?? 0), place: (t) => `${kind} of ${window} at row ${t}` });
      }
    }
  });

  it('refuse what the contract has no meaning for, and say what came', async () => {
    const columns = gaussianColumns(1, 9);
    const refused: readonly RollingRequest[] = [
      { kind: 'mean', window: 0, ddof: 0 },
      { kind: 'quantile', window: 3, ddof: 0, parameter: 1.5 },
      { kind: 'autocorrelation', window: 3, ddof: 0, parameter: 0 },
      { kind: 'autocorrelation', window: 3, ddof: 0, parameter: 1.5 },
      { kind: 'weighted', window: 3, ddof: 0 },
      { kind: 'weighted', window: 3, ddof: 0, weights: Float64Array.of(1, 2) },
      { kind: 'weighted', window: 2, ddof: 0, weights: Float64Array.of(1, Number.NaN) },
      { kind: 'wma', window: 3, ddof: 0, minPeriods: 1 },
      { kind: 'mean', window: 3, ddof: 0, minPeriods: -1 },
      { kind: 'mean', window: 3, ddof: 0, begins: new Int32Array(9) },
      { kind: 'mean', window: 3, ddof: 0, minPeriods: 1, begins: new Int32Array(8) },
      { kind: 'mean', window: 3, ddof: 0, minPeriods: 1, begins: Int32Array.of(0, 0, 0, 4, 4, 4, 4, 4, 4) },
    ];
    for (const one of refused) await assertRejects(() => engine.rolling(columns, [one], { precision: 'f64' }));
  });
});
