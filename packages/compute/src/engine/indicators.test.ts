/** Indicators of the CPU engine: against TA-Lib's own outputs, and alike on every instruction set and number of threads. */
import { indicatorCatalogue, indicatorsByName } from '@corrente/shared/contract/indicators/catalogue';
import type { IndicatorInput } from '@corrente/shared/contract/indicators/indicator';
import { describe, expect, it } from 'vitest';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { talib, talibInput } from '../../test/reference/talib.ts';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { gaussian } from '../../test/series/random.ts';
import type { Columns, Reals } from './contract.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine, isas } from './cpu.testing.ts';

const available = cpuEngine().info().available;
const roles: readonly IndicatorInput[] = ['value', 'open', 'high', 'low', 'close', 'volume'];
const requests = indicatorCatalogue.map(({ name, parameters, inputs }) => ({ name, parameters: parameters.map((one) => one.default), inputs: inputs.map((input) => roles.indexOf(input)) }));

/** Six fields of random numbers: what they mean does not matter where only bits are compared. */
const noise = (series: number, length: number, missing: number): Columns[] => roles.map((_, field) => gaussianColumns(series, length, { seed: 40 + field, missing }));

describe.skipIf(!available)('indicators on the CPU', () => {
  const usable = (available ? isas : []).map((isa) => ({ isa, engine: freshCpuEngine({ isa, threads: 2 }) })).filter(({ engine }) => engine.info().available);

  it.each(usable)(`are TA-Lib's to 1e-9 on $isa`, async ({ engine }) => {
    for (const reference of talib.values) {
      const inputs = indicatorsByName.get(reference.name)?.inputs ?? [];
      const blocks = inputs.map((input) => columnsOf([talibInput(reference.series, input)]));
      const [outputs = []] = await engine.indicators(blocks, [{ name: reference.name, parameters: reference.parameters, inputs: inputs.map((_, i) => i) }], { precision: 'f64' });
      expect(outputs).toHaveLength(reference.outputs.length);
      for (const [o, expected] of reference.outputs.entries()) {
        const values = outputs[o] ?? new Float64Array(0);
        expect(values.findIndex((value) => !Number.isNaN(value))).toBe(reference.begin);
        assertClose(reference.rows.map((row) => values[row] ?? Number.NaN), expected, {
          tolerance: (at) => 1e-9 * Math.max(1, Math.abs(expected[at] ?? 0)),
          place: (at) => `${reference.function}(${reference.parameters.join(', ')}) of ${reference.series}, output ${o}, row ${reference.rows[at]}`,
        });
      }
    }
  });

  it('are the same bits on every instruction set, on 1, 2 and 3 threads, of many series and of few', async () => {
    for (const [series, length, missing] of [[1, 900, 0], [3, 400, 0.02], [67, 150, 0], [30, 260, 0.01]] as const) {
      const blocks = noise(series, length, missing);
      let first: Reals[][] | null = null;
      for (const engine of [...usable.map((one) => one.engine), freshCpuEngine({ threads: 1 }), freshCpuEngine({ threads: 3 })]) {
        const all = await engine.indicators(blocks, requests, { precision: 'f64' });
        first ??= all;
        for (const [r, outputs] of all.entries()) {
          for (const [o, values] of outputs.entries()) assertSameBits(values, first[r]?.[o] ?? [], (at) => `${requests[r]?.name}, output ${o}, value ${at}, ${series} series, on ${engine.info().device}`);
        }
      }
    }
  });

  it('lose no digits over a million rows: sums of the last rows are those of the last rows alone', async () => {
    const length = 1_000_000;
    const values = Float64Array.from({ length }, (_, t) => 1e6 + gaussian(51, t));
    const windowed = requests.filter(({ name }) => ['sma', 'wma', 'trima', 'stddev', 'variance', 'bollinger', 'linear-regression', 'midpoint', 'alma'].includes(name)).map(({ name, parameters }) => ({ name, parameters, inputs: [0] }));
    const engine = cpuEngine();
    const whole = await engine.indicators([columnsOf([values])], windowed, { precision: 'f64' });
    const end = await engine.indicators([columnsOf([values.subarray(length - 200)])], windowed, { precision: 'f64' });
    for (const [r, outputs] of whole.entries()) {
      for (const [o, block] of outputs.entries()) {
        assertClose(block.subarray(length - 100), end[r]?.[o]?.subarray(100) ?? [], { tolerance: () => 1e-8, place: (at) => `${windowed[r]?.name}, output ${o}, row ${length - 100 + at}` });
      }
    }
  });
});
