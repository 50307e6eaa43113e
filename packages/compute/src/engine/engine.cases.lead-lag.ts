/** Cross-correlation over lags: what every engine must get right. */
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { profileOracle, strongestLag } from '../../test/oracle/lead-lag.ts';
import { remembered } from '../../test/oracle/remembered.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian, gaussians, withMissing } from '../../test/series/random.ts';
import type { Columns, Engine, LeadLagRequest, LeadLagSession, LeadLagTile } from './contract.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import { assertReals, inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

const inBoth = (name: string, run: (engine: Engine, precision: Precision) => Promise<void>): EngineCase[] => inBothPrecisions(`lead-lag: ${name}`, run);

async function withSession<T>(engine: Engine, columns: Columns, request: LeadLagRequest, precision: Precision, use: (session: LeadLagSession) => Promise<T>): Promise<T> {
  const session = await engine.openLeadLag(columns, request, { precision });
  try {
    return await use(session);
  } finally {
    session.close();
  }
}

const knownOracle = remembered(profileOracle);

/** Profiles against the oracle; their mirror images bit for bit; and the tile against the strongest of each profile. */
async function checkPairs(engine: Engine, columns: Columns, request: LeadLagRequest, precision: Precision): Promise<void> {
  const { series } = columns;
  const { maxLag } = request;
  await withSession(engine, columns, request, precision, async (session) => {
    const tile = await session.tile(0, series, 0, series, { precision });
    assertReals(tile.r, precision);
    const checkTile = (a: number, b: number, r: ArrayLike<number>, n: ArrayLike<number>): void => {
      const lag = strongestLag(r);
      const at = a * series + b;
      const expected = lag === null ? [Number.NaN, 0, 0] : [r[maxLag + lag] ?? 0, lag, n[maxLag + lag] ?? 0];
      assertSameBits([tile.r[at] ?? 0, tile.lag[at] ?? 0, tile.n[at] ?? 0], expected, () => `the tile's series ${a} and ${b} of ${series}`);
    };
    for (let a = 0; a < series; a++) {
      for (let b = a; b < series; b++) {
        const place = (at: number): string => `series ${a} and ${b} of ${series} at lag ${at - maxLag}`;
        const { r, n } = await session.profile(a, b, { precision });
        assertReals(r, precision);
        const oracle = knownOracle(seriesOf(columns, a), seriesOf(columns, b), request);
        assertSameBits(n, oracle.n, (at) => `n of ${place(at)}`);
        assertClose(r, oracle.r, { tolerance: () => correlation.tolerance[precision], place });
        const mirrored = await session.profile(b, a, { precision });
        assertSameBits(r, mirrored.r.toReversed(), place);
        checkTile(a, b, r, n);
        checkTile(b, a, mirrored.r, mirrored.n);
      }
    }
  });
}

/** Every rectangle that cuts at `cuts` against the same places of the whole. */
async function checkCuts(engine: Engine, columns: Columns, cuts: readonly number[], precision: Precision): Promise<void> {
  const { series } = columns;
  await withSession(engine, columns, { maxLag: 6, minPeriods: 3 }, precision, async (session) => {
    const whole = await session.tile(0, series, 0, series, { precision });
    for (const [i, rowTo] of cuts.slice(1).entries()) {
      for (const [j, colTo] of cuts.slice(1).entries()) {
        const [rowFrom, colFrom] = [cuts[i] ?? 0, cuts[j] ?? 0];
        const tile = await session.tile(rowFrom, rowTo, colFrom, colTo, { precision });
        const width = colTo - colFrom;
        const placeOf = (at: number): number => (rowFrom + Math.floor(at / width)) * series + colFrom + (at % width);
        const check = (part: keyof LeadLagTile): void =>
          assertSameBits(
            tile[part],
            Array.from({ length: (rowTo - rowFrom) * width }, (_, at) => whole[part][placeOf(at)] ?? Number.NaN),
            (at) => `${part} of place ${placeOf(at)} in tile [${rowFrom}, ${rowTo}) × [${colFrom}, ${colTo})`,
          );
        check('r');
        check('lag');
        check('n');
      }
    }
  });
}

/** Series 1 is series 0 seven rows later, series 2 its negative three rows earlier. */
function shiftedCopies(missing: number): Columns {
  const base = gaussians(401, 340);
  const copy = (from: number, sign: number, seed: number): Float64Array => {
    const values = base.slice(from, from + 300).map((value) => sign * value);
    return missing > 0 ? withMissing(values, missing, seed) : values;
  };
  return columnsOf([copy(20, 1, 402), copy(13, 2, 403), copy(23, -0.5, 404)]);
}

async function checkShiftedCopies(engine: Engine, missing: number, precision: Precision): Promise<void> {
  const tile = await withSession(engine, shiftedCopies(missing), { maxLag: 20, minPeriods: 2 }, precision, (session) => session.tile(0, 3, 0, 3, { precision }));
  assertSameBits(tile.lag, [0, 7, -3, -7, 0, -10, 3, 10, 0], (at) => `lag of place ${at}`);
  assertClose(tile.r, [1, 1, -1, 1, 1, -1, -1, -1, 1], { tolerance: () => correlation.tolerance[precision], place: (at) => `r of place ${at}` });
}

const inTwoHalves = (value: (t: number, late: boolean) => number): Float64Array => Float64Array.from({ length: 120 }, (_, t) => value(t, t >= 60));

/** Some lags leave rows over which a series is nearly, or wholly, constant at a value far from its mean. */
function cancelling(): Columns {
  return columnsOf([
    inTwoHalves((t, late) => (late ? 1000 + 1e-6 * gaussian(411, t) : gaussian(412, t))),
    inTwoHalves((t, late) => (late ? gaussian(413, t) : 1e6)),
    inTwoHalves((t) => (t === 110 ? 1e9 : gaussian(414, t))),
    inTwoHalves((t) => 1e9 + 1e-3 * gaussian(415, t)),
    inTwoHalves((t, late) => (late && t % 3 === 0 ? Number.NaN : gaussian(416, t))),
    inTwoHalves((t) => (t === 5 ? -1e12 : t === 6 ? Number.NaN : gaussian(417, t))),
  ]);
}

const shapes = [
  { series: 2, length: 5, maxLag: 2 },
  { series: 3, length: 20, maxLag: 0 },
  { series: 9, length: 65, maxLag: 8 },
  { series: 17, length: 130, maxLag: 5 },
  { series: 3, length: 31, maxLag: 40 },
  { series: 3, length: 1500, maxLag: 7 },
] as const;

export const leadLagCases: EngineCase[] = [
  ...shapes.flatMap(({ series, length, maxLag }) =>
    [0, 0.15].flatMap((missing) =>
      inBoth(`${series} × ${length} to lag ${maxLag}, ${missing > 0 ? 'with missing values' : 'complete'}, is plain correlation at each lag`, (engine, precision) =>
        checkPairs(engine, gaussianColumns(series, length, { seed: 420 + series, missing, padding: series % 3 }), { maxLag, minPeriods: 2 }, precision),
      ),
    ),
  ),
  ...inBoth('lags with fewer common rows than minPeriods have no value, and their count', (engine, precision) => checkPairs(engine, gaussianColumns(3, 40, { seed: 421, missing: 0.3 }), { maxLag: 39, minPeriods: 9 }, precision)),
  ...[0, 0.2].flatMap((missing) => inBoth(`a delayed copy is found at its delay, with r of 1 (missing ${missing})`, (engine, precision) => checkShiftedCopies(engine, missing, precision))),
  ...[0, 0.15].flatMap((missing) => inBoth(`tiles that split the matrix are the whole bit for bit (missing ${missing})`, (engine, precision) => checkCuts(engine, gaussianColumns(21, 90, { seed: 422, missing }), [0, 1, 7, 8, 21], precision))),
  ...inBoth('a block where some series have gaps and some have none, tile by tile', (engine, precision) => {
    const [gappy, whole] = [gaussianColumns(21, 90, { seed: 423, missing: 0.2 }), gaussianColumns(21, 90, { seed: 423 })];
    return checkCuts(engine, columnsOf(Array.from({ length: 21 }, (_, s) => seriesOf(s % 3 === 1 ? gappy : whole, s))), [0, 2, 9, 21], precision);
  }),
  ...inBoth('rows that are nearly constant over an overlap, far from the mean, keep their digits', (engine, precision) => checkPairs(engine, cancelling(), { maxLag: 80, minPeriods: 2 }, precision)),
  ...[9, 65].flatMap((length) =>
    inBoth(`the edge series of ${length} rows in one block`, (engine, precision) => checkPairs(engine, columnsOf(edgeSeriesOfLength(length).map(({ values }) => values), 2), { maxLag: 5, minPeriods: 2 }, precision)),
  ),
  ...[0, 1, 2].flatMap((length) => inBoth(`${length} rows`, (engine, precision) => checkPairs(engine, gaussianColumns(3, length), { maxLag: 3, minPeriods: 2 }, precision))),
  ...inBoth('an aborted signal rejects with code cancelled', (engine, precision) =>
    assertRejects(() => engine.openLeadLag(gaussianColumns(3, 50), { maxLag: 3, minPeriods: 2 }, { precision, signal: AbortSignal.abort() }), 'cancelled'),
  ),
  ...[0, 0.1].flatMap((missing) =>
    inBoth(`a tile that is aborted in its midst rejects within a second, and the session lives on (missing ${missing})`, (engine, precision) =>
      withSession(engine, gaussianColumns(120, 1500, { seed: 424, missing }), { maxLag: 300, minPeriods: 2 }, precision, async (session) => {
        await checkAbortInMidst((options) => session.tile(0, 120, 0, 120, options), precision);
        const { r, lag } = await session.tile(5, 6, 5, 6, { precision });
        assertSameBits([r[0] ?? 0, lag[0] ?? 1], [1, 0], () => 'a series with itself after a cancelled tile');
      }),
    ),
  ),
  ...inBoth('a tile reports fractions that climb within [0, 1]', (engine, precision) =>
    withSession(engine, gaussianColumns(60, 600, { seed: 425, missing: 0.1 }), { maxLag: 30, minPeriods: 2 }, precision, (session) => checkProgress((options) => session.tile(0, 60, 0, 60, options), precision)),
  ),
  ...inBoth('a negative maxLag, minPeriods of 1 and a tile beyond the last series are errors', async (engine, precision) => {
    const columns = gaussianColumns(3, 30);
    await assertRejects(() => engine.openLeadLag(columns, { maxLag: -1, minPeriods: 2 }, { precision }));
    await assertRejects(() => engine.openLeadLag(columns, { maxLag: 1, minPeriods: 1 }, { precision }));
    await withSession(engine, columns, { maxLag: 1, minPeriods: 2 }, precision, (session) => assertRejects(() => session.tile(0, 4, 0, 3, { precision })));
  }),
];
