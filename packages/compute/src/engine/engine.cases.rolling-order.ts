/** Rolling median, quantile and rank: what every engine must get right. */
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose } from '../../test/oracle/compare.ts';
import { remembered } from '../../test/oracle/remembered.ts';
import { spansOracle } from '../../test/oracle/rolling-spans.ts';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { edgeSeries, edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian, uniform } from '../../test/series/random.ts';
import type { Columns, Engine, RollingRequest } from './contract.ts';
import { checkAbortInMidst } from './engine.cases.control.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import { checkBlocks, checkSameBits, rounded, type BlockRule } from './engine.cases.rolling-blocks.ts';
import type { EngineCase } from './engine.cases.ts';

/** Quantiles at the ends, where the position is whole in some windows, and in the lower and the upper half. */
const quantiles = [0, 0.1, 0.25, 0.9, 1];

type OrderRequest = RollingRequest & { readonly kind: 'median' | 'quantile' | 'rank' };

function orderRequests(windows: readonly number[]): OrderRequest[] {
  return windows.flatMap((window): OrderRequest[] => [
    { kind: 'median', window, ddof: 0 },
    { kind: 'rank', window, ddof: 0 },
    ...quantiles.map((parameter) => ({ kind: 'quantile' as const, window, ddof: 0, parameter })),
  ]);
}

const windowsFor = (length: number): number[] => [...new Set([1, 2, 3, 8, 9, 50, ...(length > 200 ? [] : [65, Math.max(1, length), length + 1])])];

const inWords = ({ kind, window, parameter }: RollingRequest): string => `${kind}${kind === 'quantile' ? ` ${parameter}` : ''} of ${window}`;

/** Where the position is whole the value is one of the input: exact. Else one interpolation apart from it. */
function interpolates({ kind, window, parameter = 0 }: OrderRequest): boolean {
  return kind !== 'rank' && !Number.isInteger((kind === 'median' ? 0.5 : parameter) * (window - 1));
}

const unit: Readonly<Record<Precision, number>> = { f64: 2 ** -53, f32: 2 ** -24 };

const knownOracle = remembered(spansOracle);

const rule: BlockRule<OrderRequest> = {
  oracle: (values, request) => knownOracle(values, request),
  allowed: (request, precision, _expected, scale) => (interpolates(request) ? 4 * unit[precision] * scale : 0),
  inWords,
};

const checkOrder = (engine: Engine, columns: Columns, windows: readonly number[], precision: Precision): Promise<void> => checkBlocks(engine, rounded(columns, precision), orderRequests(windows), precision, rule);

/** A series of few levels, so that windows are full of ties, and of both zeros. */
const levels = (length: number, seed: number): Float64Array => Float64Array.from({ length }, (_, t) => (Math.floor(4 * uniform(seed, t)) - 1) * (uniform(seed + 1, t) < 0.5 ? -0.5 : 0.5));

/** Windows too long for a plain loop over all rows: the rows around the places where a long series may be cut. */
async function checkLongWindows(engine: Engine): Promise<void> {
  const length = 40_000;
  const values = Float64Array.from({ length }, (_, t) => (uniform(33, t) < 0.0001 ? Number.NaN : Math.round(1000 * gaussian(34, t)) / 8));
  for (const window of [300, 2000, 20_000]) {
    const requests = orderRequests([window]).filter(({ parameter }) => parameter === undefined || parameter === 0.1);
    const blocks = await engine.rolling(columnsOf([values]), requests, { precision: 'f64' });
    for (const [i, request] of requests.entries()) {
      for (const t of [window - 2, window - 1, window, 4095, 4096, 8191, 8192, 16_384, 24_576, 32_767, 32_768, length - 1].filter((row) => row >= window - 1)) {
        const { expected, scale } = spansOracle(values.subarray(t - window + 1, t + 1), request, window - 1);
        assertClose(blocks[i]?.subarray(t, t + 1) ?? [], expected.subarray(window - 1), { tolerance: () => 4 * unit.f64 * (scale[window - 1] ?? 0), place: () => `${inWords(request)}, row ${t}` });
      }
    }
  }
}

export const rollingOrderCases: EngineCase[] = [
  ...edgeSeries.flatMap(({ name, values }) =>
    inBothPrecisions(`rolling order: median, quantiles and rank of every window are those of the sorted window on "${name}"`, (engine, precision) =>
      checkOrder(engine, columnsOf([values]), windowsFor(values.length), precision),
    ),
  ),
  ...inBothPrecisions('rolling order: ties share the mean of their ranks, and both zeros are one value', (engine, precision) =>
    checkOrder(engine, columnsOf([levels(500, 30), levels(500, 31)], 3), [2, 5, 20, 100, 499], precision),
  ),
  ...inBothPrecisions('rolling order: the edge series stacked in one padded block give each its own result', (engine, precision) =>
    checkOrder(engine, columnsOf(edgeSeriesOfLength(67).map(({ values }) => values), 5), [1, 3, 8, 20, 67], precision),
  ),
  ...inBothPrecisions('rolling order: 17 series of 300 rows with missing values are right in every series', (engine, precision) =>
    checkOrder(engine, gaussianColumns(17, 300, { seed: 35, missing: 0.02, padding: 4 }), [2, 20, 63, 128], precision),
  ),
  ...inBothPrecisions('rolling order: windows of a thousand rows are right over 1,500 rows', (engine, precision) => checkOrder(engine, gaussianColumns(1, 1500, { seed: 36, missing: 0.0005 }), [1000, 1024], precision)),
  { name: 'rolling order: windows of up to 20,000 rows are right around the places where 40,000 rows may be cut (f64)', run: checkLongWindows },
  ...inBothPrecisions('rolling order: aborting in the midst of long windows ends the work within a second', async (engine, precision) => {
    const columns = gaussianColumns(2, 60_000, { seed: 37 });
    await checkAbortInMidst((options) => engine.rolling(columns, orderRequests([20, 20_000]), options), precision);
  }),
  ...inBothPrecisions('rolling order: a block has the same bits alone, in a batch, and beside other series', (engine, precision) =>
    checkSameBits(engine, rounded(gaussianColumns(5, 333, { seed: 32, missing: 0.01, padding: 3 }), precision), orderRequests([1, 4, 17, 64, 333]), precision, inWords),
  ),
];
