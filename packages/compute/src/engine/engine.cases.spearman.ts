/** Spearman correlation: what every engine that computes it must get right. */
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import type { Precision } from '@corrente/shared/contract/engine';
import { assertSameBits } from '../../test/oracle/compare.ts';
import { spearmanOracle } from '../../test/oracle/correlation.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian, uniform } from '../../test/series/random.ts';
import type { Columns, Engine } from './contract.ts';
import { hardlyOverlapping, nearlyCollinear } from './engine.cases.correlation.ts';
import { checkMatrix, checkTiles, matrixOf, pairInWords, type MatrixOracle } from './engine.cases.matrix.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

const spearman: MatrixOracle = { request: { method: 'spearman', ddof: 0 }, of: spearmanOracle, tolerance: (precision) => correlation.tolerance[precision], normalised: true };

/** Values rounded to so many steps: ties, negative zeros among them. */
function tied(columns: Columns, steps: number): Columns {
  return columnsOf(Array.from({ length: columns.series }, (_, s) => seriesOf(columns, s).map((value) => (s % 4 === 3 ? value : Math.round(value * steps) / steps))), 3);
}

/** Values that differ in their last bits alone, beside one far away: keys of fewer bits than a double are alike. */
function alikeInUpperBits(length: number, missing: number): Columns {
  return columnsOf(
    Array.from({ length: 9 }, (_, s) =>
      Float64Array.from({ length }, (_unused, t) => {
        if (uniform(600 + s, t) < missing) return Number.NaN;
        return t === s ? 1e300 : 1 + Math.floor(200 * uniform(700 + s, t)) * Number.EPSILON;
      }),
    ),
  );
}

/** A rising transformation of each series changes no rank, and so no bit. */
async function checkMonotone(engine: Engine, missing: number, precision: Precision): Promise<void> {
  const columns = gaussianColumns(12, 150, { seed: 65, missing });
  const rising = columnsOf(Array.from({ length: 12 }, (_, s) => seriesOf(columns, s).map((value) => (s % 2 === 0 ? Math.exp(value) : value ** 3 + 5 * value - 1e3))));
  const before = await matrixOf(engine, columns, precision, spearman.request);
  const after = await matrixOf(engine, rising, precision, spearman.request);
  assertSameBits(after.r, before.r, pairInWords(12));
}

export const spearmanCases: EngineCase[] = [
  ...([[2, 2], [3, 3], [17, 65], [33, 129]] as const).flatMap(([series, length]) =>
    [0, 0.15].flatMap((missing) =>
      inBothPrecisions(
        `spearman: ${series} × ${length} is r of ranks over common rows (missing ${missing})`,
        (engine, precision) => checkMatrix(engine, gaussianColumns(series, length, { seed: 66, missing, padding: 2 }), precision, spearman),
      ),
    ),
  ),
  ...[0, 0.2].flatMap((missing) =>
    [1, 4].flatMap((steps) =>
      inBothPrecisions(
        `spearman: ties have their mean rank, of steps of 1/${steps} (missing ${missing})`,
        (engine, precision) => checkMatrix(engine, tied(gaussianColumns(13, 90, { seed: 67, missing }), steps), precision, spearman),
      ),
    ),
  ),
  ...[0, 0.1].flatMap((missing) =>
    inBothPrecisions(`spearman: values that differ in their last bits keep their order (missing ${missing})`, (engine, precision) => checkMatrix(engine, alikeInUpperBits(300, missing), precision, spearman)),
  ),
  ...[0, 0.15].flatMap((missing) =>
    inBothPrecisions(
      `spearman: tiles that split the matrix are the whole bit for bit (missing ${missing})`,
      (engine, precision) => checkTiles(engine, gaussianColumns(33, 129, { seed: 68, missing }), [0, 1, 7, 8, 20, 33], precision, spearman.request),
    ),
  ),
  ...[0, 0.15].flatMap((missing) => inBothPrecisions(`spearman: rising transformations change no bit (missing ${missing})`, (engine, precision) => checkMonotone(engine, missing, precision))),
  ...[0, 1].flatMap((length) => inBothPrecisions(`spearman: ${length} rows give no value`, (engine, precision) => checkMatrix(engine, gaussianColumns(3, length), precision, spearman))),
  ...inBothPrecisions('spearman: nearly collinear series stay in [-1, 1]', (engine, precision) => checkMatrix(engine, nearlyCollinear(201), precision, spearman)),
  ...inBothPrecisions('spearman: patterns with 0, 1, 2 and 3 common rows', (engine, precision) => checkMatrix(engine, hardlyOverlapping(), precision, spearman)),
  ...[9, 65].flatMap((length) =>
    inBothPrecisions(
      `spearman: the edge series of ${length} rows in one block`,
      (engine, precision) => checkMatrix(engine, columnsOf(edgeSeriesOfLength(length).map(({ values }) => values), 2), precision, spearman),
    ),
  ),
  ...inBothPrecisions(
    'spearman: complete edge series in one block, negative zero tied with zero',
    (engine, precision) =>
      checkMatrix(
        engine,
        columnsOf([
          ...edgeSeriesOfLength(129).map(({ values }) => values).filter((values) => !values.some(Number.isNaN)),
          Float64Array.from({ length: 129 }, (_, t) => (t % 3 === 0 ? -0 : t % 3 === 1 ? 0 : gaussian(69, t))),
        ]),
        precision,
        spearman,
      ),
  ),
];
