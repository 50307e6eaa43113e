/** Covariance: what every engine that computes it must get right. */
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import { covarianceOracle } from '../../test/oracle/correlation.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { edgeSeriesOfLength } from '../../test/series/edge.ts';
import type { Columns } from './contract.ts';
import { cancelling, hardlyOverlapping } from './engine.cases.correlation.ts';
import { checkMatrix, checkTiles, type MatrixOracle } from './engine.cases.matrix.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

/** The variance of x over the rows that y has too. */
const varianceWhere = (x: Float64Array, y: Float64Array, ddof: number): number => covarianceOracle(x.map((value, t) => (Number.isNaN(y[t]) ? Number.NaN : value)), x, ddof).r;

/**
 * The tolerance of a correlation, of the product of both standard deviations over the common rows: a covariance is r in
 * the units of its series.
 */
const covariances = (ddof: number): MatrixOracle => ({
  request: { method: 'covariance', ddof },
  of: (a, b) => covarianceOracle(a, b, ddof),
  tolerance: (precision, a, b) =>
    correlation.tolerance[precision] * Math.sqrt(varianceWhere(a, b, ddof)) * Math.sqrt(varianceWhere(b, a, ddof)),
  normalised: false,
});

/** Series of very different units. */
function scaled(columns: Columns): Columns {
  const scales = [1, 1e6, -1, 1e-9, 3, -1e3, 7e-3, 1e12];
  return columnsOf(Array.from({ length: columns.series }, (_, s) => seriesOf(columns, s).map((value) => (scales[s % 8] ?? 1) * (value + (s % 3) * 100))), 1);
}

export const covarianceCases: EngineCase[] = [
  ...[0, 1].flatMap((ddof) =>
    [0, 0.15].flatMap((missing) =>
      inBothPrecisions(
        `covariance: 33 × 129 with ddof ${ddof} is the plain matrix in the units of its series (missing ${missing})`,
        (engine, precision) => checkMatrix(engine, scaled(gaussianColumns(33, 129, { seed: 62, missing })), precision, covariances(ddof)),
      ),
    ),
  ),
  ...[0, 1, 2].flatMap((length) =>
    inBothPrecisions(`covariance: ${length} rows with ddof 1 have a value from two on`, (engine, precision) => checkMatrix(engine, gaussianColumns(3, length), precision, covariances(1))),
  ),
  ...[0, 0.15].flatMap((missing) =>
    inBothPrecisions(
      `covariance: no more rows than ddof give no value (missing ${missing})`,
      (engine, precision) => checkMatrix(engine, gaussianColumns(5, 12, { seed: 63, missing }), precision, covariances(12)),
    ),
  ),
  ...[0, 0.15].flatMap((missing) =>
    inBothPrecisions(
      `covariance: tiles that split the matrix are the whole bit for bit (missing ${missing})`,
      (engine, precision) => checkTiles(engine, gaussianColumns(33, 129, { seed: 64, missing }), [0, 1, 7, 8, 20, 33], precision, { method: 'covariance', ddof: 1 }),
    ),
  ),
  ...inBothPrecisions('covariance: patterns with 0, 1, 2 and 3 common rows', (engine, precision) => checkMatrix(engine, hardlyOverlapping(), precision, covariances(0))),
  ...inBothPrecisions('covariance: a series nearly constant over the overlap, far from its mean, keeps its digits', (engine, precision) => checkMatrix(engine, cancelling(), precision, covariances(1))),
  ...[9, 65].flatMap((length) =>
    inBothPrecisions(
      `covariance: the edge series of ${length} rows in one block; a constant one has 0`,
      (engine, precision) => checkMatrix(engine, columnsOf(edgeSeriesOfLength(length).map(({ values }) => values), 2), precision, covariances(1)),
    ),
  ),
  ...inBothPrecisions(
    'covariance: complete edge series in one block',
    (engine, precision) => checkMatrix(engine, columnsOf(edgeSeriesOfLength(129).map(({ values }) => values).filter((values) => !values.some(Number.isNaN))), precision, covariances(1)),
  ),
];
