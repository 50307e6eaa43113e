/** Pearson correlation: what every engine must get right. */
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian, gaussians, uniform } from '../../test/series/random.ts';
import type { Columns, Engine } from './contract.ts';
import { checkMatrix, checkTiles, matrixOf, pairInWords, tilesOf } from './engine.cases.matrix.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

/** Scale and level of a series do not matter; a negative scale turns the sign. */
async function checkInvariance(engine: Engine, precision: Precision): Promise<void> {
  const columns = gaussianColumns(9, 140, { seed: 31, missing: 0.05 });
  const scales = [1, 1e6, -1, 1e-9, 3, -1e3, 7e-3, 1, 1e12];
  const levels = [0, 1e8, 5, 0, -1e5, 1e3, 0, -1e4, 0];
  const changed = columnsOf(scales.map((scale, s) => seriesOf(columns, s).map((value) => scale * value + (levels[s] ?? 0))));
  await checkMatrix(engine, changed, precision);
  const before = await matrixOf(engine, columns, precision);
  const after = await matrixOf(engine, changed, precision);
  const turned = before.r.map((r, at) => r * Math.sign(scales[Math.floor(at / 9)] ?? 1) * Math.sign(scales[at % 9] ?? 1));
  assertClose(after.r, turned, { tolerance: () => 2 * correlation.tolerance[precision], place: pairInWords(9) });
}

/** The order of the series decides where a value stands, not what it is. */
async function checkPermutation(engine: Engine, missing: number, precision: Precision): Promise<void> {
  const count = 21;
  const columns = gaussianColumns(count, 130, { seed: 32, missing });
  const order = Array.from({ length: count }, (_, s) => s).sort((a, b) => uniform(33, a) - uniform(33, b));
  const before = await matrixOf(engine, columns, precision);
  const after = await matrixOf(engine, columnsOf(order.map((s) => seriesOf(columns, s))), precision);
  const permuted = (matrix: readonly number[]): number[] => after.r.map((_, at) => matrix[(order[Math.floor(at / count)] ?? 0) * count + (order[at % count] ?? 0)] ?? Number.NaN);
  assertSameBits(after.r, permuted(before.r), pairInWords(count));
  assertSameBits(after.n, permuted(before.n), pairInWords(count));
}

/** Series that differ by rounding noise only: r may not leave [-1, 1]. */
export function nearlyCollinear(length: number): Columns {
  const base = gaussians(34, length);
  return columnsOf([base, base.map((v) => -v), base.map((v) => 3 * v + 1e3), base.map((v, i) => v + 1e-9 * gaussian(35, i)), base.map((v, i) => 1e5 - v + 1e-7 * gaussian(36, i)), base.map((v) => v / 3)]);
}

const present = (seed: number, rows: readonly number[]): Float64Array => Float64Array.from({ length: 20 }, (_, t) => (rows.includes(t) ? gaussian(seed, t) : Number.NaN));

/** Missing patterns that leave 0, 1, 2 or 3 common rows. */
export function hardlyOverlapping(): Columns {
  return columnsOf([present(41, [0, 1, 2, 3]), present(42, [4, 5, 6]), present(43, [3, 4, 5]), present(44, [2, 3, 19]), present(45, [1, 2, 3, 4, 19]), present(46, [])]);
}

const inTwoHalves = (value: (t: number, late: boolean) => number): Float64Array => Float64Array.from({ length: 120 }, (_, t) => value(t, t >= 60));

/**
 * Over the rows in common with a partner that has gaps, each series here is nearly (or wholly) constant, at a value
 * far from its mean over all rows: moments about the overall mean cancel there.
 */
export function cancelling(): Columns {
  return columnsOf([
    inTwoHalves((t, late) => (late ? gaussian(51, t) : Number.NaN)),
    inTwoHalves((t, late) => (late ? 1000 + 1e-6 * gaussian(52, t) : gaussian(52, t))),
    inTwoHalves((t, late) => (late ? -5e6 + 1e-3 * gaussian(51, t) : 1e3 * gaussian(53, t))),
    inTwoHalves((t, late) => (late ? 1 / 3 : gaussian(54, t))),
    inTwoHalves((t, late) => (late ? 1 + 1e-4 * gaussian(55, t) : t === 0 ? 1e9 : gaussian(55, t))),
    inTwoHalves((t) => (t % 3 === 0 ? Number.NaN : gaussian(56, t))),
    inTwoHalves((t) => (t === 10 ? 1e16 : gaussian(57, t))),
    inTwoHalves((t) => (t === 10 ? Number.NaN : gaussian(57, t) + 0.5 * gaussian(58, t))),
  ]);
}

const shapes = [[1, 5], [2, 2], [3, 3], [17, 65], [33, 129], [70, 300]] as const;

export const correlationCases: EngineCase[] = [
  ...shapes.flatMap(([series, length]) =>
    [0, 0.15].flatMap((missing) =>
      inBothPrecisions(`correlation: ${series} × ${length} ${missing > 0 ? 'with missing values' : 'complete'} is the plain matrix, symmetric, with diagonal 1`, (engine, precision) =>
        checkMatrix(engine, gaussianColumns(series, length, { seed: 60 + series, missing, padding: series % 3 }), precision),
      ),
    ),
  ),
  ...[0, 0.15].flatMap((missing) =>
    inBothPrecisions(`correlation: tiles that split the matrix are the whole bit for bit (missing ${missing})`, (engine, precision) =>
      checkTiles(engine, gaussianColumns(33, 129, { seed: 61, missing }), [0, 1, 7, 8, 20, 33], precision),
    ),
  ),
  ...[0, 0.15].flatMap((missing) =>
    inBothPrecisions(`correlation: the order of the series changes no bit (missing ${missing})`, (engine, precision) => checkPermutation(engine, missing, precision)),
  ),
  ...inBothPrecisions('correlation: an empty tile is empty', async (engine, precision) => {
    const [tile] = await tilesOf(engine, gaussianColumns(4, 30), [[2, 2, 0, 4]], precision);
    if (tile?.r.length !== 0) throw new Error(`got ${tile?.r.length} values, expected none`);
  }),
  ...[0, 1].flatMap((length) => inBothPrecisions(`correlation: ${length} rows give no value`, (engine, precision) => checkMatrix(engine, gaussianColumns(3, length), precision))),
  ...inBothPrecisions('correlation: scaling and shifting series changes r only in sign', checkInvariance),
  ...inBothPrecisions('correlation: nearly collinear series stay in [-1, 1]', (engine, precision) => checkMatrix(engine, nearlyCollinear(501), precision)),
  ...inBothPrecisions('correlation: patterns with 0, 1, 2 and 3 common rows have exact counts, and no value below 2', (engine, precision) => checkMatrix(engine, hardlyOverlapping(), precision)),
  ...inBothPrecisions('correlation: a series nearly constant over the overlap, far from its mean, keeps its digits', (engine, precision) => checkMatrix(engine, cancelling(), precision)),
  ...[9, 65].flatMap((length) =>
    inBothPrecisions(`correlation: the edge series of ${length} rows in one block, constant and missing ones among them`, (engine, precision) =>
      checkMatrix(engine, columnsOf(edgeSeriesOfLength(length).map(({ values }) => values), 2), precision),
    ),
  ),
  ...inBothPrecisions('correlation: complete edge series in one block, the constant ones without a value', (engine, precision) =>
    checkMatrix(engine, columnsOf(edgeSeriesOfLength(129).map(({ values }) => values).filter((values) => !values.some(Number.isNaN))), precision),
  ),
];
