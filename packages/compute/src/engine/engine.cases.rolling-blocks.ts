/** Blocks of rolling statistics beside an oracle's, and beside themselves. */
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { columnsOf, seriesOf } from '../../test/series/columns.ts';
import type { Columns, Engine, RollingRequest } from './contract.ts';
import { assertReals } from './engine.cases.precision.ts';

/** What the blocks of a family of statistics are held to. */
export interface BlockRule<R extends RollingRequest> {
  /** The values of one series, and of each row the scale that its tolerance is told. */
  readonly oracle: (values: Float64Array, request: R, precision: Precision) => { readonly expected: Float64Array; readonly scale: Float64Array };
  /** Largest difference allowed. */
  readonly allowed: (request: R, precision: Precision, expected: number, scale: number) => number;
  readonly inWords: (request: R) => string;
}

/** The values as float32 has them under f32, so that every engine sees the same ties. */
export const rounded = (columns: Columns, precision: Precision): Columns => (precision === 'f32' ? { ...columns, values: columns.values.map(Math.fround) } : columns);

/** Throws unless there is a block for each request, and each has the values of the oracle, series by series. */
export async function checkBlocks<R extends RollingRequest>(engine: Engine, columns: Columns, requests: readonly R[], precision: Precision, { oracle, allowed, inWords }: BlockRule<R>): Promise<void> {
  const blocks = await engine.rolling(columns, requests, { precision });
  if (blocks.length !== requests.length) throw new Error(`got ${blocks.length} blocks, expected one for each of ${requests.length} requests`);
  for (const [i, request] of requests.entries()) {
    const block = blocks[i] ?? new Float64Array(0);
    assertReals(block, precision);
    if (block.length !== columns.series * columns.length) throw new Error(`${inWords(request)}: got ${block.length} values, expected ${columns.series} × ${columns.length}`);
    for (let s = 0; s < columns.series; s++) {
      const { expected, scale } = oracle(seriesOf(columns, s), request, precision);
      assertClose(block.subarray(s * columns.length, (s + 1) * columns.length), expected, {
        tolerance: (t) => allowed(request, precision, expected[t] ?? 0, scale[t] ?? 0),
        place: (t) => `${inWords(request)}; series ${s} of ${columns.series}, row ${t} of ${columns.length}`,
      });
    }
  }
}

/** Throws unless a block has the same bits alone, in a batch with others, beside other series, and asked for twice. */
export async function checkSameBits<R extends RollingRequest>(engine: Engine, columns: Columns, requests: readonly R[], precision: Precision, inWords: (request: R) => string): Promise<void> {
  const { series, length } = columns;
  const together = await engine.rolling(columns, requests, { precision });
  const again = await engine.rolling(columns, requests, { precision });
  const lastSeries = columnsOf([seriesOf(columns, series - 1)]);
  for (const [i, request] of requests.entries()) {
    const block = together[i] ?? [];
    const place = (at: number): string => `${inWords(request)}; value ${at}`;
    assertSameBits(again[i] ?? [], block, place);
    const [alone] = await engine.rolling(columns, [request], { precision });
    assertSameBits(alone ?? [], block, place);
    const [last] = await engine.rolling(lastSeries, [request], { precision });
    assertSameBits(last ?? [], Array.from(block).slice((series - 1) * length), place);
  }
}
