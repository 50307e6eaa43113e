/** Rolling statistics: what every engine must get right. */
import { movingAverage } from '@corrente/shared/contract/analyses/moving-average';
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { rollingOracle } from '../../test/oracle/rolling.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { edgeSeries, edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian } from '../../test/series/random.ts';
import type { Columns, Engine, Reals, RollingKind, RollingRequest } from './contract.ts';
import { assertReals, inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

const kinds: readonly RollingKind[] = ['mean', 'std', 'min', 'max', 'ema', 'wma'];

/** Every kind at every window; std with both divisors. */
function allRequests(windows: readonly number[]): RollingRequest[] {
  return windows.flatMap((window) => kinds.flatMap((kind) => (kind === 'std' ? [0, 1] : [0]).map((ddof) => ({ kind, window, ddof }))));
}

const windowsFor = (length: number): number[] => [...new Set([1, 2, 3, 7, 8, 9, 50, 64, 65, Math.max(1, length), length + 1])];

const inWords = ({ kind, window, ddof }: RollingRequest): string => `${kind} of ${window}${kind === 'std' ? `, ddof ${ddof}` : ''}`;

function assertBlocks(columns: Columns, requests: readonly RollingRequest[], blocks: readonly Reals[], precision: Precision): void {
  if (blocks.length !== requests.length) throw new Error(`got ${blocks.length} blocks, expected one for each of ${requests.length} requests`);
  for (const [i, request] of requests.entries()) {
    const block = blocks[i] ?? new Float64Array(0);
    assertReals(block, precision);
    if (block.length !== columns.series * columns.length) throw new Error(`${inWords(request)}: got ${block.length} values, expected ${columns.series} × ${columns.length}`);
    for (let s = 0; s < columns.series; s++) {
      const { expected, scale } = rollingOracle(seriesOf(columns, s), request);
      // A value of the input, not a result of arithmetic: exact, but for being rounded to the precision.
      const exact = request.kind === 'min' || request.kind === 'max';
      assertClose(block.subarray(s * columns.length, (s + 1) * columns.length), exact && precision === 'f32' ? expected.map(Math.fround) : expected, {
        tolerance: (t) => (exact ? 0 : movingAverage.tolerance[precision] * (scale[t] ?? 0)),
        place: (t) => `${inWords(request)}, series ${s} of ${columns.series}, row ${t} of ${columns.length}`,
      });
    }
  }
}

async function checkRolling(engine: Engine, columns: Columns, windows: readonly number[], precision: Precision): Promise<void> {
  const requests = allRequests(windows);
  assertBlocks(columns, requests, await engine.rolling(columns, requests, { precision }), precision);
}

/** Far from zero, a window's spread must keep its digits: nothing may be squared before the level is taken away. */
async function checkSpreadFarFromZero(engine: Engine): Promise<void> {
  const values = Float64Array.from({ length: 1500 }, (_, i) => 1e9 + gaussian(21, i));
  const columns = columnsOf([values]);
  for (const window of [2, 9, 50, 65, 700]) {
    const request: RollingRequest = { kind: 'std', window, ddof: 1 };
    const [block] = await engine.rolling(columns, [request], { precision: 'f64' });
    const { expected, scale } = rollingOracle(values, request);
    assertClose(block ?? [], expected, {
      tolerance: (t) => 1e-12 * (expected[t] ?? 0) + 16 * Number.EPSILON * (scale[t] ?? 0),
      place: (t) => `std of ${window} near 1e9, row ${t}`,
    });
  }
}

/** A block alone, in a batch with others, beside other series, and asked for twice: always the same bits. */
async function checkBatching(engine: Engine, precision: Precision): Promise<void> {
  const columns = gaussianColumns(5, 333, { seed: 22, missing: 0.01, padding: 3 });
  const requests = allRequests([1, 4, 17, 64, 333]);
  const together = await engine.rolling(columns, requests, { precision });
  const again = await engine.rolling(columns, requests, { precision });
  for (const [i, request] of requests.entries()) {
    const block = together[i] ?? [];
    const place = (at: number): string => `${inWords(request)}, value ${at}`;
    assertSameBits(again[i] ?? [], block, place);
    const [alone] = await engine.rolling(columns, [request], { precision });
    assertSameBits(alone ?? [], block, place);
    const [last] = await engine.rolling(columnsOf([seriesOf(columns, 4)]), [request], { precision });
    assertSameBits(last ?? [], Array.from(block).slice(4 * 333), place);
  }
}

/** A value that leaves the window leaves nothing behind: the results after a spike are those without it. */
async function checkNothingOutside(engine: Engine, precision: Precision): Promise<void> {
  const calm = Float64Array.from({ length: 400 }, (_, i) => gaussian(23, i));
  const spiked = calm.with(137, 1e16);
  const requests = allRequests([1, 5, 64, 100]).filter(({ kind }) => kind !== 'ema');
  const blocks = await engine.rolling(columnsOf([calm, spiked]), requests, { precision });
  for (const [i, request] of requests.entries()) {
    const block = Array.from(blocks[i] ?? []);
    for (const [from, to] of [[0, 137], [137 + request.window, 400]] as const) {
      assertClose(block.slice(400 + from, 400 + to), block.slice(from, to), {
        tolerance: () => 10 * movingAverage.tolerance[precision],
        place: (at) => `${inWords(request)}, row ${from + at}, outside the spike at row 137`,
      });
    }
  }
}

export const rollingCases: EngineCase[] = [
  ...edgeSeries.flatMap(({ name, values }) =>
    inBothPrecisions(`rolling: every kind and window is that of the plain loop on "${name}"`, (engine, precision) => checkRolling(engine, columnsOf([values]), windowsFor(values.length), precision)),
  ),
  ...inBothPrecisions('rolling: the edge series stacked in one padded block give each its own result', (engine, precision) =>
    checkRolling(engine, columnsOf(edgeSeriesOfLength(67).map(({ values }) => values), 5), [1, 3, 8, 20, 67], precision),
  ),
  ...inBothPrecisions('rolling: 17 series of 300 rows with missing values are right in every series', (engine, precision) =>
    checkRolling(engine, gaussianColumns(17, 300, { seed: 24, missing: 0.02, padding: 4 }), [2, 20, 63, 128], precision),
  ),
  ...inBothPrecisions('rolling: windows of a thousand rows and more are right over 2,200 rows', (engine, precision) =>
    checkRolling(engine, gaussianColumns(1, 2200, { seed: 25, missing: 0.0005 }), [1000, 1024, 2049], precision),
  ),
  ...inBothPrecisions('rolling: no series gives empty blocks', (engine, precision) => checkRolling(engine, columnsOf([]), [1, 5], precision)),
  ...inBothPrecisions('rolling: no request gives no block', async (engine, precision) => {
    const blocks = await engine.rolling(gaussianColumns(2, 9), [], { precision });
    if (blocks.length > 0) throw new Error(`got ${blocks.length} blocks, expected none`);
  }),
  ...inBothPrecisions('rolling: a value outside the window leaves no trace in it', checkNothingOutside),
  ...inBothPrecisions('rolling: a block has the same bits alone, in a batch, and beside other series', checkBatching),
  { name: 'rolling: the spread of a window near 1e9 keeps its digits (f64)', run: checkSpreadFarFromZero },
];
