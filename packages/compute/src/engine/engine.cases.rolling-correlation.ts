/** Rolling and exponentially weighted correlation: what every engine must get right. */
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { remembered } from '../../test/oracle/remembered.ts';
import { rollingCorrelationOracle } from '../../test/oracle/rolling-correlation.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian } from '../../test/series/random.ts';
import type { Columns, Engine, RollingCorrelationRequest, RollingCorrelationSession } from './contract.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import { assertReals, inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

const inBoth = (name: string, run: (engine: Engine, precision: Precision) => Promise<void>): EngineCase[] => inBothPrecisions(`rolling correlation: ${name}`, run);

async function withSession<T>(engine: Engine, columns: Columns, request: RollingCorrelationRequest, precision: Precision, use: (session: RollingCorrelationSession) => Promise<T>): Promise<T> {
  const session = await engine.openRollingCorrelation(columns, request, { precision });
  try {
    return await use(session);
  } finally {
    session.close();
  }
}

const rolling = (window: number, step = 1, minPeriods = 2): RollingCorrelationRequest => ({ window, alpha: null, step, minPeriods });
const decaying = (alpha: number, step = 1, minPeriods = 2): RollingCorrelationRequest => ({ window: null, alpha, step, minPeriods });
const inWords = ({ window, alpha, step, minPeriods }: RollingCorrelationRequest): string => `${window === null ? `alpha ${alpha}` : `window ${window}`}, step ${step}, minPeriods ${minPeriods}`;

const knownOracle = remembered(rollingCorrelationOracle);

/** Every window of every pair against the oracle; its mirror image bit for bit; exactly 1 with itself. */
async function checkPairs(engine: Engine, columns: Columns, request: RollingCorrelationRequest, precision: Precision): Promise<void> {
  const { series } = columns;
  await withSession(engine, columns, request, precision, async (session) => {
    const { windows } = session;
    const r = await session.tile(0, series, 0, series, { precision });
    assertReals(r, precision);
    const of = (a: number, b: number): typeof r => r.subarray((a * series + b) * windows, (a * series + b + 1) * windows);
    for (let a = 0; a < series; a++) {
      for (let b = a; b < series; b++) {
        const place = (window: number): string => `window ${window} of series ${a} and ${b} of ${series} (${inWords(request)})`;
        assertClose(of(a, b), knownOracle(seriesOf(columns, a), seriesOf(columns, b), request), { tolerance: () => correlation.tolerance[precision], place });
        assertSameBits(of(b, a), of(a, b), place);
        if (a === b) assertSameBits(of(a, a), Array.from(of(a, a), (value) => (Number.isNaN(value) ? value : 1)), place);
      }
    }
    if (r.some((value) => Math.abs(value) > 1)) throw new Error(`a coefficient lies outside [-1, 1] (${inWords(request)})`);
  });
}

/** Every rectangle that cuts at `cuts` against the same places of the whole. */
async function checkCuts(engine: Engine, columns: Columns, request: RollingCorrelationRequest, cuts: readonly number[], precision: Precision): Promise<void> {
  const { series } = columns;
  await withSession(engine, columns, request, precision, async (session) => {
    const { windows } = session;
    const whole = await session.tile(0, series, 0, series, { precision });
    for (const [i, rowTo] of cuts.slice(1).entries()) {
      for (const [j, colTo] of cuts.slice(1).entries()) {
        const [rowFrom, colFrom] = [cuts[i] ?? 0, cuts[j] ?? 0];
        const tile = await session.tile(rowFrom, rowTo, colFrom, colTo, { precision });
        for (let a = rowFrom; a < rowTo; a++) {
          const from = (a - rowFrom) * (colTo - colFrom) * windows;
          const length = (colTo - colFrom) * windows;
          const inWhole = (a * series + colFrom) * windows;
          assertSameBits(tile.subarray(from, from + length), whole.subarray(inWhole, inWhole + length), (at) => `value ${at} of row ${a} in tile [${rowFrom}, ${rowTo}) × [${colFrom}, ${colTo})`);
        }
      }
    }
  });
}

const of120 = (value: (t: number) => number): Float64Array => Float64Array.from({ length: 120 }, (_, t) => value(t));

/** Levels and jumps beside which the noise is small. */
function largeLevels(): Columns {
  return columnsOf([
    of120((t) => 1e9 + 1e-3 * gaussian(501, t)),
    of120((t) => -1e9 + 1e-3 * (gaussian(501, t) + gaussian(502, t))),
    of120((t) => (t < 60 ? 0 : 1e6) + gaussian(503, t)),
    of120((t) => (t < 61 ? 1e8 : 0) + gaussian(504, t)),
    of120((t) => (t === 50 ? 1e9 : gaussian(505, t))),
    of120((t) => (t >= 40 && t < 80 ? 2.5 : gaussian(506, t))),
  ]);
}

/** The same, with rows missing where the others jump. */
function largeLevelsWithGaps(): Columns {
  const columns = largeLevels();
  for (let s = 0; s < columns.series; s += 2) {
    for (let t = 0; t < columns.length; t++) if ((t * 7 + s) % 11 < 2 || (t > 55 && t < 64)) seriesOf(columns, s)[t] = Number.NaN;
  }
  return columns;
}

/** Of 71 windows of 10 rows, those that do not hold row 40. */
const withoutRow40 = (_: number, at: number): boolean => at % 71 < 31 || at % 71 > 40;

const requests = [rolling(2), rolling(7), rolling(20), rolling(20, 3), rolling(20, 20), rolling(20, 33), rolling(13, 12), rolling(97), rolling(98), decaying(0.1), decaying(0.03, 4, 5), decaying(0.9, 1), decaying(1, 2)] as const;

export const rollingCorrelationCases: EngineCase[] = [
  ...[0, 0.15].flatMap((missing) =>
    requests.flatMap((request) =>
      inBoth(`${inWords(request)}, ${missing > 0 ? 'with missing values' : 'complete'}, is plain correlation of each window`, (engine, precision) =>
        checkPairs(engine, gaussianColumns(11, 97, { seed: 510, missing, padding: 3 }), request, precision),
      ),
    ),
  ),
  ...[rolling(10, 1, 8), rolling(10, 2, 10), rolling(5, 1, 6), decaying(0.2, 1, 20)].flatMap((request) =>
    inBoth(`${inWords(request)}: windows with fewer common rows have no value`, (engine, precision) => checkPairs(engine, gaussianColumns(5, 60, { seed: 511, missing: 0.2 }), request, precision)),
  ),
  ...[rolling(15), rolling(30, 7), decaying(0.05)].flatMap((request) =>
    [largeLevels, largeLevelsWithGaps].flatMap((columns) =>
      inBoth(`${inWords(request)}: noise beside a large level or a jump keeps its digits, a constant window has no value (${columns === largeLevels ? 'complete' : 'with missing values'})`, (engine, precision) =>
        checkPairs(engine, columns(), request, precision),
      ),
    ),
  ),
  ...[9, 65].flatMap((length) =>
    [rolling(5), decaying(0.3)].flatMap((request) =>
      inBoth(`the edge series of ${length} rows in one block, ${inWords(request)}`, (engine, precision) => checkPairs(engine, columnsOf(edgeSeriesOfLength(length).map(({ values }) => values), 2), request, precision)),
    ),
  ),
  ...[rolling(12), decaying(0.1)].flatMap((request) =>
    [0, 0.15].flatMap((missing) =>
      inBoth(`tiles that split the pairs are the whole bit for bit (${inWords(request)}, missing ${missing})`, (engine, precision) => checkCuts(engine, gaussianColumns(21, 70, { seed: 512, missing }), request, [0, 1, 7, 8, 21], precision)),
    ),
  ),
  ...inBoth('a block where some series have gaps and some have none, tile by tile', (engine, precision) => {
    const [gappy, whole] = [gaussianColumns(21, 70, { seed: 513, missing: 0.2 }), gaussianColumns(21, 70, { seed: 513 })];
    return checkCuts(engine, columnsOf(Array.from({ length: 21 }, (_, s) => seriesOf(s % 3 === 1 ? gappy : whole, s))), rolling(12), [0, 2, 9, 21], precision);
  }),
  ...[0, 1, 4].flatMap((length) => inBoth(`${length} rows under a window of 5 have no window`, async (engine, precision) => {
    await withSession(engine, gaussianColumns(3, length), rolling(5), precision, async (session) => {
      assertSameBits([session.windows, (await session.tile(0, 3, 0, 3, { precision })).length], [0, 0], (at) => (at === 0 ? 'windows' : 'values'));
    });
  })),
  ...inBoth('what lies outside a window changes no bit of it', async (engine, precision) => {
    const columns = gaussianColumns(4, 80, { seed: 514 });
    const spoilt = columnsOf(Array.from({ length: 4 }, (_, s) => seriesOf(columns, s).map((value, t) => (t === 40 ? 1e15 : value))));
    const tileOf = (block: Columns) => withSession(engine, block, rolling(10), precision, (session) => session.tile(0, 4, 0, 4, { precision }));
    const [before, after] = [await tileOf(columns), await tileOf(spoilt)];
    assertClose(after.filter(withoutRow40), before.filter(withoutRow40), { tolerance: () => correlation.tolerance[precision], place: (at) => `value ${at} outside the spoilt windows` });
  }),
  ...inBoth('an aborted signal rejects with code cancelled', (engine, precision) =>
    assertRejects(() => engine.openRollingCorrelation(gaussianColumns(3, 50), rolling(5), { precision, signal: AbortSignal.abort() }), 'cancelled'),
  ),
  ...[rolling(50), decaying(0.05)].flatMap((request) =>
    [0, 0.1].flatMap((missing) =>
      inBoth(`a tile that is aborted in its midst rejects within a second (${inWords(request)}, missing ${missing})`, (engine, precision) =>
        withSession(engine, gaussianColumns(60, 2000, { seed: 515, missing }), request, precision, (session) => checkAbortInMidst((options) => session.tile(0, 60, 0, 60, options), precision)),
      ),
    ),
  ),
  ...inBoth('a tile reports fractions that climb within [0, 1]', (engine, precision) =>
    withSession(engine, gaussianColumns(30, 900, { seed: 516, missing: 0.1 }), rolling(20), precision, (session) => checkProgress((options) => session.tile(0, 30, 0, 30, options), precision)),
  ),
  ...inBoth('neither window nor alpha, both, a step of 0, and a tile beyond the last series are errors', async (engine, precision) => {
    const columns = gaussianColumns(3, 30);
    for (const wrong of [{ window: null, alpha: null }, { window: 5, alpha: 0.5 }, { window: 5, alpha: null, step: 0 }, { window: 5, alpha: null, minPeriods: 1 }, { window: null, alpha: 1.5 }]) {
      await assertRejects(() => engine.openRollingCorrelation(columns, { step: 1, minPeriods: 2, ...wrong }, { precision }));
    }
    await withSession(engine, columns, rolling(5), precision, (session) => assertRejects(() => session.tile(0, 4, 0, 3, { precision })));
  }),
];
