/** Rolling statistics over full windows of rows: what every engine must get right. */
import { rollingTolerance } from '@corrente/shared/contract/analyses/rolling-tolerance';
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose } from '../../test/oracle/compare.ts';
import { remembered } from '../../test/oracle/remembered.ts';
import { rollingOracle } from '../../test/oracle/rolling.ts';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { edgeSeries, edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian, gaussians } from '../../test/series/random.ts';
import type { Columns, Engine, RollingRequest } from './contract.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import { checkBlocks, checkSameBits, type BlockRule } from './engine.cases.rolling-blocks.ts';
import type { EngineCase } from './engine.cases.ts';

type RequestsOf = (window: number) => RollingRequest[];

/** The kinds that every engine has in both precisions; std with both divisors. */
const plainRequests: RequestsOf = (window) => [
  ...(['mean', 'min', 'max', 'ema', 'wma'] as const).map((kind) => ({ kind, window, ddof: 0 })),
  ...[0, 1].map((ddof) => ({ kind: 'std' as const, window, ddof })),
];

/** The others over full windows: moments, weights, and the exponential mean; lags short, half as long, and nearly as long as the window. */
const furtherRequests: RequestsOf = (window) => [
  ...(['sum', 'skew', 'kurtosis', 'ewm-mean'] as const).map((kind) => ({ kind, window, ddof: 0 })),
  ...(['var', 'zscore'] as const).flatMap((kind) => [0, 1].map((ddof) => ({ kind, window, ddof }))),
  ...[...new Set([1, Math.ceil(window / 2), Math.max(1, window - 3)])].map((lag) => ({ kind: 'autocorrelation' as const, window, ddof: 0, parameter: lag })),
  { kind: 'weighted', window, ddof: 0, weights: gaussians(31, window) },
];

const exponentialSpreads: RequestsOf = (window) => (['ewm-var', 'ewm-std'] as const).flatMap((kind) => [0, 1].map((ddof) => ({ kind, window, ddof })));

const allRequests = (requestsOf: RequestsOf, windows: readonly number[]): RollingRequest[] => windows.flatMap(requestsOf);

/** At and one off what kernels are made of; fewer over long series, where the plain loops take their time. */
const windowsFor = (length: number): number[] => [...new Set([...(length < 500 ? [1, 2, 3, 4, 7, 8, 9, 50, 64] : [17]), 65, Math.max(1, length), length + 1])];

const inWords = ({ kind, window, ddof, parameter }: RollingRequest): string => `${kind} of ${window}, ddof ${ddof}${parameter === undefined ? '' : `, parameter ${parameter}`}`;

const knownOracle = remembered(rollingOracle);

const rule: BlockRule<RollingRequest> = {
  oracle(values, request, precision) {
    const { expected, scale } = knownOracle(values, request, precision);
    // What is a value of the input is held to be one, as float32 has it.
    return { expected: precision === 'f32' && rollingTolerance(request.kind, precision) === 0 ? expected.map(Math.fround) : expected, scale };
  },
  allowed: ({ kind }, precision, _expected, scale) => rollingTolerance(kind, precision) * scale,
  inWords,
};

const checkRolling = (engine: Engine, columns: Columns, requests: readonly RollingRequest[], precision: Precision): Promise<void> => checkBlocks(engine, columns, requests, precision, rule);

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

/**
 * A billion with noise of a thousandth, where pandas' running sums lose the noise: each result is as near to the exact one as
 * the noise's own digits allow, and what has no unit is right to the last places.
 */
async function checkMomentsFarFromZero(engine: Engine): Promise<void> {
  const values = Float64Array.from({ length: 900 }, (_, i) => 1e9 + 1e-3 * gaussian(26, i));
  for (const window of [5, 50, 300]) {
    for (const kind of ['var', 'std', 'skew', 'kurtosis', 'zscore', 'autocorrelation'] as const) {
      const request: RollingRequest = { kind, window, ddof: 1, parameter: 1 };
      const [block] = await engine.rolling(columnsOf([values]), [request], { precision: 'f64' });
      const { expected } = rollingOracle(values, request);
      assertClose(block ?? [], expected, {
        tolerance: (t) => 1e-10 * (kind === 'var' || kind === 'std' ? (expected[t] ?? 0) : 1),
        place: (t) => `${kind} of ${window} at a billion and a thousandth, row ${t}`,
      });
    }
  }
}

/** Exactly 0 where a window is constant, and NaN where its shape is asked for; windows beside a constant stretch have values. */
async function checkConstantStretch(engine: Engine): Promise<void> {
  const values = Float64Array.from({ length: 400 }, (_, i) => (i >= 100 && i < 300 ? 1 / 3 : gaussian(27, i)));
  for (const window of [4, 40, 150]) {
    const requests = (['var', 'std', 'skew', 'kurtosis', 'zscore', 'autocorrelation'] as const).map((kind) => ({ kind, window, ddof: 1, parameter: 1 }));
    const blocks = await engine.rolling(columnsOf([values]), requests, { precision: 'f64' });
    for (const [i, { kind }] of requests.entries()) {
      for (let t = window - 1; t < values.length; t++) {
        // The pairs of an autocorrelation are constant on one side where all values but the first, or but the last, are.
        const first = t - window + 1;
        const within = (from: number, to: number): boolean => first >= from && t < to;
        const constant = kind === 'autocorrelation' ? within(99, 300) || within(100, 301) : within(100, 300);
        const got = blocks[i]?.[t] ?? Number.NEGATIVE_INFINITY;
        const expected = kind === 'var' || kind === 'std' ? got === 0 : Number.isNaN(got);
        if (expected !== constant) throw new Error(`${kind} of ${window} at row ${t}: got ${got} over a window that is ${constant ? '' : 'not '}constant`);
      }
    }
  }
}

/** A value that leaves the window leaves nothing behind: the results after a spike are those without it. */
async function checkNothingOutside(engine: Engine, precision: Precision, requestsOf: RequestsOf): Promise<void> {
  const calm = Float64Array.from({ length: 400 }, (_, i) => gaussian(23, i));
  const spiked = calm.with(137, 1e16);
  const requests = allRequests(requestsOf, [1, 5, 64, 100]).filter(({ kind }) => !kind.startsWith('e'));
  const blocks = await engine.rolling(columnsOf([calm, spiked]), requests, { precision });
  for (const [i, request] of requests.entries()) {
    const block = Array.from(blocks[i] ?? []);
    const { scale } = rollingOracle(calm, request, precision);
    for (const [from, to] of [[0, 137], [137 + request.window, 400]] as const) {
      assertClose(block.slice(400 + from, 400 + to), block.slice(from, to), {
        tolerance: (at) => 2 * rollingTolerance(request.kind, precision) * (scale[from + at] ?? 0),
        place: (at) => `${inWords(request)}, row ${from + at}, outside the spike at row 137`,
      });
    }
  }
}

/** The cases of some kinds, named so. */
function casesOf(named: string, requestsOf: RequestsOf): EngineCase[] {
  const inEach = (name: string, run: (engine: Engine, precision: Precision) => Promise<void>): EngineCase[] => inBothPrecisions(`rolling: ${named}${name}`, run);
  return [
    ...edgeSeries.flatMap(({ name, values }) =>
      inEach(` at every window are those of the plain loop on "${name}"`, (engine, precision) => checkRolling(engine, columnsOf([values]), allRequests(requestsOf, windowsFor(values.length)), precision)),
    ),
    ...inEach(' of the edge series stacked in one padded block are those of each', (engine, precision) =>
      checkRolling(engine, columnsOf(edgeSeriesOfLength(67).map(({ values }) => values), 5), allRequests(requestsOf, [1, 3, 8, 20, 67]), precision),
    ),
    ...inEach(' of 17 series of 300 rows with missing values are right in every series', (engine, precision) =>
      checkRolling(engine, gaussianColumns(17, 300, { seed: 24, missing: 0.02, padding: 4 }), allRequests(requestsOf, [2, 20, 63, 128]), precision),
    ),
    ...inEach(' of a thousand rows and more are right over 2,200 rows', (engine, precision) =>
      checkRolling(engine, gaussianColumns(1, 2200, { seed: 25, missing: 0.0005 }), allRequests(requestsOf, [1025, 2049]), precision),
    ),
    ...inEach(' of no series are empty blocks', (engine, precision) => checkRolling(engine, columnsOf([]), allRequests(requestsOf, [1, 5]), precision)),
    ...inEach(' hold no trace of a value outside the window', (engine, precision) => checkNothingOutside(engine, precision, requestsOf)),
    ...inEach(' have the same bits alone, in a batch, and beside other series', (engine, precision) =>
      checkSameBits(engine, gaussianColumns(5, 333, { seed: 22, missing: 0.01, padding: 3 }), allRequests(requestsOf, [1, 4, 17, 64, 333]), precision, inWords),
    ),
  ];
}

export const rollingCases: EngineCase[] = [
  ...casesOf('mean, std, min, max, ema and wma', plainRequests),
  ...casesOf('sums, moments, weights and exponential means', furtherRequests),
  ...casesOf('exponential variances', exponentialSpreads),
  ...inBothPrecisions('rolling: no request gives no block', async (engine, precision) => {
    const blocks = await engine.rolling(gaussianColumns(2, 9), [], { precision });
    if (blocks.length > 0) throw new Error(`got ${blocks.length} blocks, expected none`);
  }),
  { name: 'rolling: the spread of a window near 1e9 keeps its digits (f64)', run: checkSpreadFarFromZero },
  { name: 'rolling: moments of a billion with noise of a thousandth are those of the noise (f64)', run: checkMomentsFarFromZero },
  { name: 'rolling: a constant window has spread 0 and no shape, and only such a window (f64)', run: checkConstantStretch },
];
