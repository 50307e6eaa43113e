/**
 * Distance correlation: what every engine that computes it must get right. The tolerance is of the square, about 1e-14,
 * after its root: values below 1e-4 are not looked for, as nothing but independence over all rows makes them.
 */
import { assertClose } from '../../test/oracle/compare.ts';
import { distanceOracle } from '../../test/oracle/distance.ts';
import { remembered } from '../../test/oracle/remembered.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian } from '../../test/series/random.ts';
import type { EngineCase } from './engine.cases.ts';
import { checkMatrix, commonCases, pairInWords, pairStatisticCase, toleranceOf, wholeMatrix, type PairStatistic } from './engine.cases.pair-statistic.ts';

const distance: PairStatistic = { method: 'distance', oracle: remembered(distanceOracle), tolerance: 1e-10, least: 0 };

export const distanceCases: EngineCase[] = [
  ...commonCases(distance),
  ...pairStatisticCase(distance, 'edge series of 65 rows in one block, constant and missing ones and spikes among them, are the plain matrix', (engine, precision) =>
    checkMatrix(engine, columnsOf(edgeSeriesOfLength(65).map(({ values }) => values)), distance, precision),
  ),
  ...pairStatisticCase(distance, 'a series nearly constant over the overlap, far from its mean, keeps its digits', (engine, precision) =>
    checkMatrix(
      engine,
      columnsOf([
        Float64Array.from({ length: 80 }, (_, t) => (t >= 40 ? gaussian(77, t) : Number.NaN)),
        Float64Array.from({ length: 80 }, (_, t) => (t >= 40 ? 1000 + 2 ** -20 * gaussian(78, t) : gaussian(78, t))),
        Float64Array.from({ length: 80 }, (_, t) => (t >= 40 ? gaussian(79, t) : t === 3 ? 1e12 : gaussian(79, t))),
      ]),
      distance,
      precision,
    ),
  ),
  ...pairStatisticCase(distance, 'a parabola depends on its argument, though it does not rise or fall with it', async (engine, precision) => {
    const x = Float64Array.from({ length: 101 }, (_, t) => t - 50);
    const columns = columnsOf([x, x.map((v) => v * v)]);
    await checkMatrix(engine, columns, distance, precision);
    const { r } = await wholeMatrix(engine, columns, distance, precision);
    if (!((r[1] ?? 0) > 0.4)) throw new Error(`got ${r[1]}, expected more than 0.4`);
  }),
  ...pairStatisticCase(distance, 'scale, sign and level of a series do not matter, from 1e-300 to 1e300', async (engine, precision) => {
    const columns = gaussianColumns(6, 90, { seed: 80, missing: 0.1 });
    const scales = [1, -1, 1e300, 1e-300, -3e5, 7];
    const levels = [0, 0, 0, 0, 1e6, -100];
    const changed = columnsOf(scales.map((scale, s) => seriesOf(columns, s).map((v) => scale * v + (levels[s] ?? 0))));
    const [before, after] = [await wholeMatrix(engine, columns, distance, precision), await wholeMatrix(engine, changed, distance, precision)];
    assertClose(after.r, before.r, { tolerance: () => 2 * toleranceOf(distance, precision), place: pairInWords(6) });
  }),
];
