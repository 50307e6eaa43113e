/** Rolling statistics of windows of varying length, over their present values: what every engine must get right. */
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose } from '../../test/oracle/compare.ts';
import { remembered } from '../../test/oracle/remembered.ts';
import { spanKinds, spansOracle, type SpanKind } from '../../test/oracle/rolling-spans.ts';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { edgeSeries, edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian, uniform } from '../../test/series/random.ts';
import type { Columns, Engine, RollingRequest } from './contract.ts';
import { checkAbortInMidst } from './engine.cases.control.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import { checkBlocks, checkSameBits, rounded } from './engine.cases.rolling-blocks.ts';
import type { EngineCase } from './engine.cases.ts';

type SpanRequest = RollingRequest & { readonly kind: SpanKind };
type Windows = Pick<RollingRequest, 'window' | 'minPeriods' | 'begins'>;

/** Every kind over these windows; what divides by n - ddof with two divisors. */
function spanRequests(windows: readonly Windows[]): SpanRequest[] {
  const divided = new Set<SpanKind>(['std', 'var', 'zscore']);
  return windows.flatMap((spans) => spanKinds.flatMap((kind) => (divided.has(kind) ? [0, 1] : [0]).map((ddof) => Object.assign({ kind, ddof, parameter: 0.3 }, spans))));
}

/** Longer series get fewer windows: the plain loop takes its time. */
const isLong = (length: number): boolean => length > 200;

/** Windows in rows, with none, some and all of their values needed. */
const rowWindows = (length: number): Windows[] =>
  (isLong(length) ? [20] : [1, 3, 8, Math.max(1, length), length + 5]).flatMap((window) => [...new Set([0, Math.min(3, window), window])].map((minPeriods) => ({ window, minPeriods })));

/** First rows of windows in time, of every shape that the contract allows. */
function timeWindows(length: number): Windows[] {
  const shapes: ReadonlyArray<(t: number) => number> = [
    (t) => Math.max(0, t - 4),
    // Several rows leave at once, and none for a while.
    (t) => Math.floor(t / 9) * 9,
    (t) => (t < 20 ? 0 : t < 40 ? 19 : t - 1),
    ...(isLong(length) ? [] : [(t: number) => t, () => 0, (t: number) => Math.floor(t / 2)]),
  ];
  // Rows at random times, the windows as long as 7 mean steps.
  const times = new Float64Array(length);
  for (let t = 1; t < length; t++) times[t] = (times[t - 1] ?? 0) - Math.log(uniform(41, t));
  const behind = Int32Array.from(times, (time) => times.findIndex((other) => other > time - 7));
  return [...shapes.map((shape) => Int32Array.from({ length }, (_, t) => shape(t))), behind].map((begins, i) => ({ window: 1, begins, minPeriods: i % 2 === 0 ? 1 : 4 }));
}

const inWords = ({ kind, window, ddof, minPeriods, begins }: RollingRequest): string =>
  `${kind}, ddof ${ddof}, of ${begins === undefined ? `${window} rows` : `windows that begin at rows ${[...begins.subarray(0, 12)].join(' ')} …`}, at least ${minPeriods} present`;

/**
 * Largest difference allowed. Sums and means: relative to what is added up. Spread: it must keep the digits that the
 * values have beyond their common level. Skewness, kurtosis and zscore have no unit; theirs is relative to themselves or
 * to 1, times the values that they are summed over.
 */
function allowed({ kind }: SpanRequest, precision: Precision, expected: number, scale: number): number {
  const unit = precision === 'f64' ? 2 ** -53 : 2 ** -24;
  switch (kind) {
    case 'min':
    case 'max':
    case 'rank':
      return 0;
    case 'median':
    case 'quantile':
      return 4 * unit * scale;
    case 'mean':
    case 'sum':
      return (precision === 'f64' ? 1e-13 : 1e-6) * scale;
    case 'var':
    case 'std':
      return precision === 'f64' ? 1e-11 * expected + 8 * unit * scale : 1e-5 * scale;
    case 'skew':
    case 'kurtosis':
    case 'zscore':
      return (precision === 'f64' ? 1e-10 : 1e-3) * Math.max(1, Math.abs(expected));
  }
}

const knownOracle = remembered(spansOracle);

const checkSpans = (engine: Engine, columns: Columns, windows: readonly Windows[], precision: Precision): Promise<void> =>
  checkBlocks(engine, rounded(columns, precision), spanRequests(windows), precision, { oracle: (values, request) => knownOracle(values, request), allowed, inWords });

/** A value that leaves the window leaves nothing behind: the results after a spike are those without it. */
async function checkNothingOutside(engine: Engine, precision: Precision): Promise<void> {
  const calm = Float64Array.from({ length: 300 }, (_, i) => gaussian(43, i));
  const spiked = calm.with(137, 1e16);
  const begins = Int32Array.from({ length: 300 }, (_, t) => Math.max(0, t - 15 - (t % 3 === 0 ? 0 : 1)));
  for (let t = 299; t > 0; t--) begins[t - 1] = Math.min(begins[t - 1] ?? 0, begins[t] ?? 0);
  const requests = spanRequests([{ window: 17, minPeriods: 2 }, { window: 1, minPeriods: 1, begins }]);
  const blocks = await engine.rolling(columnsOf([calm, spiked]), requests, { precision });
  for (const [i, request] of requests.entries()) {
    const block = Array.from(blocks[i] ?? []);
    for (const [from, to] of [[0, 137], [137 + 18, 300]] as const) {
      assertClose(block.slice(300 + from, 300 + to), block.slice(from, to), {
        tolerance: (at) => allowed(request, precision, block[from + at] ?? 0, 100),
        place: (at) => `${inWords(request)}; row ${from + at}, outside the spike at row 137`,
      });
    }
  }
}

export const rollingSpansCases: EngineCase[] = [
  ...edgeSeries.flatMap(({ name, values }) =>
    inBothPrecisions(`rolling spans: every kind over the present values of windows in rows is that of the plain loop on "${name}"`, (engine, precision) =>
      checkSpans(engine, columnsOf([values]), rowWindows(values.length), precision),
    ),
  ),
  ...edgeSeries.flatMap(({ name, values }) =>
    inBothPrecisions(`rolling spans: every kind over windows in time is that of the plain loop on "${name}"`, (engine, precision) =>
      checkSpans(engine, columnsOf([values]), timeWindows(values.length), precision),
    ),
  ),
  ...inBothPrecisions('rolling spans: the edge series stacked in one padded block give each its own result', (engine, precision) =>
    checkSpans(engine, columnsOf(edgeSeriesOfLength(67).map(({ values }) => values), 5), [{ window: 8, minPeriods: 2 }, ...timeWindows(67).slice(-2)], precision),
  ),
  ...inBothPrecisions('rolling spans: 17 series of 300 rows with missing values are right in every series', (engine, precision) =>
    checkSpans(engine, gaussianColumns(17, 300, { seed: 44, missing: 0.2, padding: 4 }), [{ window: 63, minPeriods: 10 }, ...timeWindows(300).slice(-2)], precision),
  ),
  ...inBothPrecisions('rolling spans: a value outside the window leaves no trace in it', checkNothingOutside),
  ...inBothPrecisions('rolling spans: aborting in the midst of ever longer windows ends the work within a second', async (engine, precision) => {
    const columns = gaussianColumns(2, 60_000, { seed: 45 });
    await checkAbortInMidst((options) => engine.rolling(columns, spanRequests([{ window: 1, minPeriods: 1, begins: new Int32Array(60_000) }]), options), precision);
  }),
  ...inBothPrecisions('rolling spans: a block has the same bits alone, in a batch, and beside other series', (engine, precision) =>
    checkSameBits(engine, gaussianColumns(5, 233, { seed: 42, missing: 0.1, padding: 3 }), spanRequests([{ window: 20, minPeriods: 3 }, ...timeWindows(233).slice(-2)]), precision, inWords),
  ),
];
